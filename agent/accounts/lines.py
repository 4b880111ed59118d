"""Lines of the three statements, by what companies call them. Data alone."""

from __future__ import annotations

import re
from functools import cache
from typing import Final, Literal, NamedTuple

Statement = Literal["income", "balance", "cash"]


class Line(NamedTuple):
    statement: Statement
    labels: tuple[str, ...]
    """Regular expressions for the beginning of a label, see `plain`; the surest first."""
    adds_up: bool = False
    """Whether several rows of the last label are parts of the line."""


LINES: Final[dict[str, Line]] = {
    # --- income
    "revenue": Line(
        "income",
        (
            r"total (?:net )?(?:revenues?|sales)\b",
            r"net (?:revenues?|sales)\b(?! (?:from|by|to))",
            r"sales to customers\b",
            r"(?:revenues?|sales|sales and revenues?|net revenues? and sales)$",
        ),
    ),
    "cost of sales": Line(
        "income",
        (
            r"total cost of (?:net )?(?:sales|goods sold|products sold|revenues?)\b",
            r"costs? of (?:net )?(?:sales|goods sold|products sold|revenues?)\b",
            r"costs? of (?:products|services|goods)\b",
        ),
        adds_up=True,
    ),
    "gross profit": Line("income", (r"(?:total )?gross (?:profit|margin)\b",)),
    "operating income": Line(
        "income",
        (
            r"(?:total )?operating (?:income|profit|earnings|loss|\(loss\))\b(?! margin)",
            r"(?:income|earnings|profit|loss)(?: \(?loss\)?| \(?income\)?)? from operations\b",
        ),
    ),
    "net income": Line(
        "income",
        (
            r"net (?:income|earnings|profit|loss)(?: \(loss\)| \(income\))?$",
            r"net (?:income|earnings|profit|loss)(?: \(loss\))? attributable to (?!non|redeem)",
            r"net (?:income|earnings|profit|loss)\b(?!.*(?:per|non ?controlling|before|from))",
        ),
    ),
    "income before taxes": Line(
        "income", (r"(?:income|earnings|profit|loss)\b.*\bbefore\b.*\btax", r"pre ?tax income")
    ),
    "income taxes": Line(
        "income",
        (
            r"(?:\(?benefit\)? )?(?:provision|benefit)\b.*\btax",
            r"income tax(?:es)?(?: \(?(?:expense|provision|benefit)|$)",
            r"(?:provision for )?taxes on income",
        ),
    ),
    "interest expense": Line("income", (r"interest (?:and debt )?expense\b",)),
    "SG&A": Line("income", (r"(?:total )?selling general and administrative", r"sg&a\b")),
    "R&D": Line("income", (r"research(?: and)? development", r"r&d\b")),
    "diluted EPS": Line(
        "income", (r".*per .*share.*dilut", r"diluted\b(?!.*(?:shares|average))", r"dilut.*per")
    ),
    # --- balance
    "cash and cash equivalents": Line("balance", (r"cash and cash equivalents\b",)),
    "receivables": Line(
        "balance",
        (r"(?:trade )?(?:accounts|customer)(?: and notes)? receivables?\b", r"receivables?\b"),
    ),
    "inventories": Line("balance", (r"total inventor", r"(?:merchandise )?inventor(?:y|ies)\b")),
    "current assets": Line("balance", (r"total current assets\b",)),
    "PP&E": Line(
        "balance",
        (
            r"(?:net )?property(?: plant)?(?: and)? equipment\b.*\bnet$",
            r"net property\b.*\bequipment",
            r"property(?: plant)?(?: and)? equipment(?!.*\b(?:cost|gross)\b)",
        ),
    ),
    "goodwill": Line("balance", (r"goodwill\b",)),
    "total assets": Line("balance", (r"total assets\b",)),
    "payables": Line("balance", (r"(?:trade )?accounts payable\b", r"payables?\b")),
    "current liabilities": Line("balance", (r"total current liabilities\b",)),
    "long-term debt": Line("balance", (r"(?:total )?long term debt\b(?!.*current)",)),
    "short-term debt": Line(
        "balance",
        (
            r"(?:short term (?:debt|borrowings)|current (?:portion|maturities) of long term debt)",
            r"(?:notes payable|commercial paper|current debt)\b",
        ),
    ),
    "total liabilities": Line("balance", (r"total liabilities$",)),
    "equity": Line(
        "balance",
        (
            r"total equity$",
            r"total .*\b(?:share|stock)(?:holders|owners) ?'? ?equity\b(?! and)",
            r"(?:share|stock)(?:holders|owners) ?'? ?equity$",
        ),
    ),
    # --- cash
    "D&A": Line(
        "cash",
        (r"depreciation(?: depletion)?(?: and)? amorti[sz]ation\b", r"depreciation\b"),
    ),
    "operating cash flow": Line(
        "cash",
        (
            r"(?:total )?(?:net )?cash (?:flows? )?(?:provided|generated|from|used|\().*\boperati",
            r"net operating cash",
        ),
    ),
    "investing cash flow": Line(
        "cash", (r"(?:net )?cash (?:flows? )?(?:provided|generated|from|used|\().*\binvesting",)
    ),
    "financing cash flow": Line(
        "cash", (r"(?:net )?cash (?:flows? )?(?:provided|generated|from|used|\().*\bfinancing",)
    ),
    "capital expenditures": Line(
        "cash",
        (
            r"(?:purchases?|acquisitions?|additions?|expenditures?|payments?)\b(?: of| to| for)?"
            r".*\b(?:property|plant|equipment)\b",
            r"capital (?:expenditures?|spending|investment)\b",
        ),
    ),
    "dividends": Line(
        "cash", (r"(?:cash )?dividends?\b.*(?:paid|$)", r"payments? of\b.*\bdividends")
    ),
    "share repurchases": Line(
        "cash",
        (
            r"(?:purchases?|repurchases?|acquisitions?) of (?:.*\b)?(?:stock|shares)\b",
            r"(?:share|stock|common stock) repurchases?\b",
        ),
    ),
}

SIZELESS: Final = frozenset(
    {
        *("capital expenditures", "dividends", "share repurchases", "D&A"),
        *("cost of sales", "interest expense", "SG&A", "R&D"),
    }
)
"""Lines whose sign says only that money went out."""

MARKS: Final[dict[Statement, tuple[tuple[str, ...], int]]] = {
    "income": (
        (
            r"(?:total )?(?:net )?(?:sales|revenues?)\b",
            r".*\b(?:income )?tax(?:es)?\b",
            r"net (?:income|earnings|loss|\(loss\))",
            r".*\bdiluted\b|.*\bper (?:common )?share",
            r".*\boperating (?:income|profit)|costs? of |gross |total (?:costs|expenses)|selling",
        ),
        4,
    ),
    "balance": (
        (
            r"total assets\b",
            r"total current assets\b",
            r"total (?:current )?liabilities\b",
            r".*\b(?:share|stock)(?:holders|owners)\b.*equity|total equity",
            r".*\bpayables?\b",
            r"cash and (?:cash )?equivalents|cash and due",
        ),
        4,
    ),
    "cash": (
        (
            r".*\boperating activities",
            r".*\binvesting activities",
            r".*\bfinancing activities",
            r"depreciation",
            r"capital (?:expenditures|spending)|(?:purchases?|additions?|acquisitions?) (?:of|to) ",
            r"(?:net )?(?:increase|decrease|change)\b.*\bcash|cash\b.*\b(?:end|beginning) of",
        ),
        5,
    ),
}
"""What a statement has, and how many of these a page with it shows at least."""

TITLES: Final[dict[Statement, str]] = {
    "income": r"statements? of (?:consolidated )?(?:net )?(?:income|incom e|operations|earnings)|"
    r"income statements?",
    "balance": r"balance sheets?|statements? of financial position",
    "cash": r"statements? of (?:consolidated )?cash ?flows?|cash flow statements?",
}
_NOTES: Final = re.compile(r"\((?:[a-z]|\d{1,2}|note[^)]*)\)|\*+", re.IGNORECASE)


def plain(label: str) -> str:
    """In lower case, without footnotes, commas and dashes."""
    text = _NOTES.sub(" ", label.casefold()).replace("’", "'").replace("&", " & ")
    text = re.sub(r"r & d", "r&d", re.sub(r"sg & a", "sg&a", text))
    text = re.sub(r"\s&\s", " and ", text)
    return " ".join(re.sub(r"[,;:.\-–—]+", " ", text).split())


@cache
def patterns(line: str) -> tuple[re.Pattern[str], ...]:
    """For the beginning of a plain label; the surest first."""
    return tuple(re.compile(each) for each in LINES[line].labels)


@cache
def title(statement: Statement) -> re.Pattern[str]:
    return re.compile(TITLES[statement], re.IGNORECASE)


@cache
def marks(statement: Statement) -> tuple[tuple[re.Pattern[str], ...], int]:
    each, least = MARKS[statement]
    return tuple(re.compile(mark) for mark in each), least
