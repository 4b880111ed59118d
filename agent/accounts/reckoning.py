"""From the lines of statements to a sentence; by code, with exact decimals."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from agent.accounts.lines import SIZELESS
from agent.accounts.questions import Reckoned
from agent.accounts.ratios import HUNDRED, Measure
from agent.accounts.statements import SCALES, AccountRow, Cell, Statements

_WANTED_SCALE: Final = re.compile(r"\bin (?:USD|US ?\$|\$)? ?(thousand|million|billion)s?\b", re.I)
_DOWN: Final = re.compile(r"\b(?:declin|drop|decreas|fall|fell|shr[iau]nk|worse)", re.IGNORECASE)
_UP: Final = re.compile(r"\b(?:improv|increas|gr[eo]w|ris|rose)", re.IGNORECASE)
_YES_OR_NO: Final = re.compile(r"^(?:does|did|do|is|are|was|were|has|have)\b", re.IGNORECASE)
_FINE: Final = Decimal(10)
"""A share below it is told to two decimals."""


class Told(NamedTuple):
    texts: tuple[str, ...]
    """The result as a sentence, and how it was reckoned; without citations."""
    rows: tuple[AccountRow, ...]
    """That it was reckoned from, each once, in the order of use."""
    figures: tuple[str, ...]
    """Of these rows, as they are written."""


class _Sheet:
    """Gives figures to a formula, and keeps which it took."""

    def __init__(self, statements: Statements) -> None:
        self._statements = statements
        self.taken: dict[tuple[str, int, int], tuple[AccountRow, Cell]] = {}

    def of(self, line: str, year: int) -> Decimal:
        rows = self._statements.of(line, year)
        if not rows:
            raise KeyError(line)
        for place, row in enumerate(rows):
            self.taken[line, year, place] = (row, row.cells[year])
        values = [row.cells[year].value for row in rows]
        return sum(map(abs, values) if line in SIZELESS else values, Decimal(0))

    @property
    def rows(self) -> tuple[AccountRow, ...]:
        return tuple({id(row): row for row, _ in self.taken.values()}.values())

    @property
    def written(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(cell.written for _, cell in self.taken.values()))

    def later(self, since: int) -> list[tuple[str, str]]:
        """Line and figure of what was taken after the first `since` figures."""
        taken = [*self.taken.items()][since:]
        return [(line, cell.written.strip("$ ")) for (line, _, _), (_, cell) in taken]


def reckon(wanted: Reckoned, statements: Statements) -> Told | None:
    """None where a line or a year that is needed is not there, or a divisor is nought."""
    years = _years(wanted, statements)
    sheet = _Sheet(statements)
    values: dict[int, Decimal] = {}
    shown: dict[int, Sequence[tuple[str, str]]] = {}
    for year in years:
        before = len(sheet.taken)
        try:
            values[year] = wanted.measure.reckon(sheet.of, year)
        except (KeyError, ArithmeticError):
            return None
        shown[year] = sheet.later(before)
    if not values:
        return None
    words = _Words(wanted, statements, values, shown)
    texts = tuple(text for text in (words.result, words.how) if text)
    return Told(texts, sheet.rows, sheet.written)


def _years(wanted: Reckoned, statements: Statements) -> list[int]:
    latest = statements.years[:1]
    named = list(wanted.years) or latest
    match wanted.way:
        case "trend" | "growth" if len(named) == 1:
            return [named[0] - 1, named[0]]
        case "mean" if len(named) > 1:
            return [*range(named[0], named[-1] + 1)]
        case "trend" | "growth":
            return [named[0], named[-1]]
        case _:
            return named


class _Words:
    """The sentence."""

    def __init__(
        self,
        wanted: Reckoned,
        statements: Statements,
        values: dict[int, Decimal],
        shown: dict[int, Sequence[tuple[str, str]]],
    ) -> None:
        self._wanted, self._statements = wanted, statements
        self._values, self._shown = values, shown
        self._years: Sequence[int] = sorted(values)

    @property
    def result(self) -> str:
        match self._wanted.way:
            case "mean" if len(self._years) > 1:
                return self._mean()
            case "growth":
                return self._growth()
            case "trend":
                return self._trend()
            case "sign":
                return self._sign()
            case _:
                return self._plain()

    @property
    def how(self) -> str:
        """The formula and the figures that went into it; empty for a line as it stands."""
        if not self._measure.shown:
            return ""
        each = (
            f"{', '.join(f'{line} {figure}' for line, figure in self._shown[year])} in {year}"
            for year in self._years
            if self._shown[year]
        )
        return f"Reckoned as {self._measure.shown}, from {'; '.join(each)}."

    def _plain(self) -> str:
        told = [f"{self._value(y)} in {y}" for y in self._years]
        return f"{_capital(self._measure.name)}: {'; '.join(told)}."

    def _mean(self) -> str:
        mean = sum(self._values.values(), Decimal(0)) / len(self._values)
        first, last = self._years[0], self._years[-1]
        name = self._measure.name
        return f"The average {name} of {first} to {last} is {self._written(mean)}."

    def _growth(self) -> str:
        first, last = self._years[0], self._years[-1]
        one, other = self._values[first], self._values[last]
        if self._measure.unit == "share" or one <= 0:
            return self._trend()
        rate = (other - one) / one * HUNDRED
        went = "grew" if rate >= 0 else "shrank"
        return (
            f"{_capital(self._measure.name)} {went} by {_share(abs(rate))}, from "
            f"{self._value(first)} in {first} to {self._value(last)} in {last}."
        )

    def _trend(self) -> str:
        first, last = self._years[0], self._years[-1]
        one, other = self._values[first], self._values[last]
        went = "rose" if other > one else "fell" if other < one else "stayed"
        by = self._difference(one, other) if other != one else ""
        return (
            f"{self._verdict(went)}{self._name(went)} {went} from {self._value(first)} in {first} "
            f"to {self._value(last)} in {last}{by}."
        )

    def _sign(self) -> str:
        year = self._years[-1]
        is_positive = self._values[year] > 0
        asked = (
            "negative" if re.search(r"\bnegative\b", self._wanted.question, re.I) else "positive"
        )
        word = "positive" if is_positive else "negative"
        lead = "Yes" if word == asked else "No"
        return f"{lead}: {self._measure.name} was {word}, {self._value(year)} in {year}."

    # --- parts

    @property
    def _measure(self) -> Measure:
        return self._wanted.measure

    def _name(self, went: str) -> str:
        name = self._measure.name
        return name if self._verdict(went) else _capital(name)

    def _verdict(self, went: str) -> str:
        """`Yes: ` or `No: ` where that is asked."""
        question = self._wanted.question
        if not _YES_OR_NO.match(question) or not (_UP.search(question) or _DOWN.search(question)):
            return ""
        is_so = went == ("fell" if _DOWN.search(question) else "rose")
        return "Yes: " if is_so else "No: "

    def _difference(self, one: Decimal, other: Decimal) -> str:
        if self._measure.unit == "share":
            return f", by {abs(other - one):.2f} percentage points"
        rate = f" ({_share((other - one) / one * HUNDRED)})" if one > 0 else ""
        return f", by {self._written(abs(other - one))}{rate}"

    def _value(self, year: int) -> str:
        return self._written(self._values[year])

    def _written(self, value: Decimal) -> str:
        match self._measure.unit:
            case "share" if self._is_fraction:
                return f"{value / HUNDRED:.{self._wanted.decimals}f} ({_share(value)})"
            case "share":
                return _share(value)
            case "times" | "days":
                return f"{value:,.{self._wanted.decimals or 2}f}"
            case "each":
                return f"{self._money}{value:,f}"
            case "amount":
                return self._amount(value)

    @property
    def _is_fraction(self) -> bool:
        """Three decimals and no word of per cent: `0.488` is wanted, not `48.8%`."""
        told = re.search(r"percent|per cent|%", self._wanted.question, re.IGNORECASE)
        return (self._wanted.decimals or 0) > 2 and told is None

    def _amount(self, value: Decimal) -> str:
        scale = self._statements.scale
        own = (
            f"{'−' if value < 0 else ''}{self._money}{abs(value):,f}{f' {scale}' if scale else ''}"
        )
        found = _WANTED_SCALE.search(self._wanted.question)
        if not scale or not found or found[1].casefold() == scale:
            return own
        wanted = found[1].casefold()
        other = value * SCALES[scale] / SCALES[wanted]
        return f"{'−' if value < 0 else ''}{self._money}{abs(other):,.2f} {wanted} ({own})"

    @property
    def _money(self) -> str:
        return "$" if self._statements.is_dollars else ""


def _share(value: Decimal) -> str:
    return f"{value:.2f}%" if abs(value) < _FINE else f"{value:.1f}%"


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]
