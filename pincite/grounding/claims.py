"""The checkable statements of a sentence, each with its place and what it cites.

A claim is checked alone, so its text says what its place in the answer says: a statement that is
joined to another one has its subject, an item of a list its heading, a cell its row and column, a
pronoun the name that it stands for. Where that is not sure, the text is what stands there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple, Self

from pincite.answers import Claim
from pincite.grounding.answer_tables import cell_claims, is_table
from pincite.grounding.antecedents import Resolved, resolved
from pincite.grounding.checkable import LEADING, is_code, states_nothing
from pincite.grounding.clauses import VERB, clauses, stands
from pincite.grounding.marks import Mark, marks_in, without_marks
from pincite.grounding.words import content

_LONGEST_FRAGMENT: Final = 5
"""Content words; a longer text without a verb is a line of a table or list, which states enough."""
_BULLET: Final = re.compile(r"\s*(?:[-*•–]|\(?\d{1,2}[.)])\s+")
_PREFACE: Final = re.compile(
    r"^(?:(?:(?:based on|according to|as (?:stated|mentioned|shown|described) in) "
    r"(?:the|this|these|your) (?:(?:provided|given|above|available|retrieved) )*"
    r"(?:evidence|documents?|context|passages?|sources?|information|texts?|excerpts?|files?)"
    r"(?: provided| given| above)?(?:\s*\[[\d\s,;–-]+\])*"
    r"|in (?:summary|conclusion|short)|overall|yes|to summari[sz]e),\s+"
    r"|[\w.-]+\.(?:txt|md|pdf|docx|xlsx|pptx|eml|html|csv|jpg|png|ogg|wav|mp3)(?:, page \d+)?:\s+"
    r"|(?:(?:please )?note|it (?:is|should be) (?:worth )?not(?:ed|ing)) that\s+"
    r"|(?:the )?answer(?: to (?:the|your) question)?(?: is|:)\s+(?:that )?)",
    re.IGNORECASE,
)
"""What says where a statement comes from, and nothing of it."""
_MARKS_FIRST: Final = re.compile(r"(?:\[[\d\s,;–-]+\]\s*)+")
_AFTERWORD: Final = re.compile(
    r",?\s+as (?:stated|mentioned|indicated|shown|described|noted|reported) (?:in|by|on)\b"
    r"(?:\s+(?:the|this)\s+(?:(?:provided|given) )?(?:evidence|documents?|context|passages?|"
    r"sources?|texts?|table|file)\b[^.;,\[]*|(?=\s*\[))(?:[.\s]|\[[\d\s,;–-]+\])*\Z",
    re.IGNORECASE,
)
_INTRO: Final = re.compile(
    r"^(?:(?:sure|certainly|of course|yes)\b[,.!]?\s*)?(?:(?:here|these|those|the following|below)"
    r"(?: is| are|['’]s)\s+|(?:the )?(?:answer|summary|details?)(?: is| are)?\s*(?=:))",
    re.IGNORECASE,
)
_SAYS_HOW: Final = re.compile(
    r"\b(?:steps?|how (?:to|you|one)|instructions?|follow(?:s|ing)?)\b|"
    r"^(?:passages?|documents?|sources?|evidence)\s*\d",
    re.IGNORECASE,
)
"""What stands above steps, each of which says enough, or says only where they are from."""
_LONGEST_PARTED: Final = 2_000
"""Characters; the time to part a text grows with their square."""
_LONGEST_INTRO: Final = 25
"""Words."""
_SAYS_NOTHING: Final = frozenset(
    content("answer answers details summary information points items following found list overview")
)


class _Part(NamedTuple):
    start: int
    end: int
    cites: tuple[int, ...]
    carried: str = ""
    of: str = ""
    """See `Clause`."""


class _Wording(NamedTuple):
    """A claim's text while it is made to stand alone."""

    text: str
    added: tuple[tuple[int, int], ...] = ()

    def behind(self, words: str) -> Self:
        """The same with words before it."""
        gap = len(words) + 1
        moved = ((start + gap, end + gap) for start, end in self.added)
        return self._replace(text=f"{words} {self.text}", added=((0, gap), *moved))

    def counting(self, what: str) -> Self:
        """The same with what its first figure counts."""
        at = self.text.find(" ")
        return self._replace(
            text=f"{self.text[:at]} {what}{self.text[at:]}", added=((at, at + 1 + len(what)),)
        )

    def naming(self, found: Resolved | None) -> Self:
        """The same with a name for its pronoun."""
        if found is None:
            return self
        longer = len(found.text) - len(self.text)
        kept = [span for span in self.added if span[1] <= found.start]
        ends = [end for _, end in self.added if end > found.start]
        last = max([found.end, *(end + longer for end in ends)])
        return self._replace(text=found.text, added=(*kept, (found.start, last)))


def claims_of(sentence: str, question: str = "", before: Sequence[str] = ()) -> tuple[Claim, ...]:
    """Claims in order; a claim without marks of its own takes those at the end of its sentence.

    `before` are the sentences of the same answer that stand before this one: they say what `it` is
    and what a list is of. A fragment (`14.2`, `Maria Keller`) only states something with the
    question that it answers, so `question` is put before it.

    Empty for a sentence that states nothing. A table is one sentence, and so is a block of code,
    which is one claim that cannot be checked.
    """
    if is_code(sentence):
        return (Claim(text=sentence, start=0, end=len(sentence)),)
    if is_table(sentence):
        return tuple(
            Claim(text=c.text, start=c.start, end=c.end, cites=c.cites, added=_until(c.own))
            for c in cell_claims(sentence)
        )
    if states_nothing(sentence):
        return ()
    marks = marks_in(sentence)
    parts = [half for part in _by_marks(sentence, marks) for half in _halves(sentence, part)]
    last = marks[-1].numbers if marks and not sentence[marks[-1].end :].strip(" .!?\"'”") else ()
    claims = [_claim(sentence, part, last) for part in parts]
    if len(claims) > 1:
        claims = [claim for claim in claims if not states_nothing(claim.text)]
    alone = _alone([claim for claim in claims if claim.text], sentence, question, before)
    if len(alone) == 1:
        return alone
    whole = _bare(sentence).strip()
    return tuple(claim.model_copy(update={"sentence": whole}) for claim in alone)


def is_fragment(text: str) -> bool:
    """Whether a text has too few words or no verb to state something by itself."""
    return not VERB.search(text) and len(content(text)) <= _LONGEST_FRAGMENT


# --- parts of a sentence -------------------------------------------------------------------------


def _by_marks(sentence: str, marks: list[Mark]) -> list[_Part]:
    """Parts that end in marks; what has no verb is left with the part before it."""
    parts: list[_Part] = []
    start = 0
    for mark in _joined(sentence, marks):
        parts.append(_Part(start, mark.end, mark.numbers))
        start = mark.end
    parts.append(_Part(start, len(sentence), ()))
    merged: list[_Part] = []
    for part in parts:
        if merged and not (_whole(sentence, part) and _whole(sentence, merged[-1])):
            before = merged.pop()
            cites = tuple(dict.fromkeys(before.cites + part.cites))
            merged.append(_Part(before.start, part.end, cites))
        else:
            merged.append(part)
    return merged


def _joined(sentence: str, marks: list[Mark]) -> list[Mark]:
    """Marks that stand next to each other as one."""
    joined: list[Mark] = []
    for mark in marks:
        if joined and not sentence[joined[-1].end : mark.start].strip(" ,;"):
            before = joined.pop()
            joined.append(Mark(before.start, mark.end, before.numbers + mark.numbers))
        else:
            joined.append(mark)
    return joined


def _halves(sentence: str, part: _Part) -> list[_Part]:
    """The statements of a part; each cites by its own marks, or else by those of the part."""
    text = re.sub(r"[*`]", " ", sentence[part.start : part.end])
    found = list(clauses(text)) if len(text) <= _LONGEST_PARTED else []
    if len(found) < 2:
        return [part]
    return [
        _Part(
            part.start + clause.start,
            part.start + clause.end,
            _cited(text[clause.start : clause.end]) or part.cites,
            clause.carried,
            clause.of,
        )
        for clause in found
    ]


def _cited(text: str) -> tuple[int, ...]:
    return tuple(dict.fromkeys(n for mark in marks_in(text) for n in mark.numbers))


def _whole(sentence: str, part: _Part) -> bool:
    return stands(sentence[part.start : part.end])


def _claim(sentence: str, part: _Part, last: tuple[int, ...]) -> Claim:
    start, end = part.start, part.end
    while start < end and sentence[start] in " ,;.":
        start += 1
    for leading in (_MARKS_FIRST, LEADING, _PREFACE):
        if lead := leading.match(sentence[start:end]):
            start += lead.end()
    if after := _AFTERWORD.search(sentence[start:end]):
        end = start + after.start()
    while end > start and sentence[end - 1].isspace():
        end -= 1
    text = _bare(sentence[start:end]).strip(" ,;")
    carried = " ".join(_PREFACE.sub("", LEADING.sub("", part.carried.strip())).split())
    worded = _Wording(text).counting(part.of) if part.of else _Wording(text)
    worded = worded.behind(carried) if carried and text else worded
    cites = part.cites or last
    return Claim(text=worded.text, start=start, end=end, cites=cites, added=worded.added)


def _bare(text: str) -> str:
    return re.sub(r"\*+|`", "", without_marks(text))


# --- made to stand alone -------------------------------------------------------------------------


def _alone(
    claims: list[Claim], sentence: str, question: str, before: Sequence[str]
) -> tuple[Claim, ...]:
    if len(claims) == 1 and (found := _fragment(claims[0], sentence, question, before)):
        return (_with(claims[0], found),)
    told = [each for each in before if not _announces(each)]
    made: list[Claim] = []
    for claim in claims:
        worded = _Wording(claim.text, claim.added)
        context = [*told, *(each.text for each in made)]
        made.append(_with(claim, worded.naming(resolved(claim.text, context, question))))
    return tuple(made)


def _fragment(claim: Claim, sentence: str, question: str, before: Sequence[str]) -> _Wording | None:
    """An item with what its list is of, or an answer with its question."""
    intro = "" if stands(claim.text) or not _BULLET.match(sentence) else _intro(before, question)
    if intro:
        return _Wording(claim.text, claim.added).behind(intro)
    if question and is_fragment(claim.text):
        return _Wording(claim.text, claim.added).behind(question.strip())
    return None


def _intro(before: Sequence[str], question: str) -> str:
    """What the list is of that goes on after `before`; empty where nothing says it."""
    for place in range(len(before) - 1, -1, -1):
        if _BULLET.match(before[place]):
            continue
        line = _bare(before[place]).strip()
        if not (line.endswith(":") or line.startswith("#")):
            return ""
        said = _INTRO.sub("", _PREFACE.sub("", line.lstrip("# "))).rstrip(": ")
        if len(said.split()) > _LONGEST_INTRO or _SAYS_HOW.search(said):
            return ""
        if not set(content(said)) - _SAYS_NOTHING:
            return ""
        named = resolved(said, [b for b in before[:place] if not _announces(b)], question)
        return f"{named.text if named else said}:"
    return ""


def _announces(sentence: str) -> bool:
    return is_code(sentence) or is_table(sentence) or states_nothing(sentence)


def _with(claim: Claim, worded: _Wording) -> Claim:
    return claim.model_copy(update={"text": worded.text, "added": worded.added})


def _until(end: int) -> tuple[tuple[int, int], ...]:
    return ((0, end),) if end else ()
