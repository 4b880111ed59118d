"""Are pictures found by words? Photos by what they show, charts by questions about them.

`imagenet_sample`: photos ranked by the encoder of pictures that the settings name. `name_*` asks
for class names, which a classifier's vocabulary holds (slice `in_vocabulary`); `paraphrase_*` asks
in words that are no class name: paraphrases, hypernyms and visible attributes, a slice each, and
the halves `dev`, on which weights were chosen, and `test`. A query is found at k where a right
photo is among the first k. `composed_*`: a photo and words at once ("this, but …"): the photo is of
a sibling in WordNet of what the words ask for. `modality_gap` is the distance between the mean
vectors of queries and of photos.

`among_texts`: the same photos in one index with paragraphs of SQuAD. `photo_*` asks for a photo in
words that are no class name, `text_*` a question about a paragraph; `cosine_offset` says how much
nearer the nearest paragraph is to what asks for a photo than the nearest photo. The systems join
the lists of the two modalities in several ways.

`opencqa`: charts of which only the picture is ingested, through the composition root; its question,
title and summary are asked for. Baselines search the same OCR text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from evals.among_texts import AMONG_TEXTS, among_texts
from evals.chart_search import Asked, searched
from evals.datasets import imagenet_sample, opencqa
from evals.datasets.imagenet_sample import Photo, PhotoQuery
from evals.intervals import paired_difference
from evals.photo_search import (
    COMPOSED,
    PLAIN,
    Joint,
    Photos,
    PlainConse,
    composed,
    loaded,
    ranked,
    siblings,
)
from evals.picture_figures import SUITE, Scored, means, none, scored
from evals.plain_search import BM25
from evals.results import PRODUCT, Case, Result, measured
from evals.sketches import Sketch
from evals.suites import Context
from pincite.config import LabelImages, OnnxEncoder
from pincite.models.factory import joint_encoder, text_encoder
from pincite.models.label_joint import ENCODER, LabelEncoder
from pincite.models.ports import Vectors
from pincite.models.store import ModelStore

PHOTOS: Final = "imagenet_sample"
_STANDARD: Final = {PHOTOS: 1_000, opencqa.NAME: 300}
_GAIN: Final = "question_recall_at_5_gain"


def run(context: Context) -> Iterator[Result | tuple[str, Case]]:
    yield from _photos(context)
    yield from _charts(context)


# --- photos --------------------------------------------------------------------------------------


def _photos(context: Context) -> Iterator[Result | tuple[str, Case]]:
    folder = context.dataset(PHOTOS)
    store = ModelStore(context.settings.models)
    encoder = joint_encoder(context.settings.images, store)
    if folder is None or encoder is None:
        why = f"no folder {PHOTOS} in --data" if folder is None else "PINCITE_IMAGES__KIND is none"
        yield from none(PHOTOS, ("name", "paraphrase", "composed"), why)
        yield from none(AMONG_TEXTS, ("photo", "text"), why)
        return
    every = imagenet_sample.read(folder)
    photos = context.sample(every, lambda photo: photo.image.name, _STANDARD[PHOTOS])
    limit = context.settings.ingestion.max_megapixels
    pictures = [loaded(photo.image, limit) for photo in photos]
    readable = [picture for picture in pictures if picture is not None]
    whole = [photo for photo, picture in zip(photos, pictures, strict=True) if picture is not None]
    queries = imagenet_sample.queries(photos)
    plain = PlainConse(
        LabelEncoder(LabelImages(), store), text_encoder(OnnxEncoder(model=ENCODER), store)
    )
    shared: dict[str, object] = {"n_failed": len(photos) - len(whole)}
    if encoder.degraded:
        shared["reason"] = encoder.degraded
    for name, system in {PRODUCT: Joint(encoder), PLAIN: plain}.items():
        seen = system.pictures(readable)
        yield from _asked_photos(context, name, system, whole, queries, seen, shared)
        if name == PRODUCT:
            yield from among_texts(context, encoder, whole, queries, seen)


def _asked_photos(  # noqa: PLR0913 - one system over one set
    context: Context,
    name: str,
    system: Photos,
    photos: Sequence[Photo],
    queries: Sequence[PhotoQuery],
    seen: Vectors,
    shared: Mapping[str, object],
) -> Iterator[Result | tuple[str, Case]]:
    said = system.texts([query.text for query in queries])
    found: dict[str, list[Scored]] = {"name": [], "paraphrase": []}
    for query, order in zip(queries, ranked(said @ seen.T), strict=True):
        ranking = [photos[place] for place in order]
        group = "name" if query.kind == "name" else "paraphrase"
        slices = ("in_vocabulary",) if group == "name" else (query.kind, query.part)
        scores = scored([photo.label for photo in ranking], query.labels)
        found[group].append(Scored(slices, scores))
        yield PHOTOS, _case(query, name, ranking, scores)
    for group, items in found.items():
        yield from means(PHOTOS, group, items, {**shared, "system": name}, context.seed)
    yield _gap(name, seen, said)
    if name == PRODUCT:
        yield from _together(context, photos, queries, seen, said)


def _case(
    query: PhotoQuery, system: str, ranking: Sequence[Photo], scores: Mapping[str, float]
) -> Case:
    right = next(photo for photo in ranking if photo.label in query.labels)
    shown = [Sketch(file=right.image, told=f"wanted: {right.label}")]
    shown += [Sketch(file=p.image, told=f"{n}. {p.label}") for n, p in enumerate(ranking[:3], 1)]
    return Case(
        input=query.text,
        system=system,
        expected=", ".join(sorted(query.labels)),
        got=", ".join(photo.label for photo in ranking[:5]),
        score=scores["recall_at_5"],
        why=query.kind,
        thumbnails=tuple(shown),
    )


def _gap(system: str, seen: Vectors, said: Vectors) -> Result:
    between = float(np.linalg.norm(seen.mean(axis=0)[: said.shape[1]] - said.mean(axis=0)))
    return measured(
        SUITE,
        PHOTOS,
        "modality_gap",
        between,
        unit="distance",
        higher_is_better=False,
        system=system,
        n=len(seen) + len(said),
        n_total=len(seen) + len(said),
    )


def _together(
    context: Context,
    photos: Sequence[Photo],
    queries: Sequence[PhotoQuery],
    seen: Vectors,
    said: Vectors,
) -> Iterator[Result]:
    """A photo of something else of the same kind, and words that say what is wanted instead."""
    names = [photo.label for photo in photos]
    others = siblings(names)
    found: dict[str, list[Scored]] = {}
    for query, words in zip(queries, said, strict=True):
        right = [place for place, name in enumerate(names) if name in query.labels]
        wrong = {other for place in right for other in others[place]} - set(right)
        for shown in sorted(wrong) if query.kind != "name" else ():
            for way, near in composed(shown, words, seen, said).items():
                order = [names[place] for place in ranked(near[None])[0]]
                one = Scored((query.kind, query.part), scored(order, query.labels))
                found.setdefault(PRODUCT if way == COMPOSED else way, []).append(one)
    if not found:
        yield from none(PHOTOS, ("composed",), "no two photos of one kind are here")
    for system, items in found.items():
        yield from means(PHOTOS, "composed", items, {"system": system}, context.seed)


# --- charts --------------------------------------------------------------------------------------


def _charts(context: Context) -> Iterator[Result | tuple[str, Case]]:
    folder = context.dataset(opencqa.NAME)
    if folder is None:
        yield from none(opencqa.NAME, opencqa.QUERIES, f"no folder {opencqa.NAME} in --data")
        return
    every = list(opencqa.read(folder))
    charts = context.sample(every, lambda chart: chart.id, _STANDARD[opencqa.NAME])
    asked, failed = searched(context, charts)
    shared: dict[str, object] = {"n_failed": len(failed)}
    if context.out_of_time:
        shared |= {"status": "partial", "reason": "the time budget was spent"}
    if not asked:
        yield from none(opencqa.NAME, opencqa.QUERIES, "the time budget was spent", "partial")
    groups: dict[tuple[str, str], list[Scored]] = {}
    images = {chart.image.name: chart.image for chart in charts}
    for one in asked:
        scores = scored(one.ranked, {one.chart.image.name})
        groups.setdefault((one.system, one.query), []).append(Scored((), scores))
        if one.system in (PRODUCT, BM25):
            yield opencqa.NAME, _chart_case(one, scores, images)
    for (system, query), items in groups.items():
        yield from means(opencqa.NAME, query, items, {**shared, "system": system}, context.seed)
    yield from _chart_gain(groups, context.seed)


def _chart_case(one: Asked, scores: Mapping[str, float], images: Mapping[str, Path]) -> Case:
    shown = [Sketch(file=one.chart.image, told="wanted")]
    shown += [
        Sketch(file=images[name], told=f"{n}. found") for n, name in enumerate(one.ranked[:3], 1)
    ]
    return Case(
        input=f"{one.chart.id}: {one.query}",
        system=one.system,
        expected=one.chart.image.name,
        got=", ".join(one.ranked[:5]),
        score=scores["recall_at_5"],
        why=str(getattr(one.chart, one.query))[:200],
        thumbnails=tuple(shown),
    )


def _chart_gain(groups: Mapping[tuple[str, str], Sequence[Scored]], seed: int) -> Iterator[Result]:
    ours, theirs = (groups.get((system, "question"), ()) for system in (PRODUCT, BM25))
    if not ours or len(ours) != len(theirs):
        return
    mean, low, high = paired_difference(
        [one.scores["recall_at_5"] for one in ours],
        [one.scores["recall_at_5"] for one in theirs],
        seed=seed,
    )
    yield measured(
        SUITE,
        opencqa.NAME,
        _GAIN,
        mean,
        unit="of questions",
        higher_is_better=True,
        ci95=(low, high),
        n=len(ours),
        n_total=len(ours),
        reason=f"ours less {BM25} over the same OCR text; paired bootstrap",
    )
