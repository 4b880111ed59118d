"""Figures of accounts: which are asked for, where they stand, and what is reckoned from them."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from agent.accounts.lines import LINES
from agent.accounts.measures import MEASURES
from agent.accounts.questions import is_whole, reckoned
from agent.accounts.reckoning import reckon
from agent.accounts.statements import Statements, scale_in, statements
from pincite.elements import Cell, Element, Kind, Table
from tests.unit.agent.library import WHERE, element

FILE = "ACME_2022_10K.pdf"
INCOME = (
    ("(In millions)", "2022", "2021", "2020"),
    ("Net sales", "$ 1,000", "$ 800", "$ 750"),
    ("Cost of sales", "(600)", "(500)", "(450)"),
    ("Gross profit", "400", "300", "300"),
    ("Operating income", "150", "96", "90"),
    ("Income before income taxes", "140", "90", "80"),
    ("Provision for income taxes", "(35)", "(18)", "(16)"),
    ("Net income", "105", "72", "64"),
    ("Diluted earnings per share", "$ 2.10", "$ 1.44", "$ 1.28"),
)
BALANCE = (
    ("", "December 31, 2022", "December 31, 2021"),
    ("Cash and cash equivalents", "90", "80"),
    ("Total current assets", "500", "420"),
    ("Property, plant and equipment, net", "260", "240"),
    ("Total assets", "900", "800"),
    ("Accounts payable", "110", "100"),
    ("Total current liabilities", "250", "300"),
    ("Total liabilities", "500", "450"),
    ("Total shareholders' equity", "400", "350"),
)
CASH = (
    ("", "2022", "2021", "2020"),
    ("Net cash provided by operating activities", "200", "150", "120"),
    ("Net cash used in investing activities", "(90)", "(70)", "(60)"),
    ("Net cash used in financing activities", "(30)", "(20)", "(20)"),
    ("Net increase in cash", "10", "5", "3"),
)
CASH_GOES_ON = (
    ("Depreciation and amortization", "40", "38", "36"),
    ("Purchases of property, plant and equipment", "(50)", "(44)", "(40)"),
)


def table(ordinal: int, page: int, rows: Sequence[Sequence[str]]) -> Element:
    cells = tuple(
        Cell(row=at, column=column, text=text, is_header=at == 0)
        for at, row in enumerate(rows)
        for column, text in enumerate(row)
    )
    where = WHERE.model_copy(update={"page": page})
    made = Table(cells=cells, html="")
    return element("", ordinal, kind=Kind.TABLE, table=made, locators=(where,))


@pytest.fixture(scope="module")
def filing() -> Statements:
    found = statements(
        [
            table(0, 3, (("Segment", "2022"), ("Net sales", "700"), ("Operating income", "99"))),
            table(1, 40, INCOME),
            table(2, 41, BALANCE),
            table(3, 42, CASH),
            table(4, 42, CASH_GOES_ON),
        ]
    )
    assert found is not None
    return found


def told(filing: Statements, question: str) -> str:
    wanted = reckoned(question)
    assert wanted is not None, question
    assert is_whole(wanted, FILE), question
    answer = reckon(wanted, filing)
    return answer.texts[0] if answer else ""


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("What was the revenue of Acme in 2021?", "Revenue: $800 million in 2021."),
        (
            "What is Acme's FY2022 capex in USD billions?",
            "Capital expenditures: $0.05 billion ($50 million) in 2022.",
        ),
        (
            "Does Acme have an improving gross margin as of FY2022?",
            "Yes: gross margin rose from 37.5% in 2021 to 40.0% in 2022, by 2.50 percentage "
            "points.",
        ),
        (
            "How much has the effective tax rate of Acme changed between FY2021 and FY2022?",
            "Effective tax rate rose from 20.0% in 2021 to 25.0% in 2022, by 5.00 percentage "
            "points.",
        ),
        (
            "What is the FY2020 - FY2022 3 year average of capex as a % of revenue for Acme?",
            "The average capital expenditures in revenue of 2020 to 2022 is 5.28%.",
        ),
        (
            "Did Acme have positive working capital in 2021?",
            "Yes: working capital was positive, $120 million in 2021.",
        ),
        (
            "What is the fixed asset turnover of Acme for FY2022?",
            "Fixed asset turnover: 4.00 in 2022.",
        ),
        (
            "What was the revenue growth rate of Acme from FY2020 to FY2022?",
            "Revenue grew by 33.3%, from $750 million in 2020 to $1,000 million in 2022.",
        ),
        (
            "What is the ratio of gross profit to total assets of Acme in 2022? "
            "Round your answer to three decimal places.",
            "Gross profit to total assets: 0.444 in 2022.",
        ),
        (
            "What is Acme's return on equity for the year ending December 31, 2022? "
            "Round to three decimal places.",
            "Return on equity: 0.280 (28.0%) in 2022.",
        ),
        (
            "What is the FY2022 EBITDA % margin for Acme? Calculate EBITDA using operating income "
            "and D&A (from cash flow statement).",
            "EBITDA margin: 19.0% in 2022.",
        ),
        ("What is Acme's 2022 EBITDA margin?", "EBITDA margin: 19.0% in 2022."),
        ("What was the free cash flow of Acme in 2022?", "Free cash flow: $150 million in 2022."),
    ],
)
def test_it_is_reckoned_from_the_lines_of_the_statements(
    filing: Statements, question: str, answer: str
) -> None:
    assert told(filing, question) == answer


def test_every_line_that_may_be_asked_for_is_one_of_a_statement() -> None:
    assert {each.name for each in MEASURES if not each.shown} < set(LINES)


def test_the_formula_and_its_figures_are_told(filing: Statements) -> None:
    wanted = reckoned("What was Acme's operating margin in 2022?")
    assert wanted is not None
    answer = reckon(wanted, filing)
    assert answer is not None
    assert answer.texts[1] == (
        "Reckoned as operating income / revenue, from operating income 150, revenue 1,000 in 2022."
    )
    assert {row.label for row in answer.rows} == {"Operating income", "Net sales"}


def test_a_year_or_line_that_is_not_there_gives_nothing(filing: Statements) -> None:
    assert told(filing, "What was the revenue of Acme in 2015?") == ""
    assert told(filing, "What is the inventory turnover of Acme for FY2022?") == ""


@pytest.mark.parametrize(
    "question",
    [
        "What drove the operating margin of Acme in 2022?",
        "Which segment had the highest operating income in 2022?",
        "What was Acme's revenue in Q2 of FY2022?",
        "Who audits Acme?",
        "What was Acme's revenue in 2022? What was its net income?",
    ],
)
def test_what_statements_do_not_say_is_not_reckoned(question: str) -> None:
    assert reckoned(question) is None


@pytest.mark.parametrize(
    "question",
    [
        "What was the revenue of the bakery business of Acme in 2022?",
        "What was the net income of Northwind in 2022?",
        "How did the strike change Acme's operating income in 2022?",
    ],
)
def test_a_question_about_something_beside_the_company_is_left_alone(question: str) -> None:
    wanted = reckoned(question)
    assert wanted is not None
    assert not is_whole(wanted, FILE)


def test_a_company_may_be_named_in_the_file_alone() -> None:
    wanted = reckoned("What was the net income of Northwind in 2022?")
    assert wanted is not None
    assert is_whole(wanted, "annual-report.pdf", "Northwind Holdings builds pumps.")


def test_a_file_without_statements_has_no_accounts() -> None:
    assert statements([table(0, 1, (("Item", "2022"), ("Apples", "4")))]) is None


@pytest.mark.parametrize(
    ("text", "scale"),
    [
        ("(in thousands, except per share data)", "thousand"),
        ("Dollars in Millions", "million"),
        ("(Millions)", "million"),
        ("We sold two million pumps.", ""),
    ],
)
def test_the_scale_is_read_from_the_page(text: str, scale: str) -> None:
    assert scale_in(text) == scale
