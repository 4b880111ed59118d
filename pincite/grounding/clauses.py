"""Where a sentence has its verb, and statements that it joins by `and`.

No grammar is known here: the words that are told are those that answers of models are full of. What
is not surely several statements stays one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final, NamedTuple

from pincite.grounding.marks import without_marks
from pincite.grounding.words import content

_PAST: Final = "rose|fell|grew|began|took|gave|went|came|became|wrote|drew|drove|flew|chose|ran"
_HELPER: Final = "is|are|was|were|has|have|had|does|did|will|would|can|could|must|should"
_EITHER: Final = "sold|bought|won|kept|paid|made|said|led|met|stood|sent|built|held|spent|lost"
"""Behind a helper (`was sold`) these are no verbs of their own."""
_SURE: Final = f"{_HELPER}|{_PAST}|{_EITHER}"
"""Words that are verbs wherever they stand."""
_NOW: Final = (
    "costs|includes|contains|requires|needs|uses|shows|states|holds|runs|works|lives|weighs|"
    "measures|equals|means|allows|provides|covers|starts|stands|remains|receives|expects|takes|"
    "gives|makes|says|lasts|flies|lands|carries|opens|closes|ends|belongs|consists|goes|comes|"
    "becomes|serves|offers|describes|produces|charges|replaces|supports|adds|shortens|burns|wants|"
    "asks|increases|decreases|falls|rises|grows|reaches|amounts|applies|appears|leads|refers|"
    "depends|differs|explains|suggests|reports|begins|gains|loses|pays|owns|meets|leaves|sees|finds"
)
"""Words that may be verbs; before a figure or an article they are."""
VERB: Final = re.compile(
    rf"\b(?:{_SURE}|{_NOW}|be|been|does|did|may|might|shall|cost|ended|take|give|say|ran|come|found|"
    r"finds?|saw|sees?|left|leaves?|keeps?|include|contain|require|need|use|work|live|weigh|"
    r"measure|equal|mean|allow|provide|cover|start|stand|become|remain|receive|expect|want|died|"
    r"used|tied|lied|owed|"
    r"ist|sind|waren|hatte|haben|wird|werden|wurden?|beträgt|kostet|liegt|sont|était|étaient|coûte|"
    r"está|están|tiene|cuesta|sono|\w{3,}(?:ed|izes|ises))\b",
    re.IGNORECASE,
)
"""Also words that are no verbs everywhere: a text without any of these has none."""
_THING_FOLLOWS: Final = (
    r"(?:about |for |up to |only |on |at |to |in )?(?:an?\b|the\b|its\b|no\b|[$€£]?\d+)"
)
_OF_MANY: Final = (
    "open|close|cost|need|cover|show|include|contain|require|use|advise|ask|say|run|work|live|"
    "remain|receive|expect|begin|start|end|stand|carry|take|give|make|hold|belong|differ|agree"
)
"""Verbs behind a plural (`the windows open`)."""
_FINITE: Final = re.compile(
    rf"\b(?:{_SURE}|{_NOW}|may|might|cost|left|found|died|(?<=s\s)(?:{_OF_MANY})|\w{{3,}}ed)\b",
    re.I,
)
_SURELY: Final = re.compile(rf"\b(?:{_SURE}|\w{{3,}}ed|(?:{_NOW})\s+{_THING_FOLLOWS})\b", re.I)
_DETERMINER: Final = re.compile(
    r"(?:\b(?:the|an?|its|their|his|her|this|these|those|that|our|your|of|by|with|for|and|or)"
    r"|ly|-)\s*\Z",
    re.IGNORECASE,
)
_BLOCKS: Final = re.compile(
    r"\b(?:if|when|while|because|since|although|though|that|which|who|whom|whose|where|unless|"
    r"until|whether|both|between|either|neither|so that|in order|respectively|than|how|why|what)\b",
    re.IGNORECASE,
)
"""Words over which a sentence is not parted, as the halves would no longer say the same."""
_JOINT: Final = re.compile(r";\s+|,\s+(?:and|but|while|whereas|although)\s+", re.IGNORECASE)
_AND: Final = re.compile(r",?\s+(?:and|but)\s+", re.IGNORECASE)
_OPENS: Final = re.compile(rf"\s*(?:{_BLOCKS.pattern})", re.IGNORECASE)
_SHARES: Final = re.compile(
    rf"(?:not )?(?:(?:{_SURE})\b|(?:{_NOW})\s+{_THING_FOLLOWS}"
    r"|\w{3,}ed\s+(?:the|an?|in|on|at|by|to|from|after|\d))",
    re.IGNORECASE,
)
"""How a half begins that has its subject in the half before it."""
_BY_ITSELF: Final = re.compile(rf"(?:{_HELPER}|{_PAST}|(?:{_NOW}))\b", re.IGNORECASE)
"""Such a half whose verb is whole, whatever helper stands in the half before it."""
_OWN_SUBJECT: Final = re.compile(
    rf"(?:it|they|he|she|there)\s+\w|[^\W\d_][\w'’.-]*\s+(?:[\w'’%.-]+\s+){{0,7}}?"
    rf"(?:(?:{_SURE})\b|(?:{_NOW}|cost|\w{{3,}}ed)\s+(?:it\b|them\b|{_THING_FOLLOWS}))",
    re.IGNORECASE,
)
_SHORTEST: Final = 2
"""Content words that each half of a split sentence needs."""
_LONGEST_SUBJECT: Final = 9
"""Words."""
_VALUE: Final = r"(?:[$€£]\s?)?\d[\d.,]*\d|(?:[$€£]\s?)?\d"
_PAIR: Final = re.compile(
    rf"(?P<value>(?:{_VALUE})(?:\s?%)?)(?P<of>(?:\s+[^\W\d_]+){{0,3}}?)\s+(?P<by>in|for|on|at|with)\s+"
    r"(?P<key>(?:(?!\b(?:and|but|in|for|on|at|with|to|from)\b)[^,;])+)",
    re.IGNORECASE,
)
_ROW: Final = re.compile(r"[^:;]+:[^;]*(?:;\s[^:;]+:[^;]*)+")
"""A row of a table as it is quoted: `Item: pump; Price: 5`."""
_BETWEEN: Final = re.compile(
    r"\s*,?\s*(?:and|but|,|compared (?:to|with)|versus)\s*(?:just |only )?\Z", re.I
)


class Clause(NamedTuple):
    """A statement within a text."""

    start: int
    end: int
    carried: str = ""
    """Words from elsewhere in the sentence that belong before it: its subject, mostly."""
    of: str = ""
    """What its first figure counts, where only another statement says so."""


def stands(text: str) -> bool:
    """Whether a text states something by itself: it has a verb and says enough."""
    bare = without_marks(text)
    return bool(VERB.search(bare)) and len(content(bare)) >= _SHORTEST


def first_verb(text: str) -> re.Match[str] | None:
    """The verb that the subject ends before; a participle or plural in the subject is passed."""
    for found in _FINITE.finditer(text):
        before = text[: found.start()]
        follows = _FINITE.match(text[found.end() :].lstrip())
        noun = follows is not None and not re.fullmatch(_HELPER, found.group(), re.IGNORECASE)
        if before.strip() and not _DETERMINER.search(before) and not noun:
            return found
    return None


def clauses(text: str) -> Iterator[Clause]:
    """In order, without what joins them; the whole where it is one statement."""
    if _ROW.fullmatch(text):
        yield Clause(0, len(text))
        return
    if pairs := _pairs(text):
        yield from pairs
        return
    start, subject = 0, ""
    for joint in _joints(text):
        halves = text[start : joint.start()], text[joint.end() :]
        shared = _shared(joint.group(), *halves, subject)
        if shared is not None:
            yield Clause(start, joint.start(), subject)
            start, subject = joint.end(), shared
    yield Clause(start, len(text), subject)


def _joints(text: str) -> list[re.Match[str]]:
    found = list(_JOINT.finditer(text))
    taken = [joint.span() for joint in found]
    found += [
        joint
        for joint in _AND.finditer(text)
        if all(joint.end() <= start or joint.start() >= end for start, end in taken)
    ]
    return sorted(found, key=lambda joint: joint.start())


def _shared(joint: str, first: str, rest: str, subject: str) -> str | None:
    """The subject that `rest` takes over, empty where it has its own; None: one statement."""
    shares = bool(_SHARES.match(rest))
    own = bool(_OWN_SUBJECT.match(rest)) and not _BLOCKS.search(_until_verb(rest))
    if (joint[0] == ";" or (joint[0] == "," and own)) and not shares:
        whole = stands(f"{subject} {first}") and stands(rest) and not _OPENS.match(first)
        return "" if whole else None
    if _BLOCKS.search(first) or not _SURELY.search(first) or not stands(f"{subject} {first}"):
        return None
    if shares:
        whose = subject or _subject(first, rest)
        return whose if whose and stands(f"{whose} {rest}") else None
    return "" if own and stands(rest) else None


def _until_verb(text: str) -> str:
    verb = first_verb(text)
    return text[: verb.start()] if verb else text


def _subject(first: str, rest: str) -> str:
    """What stands before the only verb of a clause; empty where that is not sure."""
    verb = first_verb(first)
    if verb is None:
        return ""
    own = without_marks(first[: verb.start()]).strip()
    helps = bool(re.fullmatch(_HELPER, verb.group(), re.IGNORECASE))
    others = [
        v for v in _FINITE.finditer(first, verb.end()) if re.fullmatch(_SURE, v.group(), re.I)
    ]
    if "," in own or len(own.split()) > _LONGEST_SUBJECT:
        return ""
    if helps:  # `was tested and sent`: who sends it, the sentence does not say
        return own if _BY_ITSELF.match(rest) else ""
    return "" if others else own


def _pairs(text: str) -> list[Clause]:
    """`revenue was 5 in 2019 and 6 in 2020`: what stands before the first figure holds for each."""
    found = list(_PAIR.finditer(text))
    if len(found) < 2 or _BLOCKS.search(text):
        return []
    first, *others = found
    head = text[: first.start()].strip()
    ways = {pair["by"].casefold() for pair in found}
    gaps = [text[a.end() : b.start()] for a, b in pairwise(found)]
    if not VERB.search(head) or "," in head or VERB.search(text[first.start() :]):
        return []
    if len(ways) > 1 or not all(_BETWEEN.fullmatch(gap) for gap in gaps):
        return []
    told = [Clause(0, first.end())]
    for pair in others:
        counted = "" if pair["of"] else first["of"].strip()
        end = len(text) if pair is found[-1] else pair.end()
        told.append(Clause(pair.start(), end, without_marks(head), counted))
    return told
