"""Who `it`, `she`, `the company` or `this figure` is, where the answer leaves little doubt.

The subject of the sentence before is the likeliest antecedent of a subject (centering theory,
Grosz, Joshi and Weinstein 1995). It is taken only where it fits, and where nothing else that fits
was spoken of between; a claim with another antecedent would be another claim, so what is not sure
stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, Literal, NamedTuple

from pincite.grounding.clauses import first_verb
from pincite.grounding.marks import without_marks
from pincite.grounding.numbers import quantities
from pincite.grounding.words import content

Sort = Literal["thing", "many", "person", "amount", "body"]

_AMOUNT: Final = r"figure|amount|number|sum|value|price|total|share|rate|percentage"
_BODY: Final = r"company|firm|corporation|cooperative|organi[sz]ation|business|enterprise|maker"
_ANAPHOR: Final = re.compile(
    r"(?P<lead>(?:(?:in|on|by|since|after|from|at|during|until|also|however|overall|today)\b"
    r"[^,;:.!?]{0,40},\s+)?)"
    rf"(?P<word>it|its|they|their|he|his|she|her|(?:this|that) (?:{_AMOUNT})|"
    rf"the (?:{_BODY})(?P<owns>['’]s)?)"
    r"(?=\s)",
    re.IGNORECASE,
)
_OWNING: Final = frozenset({"its", "their", "his", "her"})
_EMPTY: Final = re.compile(
    r"it (?:\w+ )?(?:is|was|has been|had been|will be|would be|seems?|appears?|follows|turns? out|"
    r"turned out)\b(?: not)?(?: \w+ly)?(?: \w+)? (?:that|to|whether|who|when|where|for)\b"
    r"|it (?:takes?|took|costs?)\b.* to \w+|it (?:rains?|rained|snow)",
    re.IGNORECASE,
)
"""An `it` that stands for nothing that was named."""
_PREFACE: Final = re.compile(r"^(?:\W*\d{1,2}[.)]\s+|[-*•–#>\s]+)")
_ADVERBIAL: Final = re.compile(
    r"^(?:in|on|by|since|after|from|at|during|until|also|however|overall|today)\b[^,;:.!?]{0,60},\s+",
    re.IGNORECASE,
)
_ADVERB: Final = re.compile(r"\s+(?:also|now|still|then|only|already|later|first|\w+ly)\Z", re.I)
_NAME: Final = re.compile(
    r"(?:(?:Mr|Ms|Mrs|Dr|Prof|St)\.\s+)?[A-ZÀ-Þ][\w'’&.-]*"
    r"(?:\s+(?:of|the|and|de|von|van|der|for)(?=\s+[A-ZÀ-Þ]))*"
    r"(?:\s+(?:[A-ZÀ-Þ\d][\w'’&-]*))*"
)
_PERSON: Final = re.compile(
    r"(?:(?:Mr|Ms|Mrs|Dr|Prof)\.?\s+)?[A-ZÀ-Þ][\w'’-]+(?:\s+(?:[A-ZÀ-Þ]\.|[A-ZÀ-Þ][\w'’-]+|de|von|van)){0,3}\Z"
)
_SOME_BODY: Final = re.compile(
    r"\b(?:inc|ltd|llc|plc|gmbh|ag|corp|corporation|company|co|cooperative|group|foods|bank|works|"
    r"ferries|airlines|motors?|pumps|bearings|freight|industries|systems|technologies|holdings|"
    r"partners|stores|press|paints|media|nasa|bbc)\b",
    re.IGNORECASE,
)
_THING: Final = re.compile(
    r"\d|\b(?:church|university|stadium|committee|board|council|program(?:me)?|conference|bowl|"
    r"association|institute|station|plant|ship|mv|ss|act|treaty|war|river|lake|mount|republic|"
    r"kingdom|city|county|state|school|library|museum|project|operation|agency|league|ministry)\b",
    re.IGNORECASE,
)
_CLAUSE: Final = re.compile(r",|\b(?:that|which|who|they|it|he|she|we|you|i)\b", re.I)
_DETERMINED: Final = re.compile(r"(?:the|an?|this|that|its|their|his|her|our|your)\s", re.I)
_MANY: Final = re.compile(r"(?:these|those|both|all|two|three|four|five|some|many)\s", re.I)
_TAIL: Final = re.compile(r"\s+(?:of|at|in|for|from|with|on|between|by|to)\s.*\Z", re.I)
_NEW: Final = re.compile(r"\b(?:an?|another)\s+[a-z]", re.IGNORECASE)
_IS: Final = re.compile(r"(?:is|are|was|were|became|remains|means)\b", re.IGNORECASE)
_PLACED: Final = re.compile(r"\b(?:in|at|on|from|of|near|into|until|since)\s+(?:the\s+)?\Z", re.I)
_DATES: Final = frozenset(
    re.findall(
        r"\w+",
        "January February March April May June July August September October November December "
        "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    )
)
_ASKED: Final = r"\b(?:is|are|was|were|do|does|did|has|have|had|can|could|will|may|must|about)\s+"
_LONGEST: Final = 9
"""Words of an antecedent."""
_FAR: Final = 4
"""Sentences that are looked back over, while they speak of the same thing by a pronoun."""


class Resolved(NamedTuple):
    text: str
    start: int
    """Characters [start, end) of the text that stand for the word that was there."""
    end: int


def resolved(text: str, before: Sequence[str], question: str = "") -> Resolved | None:
    """The text with its subject named; None where nothing needs it, or nothing surely fits.

    `before` are the sentences of the answer so far, in order.
    """
    found = _ANAPHOR.match(text)
    if found is None or _EMPTY.match(text, found.start("word")):
        return None
    antecedent = _antecedent(found["word"], before, question)
    if not antecedent or set(content(antecedent)) <= set(content(text)):
        return None
    if found["lead"] and _TAIL.search(antecedent):  # `in the other group, it …`
        return None
    owns = found["word"].casefold() in _OWNING or bool(found["owns"])
    if owns:
        antecedent += "’" if antecedent.endswith("s") else "’s"
    if found["lead"] and _DETERMINED.match(antecedent):
        antecedent = antecedent[:1].lower() + antecedent[1:]
    start = found.start("word")
    whole = text[:start] + antecedent + text[found.end() :]
    return Resolved(whole, start, start + len(antecedent))


def _antecedent(word: str, before: Sequence[str], question: str) -> str:
    sort = _sort(word.casefold())
    near = [_plain(sentence) for sentence in before[-_FAR:]]
    for sentence in reversed(near):
        again = _ANAPHOR.match(sentence)
        if again is not None and _sort(again["word"].casefold()) == sort:
            continue
        return _of_sentence(sentence, sort)
    return "" if near else _of_question(question, sort)


def _sort(word: str) -> Sort:
    if word in {"he", "his", "she", "her"}:
        return "person"
    if word in {"they", "their"}:
        return "many"
    if word.startswith(("this ", "that ")):
        return "amount"
    return "body" if word.startswith("the ") else "thing"


def _plain(sentence: str) -> str:
    bare = re.sub(r"\*+|`", "", without_marks(sentence)).strip()
    return _PREFACE.sub("", bare)


def _of_sentence(sentence: str, sort: Sort) -> str:
    """Its subject, where that fits and nothing behind it fits as well."""
    clause = _ADVERBIAL.sub("", sentence)
    verb = first_verb(clause)
    if verb is None:
        return ""
    subject = clause[: verb.start()].strip()
    while subject != (shorter := _ADVERB.sub("", subject)):
        subject = shorter
    if _CLAUSE.search(subject) or len(subject.split()) > _LONGEST or not _fits(subject, sort):
        return ""
    return "" if _rivals(clause[verb.start() :], subject, sort) else subject


def _fits(subject: str, sort: Sort) -> bool:
    if not subject or _ANAPHOR.match(f"{subject} "):
        return False
    is_name = bool(_NAME.fullmatch(subject)) and not _DETERMINED.match(subject)
    is_thing = bool(_THING.search(subject) or _SOME_BODY.search(subject))
    many = _is_many(subject)
    match sort:
        case "person":
            return bool(_PERSON.fullmatch(subject)) and not is_thing and is_name
        case "many":
            return many
        case "body":
            return is_name and not (_THING.search(subject) and not _SOME_BODY.search(subject))
        case "thing" | "amount":
            named = is_name and (is_thing or subject.split()[0].isupper())
            plain = bool(_DETERMINED.match(subject)) or subject.split()[0][1:].islower()
            return (named or (plain and not is_name) or sort == "amount") and not many
    return False


def _is_many(subject: str) -> bool:
    head = _TAIL.sub("", subject)
    if re.search(r"\band\b", head) or _MANY.match(subject):
        return True
    is_name = bool(_NAME.fullmatch(head)) and not _DETERMINED.match(head)
    return head.endswith("s") and not head.endswith(("ss", "us", "is")) and not is_name


def _rivals(predicate: str, subject: str, sort: Sort) -> bool:
    """Whether the rest of a sentence speaks of something else that the word may mean."""
    match sort:
        case "amount":
            return sum(not quantity.is_date for quantity in quantities(predicate)) != 1
        case "person":
            return any(_PERSON.fullmatch(name) for name in _names(predicate, subject, placed=False))
        case "body":
            return bool(_SOME_BODY.search(predicate))
        case "many":
            return bool(re.search(r"\b(?:the|these|some|two|three)\s+[a-z]+s\b", predicate))
        case "thing":
            return bool(_NEW.search(predicate)) and not _IS.match(predicate)


def _names(text: str, known: str, *, placed: bool) -> list[str]:
    """Names in a text; without `placed` none that stands behind a preposition, as places do."""
    found = [(name.group().rstrip("."), name.start()) for name in _NAME.finditer(text)]
    return [
        name
        for name, start in found
        if name.split()[0] not in _DATES
        and not set(content(name)) <= set(content(known))
        and (placed or not _PLACED.search(text[:start]))
    ]


def _of_question(question: str, sort: Sort) -> str:
    """The one name that it asks about, if it fits."""
    placed = sort != "person"
    asked = question.rstrip("?!. ")
    first = re.match(r"\W*\w+\s*", asked)
    start = first.end() if first else 0
    names = _names(asked[start:], "", placed=placed)
    if len(set(names)) != 1 or sort in {"many", "amount"}:
        return ""
    name = re.sub(r"['’]s\Z", "", names[0])
    if sort == "person":
        return name if _fits(name, sort) else ""
    is_asked_about = re.search(rf"{_ASKED}(?:the )?{re.escape(name)}\b", question, re.IGNORECASE)
    return name if is_asked_about and not _DETERMINED.search(asked[start:]) else ""
