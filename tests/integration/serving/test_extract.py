"""Tables over all files through the composition root: made, kept, asked for, deleted."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from decimal import Decimal
from pathlib import Path

import pytest

from agent.extracting.columns import column_from
from pincite.answers import Answered, Label, Voice
from pincite.elements import Scope
from pincite.events import Finished, GoingThrough
from pincite.extractions import AmountValue, Asked, Extracted, Extracting, Extraction
from serving.bootstrap import Services, services
from tests.integration.serving.library import settings

ALL = Scope(collections=frozenset())
BOB = Scope(principals=frozenset({"bob"}), collections=frozenset())
LOCAL = frozenset({"local"})
ASKED = Asked(columns=(column_from("date"), column_from("total")), with_model=False)
FILES = {
    "invoice-1.txt": "Northwind Ltd\n\nInvoice No: 4471\nDate: 03/04/2021\nTotal: 1,240.50\n",
    "invoice-2.txt": "Acme\n\nInvoice No: 4472\nDate: 25/04/2021\nTotal: 99.00\n",
    "note.txt": "The crane lifts forty tonnes. Nobody was paid.\n",
    "broken.pdf": "%PDF-1.7 this is none",
}


@pytest.fixture
async def opened(tmp_path: Path) -> AsyncGenerator[Services, None]:
    folder = tmp_path / "files"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    async with services(settings(tmp_path / "library", chat=False)) as parts:
        reports = parts.service.ingest([folder], collection="default", readers=LOCAL)
        assert [report async for report in reports][-1].done
        yield parts


async def _table(opened: Services, scope: Scope = ALL) -> tuple[Extraction, list[Extracting]]:
    events = [event async for event in opened.service.extract(ASKED, scope)]
    *before, last = events
    assert isinstance(last, Extracted)
    return last.table, [event for event in before if isinstance(event, Extracting)]


async def test_every_file_is_in_the_table_or_named_with_its_reason(opened: Services) -> None:
    table, events = await _table(opened)
    assert [event.done for event in events] == [1, 2, 3, 4]
    values = {
        row.name: [str(getattr(cell, "value", "")) for cell in row.cells] for row in table.rows
    }
    assert values == {
        "invoice-1.txt": ["2021-04-03", "1,240.50"],
        "invoice-2.txt": ["2021-04-25", "99.00"],
        "note.txt": ["", ""],
    }
    assert table.without("total") == ("note.txt",)
    [broken] = table.not_whole
    assert (broken.name, broken.state) == ("broken.pdf", "failed")
    assert broken.why


async def test_each_cell_has_its_place_and_a_verdict(opened: Services) -> None:
    table, _ = await _table(opened)
    numbers: list[int] = []
    for _, cell in table.found("total"):
        assert cell.verdict.label is Label.SUPPORTED
        element = await opened.service.element(cell.citation.element, ALL)
        assert cell.written in element.text
        numbers.append(cell.citation.number)
    assert len(set(numbers)) == len(numbers)


async def test_what_was_extracted_is_kept_until_the_file_reads_differently(
    opened: Services, tmp_path: Path
) -> None:
    first, _ = await _table(opened)
    again, events = await _table(opened)
    assert again == first
    assert [event.name for event in events if not event.kept] == ["broken.pdf"]
    (tmp_path / "files" / "invoice-2.txt").write_text(
        "Acme\n\nDate: 26/04/2021\nTotal: 101.00\n", encoding="utf-8"
    )
    reports = opened.service.ingest([tmp_path / "files"], collection="default", readers=LOCAL)
    assert [report async for report in reports][-1].done
    changed, events = await _table(opened)
    assert {e.name for e in events if not e.kept} == {"invoice-2.txt", "broken.pdf"}
    values = [cell.value for _, cell in changed.found("total")]
    numbers = {value.number for value in values if isinstance(value, AmountValue)}
    assert Decimal("101.00") in numbers


async def test_another_person_sees_an_empty_table(opened: Services) -> None:
    table, _ = await _table(opened, BOB)
    assert (table.rows, table.files) == ((), ())


async def test_what_was_extracted_goes_with_its_file(opened: Services, tmp_path: Path) -> None:
    await _table(opened)
    for status in await opened.service.sources(ALL):
        if status.source.name == "invoice-2.txt":
            await opened.service.delete(status.source.id, ALL, now=True)
    left = [
        path
        for path in (tmp_path / "library").rglob("*")
        if path.is_file()
        and (b"25/04/2021" in (data := path.read_bytes()) or b"2021-04-25" in data)
    ]
    assert left == []


async def test_a_value_of_one_file_is_read_from_its_fields(opened: Services) -> None:
    answer = await _answered(opened, "What is the total of the invoice from Acme of 25/04/2021?")
    [sentence] = answer.sentences
    assert (sentence.text, sentence.label) == ("Total: 99.00 [1]", Label.SUPPORTED)
    assert answer.voice is Voice.COMPUTED
    [citation] = answer.citations
    assert citation.source_name == "invoice-2.txt"
    assert answer.record is not None
    assert "read “total” from" in answer.record.steps[-1]


async def test_files_that_say_different_things_give_no_single_value(opened: Services) -> None:
    last = [event async for event in opened.service.ask("What is the total of the invoice?", ALL)]
    assert isinstance(last[-1], Finished)
    record = last[-1].answer.record
    assert record is not None
    assert not any("read “" in step for step in record.steps)


async def test_a_question_about_all_files_is_answered_from_all_of_them(opened: Services) -> None:
    answer = await _answered(opened, "What is the total of all invoices?")
    first, *rows = answer.sentences
    assert first.text == "The total of 2 invoices adds up to 1,339.50."
    [sum_] = first.claims
    assert sum_.verdict.label is Label.SUPPORTED
    assert len(sum_.claim.cites) == 2
    assert len(answer.citations) == 2
    text = answer.text
    assert "invoice-1.txt: total 1,240.50 [" in text
    assert "Not looked at, as they are not read: broken.pdf." in text
    assert "All 4 files were gone through, 3 of them read whole." in text
    assert not [s for s in rows if s.claims and s.label is not Label.SUPPORTED]


async def test_going_through_all_files_is_told_file_by_file_and_can_be_ended(
    opened: Services,
) -> None:
    question = "What is the total of all invoices?"
    asked = opened.service.ask(question, ALL)
    first = await anext(asked)
    assert isinstance(first, GoingThrough)
    await asked.aclose()
    told = [
        event
        async for event in opened.service.ask(question, ALL)
        if isinstance(event, GoingThrough)
    ]
    assert [(event.done, event.total) for event in told] == [(n, 4) for n in range(1, 5)]
    assert {event.name for event in told} == set(FILES)


async def test_the_largest_and_a_condition_are_computed(opened: Services) -> None:
    largest = await _answered(opened, "Which invoice has the highest total?")
    assert "invoice-1.txt: total 1,240.50" in largest.text
    assert "invoice-2.txt" not in largest.text
    many = await _answered(opened, "How many invoices have a total below 100?")
    assert many.sentences[0].text == "I found 1 invoice below 100."


async def test_an_answer_from_the_best_passages_says_that_it_may_be_incomplete(
    opened: Services,
) -> None:
    answer = await _answered(opened, "List all things that the crane lifts")
    assert "may be incomplete" in answer.sentences[-1].text
    plain = await _answered(opened, "How many tonnes does the crane lift?")
    assert "may be incomplete" not in plain.text


async def _answered(opened: Services, question: str) -> Answered:
    last = [event async for event in opened.service.ask(question, ALL)][-1]
    assert isinstance(last, Finished)
    assert isinstance(last.answer, Answered), last.answer
    return last.answer


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("How many invoices are there?", "costs.csv lists 3 invoices [1]."),
        (
            "What is the total of all invoices?",
            "Amount EUR of the 3 invoices in costs.csv adds up to 20,460 [1].",
        ),
        ("Which invoice has the highest total?", "The highest Amount EUR in costs.csv is that of"),
    ],
)
async def test_rows_of_a_table_are_counted_and_added(
    opened: Services, tmp_path: Path, question: str, said: str
) -> None:
    lines = "Invoice,Supplier,Amount EUR\nR-1,Hallam,2310\nR-2,Corran,6480\nR-3,Tolland,11670\n"
    (tmp_path / "costs.csv").write_text(lines + "Total,,20460\n", encoding="utf-8")
    reports = opened.service.ingest([tmp_path / "costs.csv"], collection="default", readers=LOCAL)
    assert [report async for report in reports][-1].done
    answer = await _answered(opened, question)
    first, last = answer.sentences
    assert first.text.startswith(said)
    assert first.label is Label.SUPPORTED
    assert answer.citations[0].source_name == "costs.csv"
    assert "a file that is an invoice itself is not among them" in last.text
