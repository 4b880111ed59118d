"""The verdicts on small texts; the encoder knows shared words only."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from pincite.answers import Claim, Label, Verdict
from pincite.elements import Cell, How, Kind, Table
from pincite.grounding.claims import claims_of
from pincite.grounding.marks import marks_in, without_marks
from pincite.grounding.rules import RuleChecker
from pincite.models.fakes import FakeTextEncoder
from pincite.models.ports import Numbered, Vectors
from tests.unit.agent.library import element, numbered

PUMP = "The harbour pump was replaced on 3 May 2024 and cost 15,000 euros."
CRANE = "Maria Keller inspected the north crane and approved the repair."


def check(sentence: str, *evidence: str | Numbered) -> Verdict:
    items = [
        item if isinstance(item, Numbered) else Numbered(number=n, element=element(item, n))
        for n, item in enumerate(evidence, 1)
    ]
    cites = tuple(number for mark in marks_in(sentence) for number in mark.numbers)
    claim = Claim(text=without_marks(sentence), start=0, end=len(sentence), cites=cites)
    return RuleChecker(FakeTextEncoder()).check(claim, items)


@pytest.mark.parametrize(
    "sentence",
    [
        "The harbour pump was replaced on 3 May 2024 and cost 15,000 euros [1].",
        "The harbour pump was replaced on 2024-05-03 [1].",
        "The harbour pump cost EUR 15 000 [1].",
        "Replacing the harbour pump cost 15 thousand euros [1].",
    ],
)
def test_what_the_source_says_is_supported(sentence: str) -> None:
    assert check(sentence, PUMP).label is Label.SUPPORTED


@pytest.mark.parametrize(
    "sentence",
    [
        "The harbour pump cost 16,000 euros [1].",
        "The harbour pump was replaced on 4 May 2024 [1].",
        "The harbour pump was not replaced on 3 May 2024 [1].",
    ],
)
def test_another_figure_or_the_opposite_is_contradicted(sentence: str) -> None:
    verdict = check(sentence, PUMP)
    assert verdict.label is Label.CONTRADICTED
    assert verdict.probability <= 0.05


def test_the_reason_names_both_figures() -> None:
    assert check("The harbour pump cost 16,000 euros [1].", PUMP).reason == (
        "The claim has “16,000 euros” where the source has “15,000 euros”."
    )


def test_an_antonym_is_contradicted() -> None:
    verdict = check("Maria Keller inspected the north crane and rejected the repair [1].", CRANE)
    assert verdict.label is Label.CONTRADICTED


def test_another_name_is_not_supported() -> None:
    verdict = check("Peter Keller inspected the north crane and approved the repair [1].", CRANE)
    assert verdict.label is Label.UNSUPPORTED
    assert "Peter" in verdict.reason


def test_something_else_is_unsupported() -> None:
    assert check("The lighthouse keeper owns a small boat [1].", PUMP).label is Label.UNSUPPORTED


def test_an_invented_citation_is_a_finding_even_where_the_claim_is_true() -> None:
    verdict = check("The harbour pump cost 15,000 euros [1][7].", PUMP)
    assert verdict.label is Label.UNSUPPORTED
    assert verdict.invented == (7,)


def test_a_claim_without_citation_is_held_against_everything() -> None:
    verdict = check("The harbour pump cost 15,000 euros.", CRANE, PUMP)
    assert verdict.label is Label.SUPPORTED
    assert verdict.reason == "It cites nothing; [2] bears it out."


def test_a_wrong_citation_is_named_and_the_right_one_given() -> None:
    verdict = check("The harbour pump cost 15,000 euros [1].", CRANE, PUMP)
    assert verdict.label is Label.SUPPORTED
    assert verdict.reason == "Borne out by [2], not by [1] which it cites."
    assert verdict.supports[0].endswith(".2")


@pytest.mark.parametrize("how", [How.MACHINE_CAPTION, How.MACHINE_LABEL])
def test_what_a_machine_wrote_about_a_picture_never_supports(how: How) -> None:
    caption = Numbered(number=1, element=element("A red ship in the harbour.", how=how))
    verdict = check("There was a red ship in the harbour [1].", caption)
    assert verdict.label is Label.UNSUPPORTED
    assert "machine" in verdict.reason


def test_a_picture_without_words_cannot_be_checked() -> None:
    photo = Numbered(number=1, element=element("", kind=Kind.PHOTO))
    assert check("The picture shows three ships [1].", photo).label is Label.NOT_CHECKABLE


def test_a_poor_reading_is_said() -> None:
    scan = Numbered(number=1, element=element(PUMP, how=How.OCR, confidence=0.62))
    verdict = check("The harbour pump cost 15,000 euros [1].", scan)
    assert verdict.read_confidence == 0.62
    assert "62%" in verdict.reason


def test_a_poor_reading_lowers_a_verdict_and_a_bad_one_supports_nothing() -> None:
    said = "The harbour pump cost 15,000 euros [1]."
    clear, poor, bad = (
        check(said, Numbered(number=1, element=element(PUMP, how=How.OCR, confidence=sure)))
        for sure in (0.97, 0.7, 0.3)
    )
    assert clear.label is poor.label is Label.SUPPORTED
    assert clear.probability > poor.probability > bad.probability
    assert bad.label is Label.UNSUPPORTED
    assert "30%" in bad.reason


def test_a_misread_name_still_counts_on_a_scan() -> None:
    text = CRANE.replace("Keller", "Kel1er")
    scan = Numbered(number=1, element=element(text, how=How.OCR, confidence=0.62))
    verdict = check("Maria Keller inspected the north crane and approved the repair [1].", scan)
    assert verdict.label is Label.SUPPORTED


def test_parts_of_a_sentence_that_stands_in_the_source_are_word_for_word() -> None:
    said = "The pump went out at nine with Fjordline Freight, and will be at the quay on Thursday."
    item = Numbered(number=1, element=element(said))
    verdicts = [RuleChecker(FakeTextEncoder()).check(c, [item]) for c in claims_of(f"{said} [1]")]
    assert len(verdicts) == 2
    assert all(verdict.reason.startswith("Word for word") for verdict in verdicts)


def test_no_evidence_is_unsupported_not_a_crash() -> None:
    assert check("The harbour pump cost 15,000 euros [1].").label is Label.UNSUPPORTED


def table() -> Numbered:
    rows = [
        ("Item", "2023", "2024"),
        ("Fuel costs", "4,800", "5,100"),
        ("Staff costs", "9,300", "9,900"),
    ]
    cells = tuple(
        Cell(row=r, column=c, text=text, is_header=r == 0)
        for r, row in enumerate(rows)
        for c, text in enumerate(row)
    )
    text = "\n".join("\t".join(row) for row in rows)
    item = element(
        text,
        kind=Kind.TABLE,
        table=Table(cells=cells, html=""),
        heading_path=("Costs in thousand euros",),
    )
    return Numbered(number=1, element=item)


@pytest.mark.parametrize(
    "sentence",
    [
        "Fuel costs were 5,100 thousand euros in 2024 [1].",
        "Staff costs in 2023 were EUR 9.3 million [1].",
    ],
)
def test_a_cell_supports_by_its_row_column_and_scale(sentence: str) -> None:
    assert check(sentence, table()).label is Label.SUPPORTED


@pytest.mark.parametrize(
    "sentence",
    [
        "Fuel costs were 9,900 thousand euros in 2024 [1].",
        "Fuel costs were 4,800 thousand euros in 2024 [1].",
    ],
)
def test_the_figure_of_another_row_or_column_does_not_support(sentence: str) -> None:
    assert check(sentence, table()).label in {Label.CONTRADICTED, Label.UNSUPPORTED}


def test_the_same_evidence_is_embedded_once() -> None:
    encoder = Counting()
    checker = RuleChecker(encoder)
    evidence = numbered(PUMP, CRANE)
    for _ in range(3):
        for claim in claims_of("The harbour pump cost 15 thousand euros [1]."):
            checker.check(claim, evidence)
    assert encoder.texts == 1


class Counting(FakeTextEncoder):
    def __init__(self) -> None:
        super().__init__()
        self.texts = 0

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        self.texts += len(texts)
        return super().embed_documents(texts)


def hours() -> Numbered:
    rows = [
        ["Name", "Hours", "Fuel (litres/hour)"],
        ["Martin Hale", "34", "14.2"],
        ["Ann", "96", "9"],
    ]
    cells = tuple(
        Cell(row=r, column=c, text=text, is_header=r == 0)
        for r, row in enumerate(rows)
        for c, text in enumerate(row)
    )
    made = element("\n".join("\t".join(row) for row in rows), 1)
    shown = made.model_copy(update={"kind": Kind.TABLE, "table": Table(cells=cells, html="")})
    return Numbered(number=1, element=shown)


def test_a_bare_figure_has_the_unit_that_its_header_names() -> None:
    assert check("Martin Hale worked for 34 hours [1].", hours()).label is Label.SUPPORTED
    assert check("Martin Hale burned 14.2 litres of fuel [1].", hours()).label is Label.SUPPORTED
    for wrong in ("36 hours", "96 hours", "34 days"):
        verdict = check(f"Martin Hale worked for {wrong} [1].", hours())
        assert verdict.label is not Label.SUPPORTED
