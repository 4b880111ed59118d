import json
from pathlib import Path

import pytest

from evals.datasets.olmocr_bench import BaselineTest, PageTest, TextTest, UnknownTest, load
from evals.scorers import latex
from evals.scorers.fuzzy import first_and_last_match, partial_ratio, ratio
from evals.scorers.page_tests import baseline, normalized, run_test
from evals.scorers.table_grid import html_tables, markdown_tables

PAGE = """# A **bold** title

The quick brown fox — it’s quick — jumps.

| Year | Sold | Lost |
| --- | --- | --- |
| 2024 | 1,136 | 7 |
| 2025 | 680 | 9 |

<table><tr><th colspan="2">Both years</th><th>Sum</th></tr>
<tr><td>12</td><td>30</td><td>42</td></tr></table>

$$
a^{2} + b^2 = \\frac{c}{d}
$$
"""


def made(tmp_path: Path, **fields: object) -> PageTest:
    lines = {"id": "1", "pdf": "a.pdf", "page": 1, **fields}
    (tmp_path / "dataset.jsonl").write_text(json.dumps(lines) + "\n", encoding="utf-8")
    return load(tmp_path).tests[0]


@pytest.mark.parametrize(
    ("fields", "passes"),
    [
        ({"type": "present", "text": "quick brown fox - it's quick"}, True),
        ({"type": "present", "text": "quick brown cat"}, False),
        ({"type": "present", "text": "quick brawn fox", "max_diffs": 2}, True),
        ({"type": "present", "text": "QUICK BROWN", "case_sensitive": False}, True),
        ({"type": "present", "text": "QUICK BROWN"}, False),
        ({"type": "absent", "text": "page 12"}, True),
        ({"type": "absent", "text": "bold title"}, False),
        ({"type": "absent", "text": "bold title", "last_n": 20}, True),
        ({"type": "present", "text": "A bold", "first_n": 9}, True),
        ({"type": "order", "before": "title", "after": "jumps"}, True),
        ({"type": "order", "before": "jumps", "after": "title"}, False),
        ({"type": "order", "before": "quick", "after": "fox"}, True),
        ({"type": "order", "before": "tjtle", "after": "jumps", "max_diffs": 1}, True),
        ({"type": "table", "cell": "680", "up": "1,136", "right": "9"}, True),
        ({"type": "table", "cell": "680", "down": "1,136"}, False),
        ({"type": "table", "cell": "680", "top_heading": "Sold", "left_heading": "2025"}, True),
        ({"type": "table", "cell": "30", "top_heading": "Both years", "left": "12"}, True),
        ({"type": "table", "cell": "42", "top_heading": "Both years"}, False),
        ({"type": "table", "cell": "680", "ignore_markdown_tables": True}, False),
        ({"type": "math", "math": "a^2+b^{2}=\\dfrac{c}{d}"}, True),
        ({"type": "math", "math": "b^2"}, True),
        ({"type": "math", "math": "a^2+b^2=c"}, False),
        ({"type": "baseline"}, True),
        ({"type": "baseline", "max_length": 10}, False),
        ({"type": "format", "text": "bold", "format": "bold"}, False),
    ],
)
def test_a_fact_about_a_page_is_checked(
    tmp_path: Path, fields: dict[str, object], *, passes: bool
) -> None:
    test = made(tmp_path, **fields)
    assert run_test(test, PAGE).passed is passes


def test_rejected_tests_are_left_out_and_unknown_ones_are_kept(tmp_path: Path) -> None:
    text = {"id": "1", "pdf": "a.pdf", "page": 1, "type": "present", "text": "a"}
    lines = [
        text,
        {**text, "id": "2", "checked": "rejected"},
        {"id": "3", "pdf": "a.pdf", "page": 1, "type": "footnote", "marker": "1"},
    ]
    (tmp_path / "x.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    (tmp_path / "pdfs").mkdir()
    bench = load(tmp_path)
    assert [type(test) for test in bench.tests] == [TextTest, UnknownTest]
    assert bench.pdfs == tmp_path / "pdfs"


def test_ratios_are_shares_of_letters_in_common() -> None:
    assert ratio("abcd", "abxd") == pytest.approx(0.75)
    assert ratio("", "") == 1
    assert partial_ratio("abcd", "xxabcdxx") == 1
    assert partial_ratio("abcd", "xxabyyxx") == pytest.approx(2 * 2 / 8)
    assert partial_ratio("this is a test", "this is a test!") == 1


def test_near_matches_start_where_the_text_begins() -> None:
    assert first_and_last_match("abc", "xxabcxxabc", 0) == (2, 7)
    assert first_and_last_match("hello", "say hallo now", 1) == (4, 4)
    assert first_and_last_match("hello", "say goodbye", 1) is None


def test_a_blank_page_may_hold_nothing_and_a_page_may_not_repeat_itself() -> None:
    blank = BaselineTest(id="1", pdf="a", page=1, type="baseline", max_length=5)
    assert baseline(blank, "  ").passed
    assert not baseline(None, "").passed
    assert not baseline(None, "text" + "ab" * 40).passed
    assert not baseline(None, "text 中").passed


def test_text_is_compared_without_emphasis_and_typographic_signs() -> None:
    assert normalized("**A**\n_b_ “c” <b>d</b><br>e\u2013f") == 'A b "c" d e-f'


def test_spans_stand_at_every_place_that_they_cover() -> None:
    (grid,) = html_tables(
        "<table><tr><td rowspan=2>a</td><td>b</td></tr><tr><td>c</td></tr></table>"
    )
    assert grid.texts[1, 0] == "a"
    assert grid.beside((0, 1), 1, 0) == {"c"}
    assert grid.beside((1, 1), 0, -1) == {"a"}
    assert not markdown_tables("a | b\nno ruler | here")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (r"\lambda_{g}=\lambda_{g^{\prime}}", "λ_g = λ_{g'}"),
        (r"\sum_{i=1}^{k}\left[x\right]", "∑^k_{i=1}[x]"),
        (r"\operatorname{Ann}_{R}\left(x_{i}\right)", "Ann_R(x_i)"),
        (r"\mathbf{E}=-\frac{\partial \mathbf{B}}{\partial t}", r"E=−\frac{∂B}{∂t}"),
        (r"\begin{aligned} a &= b \\ \end{aligned}", "a=b"),
        (r"\sin x", r"\operatorname{sin} x"),
    ],
)
def test_formulas_are_equal_however_they_are_written(one: str, other: str) -> None:
    assert latex.signs_of(one) == latex.signs_of(other)


def test_a_part_of_a_formula_is_held_by_it_but_not_the_other_way_round() -> None:
    assert latex.holds("x = a^2 + b", "a^{2}")
    assert not latex.holds("a^2", "a^2 + b")
    assert not latex.holds("a_2", "a^2")
