"""The parts that the composition root opens, working together: file → answer → evidence → gone."""

from __future__ import annotations

import io
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from PIL import Image

from pincite.answers import Answered, Voice
from pincite.config import LlamaCppChat, ModelStore
from pincite.elements import Scope
from pincite.errors import UnknownSource, UnsupportedMedia
from pincite.events import AskEvent, Finished, Quotes
from pincite.grounding.checking import SpotChecker
from pincite.grounding.combined import CombinedJudge
from pincite.grounding.rules import Rules
from pincite.locators import PageBox
from serving.bootstrap import Services, services
from serving.service import Query, Upload
from tests.integration.serving.library import MARKER, SENTENCE, make_files, settings

ALL = Scope(collections=frozenset())
OTHERS = Scope(principals=frozenset({"bob"}), collections=frozenset())
LOCAL = frozenset({"local"})


@pytest.fixture
async def opened(tmp_path: Path) -> AsyncGenerator[Services, None]:
    async with services(settings(tmp_path / "library")) as parts:
        reports = parts.service.ingest(
            [make_files(tmp_path / "files")], collection="default", readers=LOCAL
        )
        last = [report async for report in reports][-1]
        assert last.done
        yield parts


async def _events(parts: Services, question: str, scope: Scope = ALL) -> list[AskEvent]:
    return [event async for event in parts.service.ask(question, scope)]


async def test_a_question_is_answered_from_the_page_that_bears_it_out(opened: Services) -> None:
    events = await _events(opened, "When did the harbour of Lindwick open?")
    assert any(isinstance(event, Quotes) and event.quotes for event in events)
    last = events[-1]
    assert isinstance(last, Finished)
    answer = last.answer
    assert isinstance(answer, Answered)
    assert "1872" in answer.text
    cited = answer.citations[0]
    assert cited.source_name == "harbour.pdf"
    box = cited.locators[0]
    assert isinstance(box, PageBox)
    assert box.page == 2
    assert await opened.service.answer(answer.id, ALL) == answer
    assert SENTENCE in (await opened.service.element(cited.element, ALL)).text


async def test_quoting_and_checking_share_one_memory(opened: Services) -> None:
    asking = opened.assistant._services
    checker = asking.checker
    assert isinstance(checker, SpotChecker)
    assert isinstance(checker._judge, CombinedJudge)
    rules = checker._judge._rules
    assert isinstance(rules, Rules)
    assert opened.assistant._encoder is rules._encoder


async def test_the_cited_box_holds_ink_on_the_page_picture(opened: Services) -> None:
    answer = (await _events(opened, "When did the harbour of Lindwick open?"))[-1]
    assert isinstance(answer, Finished)
    cited = answer.answer.citations[0]
    box = cited.locators[0]
    assert isinstance(box, PageBox)
    png = await opened.service.picture(cited.source, box.page, ALL, dpi=144)
    page = Image.open(io.BytesIO(png)).convert("L")
    assert page.size == (1190, 1684)
    inside = page.crop(
        (int(box.left * 2), int(box.top * 2), int(box.right * 2), int(box.bottom * 2))
    )
    assert inside.getextrema()[0] < 80  # pyright: ignore[reportOperatorIssue]
    above = page.crop((0, 0, 1190, int(box.top * 2) - 4))
    assert above.getextrema() == (255, 255)


async def test_others_see_nothing_of_it(opened: Services) -> None:
    source = (await opened.service.sources(ALL))[0].source
    finished = (await _events(opened, "When did the harbour of Lindwick open?"))[-1]
    assert isinstance(finished, Finished)
    citation = finished.answer.citations[0]
    assert await opened.service.sources(OTHERS) == []
    found = await opened.service.search(Query(question="harbour"), OTHERS, keep=5)
    assert found.evidence == ()
    assert (await opened.service.coverage(OTHERS)).sources_total == 0
    for asked in (
        opened.service.source(source.id, OTHERS),
        opened.service.original(source.id, OTHERS),
        opened.service.picture(citation.source, 1, OTHERS, dpi=72),
        opened.service.elements(citation.source, 2, OTHERS),
        opened.service.element(citation.element, OTHERS),
        opened.service.answer(finished.answer.id, OTHERS),
        opened.service.delete(source.id, OTHERS, now=False),
    ):
        with pytest.raises(UnknownSource):
            await asked
    assert len(await opened.service.sources(ALL)) == 2


async def test_a_text_has_no_page_to_show(opened: Services) -> None:
    text = next(s.source for s in await opened.service.sources(ALL) if s.source.name == "crane.txt")
    with pytest.raises(UnsupportedMedia, match="no pages"):
        await opened.service.picture(text.id, 1, ALL, dpi=72)
    path, media_type = await opened.service.original(text.id, ALL)
    assert media_type == "text/plain"
    assert MARKER in path.read_text()


async def test_a_deleted_source_is_in_no_byte_of_the_folder(opened: Services) -> None:
    await _events(opened, f"What does the crane {MARKER} lift?")
    [found] = [s.source for s in await opened.service.sources(ALL) if s.source.name == "crane.txt"]
    folder = opened.settings.data_dir
    assert _files_with(folder, MARKER)
    await opened.service.delete(found.id, ALL, now=True)
    assert _files_with(folder, MARKER) == []
    assert [s.source.name for s in await opened.service.sources(ALL)] == ["harbour.pdf"]


def _files_with(folder: Path, text: str) -> list[str]:
    return [
        path.name
        for path in folder.rglob("*")
        if path.is_file() and text.encode() in path.read_bytes().lower()
    ]


async def test_an_upload_is_taken_over_and_read_in_the_background(
    opened: Services, tmp_path: Path
) -> None:
    sent = tmp_path / "library" / "sent"
    sent.write_text("The lighthouse was lit in 1901.")
    upload = Upload(path=sent, name="light.txt", origin="light.txt")
    [accepted] = await opened.service.add([upload], collection="default", readers=LOCAL)
    assert accepted.outcome == "added"
    assert not sent.exists()
    reports = [report async for report in opened.service.watch(ALL)]
    assert reports[-1].done
    asked = Query(question="When was the lighthouse lit?")
    found = await opened.service.search(asked, ALL, keep=1)
    assert found.evidence[0].source.name == "light.txt"


async def test_without_the_configured_model_there_are_quotes_and_a_notice(tmp_path: Path) -> None:
    wanted = settings(tmp_path / "library").model_copy(
        update={"chat": LlamaCppChat(), "models": ModelStore(dir=tmp_path / "no models")}
    )
    async with services(wanted) as parts:
        health = await parts.service.health()
        assert health.mode == "quotes_only"
        assert health.voice is Voice.QUOTES
        assert "pincite models pull qwen2.5-coder-1.5b-instruct" in (health.notice or "")
        files = make_files(tmp_path / "files")
        async for _ in parts.service.ingest([files], collection="default", readers=LOCAL):
            pass
        last = (await _events(parts, "When did the harbour of Lindwick open?"))[-1]
        assert isinstance(last, Finished)
        assert isinstance(last.answer, Answered)
        assert last.answer.voice is Voice.QUOTES
        assert "1872" in last.answer.text
        await parts.begin()
        assert (await parts.service.health()).warm
