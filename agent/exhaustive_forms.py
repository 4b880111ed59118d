"""How people ask for all of something: the forms of such questions, and words for documents."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import Final

from pincite.elements import Medium

MEDIA: Final = MappingProxyType(
    {
        "recording": Medium.AUDIO,
        "audio file": Medium.AUDIO,
        "call": Medium.AUDIO,
        "photo": Medium.IMAGE,
        "picture": Medium.IMAGE,
        "image": Medium.IMAGE,
        "pdf": Medium.PDF,
        "e-mail": Medium.EMAIL,
        "email": Medium.EMAIL,
        "video": Medium.VIDEO,
    }
)
ANY: Final = ("file", "document", "source")
_KINDS: Final = (
    *("receipt", "invoice", "bill", "contract", "letter", "report", "form", "order", "quotation"),
    *("quote", "offer", "certificate", "lease", "agreement", "memo", "policy", "application"),
    *("statement", "delivery note", "purchase order", "bank statement", "payslip", "paper"),
    *("filing", "proposal", "protocol", "ticket", "voucher", "timesheet", "résumé", "cv"),
)
_DOC: Final = (
    r"(?P<doc>"
    + "|".join(
        sorted(
            (
                rf"{re.escape(noun[:-1])}(?:y|ies)"
                if noun.endswith("y")
                else rf"{re.escape(noun)}s?"
                for noun in (*MEDIA, *ANY, *_KINDS)
            ),
            key=len,
            reverse=True,
        )
    )
    + r")"
)
A_DOC: Final = _DOC.replace("(?P<doc>", "(?:")
"""What documents are called, as part of other patterns."""
_THE: Final = r"(?:(?:of )?(?:the|my|our|these|those) )?"
_EVERY: Final = rf"(?:(?:all|each|every|any)(?: of)? {_THE}|the |my |our |these |those )"
_OVER: Final = r"(?:of|in|on|for|from|across|over|among|between|throughout)"
_SAY: Final = (
    r"(?:please )?(?:what (?:is|are|was|were)|what's|calculate|compute|tell me|give me|find)"
)
_SHOW: Final = (
    r"(?:please )?(?:list|show(?: me)?|give(?: me)?|extract|tabulate|get|find|name|enumerate|"
    r"make (?:me )?a (?:table|list) of|(?:what|which) (?:are|is|were|was)|what's)"
)
MOST: Final = MappingProxyType(
    {
        "highest": "max", "largest": "max", "biggest": "max", "maximum": "max", "greatest": "max",
        "latest": "max", "newest": "max", "most recent": "max", "most expensive": "max",
        "lowest": "min", "smallest": "min", "minimum": "min", "least": "min", "earliest": "min",
        "oldest": "min", "first": "min", "cheapest": "min", "average": "mean", "mean": "mean",
    }
)  # fmt: skip
_SUPER: Final = rf"(?P<super>{'|'.join(MOST)})"
FORMS: Final[tuple[tuple[str, re.Pattern[str]], ...]] = tuple(
    (task, re.compile(rf"{pattern}\Z", re.IGNORECASE))
    for task, pattern in (
        (
            "count",
            rf"(?:please )?(?:how many|count|what is the number of|number of) {_EVERY}?{_DOC}"
            r"(?: (?:are (?:there|here)|exist|do (?:i|we|you) have|have been read|are in "
            r"(?:the|my|our) (?:library|collection|folder|files)))?"
            r"(?: (?:have|with|that have|show|state|contain) "
            r"(?:a |an |the )?(?P<cols>.+?))?",
        ),
        (
            "sum",
            rf"(?:{_SAY} )?(?:the )?(?:sum(?: total)?|total sum|grand total|combined) "
            rf"(?:of )?{_THE}(?P<cols>.*?)\s?{_OVER} {_EVERY}{_DOC}",
        ),
        (
            "sum",
            rf"(?:please )?(?:add up|sum(?: up)?|total(?: up)?) (?:all )?{_THE}(?P<cols>.+?) "
            rf"{_OVER} {_EVERY}{_DOC}",
        ),
        (
            "sum",
            rf"(?:what do|how much (?:do|are)) {_EVERY}{_DOC}(?: add up to| come to| sum to|"
            r"(?: in total| altogether| together)(?: come to| cost| add up to)?)(?P<cols>)",
        ),
        (
            "sum",
            rf"how much (?:did (?:i|we) (?:spend|pay)|was (?:spent|paid))(?: in total)? "
            rf"{_OVER} {_EVERY}{_DOC}(?P<cols>)",
        ),
        ("sum", rf"{_SAY} {_THE}(?P<cols>total(?: \w+)?|sum) {_OVER} all(?: of)? {_THE}{_DOC}"),
        ("most", rf"{_SAY} (?:the )?{_SUPER} (?P<cols>.+?) {_OVER} {_EVERY}{_DOC}"),
        ("most", rf"(?:which|what) {_DOC} (?:has|have|shows|is of) (?:the )?{_SUPER} (?P<cols>.+)"),
        ("most", rf"(?:which|what) {_DOC} is (?:the )?{_SUPER}(?P<cols>)"),
        ("list", rf"(?:please )?compare {_THE}(?P<cols>.+?) {_OVER} {_EVERY}{_DOC}"),
        (
            "list",
            rf"for {_EVERY}{_DOC},? (?:{_SHOW} )?(?:the |its |their |a |an )?(?P<cols>.+)",
        ),
        ("list", rf"{_SHOW} {_THE}(?P<cols>(?!all\b|every\b|each\b).+?) {_OVER} {_EVERY}{_DOC}"),
        (
            "list",
            rf"{_SHOW} {_EVERY}{_DOC}(?:,? (?:and|with|including|showing|by|together with|"
            r"along with)(?: (?:the|their|its|a|an))? (?P<cols>.+))?",
        ),
    )
)

LOOKS: Final = re.compile(
    r"\b(?:list|name|enumerate|show|give me|find|summari[sz]e|compare|count)\b.*"
    r"\b(?:all|every|each)\b|\bof (?:all|every|each)\b"
    r"|\b(?:what|which) (?:are|were) all\b|\bhow many times\b|\ball of the\b|\bin total across\b"
    r"|\bacross (?:all|the) \w+"
    r"|\bin (?:all|every|each)(?: of)?(?: the| my| our)? (?:files?|documents?)\b"
    r"|\bevery (?:single )?(?:mention|instance|occurrence)\b|\bcompare\b.*\b(?:all|across)\b"
    rf"|\bhow many {A_DOC}\b",
    re.IGNORECASE,
)
