"""All files in one table of an answer, where that form is wished for."""

from __future__ import annotations

from agent.exhausting import told
from agent.exhaustive_questions import Exhaustive
from pincite.answers import Citation, Label, Verdict
from pincite.elements import ElementId, Kind, Medium, SourceId
from pincite.evidence import Coverage
from pincite.extractions import (
    Asked,
    Column,
    EmptyCell,
    Extraction,
    FileState,
    FoundCell,
    Row,
    TextValue,
)
from tests.unit.agent.library import WHERE

SELLER, DAY = Column(name="seller"), Column(name="day")
WANTED = Exhaustive("list", "receipts", "receipt", frozenset(), (SELLER, DAY))


def cell(number: int, text: str, label: Label = Label.SUPPORTED) -> FoundCell:
    citation = Citation(
        number=number,
        element=ElementId(f"s.{number}"),
        source=SourceId("s"),
        source_name="a.jpg",
        source_version=1,
        medium=Medium.IMAGE,
        kind=Kind.TEXT,
        locators=(WHERE,),
        quote=text,
    )
    verdict = Verdict(label=label, probability=0.9, reason="It stands there.")
    value = TextValue(text=text)
    return FoundCell(value=value, written=text, citation=citation, verdict=verdict, by="text")


TABLE = Extraction(
    asked=Asked(columns=(SELLER, DAY)),
    rows=(
        Row(source=SourceId("a"), name="a.jpg", cells=(cell(1, "ABC | Sons"), EmptyCell())),
        Row(
            source=SourceId("b"),
            name="b.jpg",
            cells=(cell(2, "Bakery"), cell(3, "May", Label.UNSUPPORTED)),
        ),
    ),
    files=(
        FileState(source=SourceId("a"), name="a.jpg", state="read"),
        FileState(source=SourceId("b"), name="b.jpg", state="read"),
    ),
    coverage=Coverage(),
)


def test_it_stands_first_with_a_claim_for_each_cell() -> None:
    found = told(WANTED, TABLE, {SourceId("a"), SourceId("b")}, in_table=True)
    table = found.sentences[0]
    assert table.text.splitlines() == [
        "| file | seller | day |",
        "| --- | --- | --- |",
        "| a.jpg | ABC \\| Sons [1] | – |",
        "| b.jpg | Bakery [2] | May [3] |",
    ]
    spans = [table.text[c.claim.start : c.claim.end] for c in table.claims]
    assert spans == ["ABC \\| Sons [1]", "Bakery [2]", "May [3]"]
    assert "| [? not found in the sources] May [3] |" in table.marked
    assert found.data is not None
    assert [datum.value for datum in found.data.data] == ["ABC | Sons", None, "Bakery", "May"]
    assert any("No day was found in a.jpg" in each.text for each in found.sentences)


def test_else_each_row_is_a_sentence() -> None:
    found = told(WANTED, TABLE, {SourceId("a"), SourceId("b")})
    assert found.data is None
    assert not any(sentence.is_table for sentence in found.sentences)
