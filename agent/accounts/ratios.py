"""Ratios and sums of lines, as textbooks define them."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Final, Literal, NamedTuple

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


def gross(of: Of, year: int) -> Decimal:
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


def measure(
    name: str, asked: str, unit: Unit, reckon: Callable[[Of, int], Decimal], shown: str
) -> Measure:
    return Measure(name, re.compile(asked, re.IGNORECASE), unit, reckon, shown)


RATIOS: Final = (
    measure(
        "EBITDA less capital expenditures",
        r"ebitda (?:less|minus|net of) (?:capital expenditures?|capex)",
        "amount",
        lambda of, y: _ebitda(of, y) - of("capital expenditures", y),
        "operating income + D&A − capital expenditures",
    ),
    measure(
        "EBITDA margin",
        r"ebitda\b.{0,12}\bmargin",
        "share",
        lambda of, y: _ebitda(of, y) / of("revenue", y) * HUNDRED,
        "(operating income + D&A) / revenue",
    ),
    measure("EBITDA", r"\bebitda\b", "amount", _ebitda, "operating income + D&A"),
    measure(
        "fixed asset turnover",
        r"fixed assets? turnover",
        "times",
        lambda of, y: of("revenue", y) / _mean(of, "PP&E", y),
        "revenue / average PP&E of the year and the one before",
    ),
    measure(
        "inventory turnover",
        r"inventory turnover",
        "times",
        lambda of, y: of("cost of sales", y) / _mean(of, "inventories", y),
        "cost of sales / average inventories of the year and the one before",
    ),
    measure(
        "asset turnover",
        r"asset turnover",
        "times",
        lambda of, y: of("revenue", y) / _mean(of, "total assets", y),
        "revenue / average total assets of the year and the one before",
    ),
    measure(
        "days payable outstanding",
        r"days payables? outstanding|\bdpo\b",
        "days",
        lambda of, y: DAYS * _mean(of, "payables", y) / of("cost of sales", y),
        "365 × average payables / cost of sales",
    ),
    measure(
        "days sales outstanding",
        r"days sales outstanding|\bdso\b",
        "days",
        lambda of, y: DAYS * _mean(of, "receivables", y) / of("revenue", y),
        "365 × average receivables / revenue",
    ),
    measure(
        "days inventory outstanding",
        r"days (?:of )?inventory|\bdio\b",
        "days",
        lambda of, y: DAYS * _mean(of, "inventories", y) / of("cost of sales", y),
        "365 × average inventories / cost of sales",
    ),
    measure(
        "gross margin",
        r"gross (?:profit )?margins?",
        "share",
        lambda of, y: gross(of, y) / of("revenue", y) * HUNDRED,
        "gross profit / revenue",
    ),
    measure("gross profit", r"gross profit", "amount", gross, "revenue − cost of sales"),
    measure(
        "operating margin",
        r"operating (?:income |profit )?margins?",
        "share",
        lambda of, y: of("operating income", y) / of("revenue", y) * HUNDRED,
        "operating income / revenue",
    ),
    measure(
        "net profit margin",
        r"net (?:income |profit )?margins?",
        "share",
        lambda of, y: of("net income", y) / of("revenue", y) * HUNDRED,
        "net income / revenue",
    ),
    measure(
        "effective tax rate",
        r"effective (?:income )?tax rate",
        "share",
        lambda of, y: _taxes(of, y) / of("income before taxes", y) * HUNDRED,
        "income taxes / income before taxes",
    ),
    measure(
        "free cash flow conversion",
        r"(?:free cash ?flow|fcf) conversion",
        "share",
        lambda of, y: _free(of, y) / of("net income", y) * HUNDRED,
        "(operating cash flow − capital expenditures) / net income",
    ),
    measure(
        "free cash flow",
        r"free cash ?flow|\bfcf\b",
        "amount",
        _free,
        "operating cash flow − capital expenditures",
    ),
    measure(
        "current ratio",
        r"current ratio|working capital ratio",
        "times",
        lambda of, y: of("current assets", y) / of("current liabilities", y),
        "current assets / current liabilities",
    ),
    measure(
        "quick ratio",
        r"quick ratio|acid[- ]test",
        "times",
        lambda of, y: (
            (of("current assets", y) - of("inventories", y)) / of("current liabilities", y)
        ),
        "(current assets − inventories) / current liabilities",
    ),
    measure(
        "working capital",
        r"working capital",
        "amount",
        lambda of, y: of("current assets", y) - of("current liabilities", y),
        "current assets − current liabilities",
    ),
    measure(
        "return on assets",
        r"return on (?:average |total )*assets|\broa\b",
        "share",
        lambda of, y: of("net income", y) / _mean(of, "total assets", y) * HUNDRED,
        "net income / average total assets of the year and the one before",
    ),
    measure(
        "return on equity",
        r"return on (?:average |total |shareholders'? |stockholders'? )*equity|\broe\b",
        "share",
        lambda of, y: of("net income", y) / _mean(of, "equity", y) * HUNDRED,
        "net income / average equity of the year and the one before",
    ),
    measure(
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
    measure(
        "interest coverage",
        r"interest coverage|times interest earned",
        "times",
        lambda of, y: of("operating income", y) / of("interest expense", y),
        "operating income / interest expense",
    ),
    measure(
        "dividend payout ratio",
        r"(?:dividend )?payout ratio",
        "share",
        lambda of, y: of("dividends", y) / of("net income", y) * HUNDRED,
        "dividends / net income",
    ),
    measure(
        "debt to equity",
        r"debt[- ]to[- ]equity|debt ?/ ?equity",
        "times",
        lambda of, y: _debt(of, y) / of("equity", y),
        "(long-term debt + short-term debt) / equity",
    ),
)
