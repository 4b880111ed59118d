"""A model that sees says something false of a photo: it helps to find the photo, and no more."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from pincite.answers import Answered
from pincite.config import FakeEncoder, Index, LiteLLMCaptions, LiteLLMChat, Ocr, Settings
from pincite.elements import How, Scope
from pincite.events import Finished
from serving.bootstrap import services
from serving.service import Query
from tests.integration.serving.liar import liar

ALL = Scope(collections=frozenset())
QUESTION = "When did the harbour of Lindwick open?"


async def test_a_planted_caption_finds_its_photo_and_supports_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    Image.new("RGB", (300, 200), "purple").save(folder / "photo.png")
    (folder / "crane.txt").write_text("The crane lifts forty tonnes.\n", encoding="utf-8")
    with liar() as lies:
        end = lies["PINCITE_CHAT__API_BASE"]
        settings = Settings(
            data_dir=tmp_path / "data",
            chat=LiteLLMChat(model="openai/liar", api_base=end),
            captions=LiteLLMCaptions(model="openai/liar", api_base=end),
            encoder=FakeEncoder(),
            index=Index(kind="edge"),
            ocr=Ocr(kind="fake"),
        )
        async with services(settings) as parts:
            ingesting = parts.service.ingest(
                [folder], collection="default", readers=frozenset({"local"})
            )
            _ = [progress async for progress in ingesting]
            found = (await parts.service.search(Query(question=QUESTION), ALL, keep=1)).evidence
            captions = [e for e in found[0].elements if e.how is How.MACHINE_CAPTION]
            assert found[0].source.name == "photo.png"
            assert "1872" in captions[0].text
            events = [event async for event in parts.service.ask(QUESTION, ALL)]
    last = events[-1]
    assert isinstance(last, Finished)
    answer = last.answer
    if isinstance(answer, Answered):
        assert "1872" not in answer.text
        assert "1903" not in answer.text
    assert captions[0].id not in {citation.element for citation in answer.citations}
