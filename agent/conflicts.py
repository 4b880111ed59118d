"""Sources that say different things of what was asked. Pure; precision goes before recall.

Two sentences of different sources conflict where they say the same but for one value of a kind.
They do not where something tells them apart: a period, another name, a word that only one of them
has, a row of several figures, or files of which each is of something else, as receipts are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from agent.selection import ANSWERS_FROM, Candidate
from agent.understanding import wanted
from pincite.grounding.names import names_in
from pincite.grounding.negation import opposed
from pincite.grounding.numbers import Quantity, comparable, quantities, same
from pincite.grounding.units import unit_of
from pincite.grounding.words import content, words
from retrievers.asking.names import pieces

NEAR: Final = 0.8
"""Standing, as a share of the best sentence's, from which one bears on the question too."""
MOST_LOOKED_AT: Final = 16
COVERED: Final = 0.5
"""Share of what is asked that each of the sentences, or what is around it, must speak of."""
ALIKE: Final = 0.5
"""Shared words over all words of both sentences, values left out, where both have words of their
own."""
RICH: Final = 4
"""Shared words that make two sentences one statement, whatever their files are called; one less
where neither has other words."""
LONGEST: Final = 40
"""Words of a sentence; a longer one says more than one thing."""
_DEALS: Final = frozenset(
    words(
        "receipt receipts invoice invoices bill bills order orders ticket tickets voucher vouchers "
        "payslip payslips statement statements quotation quotations timesheet timesheets delivery "
        "rechnung rechnungen quittung beleg lieferschein"
    )
)
"""Of each of these there are many, with values of their own."""
_VERSIONS: Final = frozenset(
    words(
        "amended amendment annex appendix current corrected draft final latest neu new newest "
        "older old previous rev revised revision signed superseded update updated version"
    )
)
_FILLERS: Final = frozenset(
    content(
        "now currently amounts amount set fixed agreed new revised old per each every month "
        "monthly year yearly annual annually day daily week weekly total date effective today "
        "shall must following as of from up"
    )
)


class Found(NamedTuple):
    """What one sentence says, as its value."""

    candidate: Candidate
    value: str


def conflict(question: str, scored: Sequence[Candidate]) -> tuple[Found, ...]:
    """The best sentence and those of other sources that say otherwise; empty without any.

    Each other source has one, its best. Sources that say the same as the best one are left out.
    """
    near = _near(question, scored)
    for place, first in enumerate(near):
        found: dict[str, Found] = {}
        for other in near[place + 1 :]:
            if other.source.id not in found and (told := _differ(question, first, other)):
                found.setdefault(first.source.id, Found(first, told[0]))
                found[other.source.id] = Found(other, told[1])
        if found:
            return tuple(found.values())
    return ()


def _near(question: str, scored: Sequence[Candidate]) -> list[Candidate]:
    """What bears on the question about as well as the best does; one fits no more than one year."""
    ranked = sorted(scored, key=lambda each: -each.standing)
    least = max(ANSWERS_FROM, NEAR * ranked[0].relevance) if ranked else 1.0
    return [
        each
        for each in ranked[: 2 * MOST_LOOKED_AT]
        if each.relevance >= least and _is_one_statement(each) and _is_of_its_time(question, each)
    ][:MOST_LOOKED_AT]


def _is_one_statement(candidate: Candidate) -> bool:
    """No row of several figures, nothing long, nothing that is of one deal among many."""
    spot = candidate.spot
    if len(spot.text.split()) > LONGEST or spot.element.field is not None:
        return False
    filled = [text for _, text in spot.columns if re.search(r"\d", text)]
    return len(filled) <= 1 and not _is_transaction(candidate)


def _is_transaction(candidate: Candidate) -> bool:
    """A receipt, an invoice, a ticket: each has values of its own."""
    around = f"{candidate.source.name} {' '.join(candidate.spot.element.heading_path)}"
    return bool(_DEALS & {word.casefold() for word in re.findall(r"[^\W\d_]+", around)})


def _is_of_its_time(question: str, candidate: Candidate) -> bool:
    """Where a time is asked for, the sentence or its surroundings must state it."""
    asked = [each for each in quantities(question) if each.is_date]
    named = quantities(_plain(candidate.source.name))
    stated = (*candidate.spot.quantities, *candidate.spot.around, *named)
    return all(any(same(each, other) for other in stated) for each in asked)


def _differ(question: str, one: Candidate, other: Candidate) -> tuple[str, str] | None:
    """Their values, where they speak of the same thing and say something else of it."""
    if one.source.id == other.source.id or not _same_thing(question, one, other):
        return None
    ours, theirs = _left_over(one, other)
    for dates in (False, True):
        pair = [[q for q in left if q.is_date is dates] for left in (ours, theirs)]
        rest = [[q for q in left if q.is_date is not dates] for left in (ours, theirs)]
        if [len(left) for left in pair] != [1, 1] or (rest[0] and rest[1]):
            continue
        [[our], [their]] = pair
        if _asks_for(question, dates=dates) and _clash(our, their):
            return our.text, their.text
    return None


def _left_over(one: Candidate, other: Candidate) -> tuple[list[Quantity], list[Quantity]]:
    """What each states and the other does not."""
    ours, theirs = quantities(one.spot.text), quantities(other.spot.text)
    return (
        [q for q in ours if not any(same(q, p) or same(p, q) for p in theirs)],
        [q for q in theirs if not any(same(q, p) or same(p, q) for p in ours)],
    )


def _clash(one: Quantity, other: Quantity) -> bool:
    if one.dimension == "nth" or other.dimension == "nth":
        return False
    if one.is_date:
        return all(a.clashes(b) for a in one.moments for b in other.moments)
    return comparable(one, other) and one.slack == other.slack


_WHEN: Final = re.compile(
    r"\b(?:when|since|until|by what|deadline|what (?:date|day|month|year|time)|which (?:date|day)|"
    r"on what|due|date|expir\w+)\b",
    re.IGNORECASE,
)
_WHO_OR_WHY: Final = re.compile(r"^\W*(?:who|whom|whose|why|where|is|are|does|do|did|can)\b", re.I)


def _asks_for(question: str, *, dates: bool) -> bool:
    if dates:
        return bool(_WHEN.search(question))
    return not _WHO_OR_WHY.search(question) and not re.match(r"\W*when\b", question, re.I)


# --- whether they speak of the same thing ---------------------------------------------------------


def _same_thing(question: str, one: Candidate, other: Candidate) -> bool:
    if opposed(one.spot.text, other.spot.text):
        return False
    ours, theirs = _telling(one), _telling(other)
    shared = ours & theirs
    if not shared or not _said_alike(ours, theirs):
        return False
    if not (_covers(question, one) and _covers(question, other)):
        return False
    if _named_apart(question, one, other):
        return False
    enough = RICH - 1 if ours == theirs else RICH
    return len(shared) >= enough or _alike_files(one, other) or _share_a_name(question, one, other)


def _telling(candidate: Candidate) -> frozenset[str]:
    """Stems of the sentence without its values, units and words that any sentence may have."""
    text = candidate.spot.text
    for each in reversed(quantities(text)):
        text = f"{text[: each.start]} {text[each.end :]}"
    units = {stem for word in re.findall(r"\w+", text) if unit_of(word) for stem in content(word)}
    return frozenset(s for s in content(text) if not s[0].isdigit()) - units - _FILLERS


def _said_alike(ours: frozenset[str], theirs: frozenset[str]) -> bool:
    """One may say more than the other; where both do, they must have most in common."""
    return not (ours - theirs and theirs - ours) or len(ours & theirs) >= ALIKE * len(ours | theirs)


def _covers(question: str, candidate: Candidate) -> bool:
    """Most of what is asked: in the sentence, its headings, the file's name; some of it there."""
    asked = [s for s in wanted(question) if not s[0].isdigit() and s not in _FILLERS]
    held = _held(candidate)
    said = candidate.spot.stems
    return sum(s in held for s in asked) >= COVERED * max(len(asked), 1) and any(
        s in said for s in asked
    )


def _held(candidate: Candidate) -> frozenset[str]:
    spot = candidate.spot
    return spot.stems | spot.context_stems | frozenset(content(_plain(candidate.source.name)))


def _plain(name: str) -> str:
    return re.sub(r"[_.\-]+", " ", name)


def _named_apart(question: str, one: Candidate, other: Candidate) -> bool:
    """Whether each has a name of its own, or only one of them has what the question names."""
    ours, theirs = (_names(each.spot.text) for each in (one, other))
    if ours - theirs and theirs - ours:
        return True
    asked = {stem for name in names_in(question) for stem in content(name)}
    ours_held, theirs_held = _held(one), _held(other)
    return any((stem in ours_held) is not (stem in theirs_held) for stem in asked)


def _names(text: str) -> frozenset[str]:
    return frozenset(stem for name in names_in(text) for stem in content(name)) - _FILLERS


def _alike_files(one: Candidate, other: Candidate) -> bool:
    """Whether their names are the same but for dates, numbers and versions."""
    ours, theirs = (_kind_of_file(each.source.name) for each in (one, other))
    return bool(ours) and ours == theirs


def _kind_of_file(name: str) -> frozenset[str]:
    return frozenset(p for p in pieces(name) if p.isalpha()) - _VERSIONS


def _share_a_name(question: str, one: Candidate, other: Candidate) -> bool:
    """Whether both sentences, or what stands around them, name the same that the question names."""
    asked = {stem for name in names_in(question) for stem in content(name)}
    shared = _held(one) & _held(other) & asked
    return bool(shared) and len(_telling(one) & _telling(other)) > 1
