"""What people ask of accounts, and how it is reckoned from lines: definitions of textbooks."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Final, Literal, NamedTuple

from agent.accounts.lines import LINES

Of = Callable[[str, int], Decimal]
"""The figure of a line in a year; what is asked for is written down. Raises KeyError."""
Unit = Literal["amount", "share", "times", "days", "each"]


class Measure(NamedTuple):
    name: str
    asked: re.Pattern[str]
    unit: Unit
    reckon: Callable[[Of, int], Decimal]
    shown: str
    """How, in words; empty where it is a line as it stands."""


DAYS: Final = Decimal(365)
HUNDRED: Final = Decimal(100)


def _mean(of: Of, line: str, year: int) -> Decimal:
    return (of(line, year) + of(line, year - 1)) / 2


def _gross(of: Of, year: int) -> Decimal:
    try:
        return of("gross profit", year)
    except KeyError:
        return of("revenue", year) - of("cost of sales", year)


def _taxes(of: Of, year: int) -> Decimal:
    """With the sign by which income before taxes less taxes comes nearest to net income."""
    taxes, before = of("income taxes", year), of("income before taxes", year)
    net = of("net income", year)
    return taxes if abs(before - taxes - net) <= abs(before + taxes - net) else -taxes


def _debt(of: Of, year: int) -> Decimal:
    return of("long-term debt", year) + of("short-term debt", year)


def _ebitda(of: Of, year: int) -> Decimal:
    return of("operating income", year) + of("D&A", year)


def _free(of: Of, year: int) -> Decimal:
    return of("operating cash flow", year) - of("capital expenditures", year)


def _m(
    name: str, asked: str, unit: Unit, reckon: Callable[[Of, int], Decimal], shown: str
) -> Measure:
    return Measure(name, re.compile(asked, re.IGNORECASE), unit, reckon, shown)


_SALES: Final = r"(?:total |net )?(?:revenues?|sales)"
_RATIOS: Final = (
    _m(
        "EBITDA less capital expenditures",
        r"ebitda (?:less|minus|net of) (?:capital expenditures?|capex)",
        "amount",
        lambda of, y: _ebitda(of, y) - of("capital expenditures", y),
        "operating income + D&A − capital expenditures",
    ),
    _m(
        "EBITDA margin",
        r"ebitda\b.{0,12}\bmargin",
        "share",
        lambda of, y: _ebitda(of, y) / of("revenue", y) * HUNDRED,
        "(operating income + D&A) / revenue",
    ),
    _m("EBITDA", r"\bebitda\b", "amount", _ebitda, "operating income + D&A"),
    _m(
        "fixed asset turnover",
        r"fixed assets? turnover",
        "times",
        lambda of, y: of("revenue", y) / _mean(of, "PP&E", y),
        "revenue / average PP&E of the year and the one before",
    ),
    _m(
        "inventory turnover",
        r"inventory turnover",
        "times",
        lambda of, y: of("cost of sales", y) / _mean(of, "inventories", y),
        "cost of sales / average inventories of the year and the one before",
    ),
    _m(
        "asset turnover",
        r"asset turnover",
        "times",
        lambda of, y: of("revenue", y) / _mean(of, "total assets", y),
        "revenue / average total assets of the year and the one before",
    ),
    _m(
        "days payable outstanding",
        r"days payables? outstanding|\bdpo\b",
        "days",
        lambda of, y: DAYS * _mean(of, "payables", y) / of("cost of sales", y),
        "365 × average payables / cost of sales",
    ),
    _m(
        "days sales outstanding",
        r"days sales outstanding|\bdso\b",
        "days",
        lambda of, y: DAYS * _mean(of, "receivables", y) / of("revenue", y),
        "365 × average receivables / revenue",
    ),
    _m(
        "days inventory outstanding",
        r"days (?:of )?inventory|\bdio\b",
        "days",
        lambda of, y: DAYS * _mean(of, "inventories", y) / of("cost of sales", y),
        "365 × average inventories / cost of sales",
    ),
    _m(
        "gross margin",
        r"gross (?:profit )?margins?",
        "share",
        lambda of, y: _gross(of, y) / of("revenue", y) * HUNDRED,
        "gross profit / revenue",
    ),
    _m("gross profit", r"gross profit", "amount", _gross, "revenue − cost of sales"),
    _m(
        "operating margin",
        r"operating (?:income |profit )?margins?",
        "share",
        lambda of, y: of("operating income", y) / of("revenue", y) * HUNDRED,
        "operating income / revenue",
    ),
    _m(
        "net profit margin",
        r"net (?:income |profit )?margins?",
        "share",
        lambda of, y: of("net income", y) / of("revenue", y) * HUNDRED,
        "net income / revenue",
    ),
    _m(
        "effective tax rate",
        r"effective (?:income )?tax rate",
        "share",
        lambda of, y: _taxes(of, y) / of("income before taxes", y) * HUNDRED,
        "income taxes / income before taxes",
    ),
    _m(
        "free cash flow conversion",
        r"(?:free cash ?flow|fcf) conversion",
        "share",
        lambda of, y: _free(of, y) / of("net income", y) * HUNDRED,
        "(operating cash flow − capital expenditures) / net income",
    ),
    _m(
        "free cash flow",
        r"free cash ?flow|\bfcf\b",
        "amount",
        _free,
        "operating cash flow − capital expenditures",
    ),
    _m(
        "current ratio",
        r"current ratio|working capital ratio",
        "times",
        lambda of, y: of("current assets", y) / of("current liabilities", y),
        "current assets / current liabilities",
    ),
    _m(
        "quick ratio",
        r"quick ratio|acid[- ]test",
        "times",
        lambda of, y: (
            (of("current assets", y) - of("inventories", y)) / of("current liabilities", y)
        ),
        "(current assets − inventories) / current liabilities",
    ),
    _m(
        "working capital",
        r"working capital",
        "amount",
        lambda of, y: of("current assets", y) - of("current liabilities", y),
        "current assets − current liabilities",
    ),
    _m(
        "return on assets",
        r"return on (?:average |total )*assets|\broa\b",
        "share",
        lambda of, y: of("net income", y) / _mean(of, "total assets", y) * HUNDRED,
        "net income / average total assets of the year and the one before",
    ),
    _m(
        "return on equity",
        r"return on (?:average |total |shareholders'? |stockholders'? )*equity|\broe\b",
        "share",
        lambda of, y: of("net income", y) / _mean(of, "equity", y) * HUNDRED,
        "net income / average equity of the year and the one before",
    ),
    _m(
        "return on capital employed",
        r"return on capital employed|\broce\b",
        "share",
        lambda of, y: (
            of("operating income", y)
            / (of("total assets", y) - of("current liabilities", y))
            * HUNDRED
        ),
        "operating income / (total assets − current liabilities)",
    ),
    _m(
        "interest coverage",
        r"interest coverage|times interest earned",
        "times",
        lambda of, y: of("operating income", y) / of("interest expense", y),
        "operating income / interest expense",
    ),
    _m(
        "dividend payout ratio",
        r"(?:dividend )?payout ratio",
        "share",
        lambda of, y: of("dividends", y) / of("net income", y) * HUNDRED,
        "dividends / net income",
    ),
    _m(
        "debt to equity",
        r"debt[- ]to[- ]equity|debt ?/ ?equity",
        "times",
        lambda of, y: _debt(of, y) / of("equity", y),
        "(long-term debt + short-term debt) / equity",
    ),
)
_ASKED: Final = {
    "capital expenditures": r"cap(?:ital )?ex(?:penditures?)?s?\b|capital spending",
    "cost of sales": r"cost of (?:goods sold|sales|revenues?)|\bcogs\b",
    "operating income": r"operating (?:income|profit)|\bebit\b|income from operations",
    "net income": r"net (?:income|earnings|profit)",
    "income before taxes": r"(?:income|earnings|profit) before (?:income )?tax(?:es)?|"
    r"pre-?tax income",
    "interest expense": r"interest expense",
    "SG&A": r"\bsg ?& ?a\b|selling,? general",
    "R&D": r"\br ?& ?d\b|research and development",
    "diluted EPS": r"diluted (?:eps|earnings per share)",
    "cash and cash equivalents": r"cash (?:&|and) (?:cash )?equivalents?",
    "receivables": r"(?:accounts |trade )receivables?",
    "inventories": r"inventor(?:y|ies)",
    "current assets": r"(?:total )?current assets",
    "PP&E": r"\bpp&?n?e\b|property,? plant|\bppe\b",
    "goodwill": r"goodwill",
    "total assets": r"total assets",
    "payables": r"accounts payable|trade payables",
    "current liabilities": r"(?:total )?current liabilities",
    "long-term debt": r"long[- ]term debt",
    "total liabilities": r"total liabilities",
    "equity": r"(?:total )?(?:shareholders|stockholders)[’']? ?equity|total equity",
    "D&A": r"\bd ?& ?a\b|depreciation and amorti[sz]ation|depreciation",
    "operating cash flow": r"(?:operating cash ?flow|cash ?flows? (?:from|of) operati\w+|"
    r"cash (?:flow )?(?:from|generated by|provided by) operati\w+)",
    "investing cash flow": r"cash ?flows? from investing",
    "financing cash flow": r"cash ?flows? from financing",
    "dividends": r"(?:cash )?dividends? paid|paid .*dividends",
    "share repurchases": r"(?:share|stock) (?:repurchases?|buy-?backs?)",
    "revenue": rf"{_SALES}\b|top line",
}
"""Lines asked for as they stand; revenue last, for others are asked for in its share."""


def _line(name: str) -> Measure:
    unit: Unit = "each" if name == "diluted EPS" else "amount"
    return _m(name, _ASKED[name], unit, lambda of, y: of(name, y), "")


def _in_sales(name: str) -> Measure:
    of_sales = r"\s.{0,30}(?:%|percent(?:age)?|share|proportion|ratio) (?:of|to) (?:total |net )?"
    return _m(
        f"{name} in revenue",
        rf"(?:{_ASKED[name]}){of_sales}(?:revenues?|sales)",
        "share",
        lambda of, y: of(name, y) / of("revenue", y) * HUNDRED,
        f"{name} / revenue",
    )


def _ratio(one: str, other: str) -> Measure:
    """`Gross profit to total assets ratio`, `the ratio of net income to equity`."""
    of_one, of_other = _reckoning(one), _reckoning(other)
    return _m(
        f"{one} to {other}",
        rf"ratio of (?:the )?(?:{_NAMES[one]}) to (?:the )?(?:{_NAMES[other]})|"
        rf"(?:{_NAMES[one]})[- ](?:to|over)[- ](?:the )?(?:{_NAMES[other]})\b",
        "times",
        lambda of, y: of_one(of, y) / of_other(of, y),
        f"{one} / {other}",
    )


def _reckoning(line: str) -> Callable[[Of, int], Decimal]:
    return _gross if line == "gross profit" else lambda of, y: of(line, y)


_NAMES: Final = {**_ASKED, "gross profit": r"gross profit"}
_SHARES: Final = tuple(_in_sales(name) for name in _ASKED if name != "revenue")
_PAIRS: Final = tuple(
    _ratio(one, other)
    for one in _NAMES
    for other in ("revenue", "total assets", "equity", "total liabilities", "current liabilities")
    if one != other
)
MEASURES: Final = (
    *_RATIOS[:3],
    *_SHARES,
    *_PAIRS,
    *_RATIOS[3:],
    *(_line(name) for name in _ASKED),
)
"""In the order in which a question is held against them: the first that is named is meant."""
assert set(_ASKED) < set(LINES)  # noqa: S101


def measure_of(question: str) -> Measure | None:
    return next((each for each in MEASURES if each.asked.search(question)), None)
