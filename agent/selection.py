"""Which sentences of the evidence are quoted, and which a model is given to read."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import takewhile
from typing import Final, NamedTuple

import numpy as np

from agent.plain_text import addresses_assistant, evidence_name, evidence_text
from agent.understanding import parts, wanted
from pincite.answers import Citation, Quote
from pincite.elements import Element, ElementId, Kind, Source
from pincite.evidence import Evidence
from pincite.grounding.names import names_in
from pincite.grounding.spots import Spot, spots_of
from pincite.grounding.words import content
from pincite.locators import Locator
from pincite.models.ports import TextEncoder, Vectors
from retrievers.vocabulary import other_words

MOST_SCORED: Final = 64
"""Sentences that are embedded for a question: some 0.3 s on two cores when none is remembered."""
LEAST_RELEVANT: Final = 0.2
"""Relevance below which a sentence is neither quoted nor read."""
ANSWERS_FROM: Final = 0.5
"""Standing from which a quote may be an answer of its own."""
A_PLACE: Final = 0.05
"""Relevance that each place further down what search found costs: so the page of the best quote is
gold for .55 of 109 questions about long PDFs instead of .45."""
WORTHY: Final = 0.9
"""Standing, as a share of the best quote's, from which a quote belongs to the answer."""
REPEAT: Final = 0.04
MOST_REPEATS: Final = 5
LINE_TOKENS: Final = 24
"""Of a piece of evidence beside its text: number, file name, page."""
_POINTS_BACK: Final = re.compile(
    r"^(?:it|its|they|their|he|she|his|her|this|these|that|those|such|both|"
    r"the (?:latter|former))\b",
    re.IGNORECASE,
)
_FURNITURE: Final = frozenset({Kind.TITLE, Kind.HEADING, Kind.HEADER, Kind.FOOTER})
_WHEN: Final = re.compile(
    r"\b(?:when|what (?:date|year|day|time|month)|since|until|deadline)\b", re.I
)
_HOW_MUCH: Final = re.compile(
    r"\b(?:how (?:much|many|long|far|old|often|high|large|big)|what (?:percentage|share|price|cost|"
    r"amount|number|total|rate)|costs?|price|total|sum)\b",
    re.IGNORECASE,
)
_WHO: Final = re.compile(r"\b(?:who|whom|whose|which (?:person|company|firm|team))\b", re.I)


class Candidate(NamedTuple):
    """A sentence or table row, with how much it bears on the question."""

    spot: Spot
    place: int
    """Among the spots of its element, from 0."""
    source: Source
    relevance: float
    rank: int = 0
    """Of its passage among those found, from 0."""

    @property
    def standing(self) -> float:
        """Relevance, less what search thinks less of its passage than of the first."""
        return self.relevance - A_PLACE * self.rank


class Piece(NamedTuple):
    """What a model reads of one element, under the number by which it is cited."""

    number: int
    element: Element
    source: Source
    text: str


def candidates(
    question: str, evidence: Sequence[Evidence], encoder: TextEncoder
) -> list[Candidate]:
    """Scored sentences of the evidence, best first; a report's own words for what is asked count.

    Without what a machine wrote about pictures, without hidden text, and without instructions to
    an assistant and what stands behind them in the same element.
    """
    found = [
        Candidate(spot, place, item.source, 0.0, rank)
        for rank, item, element in _elements(evidence)
        for place, spot in enumerate(_up_to_instructions(element))
    ]
    asked = (*parts(question), *filter(None, (other_words(question).lines,)))
    shares = {id(c): max(_share(wanted(part), c) for part in asked) for c in found}
    # Passages come best first: of equal words the earlier passage is embedded.
    found = sorted(found, key=lambda c: -shares[id(c)])[:MOST_SCORED]
    if not found:
        return []
    vectors = encoder.embed_documents([candidate.spot.text for candidate in found])
    scores = np.max([_relevance(part, found, vectors, encoder) for part in asked], axis=0)
    scored = [c._replace(relevance=float(s)) for c, s in zip(found, scores, strict=True)]
    return sorted(scored, key=lambda c: -c.relevance)


def _elements(evidence: Sequence[Evidence]) -> Iterable[tuple[int, Evidence, Element]]:
    """Each with its passage, the best one that it belongs to, and the place of that."""
    seen: set[ElementId] = set()
    for rank, item in enumerate(evidence):
        for element in (*item.elements, *item.context):
            if element.id not in seen and "hidden_text" not in element.flags:
                seen.add(element.id)
                yield rank, item, element


def _up_to_instructions(element: Element) -> Iterable[Spot]:
    return takewhile(lambda spot: not addresses_assistant(spot.text), spots_of(element))


def _share(asked: Sequence[str], candidate: Candidate) -> float:
    """Share of the words that the sentence, its headings or the file's name hold."""
    spot = candidate.spot
    held = spot.stems | spot.context_stems | frozenset(content(candidate.source.name))
    return sum(stem in held for stem in asked) / max(len(asked), 1)


def _relevance(
    question: str, found: Sequence[Candidate], vectors: Vectors, encoder: TextEncoder
) -> list[float]:
    """Of every candidate to one question: meaning, shared words, and the kind of thing it holds."""
    cosines = np.clip(vectors @ encoder.embed_query(question), 0, 1)
    asked = wanted(question)
    scores: list[float] = []
    for candidate, cosine in zip(found, cosines, strict=True):
        spot = candidate.spot
        score = 0.55 * float(cosine) + 0.35 * _share(asked, candidate)
        score += 0.1 if _answers_kind(question, spot) else 0.0
        poor = spot.element.kind in _FURNITURE or len(spot.stems) < 3
        scores.append(min(1.0, score) * (0.6 if poor else 1.0))
    return scores


def _answers_kind(question: str, spot: Spot) -> bool:
    """Whether the sentence holds the kind of thing that is asked for: a date, a figure, a name."""
    dates = any(quantity.is_date for quantity in spot.quantities)
    figures = any(not quantity.is_date for quantity in spot.quantities)
    if (dates and _WHEN.search(question)) or (figures and _HOW_MUCH.search(question)):
        return True
    return bool(_WHO.search(question) and set(names_in(spot.text)) - set(names_in(question)))


def best_quotes(scored: Sequence[Candidate], *, keep: int) -> list[Candidate]:
    """The sentences of the best standing, none twice."""
    chosen: dict[str, Candidate] = {}
    for candidate in sorted(scored, key=lambda c: -c.standing):
        if candidate.relevance >= LEAST_RELEVANT and len(chosen) < keep:
            chosen.setdefault(" ".join(content(candidate.spot.text)), candidate)
    return list(chosen.values())


def worthy(chosen: Sequence[Candidate]) -> int:
    """How many of the quotes, best first, make an answer: the best one and its equals, or none."""
    least = max(ANSWERS_FROM, WORTHY * chosen[0].standing) if chosen else 1.0
    return sum(candidate.standing >= least for candidate in chosen)


def quotes(chosen: Sequence[Candidate]) -> tuple[Quote, ...]:
    """Numbered by element, in the order given."""
    numbers = {c.spot.element.id: 0 for c in chosen}
    numbers = {element: number for number, element in enumerate(numbers, 1)}
    return tuple(
        Quote(
            citation=citation(numbers[c.spot.element.id], c.spot.element, c.source, c.spot.text),
            text=c.spot.text,
            relevance=round(c.relevance, 4),
        )
        for c in chosen
    )


def pieces(
    scored: Sequence[Candidate],
    *,
    tokens: int,
    count: Callable[[str], int],
    floor: float = LEAST_RELEVANT,
    spread: bool = True,
) -> tuple[Piece, ...]:
    """What a model reads: the best sentences that fit into `tokens`, numbered by element.

    None is less relevant than `floor`. With `spread` no source takes more than its part; else
    they are taken as they come. The first element is the one with the best sentence. Within
    an element sentences stand in reading order; one that points back brings the one before it.
    """
    chosen: dict[ElementId, dict[int, Spot]] = {}
    sources: dict[ElementId, Source] = {}
    left = tokens
    for candidate in varied(scored) if spread else scored:
        element = candidate.spot.element
        known = chosen.get(element.id, {})
        new = {p: s for p, s in _with_lead(candidate).items() if p not in known}
        price = sum(count(spot.text) for spot in new.values()) + (0 if known else LINE_TOKENS)
        if new and price <= left and candidate.relevance >= floor:
            left -= price
            chosen.setdefault(element.id, {}).update(new)
            sources[element.id] = candidate.source
    return tuple(
        Piece(number, next(iter(spots.values())).element, sources[id_], _joined(spots))
        for number, (id_, spots) in enumerate(chosen.items(), 1)
    )


def varied(scored: Sequence[Candidate]) -> list[Candidate]:
    """The same sentences; each one more of a source comes as if it were a little less relevant."""
    seen: Counter[str] = Counter()
    ranked: list[tuple[float, Candidate]] = []
    for candidate in scored:
        again = min(seen[candidate.source.id], MOST_REPEATS)
        ranked.append((candidate.relevance - REPEAT * again, candidate))
        seen[candidate.source.id] += 1
    return [candidate for _, candidate in sorted(ranked, key=lambda item: -item[0])]


def _with_lead(candidate: Candidate) -> dict[int, Spot]:
    spots = {candidate.place: candidate.spot}
    if candidate.place and candidate.spot.row is None and _POINTS_BACK.match(candidate.spot.text):
        spots[candidate.place - 1] = spots_of(candidate.spot.element)[candidate.place - 1]
    return spots


def _joined(spots: dict[int, Spot]) -> str:
    parts: list[str] = []
    before = None
    for place in sorted(spots):
        if before is not None:
            next_to = place == before + 1
            parts.append(" | " if spots[place].row is not None else " " if next_to else " … ")
        parts.append(spots[place].text)
        before = place
    return "".join(parts)


def citation(number: int, element: Element, source: Source, quote: str) -> Citation:
    return Citation(
        number=number,
        element=element.id,
        source=source.id,
        source_name=source.name,
        source_version=source.version,
        medium=source.medium,
        kind=element.kind,
        locators=element.locators,
        quote=quote,
        confidence=element.confidence,
    )


def evidence_block(read: Sequence[Piece]) -> str:
    """The evidence as the prompt has it: one line a piece, as data."""
    return "\n".join(
        f"[{p.number}] {evidence_name(p.source.name)}{where(p.element.locators[0])}: "
        f"«{evidence_text(p.text)}»"
        for p in read
    )


def where(locator: Locator) -> str:
    """Page or time, so that it can be said; boxes are of no use for that."""
    match locator.kind:
        case "page":
            return f", page {locator.page}"
        case "time":
            return f", at {int(locator.start_s) // 60}:{int(locator.start_s) % 60:02d}"
        case "frame":
            return f", picture at {int(locator.at_s) // 60}:{int(locator.at_s) % 60:02d}"
        case "image" | "text":
            return ""
