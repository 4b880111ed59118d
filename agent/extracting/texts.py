"""Values in running text: behind a label, or in the sentence that speaks most of the column."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from agent.extracting.labels import names_of, stems
from agent.extracting.readings import Reading, tidy
from agent.extracting.typed import Typed, typed
from agent.selection import Candidate
from pincite.elements import Element
from pincite.extractions import Column, ColumnKind, TextValue
from pincite.grounding.words import content

_BEHIND, _OTHER = 0.8, 0.1
"""How sure a value behind its own label is; what another name than the asked one costs."""
_TELLING: Final = 0.45
"""Relevance from which a sentence may hold, or be, the value."""
_END: Final = re.compile(r"[;\n|]|\.(?=\s|$)|\s{3,}")
_LONGEST: Final = 120
"""Characters of words behind a label."""


def question_of(column: Column) -> str:
    """What is looked for in the text of a source."""
    asked = "When is" if column.kind is ColumnKind.DATE else "What is"
    more = f" ({column.description})" if column.description else ""
    return f"{asked} the {column.name.replace('_', ' ')}?{more}"


def from_texts(column: Column, scored: Sequence[Candidate]) -> list[Reading]:
    """`scored` are sentences of the source, best first; see `agent.selection.candidates`.

    Rows of tables are left out: which of many is meant, a sentence cannot tell.
    """
    said = [each for each in scored if each.spot.row is None]
    found = [reading for each in said for reading in _behind(column, each)]
    if not found:
        found = [reading for each in said for reading in _in_sentence(column, each)]
    return found


def _behind(column: Column, candidate: Candidate) -> Iterator[Reading]:
    text = candidate.spot.text
    for name in names_of(column):
        own = name in (column.name, *column.aliases)
        for label in _labels(name).finditer(text):
            told = _value_at(column, text, label.end())
            if told is not None:
                score = _BEHIND - (0 if own else _OTHER)
                said = tidy(text[label.start() : told.end])
                yield _reading(score, told, candidate, said)._replace(said=said)


@lru_cache(maxsize=512)
def _labels(name: str) -> re.Pattern[str]:
    """The name, and what stands between it and its value."""
    words = r"[\s_-]+".join(re.escape(word) for word in re.split(r"[\s_]+", name.strip()))
    between = r"\s*(?:[:：=]|\b(?:is|was|of|are|beträgt|ist)\b|[-–—](?=\s))\s*"
    return re.compile(rf"(?<!\w)(?P<name>{words}s?)(?!\w){between}", re.IGNORECASE)


def _value_at(column: Column, text: str, start: int) -> Typed | None:
    """What begins right there; words go on to the end of their clause."""
    rest = text[start : start + _LONGEST]
    if column.kind is ColumnKind.TEXT:
        end = _END.search(rest)
        rest = rest[: end.start()] if end else rest
    for told in typed(column.kind, rest, bare=True)[:1]:
        if told.start <= len(rest) - len(rest.lstrip()) + 4:
            return told._replace(start=start + told.start, end=start + told.end)
    return None


def _in_sentence(column: Column, candidate: Candidate) -> Iterator[Reading]:
    """The value nearest to the words of the column, in a sentence that has them all."""
    spot = candidate.spot
    if candidate.relevance < _TELLING:
        return
    held = spot.stems | spot.context_stems
    asked = next((name for name in names_of(column) if stems(name) and stems(name) <= held), None)
    if asked is None and not set(content(column.description)) & held:
        return
    if column.kind is ColumnKind.TEXT:
        if asked is not None:
            whole = Typed(0, len(spot.text), TextValue(text=tidy(spot.text)))
            yield _reading(candidate.relevance, whole, candidate, tidy(spot.text))
        return
    values = typed(column.kind, spot.text)
    at = _place_of(asked or column.name, spot.text)
    if values:
        nearest = min(values, key=lambda told: min(abs(told.start - at), abs(told.end - at)))
        claim = f"The {column.name.replace('_', ' ')} is {_written(nearest, spot.text)}."
        yield _reading(min(candidate.relevance, 0.7), nearest, candidate, claim)


def _place_of(name: str, text: str) -> int:
    wanted = stems(name)
    for word in re.finditer(r"\w+", text):
        if wanted & set(content(word[0])):
            return word.end()
    return 0


def _written(told: Typed, text: str) -> str:
    return tidy(text[told.start : told.end])


def _reading(score: float, told: Typed, candidate: Candidate, claim: str) -> Reading:
    spot = candidate.spot
    return Reading(
        score=score,
        value=told.value,
        written=_written(told, spot.text),
        element=spot.element,
        locators=spot.element.locators,
        quote=tidy(spot.text),
        claim=claim,
        by="text",
    )


def placed(reading: Reading, whole: Element) -> Reading:
    """At the words of its value, where the element (`whole` has them) keeps places of words."""
    wanted = [word for word in reading.written.split() if any(map(str.isalnum, word))]
    texts = [word.text for word in whole.words]
    for start in range(len(texts) - len(wanted) + 1) if wanted else ():
        part = texts[start : start + len(wanted)]
        if all(want in have for want, have in zip(wanted, part, strict=True)):
            places = tuple(word.locator for word in whole.words[start : start + len(wanted)])
            return reading._replace(locators=places)
    return reading
