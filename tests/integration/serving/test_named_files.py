"""A question that names a file is answered from that file, or not at all."""

from __future__ import annotations

from pathlib import Path

from pincite.answers import Answered
from pincite.elements import Scope
from pincite.events import Finished
from serving.bootstrap import Services, services
from tests.integration.serving.library import settings

ALL = Scope(collections=frozenset())
FILES = {
    "NORTHWIND_2022_report.txt": "The revenue was 41 million euros in 2022. Its crews are content.",
    "ACME_2022_report.txt": "Operating profit was 9 million euros in 2022, more than ever before.",
    "GLOBEX_2022_report.txt": "Globex was founded in Bergen. It builds bilge pumps for ferries.",
}


async def _answer(opened: Services, question: str) -> Answered | None:
    last = [event async for event in opened.service.ask(question, ALL)][-1]
    assert isinstance(last, Finished)
    return last.answer if isinstance(last.answer, Answered) else None


async def test_what_another_file_says_is_no_answer(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    async with services(settings(tmp_path / "library", chat=False)) as opened:
        local = frozenset({"local"})
        reports = opened.service.ingest([folder], collection="default", readers=local)
        assert [report async for report in reports][-1].done
        told = await _answer(opened, "What was the operating profit of Acme in 2022?")
        assert told is not None
        assert {each.source_name for each in told.citations} == {"ACME_2022_report.txt"}
        other = await _answer(opened, "What was the operating profit of Northwind in 2022?")
        assert other is None or {each.source_name for each in other.citations} == {
            "NORTHWIND_2022_report.txt"
        }
