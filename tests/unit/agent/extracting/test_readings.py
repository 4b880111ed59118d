"""Values of fields, tables and text, on made-up elements."""

from __future__ import annotations

from collections.abc import Sequence

from agent.extracting.columns import column_from
from agent.extracting.labels import fit
from agent.extracting.readings import Reading, best, from_fields
from agent.extracting.tables import from_tables, items
from agent.extracting.texts import from_texts, question_of
from agent.selection import candidates
from pincite.elements import Cell, Element, FormField, How, Kind, Scope, Table
from pincite.evidence import Evidence
from pincite.extractions import Asked
from pincite.models.fakes import FakeTextEncoder
from tests.unit.agent.library import WHERE, MemoryLibrary, element

DATE, TOTAL = column_from("date"), column_from("total")


def field(
    name: str, label: str, value: str, ordinal: int = 0, how: How = How.TEXT_LAYER
) -> Element:
    form = FormField(name=name, label=label, value=value, value_locators=(WHERE,))
    text = f"{label}: {value}" if label else value
    return element(text, ordinal, kind=Kind.FIELD, field=form, how=how)


def table(*rows: Sequence[str], heads: bool = True) -> Element:
    cells = tuple(
        Cell(row=r, column=c, text=text, is_header=heads and r == 0)
        for r, row in enumerate(rows)
        for c, text in enumerate(row)
    )
    return element("", kind=Kind.TABLE, table=Table(cells=cells, html=""))


def written(readings: Sequence[Reading]) -> list[str]:
    return [reading.written for reading in readings]


def test_a_column_is_written_with_other_names_and_a_kind() -> None:
    column = column_from("rent|monthly rent:amount:without heating")
    assert (column.name, column.aliases, column.kind) == ("rent", ("monthly rent",), "amount")
    assert column.description == "without heating"
    assert column_from("invoice date").kind == "date"
    assert column_from("grand total").kind == "amount"


def test_labels_fit_by_their_words() -> None:
    assert fit(column_from("invoice_number"), "Invoice Number:") == 1
    assert fit(column_from("vendor"), "Supplier") > 0.8
    assert fit(column_from("total"), "Subtotal") == 0
    assert fit(column_from("rent:amount"), "Deposit") == 0


def test_the_first_field_that_a_reader_named_so_is_taken() -> None:
    fields = [
        field("date", "", "12/03/2018"),
        field("date", "Delivery date", "14/03/2018", 1),
        field("total", "Grand Total", "RM 12.50", 2),
    ]
    found = best(from_fields(DATE, fields))
    assert found is not None
    assert found.written == "12/03/2018"
    assert found.claim == "The date is 12/03/2018"
    delivery = best(from_fields(column_from("delivery date:date"), fields))
    assert delivery is not None
    assert delivery.written == "14/03/2018"


def test_a_field_whose_value_is_of_another_kind_is_none() -> None:
    assert from_fields(TOTAL, [field("total", "Total", "see below")]) == []


def test_what_a_machine_wrote_and_hidden_text_give_no_value() -> None:
    fields = [
        field("total", "", "9.00", how=How.MACHINE_LABEL),
        field("total", "", "8.00", 1).model_copy(update={"flags": frozenset({"hidden_text"})}),
    ]
    assert from_fields(TOTAL, fields) == []


def test_a_value_stands_beside_its_label_or_below_its_head() -> None:
    beside = table(("Item", "Price"), ("Tea", "2.00"), ("Total", "2.00"), heads=True)
    found = best(from_tables(TOTAL, [beside]))
    assert found is not None
    assert (found.written, found.quote) == ("2.00", "Item: Total; Price: 2.00")
    below = table(("Date", "Total"), ("2021-01-02", "10.00"))
    assert written(from_tables(DATE, [below])) == ["2021-01-02"]


def test_of_a_list_no_single_value_is_taken() -> None:
    many = table(("Date", "Paid"), ("2021-01-02", "10.00"), ("2021-01-03", "20.00"))
    assert from_tables(DATE, [many]) == []


def test_a_table_with_all_columns_gives_its_rows() -> None:
    many = table(("Date", "Total"), ("2021-01-02", "10.00"), ("2021-01-03", "20.00"))
    asked = Asked(columns=(DATE, TOTAL))
    rows = items(asked, [many])
    assert [[cell.written for cell in row if cell] for row in rows] == [
        ["2021-01-02", "10.00"],
        ["2021-01-03", "20.00"],
    ]
    assert items(asked.model_copy(update={"rows": "files"}), [many]) == []


def sentences(*paragraphs: str) -> list[Evidence]:
    library = MemoryLibrary({"a.pdf": paragraphs})
    return library.search("", Scope(), keep=10)


def taken(column: str, *paragraphs: str) -> str:
    made = column_from(column)
    scored = candidates(question_of(made), sentences(*paragraphs), FakeTextEncoder())
    found = best(from_texts(made, scored))
    return found.written if found else ""


def test_in_text_a_value_stands_behind_its_label() -> None:
    text = "Invoice No: 4472 Date: 25/04/2021 Amount due: £99.00, payable until 30 May 2021."
    assert taken("date", text) == "25/04/2021"
    assert taken("total", text) == "£99.00"


def test_in_a_sentence_the_value_nearest_to_the_word_is_taken() -> None:
    text = "The deposit of 500 euros was paid and the rent was fixed at 950 euros a month."
    assert taken("rent:amount", text) == "950 euros"


def test_a_file_that_says_nothing_of_it_gives_nothing() -> None:
    assert taken("rent:amount", "The crane lifts 40 tonnes and cost 15,000 euros.") == ""
