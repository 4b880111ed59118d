"""Questions that compare sources, by rules; no model takes part.

A question is one only where each side that it names is a file of its own: `Hamburg and Berlin` are
none unless files are called so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from agent.exhaustive_forms import A_DOC
from agent.exhaustive_questions import singular
from agent.extracting.labels import stems
from agent.structured.sides import Comparison, Side
from pincite.elements import Source
from retrievers.asking import Named
from retrievers.asking.names import alike_names, whole_names

MOST_SIDES: Final = 4
MOST_ASPECTS: Final = 6
_LONGEST_ASPECT: Final = 8
"""Words."""
_TALK: Final = r"(?:say|state|tell|write|provide|specify|require|report|give|set|mention)s?"
_ABOUT: Final = r"(?:about|on|of|regarding|concerning|for|as to|in terms of|with respect to)"
_FORMS: Final = tuple(
    re.compile(rf"(?:please )?{pattern}\Z", re.IGNORECASE)
    for pattern in (
        r"compare (?P<sides>.+?) (?:with respect to|regarding|concerning|in terms of|as to) "
        r"(?P<what>.+)",
        r"compare (?P<what>.+?) (?:in|of|from|between|across|for|according to) (?P<sides>.+)",
        r"compare (?P<sides>.+)(?P<what>)",
        rf"(?:what|which .+?|how much|how many|how) (?:do|does|did) (?P<sides>.+?) (?:each )?"
        rf"{_TALK}(?: {_ABOUT})?(?: (?P<what>.+))?",
        rf"how (?:do|does|did) (?P<sides>.+?) (?:differ|compare)(?: (?:in|{_ABOUT}) (?P<what>.+))?",
        r"(?:(?:what|which) (?:is|are) the )?differences? (?:in|of) (?P<what>.+?) between "
        r"(?P<sides>.+)",
        rf"(?:(?:what|which) (?:is|are) the )?differences? between (?P<sides>.+?)"
        rf"(?: (?:in|{_ABOUT}) (?P<what>.+))?",
        r"which (?:one )?of (?P<sides>.+?) (?:has|have|is|states|allows|offers|costs) (?P<what>.+)",
        rf"{_ABOUT} (?P<what>.+?),? (?:what|how) (?:do|does) (?P<sides>.+?) (?:say|differ)",
    )
)
_BETWEEN: Final = re.compile(
    r"\s*(?:,|;|&|\bvs\.?|\bversus\b|\band\b|\bor\b|\bwith\b|\bagainst\b)\s*"
)
_BOTH: Final = re.compile(
    r"(?:(?:all|any|either|each) of )?(?:the |these |those |my |our )?(?P<many>two|both|three|four)"
    rf"(?: of)?(?: the| these| those| my| our)?(?: [\w-]+){{0,2}}? (?P<noun>{A_DOC})\Z",
    re.IGNORECASE,
)
_MANY: Final = {"two": 2, "both": 2, "three": 3, "four": 4}
_LEAD: Final = re.compile(
    r"\A(?:the|a|an|its|their|what|in|of|from|each|file|document|more|less|higher|lower|longer|"
    r"shorter|larger|smaller|better|cheaper|highest|lowest|longest|shortest|largest|smallest)\s+",
    re.IGNORECASE,
)


class Asked(NamedTuple):
    """What a question compares, before it is known which files are meant."""

    sides: tuple[str, ...]
    """In its words."""
    what: str
    many: int = 0
    """Of the sides where they are not named: `the two contracts`."""
    noun: str = ""
    """What they are."""


def asked(question: str) -> Asked | None:
    """None for a question of another kind."""
    text = " ".join(question.split()).strip(" ?.!")
    for form in _FORMS:
        if found := form.match(text):
            sides, what = found["sides"].strip(), (found["what"] or "").strip()
            if both := _BOTH.match(sides):
                return Asked((), what, _MANY[both["many"].lower()], both["noun"])
            parts = tuple(part for part in _BETWEEN.split(sides) if part.strip())
            if 2 <= len(parts) <= MOST_SIDES:
                return Asked(parts, what)
    return None


def compared(question: str, names: Sequence[Named]) -> Comparison | None:
    """What is compared of which files; None where no file, or only one, is named."""
    for found in _readings(question):
        sides = _named(found.sides, names)
        if len(sides) > 1:
            return _comparison(sides, found.what, question)
    return None


def _readings(question: str) -> Iterable[Asked]:
    """The question as a form takes it; then by the whole file names in it."""
    text = " ".join(question.split()).strip(" ?.!")
    for form in _FORMS:
        if found := form.match(text):
            parts = tuple(part for part in _BETWEEN.split(found["sides"]) if part.strip())
            if 2 <= len(parts) <= MOST_SIDES:
                yield Asked(parts, (found["what"] or "").strip())


def _named(parts: Sequence[str], names: Sequence[Named]) -> list[Side]:
    """A side for each part; none where any of them is no file, or two are the same."""
    sides: dict[str, Side] = {}
    called = {named.source: named.name for named in names}
    for part in parts:
        found = whole_names(f"in {_bare(part)}", names) or alike_names(_bare(part), names)
        if found is None or len(found.sources) != 1:
            return []
        source = found.sources[0]
        sides[source] = Side(source, called[source])
    return list(sides.values()) if len(sides) == len(parts) else []


def of_first(question: str, sources: Iterable[Source], most: int) -> Comparison | None:
    """Over the sources that search put first; None where there is one only."""
    found = asked(question)
    told = list({each.id: Side(each.id, each.name) for each in sources}.values())
    noun = stems(singular(found.noun.lower())) if found and found.noun else frozenset[str]()
    called = [side for side in told if noun and noun <= stems(side.name)]
    sides = (called if len(called) > 1 else told)[:most]
    return _comparison(sides, found.what if found else "", question) if len(sides) > 1 else None


def _comparison(sides: Sequence[Side], what: str, question: str) -> Comparison:
    told = aspects(what)
    return Comparison(tuple(sides), told, ", ".join(told) or question)


def aspects(what: str) -> tuple[str, ...]:
    """`the rent and the notice period` → rent, notice period."""
    parts = (_bare(part) for part in re.split(r"\s*(?:,|;|&|\band\b|\bas well as\b)\s*", what))
    told = tuple(dict.fromkeys(part for part in parts if part))
    short = all(len(part.split()) <= _LONGEST_ASPECT for part in told)
    if not short:
        return (" ".join(what.split())[:60],)
    return told[:MOST_ASPECTS]


def _bare(text: str) -> str:
    text = text.strip(" ,;:\"“”'")
    while (lead := _LEAD.match(text)) is not None:
        text = text[lead.end() :]
    return text
