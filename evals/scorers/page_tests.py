"""The tests of olmOCR-bench, run on the Markdown of a page as that benchmark defines them.

One part differs: formulas are compared as sequences of signs (`evals.scorers.latex`), where the
benchmark renders both in a browser and compares the places of the signs.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import NamedTuple

from evals.datasets.olmocr_bench import (
    BaselineTest,
    MathTest,
    OrderTest,
    PageTest,
    TableTest,
    TextTest,
    UnknownTest,
)
from evals.scorers import latex
from evals.scorers.fuzzy import first_and_last_match, partial_ratio, ratio
from evals.scorers.table_grid import Grid, Place, html_tables, markdown_tables

_SAME = str.maketrans({
    "‘": "'", "’": "'", "‚": "'", "“": '"', "”": '"', "„": '"', "＿": "_", "–": "-", "—": "-",
    "‑": "-", "‒": "-", "−": "-", "\u00b5": "\u03bc",
})  # fmt: skip
_TAGS = re.compile(r"</?[bi]>")
_EMPHASIS = re.compile(r"(\*\*|__|\*|_)(.*?)\1")
_STRICTEST_CELL = 0.5
_FORMULAS = (r"\\\((.+?)\\\)", r"\\\[(.+?)\\\]")
_DOLLARS = (r"\$\$(.+?)\$\$", r"\$(.+?)\$")
_ODD = re.compile("[\u4e00-\u9fff\u3040-\u30ff\U0001f300-\U0001f64f\U0001f680-\U0001f6ff]")
_LONGEST_REPEAT = 5


class Outcome(NamedTuple):
    passed: bool
    why: str = ""
    """Of a failure, one clause."""


def run_test(test: PageTest, markdown: str) -> Outcome:
    """Run one test on one page."""
    match test:
        case TextTest():
            return _text(test, markdown)
        case OrderTest():
            return _order(test, markdown)
        case TableTest():
            return _table(test, markdown)
        case MathTest():
            return _math(test, markdown)
        case BaselineTest():
            return baseline(test, markdown)
        case UnknownTest():
            return Outcome(passed=False, why=f"tests of type {test.type} are not known")


def normalized(text: str) -> str:
    """Without emphasis, odd spaces and typographic quotes and dashes."""
    text = _TAGS.sub("", re.sub(r"<br/?>", " ", text))
    for marks in ("**", "__"):
        mark = re.escape(marks)
        text = re.sub(f"{mark}(.*?){mark}", r"\1", text)
    text = " ".join(_EMPHASIS.sub(r"\2", text).split()) if text.strip() else ""
    return unicodedata.normalize("NFC", text).translate(_SAME)


def _text(test: TextTest, markdown: str) -> Outcome:
    query, page = normalized(test.text), normalized(markdown)
    if not test.case_sensitive:
        query, page = query.lower(), page.lower()
    page = _ends(page, test.first_n, test.last_n)
    wanted = test.type == "present"
    if len(page) < len(query) - test.max_diffs:
        return Outcome(passed=not wanted, why="the page has too little text")
    found = (
        query in page
        if test.max_diffs == 0
        else partial_ratio(query, page) >= 1 - test.max_diffs / len(query)
    )
    return Outcome(found == wanted, "not on the page" if wanted else "on the page")


def _ends(page: str, first: int | None, last: int | None) -> str:
    if not first and not last:
        return page
    return (page[:first] if first else "") + (page[-last:] if last else "")


def _order(test: OrderTest, markdown: str) -> Outcome:
    page = normalized(markdown)
    before = first_and_last_match(normalized(test.before), page, test.max_diffs)
    after = first_and_last_match(normalized(test.after), page, test.max_diffs)
    if before is None or after is None:
        missing = test.before if before is None else test.after
        return Outcome(passed=False, why=f"not on the page: {missing[:60]}")
    return Outcome(before[0] < after[1], "the order is the other way")


def _table(test: TableTest, markdown: str) -> Outcome:
    grids = html_tables(markdown)
    if not test.ignore_markdown_tables:
        grids = markdown_tables(markdown) + grids
    if not grids:
        return Outcome(passed=False, why="no table on the page")
    why = "no cell has this text"
    for grid in grids:
        for place in sorted(set(grid.owners.values())):
            if not _alike(test.cell, grid.texts[place], test.max_diffs):
                continue
            missing = _unmet(test, grid, place)
            if missing is None:
                return Outcome(passed=True)
            why = missing
    return Outcome(passed=False, why=why)


def _unmet(test: TableTest, grid: Grid, place: Place) -> str | None:
    """The first relation that does not hold, or None."""
    asked: tuple[tuple[str, str, Callable[[], set[str]]], ...] = (
        ("above", test.up, lambda: grid.beside(place, -1, 0)),
        ("below", test.down, lambda: grid.beside(place, 1, 0)),
        ("left", test.left, lambda: grid.beside(place, 0, -1)),
        ("right", test.right, lambda: grid.beside(place, 0, 1)),
        ("heading above", test.top_heading, lambda: grid.heads(place, -1, 0)),
        ("heading left", test.left_heading, lambda: grid.heads(place, 0, -1)),
    )
    for name, wanted, texts in asked:
        if wanted and not any(_alike(wanted, text, test.max_diffs) for text in texts()):
            return f"{name} is {sorted(texts())}, not {wanted}"
    return None


def _alike(wanted: str, text: str, most_edits: int) -> bool:
    wanted = normalized(wanted)
    least = max(_STRICTEST_CELL, 1 - most_edits / max(1, len(wanted)))
    return ratio(wanted, normalized(text)) >= least


def _math(test: MathTest, markdown: str) -> Outcome:
    found: list[str] = []
    patterns = _FORMULAS if test.ignore_dollar_delimited else _FORMULAS + _DOLLARS
    for pattern in patterns:
        found.extend(re.findall(pattern, markdown, re.DOTALL))
        markdown = re.sub(pattern, "", markdown, flags=re.DOTALL)
    if any(latex.holds(formula, test.math) for formula in found):
        return Outcome(passed=True)
    return Outcome(passed=False, why=f"in none of {len(found)} formulas of the page")


def baseline(test: BaselineTest | None, markdown: str) -> Outcome:
    """Some text, no endless repetition at the end, no characters that the page cannot hold."""
    letters = sum(letter.isalnum() for letter in markdown)
    if test is not None and test.max_length is not None:
        return Outcome(letters <= test.max_length, f"{letters} characters on a blank page")
    if not letters:
        return Outcome(passed=False, why="no letters and digits")
    most = test.max_repeats if test else 30
    if any(_repeats(markdown, size) > most for size in range(1, _LONGEST_REPEAT + 1)):
        return Outcome(passed=False, why="the end repeats itself")
    odd = test is None or test.check_disallowed_characters
    if odd and _ODD.search(markdown):
        return Outcome(passed=False, why="characters that are not on the page")
    return Outcome(passed=True)


def _repeats(text: str, size: int) -> int:
    """How often the last `size` characters stand one after another at the end."""
    tail, count = text[-size:], 0
    while tail and text.endswith(tail * (count + 1)):
        count += 1
    return count
