"""The rule of a collection holds at every model port: what it forbids never arrives."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw

from pincite import egress
from pincite.answers import Answer, Answered, Voice
from pincite.asking import Wishes
from pincite.config import (
    JudgeReranker,
    LiteLLMCaptions,
    LiteLLMChat,
    LiteLLMEncoder,
    LiteLLMImageGenerator,
    LiteLLMPictureJudge,
    ModelStore,
    Settings,
)
from pincite.elements import Scope
from pincite.errors import Withheld
from pincite.events import Finished
from pincite.extractions import Asked, Column
from pincite.generated import PictureWish
from pincite.models.outgoing import LOG, CallMade
from serving.bootstrap import Services, services
from serving.elsewhere import call_log
from serving.service import Query
from tests.integration.serving.far import DIMENSIONS, FarServer, far_away
from tests.integration.serving.library import SENTENCE, make_files, settings

pytestmark = pytest.mark.filterwarnings("ignore:Item '.*' on TypedDict:UserWarning")
QUESTION = "When did the harbour of Lindwick open?"
LOCAL = frozenset({"local"})
ALL = Scope(collections=frozenset())
OPEN, SECRET = Scope(collections=frozenset({"open"})), Scope(collections=frozenset({"secret"}))
HOST = "127.0.0.1"


@pytest.fixture
def far(monkeypatch: pytest.MonkeyPatch) -> Iterator[FarServer]:
    """Loopback counts as another machine, so that what would leave can be seen to arrive."""

    def other(host: str) -> bool:
        del host
        return False

    monkeypatch.setattr(egress, "_is_loopback", other)
    with far_away() as server:
        yield server


def _everything_far(folder: Path, far: FarServer) -> Settings:
    """Every part of the settings that can be on another machine is."""
    at: dict[str, Any] = {"model": "openai/far", "api_base": far.url}
    return settings(folder).model_copy(
        update={
            # no weights, so that nothing of this machine stands in
            "models": ModelStore(dir=folder / "no-models"),
            "chat": LiteLLMChat(**at),
            "captions": LiteLLMCaptions(**at),
            "picture_judge": LiteLLMPictureJudge(**at),
            "reranker": JudgeReranker(**at, sees=False),
            "image_generator": LiteLLMImageGenerator(**at),
        }
    )


@asynccontextmanager
async def _opened(
    wanted: Settings, files: Path, rules: dict[str, list[str]]
) -> AsyncGenerator[Services, None]:
    async with services(wanted) as parts:
        for collection, hosts in rules.items():
            await parts.service.allow(collection, hosts)
        for collection in ("secret", "open"):
            async for _ in parts.service.ingest([files], collection=collection, readers=LOCAL):
                pass
        yield parts


def _files(tmp_path: Path) -> Path:
    folder = make_files(tmp_path / "files")
    picture = Image.new("RGB", (200, 200), "white")
    ImageDraw.Draw(picture).ellipse((40, 40, 160, 160), fill="red")
    picture.save(folder / "circle.png")
    return folder


async def _answer(parts: Services, scope: Scope, **more: Any) -> Answer:
    events = [event async for event in parts.service.ask(QUESTION, scope, **more)]
    last = events[-1]
    assert isinstance(last, Finished), last
    return last.answer


async def _everything(parts: Services, scope: Scope) -> Answer:
    """All that a person can ask of a scope."""
    answer = await _answer(parts, scope)
    await parts.service.search(Query(question=QUESTION), scope, keep=4)
    columns = (Column(name="opened in"),)
    async for _ in parts.service.extract(Asked(columns=columns, with_model=True), scope):
        pass
    return answer


async def test_nothing_is_sent_anywhere_by_default(tmp_path: Path, far: FarServer) -> None:
    wanted = _everything_far(tmp_path / "library", far)
    async with _opened(wanted, _files(tmp_path), {}) as parts:
        answer = await _everything(parts, ALL)
        with pytest.raises(Withheld):
            async for _ in parts.service.studio.draw(PictureWish(prompt="a red circle"), ALL):
                pass
    assert far.asked == []
    assert isinstance(answer, Answered)
    assert answer.voice is Voice.QUOTES
    assert "1872" in answer.text
    assert "Quotes are the answer" in answer.notice
    assert f'pincite egress allow "open" {HOST}' in answer.notice
    assert "the second look at what was found" in answer.notice
    assert answer.record is not None
    assert any("sent nothing to another machine" in step for step in answer.record.steps)
    assert {made.outcome for made in call_log(wanted).read()} == {"withheld"}


async def test_what_a_rule_allows_arrives_and_what_another_forbids_never_does(
    tmp_path: Path, far: FarServer
) -> None:
    wanted = _everything_far(tmp_path / "library", far)
    files = _files(tmp_path)
    async with _opened(wanted, files, {"open": [HOST], "secret": []}) as parts:
        # The same bytes lie in both collections, and are described once.
        assert far.asked == []
        for scope in (ALL, SECRET):
            answer = await _everything(parts, scope)
            assert far.asked == []
            assert "“secret”" in answer.notice
        answer = await _everything(parts, OPEN)
        assert far.asked
    assert isinstance(answer, Answered)
    assert answer.voice is Voice.REMOTE_MODEL
    assert answer.notice == ""
    _log_is_true(wanted, far)


def _log_is_true(wanted: Settings, far: FarServer) -> None:
    made: list[CallMade] = list(call_log(wanted).read())
    answered = [each for each in made if each.outcome == "answered"]
    assert len(answered) == len(far.asked)
    assert {each.purpose for each in answered} >= {"chat", "judge"}
    assert {each.collections for each in answered} == {("open",)}
    assert all(each.endpoint == HOST and each.sent_bytes for each in answered)
    written = (wanted.data_dir / LOG).read_text(encoding="utf-8")
    assert "Lindwick" not in written
    assert "harbour" not in written


async def test_a_conversation_that_was_about_a_kept_collection_stays_here(
    tmp_path: Path, far: FarServer
) -> None:
    wanted = _everything_far(tmp_path / "library", far)
    async with _opened(wanted, _files(tmp_path), {"open": [HOST], "secret": []}) as parts:
        await _answer(parts, SECRET, conversation="c")
        await _answer(parts, OPEN, conversation="c", wishes=Wishes(fresh=True))
        assert far.asked == []
        await _answer(parts, OPEN, conversation="another")
        assert far.asked


async def test_a_rule_holds_from_the_next_question_on(tmp_path: Path, far: FarServer) -> None:
    wanted = _everything_far(tmp_path / "library", far)
    async with _opened(wanted, make_files(tmp_path / "files"), {}) as parts:
        await parts.service.allow("open", [HOST])
        assert (await _answer(parts, OPEN)).notice == ""
        before = len(far.asked)
        assert before
        await parts.service.allow("open", [])
        assert "stays" not in (await _answer(parts, OPEN)).notice
        assert len(far.asked) == before
        told = {rule.collection: rule for rule in await parts.service.rules(ALL)}
    assert (told["open"].own, told["open"].hosts, told["open"].chat_may_read) == (True, (), False)
    assert not told["secret"].own


async def test_captions_and_cited_pictures_go_where_the_default_lets_them(
    tmp_path: Path, far: FarServer
) -> None:
    wanted = _everything_far(tmp_path / "library", far)
    wanted = wanted.model_copy(
        update={"egress": wanted.egress.model_copy(update={"hosts": (HOST,)})}
    )
    async with _opened(wanted, _files(tmp_path), {}) as parts:
        assert any("Describe this picture" in each for each in far.asked)
        drawn = [each async for each in parts.service.studio.draw(PictureWish(prompt="red"), ALL)]
        assert drawn
    purposes = {made.purpose for made in call_log(wanted).read() if made.outcome == "answered"}
    assert purposes >= {"caption", "draw"}


async def test_passages_of_a_kept_collection_are_found_by_their_words(
    tmp_path: Path, far: FarServer
) -> None:
    wanted = settings(tmp_path / "library", chat=False).model_copy(
        update={
            "encoder": LiteLLMEncoder(model="openai/far", api_base=far.url, dimensions=DIMENSIONS)
        }
    )
    files = make_files(tmp_path / "files")
    async with _opened(wanted, files, {"secret": [], "open": [HOST]}) as parts:
        assert len([each for each in far.asked if SENTENCE in each]) == 1
        before = len(far.asked)
        found = await parts.service.search(Query(question=QUESTION), SECRET, keep=4)
        assert found.evidence
        assert {each.source.collection for each in found.evidence} == {"secret"}
        assert all("dense" not in each.found_by for each in found.evidence)
        assert len(far.asked) == before
        found = await parts.service.search(Query(question=QUESTION), OPEN, keep=4)
        assert any("dense" in each.found_by for each in found.evidence)
        assert len(far.asked) > before
