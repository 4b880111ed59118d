"""Photos and paragraphs in one index: what is found of either, by how their lists are joined.

The cosines of a question with texts and with pictures lie in different ranges whatever they show
(the modality gap, arXiv 2203.02053): in one list by cosine, one modality comes before the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from evals.datasets import squad
from evals.datasets.imagenet_sample import Photo, PhotoQuery
from evals.datasets.pages import Page
from evals.intervals import mean_interval
from evals.picture_figures import SUITE, Scored, means, none, scored
from evals.results import PRODUCT, Result, measured
from evals.sampling import sample
from evals.suites import Context
from pincite.elements import Medium, PassageId, Scope, SourceId, passage_id
from pincite.index.memory import MemoryIndex
from pincite.index.ports import IMAGE, NO_WORDS, TEXT, Hit, Point, SparseVector, Vector
from pincite.index.words import Bm25Words
from pincite.models.factory import text_encoder
from pincite.models.ports import JointEncoder, TextEncoder, Vectors
from pincite.models.store import ModelStore
from retrievers.dense import DenseFinder
from retrievers.fused import weights_of
from retrievers.fusion import reciprocal_rank_fusion
from retrievers.pictures import PictureFinder
from retrievers.words import WordsFinder

BY_COSINE: Final = "one list by cosine"
EVERY_PICTURE: Final = "rank fusion, not calibrated"
ALIKE: Final = "rank fusion, every list alike"
TEXTS_ALONE: Final = "texts alone"
AMONG_TEXTS: Final = "among_texts"
"""As the data set is called in a report."""
_QUESTIONS: Final = 150
_PARAGRAPHS: Final = 400
"""Beside those that are asked about."""
_SCOPE: Final = Scope()
_PHOTOS, _TEXTS = SourceId("photos"), SourceId("texts")


class Joined(NamedTuple):
    """What one question finds."""

    orders: Mapping[str, list[PassageId]]
    """By the way of joining, best first."""
    offset: float
    """Cosine of the nearest paragraph less that of the nearest photo."""


def photo(number: int) -> PassageId:
    return passage_id(_PHOTOS, number)


def paragraph(number: int) -> PassageId:
    return passage_id(_TEXTS, number)


class AmongTexts:
    """Searches as the product does, beside ways that it does not take."""

    def __init__(
        self, encoder: TextEncoder, joint: JointEncoder, seen: Vectors, texts: Sequence[str]
    ) -> None:
        """`seen` are the vectors of the photos in the joint space."""
        words = Bm25Words()
        self._index = MemoryIndex()
        self._joint = joint
        self._dense = DenseFinder(self._index, encoder)
        self._words = WordsFinder(self._index, words)
        self._pictures = PictureFinder(self._index, joint)
        meant = encoder.embed_documents(texts)
        held = words.embed_documents(texts)
        self._index.upsert([_point(photo(n), IMAGE, one) for n, one in enumerate(seen)])
        self._index.upsert([
            _point(paragraph(n), TEXT, one, terms)
            for n, (one, terms) in enumerate(zip(meant, held, strict=True))
        ])  # fmt: skip

    def joined(self, question: str, *, keep: int = 50) -> Joined:
        dense = self._dense.find(question, _SCOPE, keep=keep)
        words = self._words.find(question, _SCOPE, keep=keep)
        texts = {self._dense.name: dense, self._words.name: words}
        near = self._index.search_dense(
            self._joint.embed_texts([question])[0], _SCOPE, keep=keep, space=IMAGE
        )
        calibrated = self._pictures.find(question, _SCOPE, keep=keep)
        finders = (self._dense, self._words, self._pictures)
        weights = weights_of(finders)
        name = self._pictures.name
        orders = {
            PRODUCT: _fused({**texts, name: calibrated}, weights),
            EVERY_PICTURE: _fused({**texts, name: near}, weights),
            ALIKE: _fused({**texts, name: calibrated}, {}),
            BY_COSINE: [hit.passage for hit in sorted([*dense, *near], key=lambda h: -h.score)],
            TEXTS_ALONE: _fused(texts, {}),
        }
        return Joined(orders, _best(dense) - _best(near))


def _fused(lists: Mapping[str, Sequence[Hit]], weights: Mapping[str, float]) -> list[PassageId]:
    return [item.passage for item in reciprocal_rank_fusion(lists, weights)]


def _best(hits: Sequence[Hit]) -> float:
    return hits[0].score if hits else 0.0


def _point(passage: PassageId, space: str, vector: Vector, words: SparseVector = NO_WORDS) -> Point:
    is_photo = space == IMAGE
    return Point(
        passage=passage,
        source=_PHOTOS if is_photo else _TEXTS,
        collection="default",
        readers=_SCOPE.principals,
        medium=Medium.IMAGE if is_photo else Medium.TEXT,
        page=None,
        vectors={space: vector},
        words=words,
    )


# --- figures -------------------------------------------------------------------------------------


def among_texts(
    context: Context,
    joint: JointEncoder,
    photos: Sequence[Photo],
    queries: Sequence[PhotoQuery],
    seen: Vectors,
) -> Iterator[Result]:
    """Ask for photos and for paragraphs; `seen` are the vectors of the photos."""
    folder = context.dataset(squad.NAME)
    if folder is None:
        yield from none(AMONG_TEXTS, ("photo", "text"), f"no folder {squad.NAME} in --data")
        return
    articles, every = squad.read(folder)
    asked = context.sample(every, lambda one: one.id, _QUESTIONS)
    right = {page for one in asked for page in one.gold}
    texts = {
        Page(article.title, number): text
        for article in articles
        for number, text in enumerate(article.paragraphs, start=1)
    }
    others = sample(texts.keys() - right, _PARAGRAPHS, id_of=str, seed=context.seed)
    pages = sorted({*right, *others})
    encoder = text_encoder(context.settings.encoder, ModelStore(context.settings.models))
    search = AmongTexts(encoder, joint, seen, [texts[page] for page in pages])
    wanted = {
        "photo": [
            (query.text, {photo(n) for n, one in enumerate(photos) if one.label in query.labels})
            for query in queries
            if query.kind != "name"
        ],
        "text": [
            (one.question, {paragraph(n) for n, page in enumerate(pages) if page in one.gold})
            for one in asked
        ],
    }
    for group, questions in wanted.items():
        found = [(search.joined(text), gold) for text, gold in questions]
        yield from _joined_figures(group, found, context.seed)


def _joined_figures(
    group: str, found: Sequence[tuple[Joined, set[PassageId]]], seed: int
) -> Iterator[Result]:
    for system in found[0][0].orders if found else ():
        items = [Scored((), scored(joined.orders[system], gold)) for joined, gold in found]
        yield from means(AMONG_TEXTS, group, items, {"system": system}, seed)
    if group == "photo" and found:
        offsets = [joined.offset for joined, _ in found]
        yield measured(
            SUITE,
            AMONG_TEXTS,
            "cosine_offset",
            sum(offsets) / len(offsets),
            unit="cosine",
            higher_is_better=False,
            ci95=mean_interval(offsets, seed=seed),
            n=len(offsets),
            n_total=len(offsets),
        )
