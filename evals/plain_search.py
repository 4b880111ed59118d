"""Plain search over pages, the baseline that page retrieval is measured against.

PDFium's bare text; BM25 over whole pages (Robertson and Zaragoza 2009, k1 1.2, b 0.75, words in
lower case); dense: the shipped encoder over windows of 130 words, a page as good as its best
window; fusion by reciprocal rank (Cormack et al. 2009) over whole lists. Nothing is done to the
question.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from math import log
from pathlib import Path
from typing import Final

import numpy as np
import pypdfium2

from evals.datasets.pages import Page
from pincite.models.ports import TextEncoder, Vectors

BM25, DENSE, FUSION = "BM25", "MiniLM", "BM25 + MiniLM, rank fusion"
WINDOW: Final = 130
"""Words."""
_K1, _B, _DAMPING = 1.2, 0.75, 60
_WORD: Final = re.compile(r"\w+")
_BATCH: Final = 256

Texts = dict[Page, str]


def page_texts(file: Path) -> Texts:
    """As PDFium gives it; raises pypdfium2.PdfiumError where the file cannot be opened."""
    document = pypdfium2.PdfDocument(file)
    try:
        found: Texts = {}
        for number in range(1, len(document) + 1):
            page = document[number - 1]
            found[Page(file.name, number)] = page.get_textpage().get_text_range()
            page.close()
        return found
    finally:
        document.close()


class Windows:
    """Windows of pages with their vectors."""

    def __init__(self, pages: Sequence[Page], vectors: Vectors) -> None:
        """`pages` has the page of each window."""
        self.pages = pages
        self.vectors = vectors


def embedded(
    texts: Texts, encoder: TextEncoder, cache: Path, go_on: Callable[[], bool]
) -> Windows | None:
    """Windows of `texts`; None where `go_on` says no.

    Their vectors are kept beside `cache`, under its name and the hash of the texts.
    """
    cut = [(page, window) for page, text in texts.items() for window in _windows(text)]
    pages = [page for page, _ in cut]
    digest = hashlib.sha256("\0".join(text for _, text in cut).encode()).hexdigest()[:16]
    cache = cache.with_name(f"{cache.stem}-{digest}.npy")
    if cache.is_file():
        return Windows(pages, np.load(cache))
    vectors: list[Vectors] = [np.zeros((0, encoder.dimensions), np.float32)]
    for start in range(0, len(cut), _BATCH):
        if not go_on():
            return None
        vectors.append(encoder.embed_documents([text for _, text in cut[start : start + _BATCH]]))
    whole = np.concatenate(vectors)
    cache.parent.mkdir(parents=True, exist_ok=True)
    np.save(cache, whole)
    return Windows(pages, whole)


def _windows(text: str) -> Iterable[str]:
    words = text.split()
    return (" ".join(words[at : at + WINDOW]) for at in range(0, len(words), WINDOW))


class WordSearch:
    """BM25 over whole pages."""

    def __init__(self, texts: Texts) -> None:
        self._pages = list(texts)
        counts = [Counter(_WORD.findall(text.lower())) for text in texts.values()]
        lengths = [count.total() for count in counts]
        mean = sum(lengths) / max(1, len(lengths))
        self._postings: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
        for number, (count, length) in enumerate(zip(counts, lengths, strict=True)):
            norm = _K1 * (1 - _B + _B * length / max(1, mean))
            for word, times in count.items():
                self._postings[word].append((number, times * (_K1 + 1) / (times + norm)))

    def ranked(self, question: str) -> list[Page]:
        """Pages that share a word with the question, best first."""
        scores: defaultdict[int, float] = defaultdict(float)
        for word in set(_WORD.findall(question.lower())):
            having = self._postings.get(word, ())
            weight = log(1 + (len(self._pages) - len(having) + 0.5) / (len(having) + 0.5))
            for number, value in having:
                scores[number] += weight * value
        order = sorted(scores, key=lambda number: (-scores[number], number))
        return [self._pages[number] for number in order]


class PlainSearch:
    """Three rankings of the pages of one corpus."""

    def __init__(self, texts: Texts, windows: Sequence[Windows], encoder: TextEncoder) -> None:
        self._pages = list(texts)
        self._encoder = encoder
        self._words = WordSearch(texts)
        places = {page: number for number, page in enumerate(self._pages)}
        self._of = np.array([places[page] for each in windows for page in each.pages], dtype=int)
        self._vectors = np.concatenate([each.vectors for each in windows])

    def rankings(self, question: str, keep: int) -> dict[str, list[Page]]:
        """By the name of the system, best first."""
        words, dense = self._words.ranked(question), self._by_meaning(question)
        return {
            BM25: words[:keep],
            DENSE: dense[:keep],
            FUSION: _fused((words, dense))[:keep],
        }

    def _by_meaning(self, question: str) -> list[Page]:
        best = np.full(len(self._pages), -np.inf)
        np.maximum.at(best, self._of, self._vectors @ self._encoder.embed_query(question))
        order = np.argsort(-best, kind="stable")
        return [self._pages[number] for number in order if best[number] > -np.inf]


def _fused(rankings: Iterable[Sequence[Page]]) -> list[Page]:
    scores: defaultdict[Page, float] = defaultdict(float)
    for ranking in rankings:
        for rank, page in enumerate(ranking, start=1):
            scores[page] += 1 / (_DAMPING + rank)
    return sorted(scores, key=lambda page: -scores[page])
