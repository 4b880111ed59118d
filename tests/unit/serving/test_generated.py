"""Pictures on request over HTTP and on the command line, drawn by the deterministic stand-in."""

from __future__ import annotations

import asyncio
import contextlib
import json
import threading
from collections.abc import AsyncGenerator, Callable, Generator
from pathlib import Path

import httpx
import pytest

from pincite.config import NoImageGenerator
from pincite.drawing.marks import mark_of
from pincite.drawing.opening import studio
from pincite.drawing.safety import WordList
from pincite.drawing.shelf import Shelf
from pincite.drawing.studio import LocalStudio
from pincite.elements import Scope
from pincite.errors import UnknownPicture, UnsafePicture
from pincite.generated import DrawingStep, GeneratedId, PictureDrawn, PictureWish
from pincite.models.drawing_ports import Drawing
from serving.remote import RemoteService
from tests.unit.serving.live import Live, live
from tests.unit.serving.scripted import ScriptedService
from tests.unit.serving.test_cli import Ran
from tests.unit.serving.test_cli import run as run

Run = Callable[..., Ran]
WISH = {"prompt": "a red circle", "seed": 7}
STREAM = {"accept": "text/event-stream"}


async def test_a_picture_is_asked_for_listed_shown_and_deleted(client: httpx.AsyncClient) -> None:
    made = (await client.post("/v1/generated", json=WISH)).json()
    assert made["provenance"]["prompt"] == "a red circle"
    assert made["provenance"]["generated_by"] == "Pincite 0.1.0"
    listed = (await client.get("/v1/generated")).json()
    assert listed == {"pictures": [made]}
    path = f"/v1/generated/{made['id']}"
    png = await client.get(f"{path}.png")
    assert (png.headers["content-type"], len(png.content)) == ("image/png", made["size"])
    assert "sandbox" in png.headers["content-security-policy"]
    assert (await client.delete(path)).status_code == 204
    gone = await client.get(f"{path}.png")
    assert (gone.status_code, gone.json()["error"]) == (404, "UnknownPicture")


async def test_steps_come_as_events(client: httpx.AsyncClient) -> None:
    answer = await client.post("/v1/generated", json=WISH, headers=STREAM)
    kinds = [line[7:] for line in answer.text.splitlines() if line.startswith("event: ")]
    assert kinds == ["step"] * 4 + ["picture"]


async def test_another_person_sees_nothing_of_it(client: httpx.AsyncClient) -> None:
    made = (await client.post("/v1/generated", json=WISH)).json()
    ben = {"pincite-as": "ben"}
    assert (await client.get("/v1/generated", headers=ben)).json() == {"pictures": []}
    path = f"/v1/generated/{made['id']}"
    assert (await client.get(f"{path}.png", headers=ben)).status_code == 404
    assert (await client.delete(path, headers=ben)).status_code == 404


async def test_what_is_refused_is_one_sentence(client: httpx.AsyncClient) -> None:
    answer = await client.post("/v1/generated", json={"prompt": "a nude"})
    assert answer.status_code == 400
    assert answer.json() == {
        "error": "UnsafePicture",
        "message": "the picture is not drawn: 'nude' is on the list of words that are refused",
    }
    stream = await client.post("/v1/generated", json={"prompt": "a nude"}, headers=STREAM)
    assert '"kind":"failed","error":"UnsafePicture"' in stream.text


async def test_without_a_model_the_answer_says_who_can_act(
    client: httpx.AsyncClient, service: ScriptedService, tmp_path: Path
) -> None:
    service.studio = studio(NoImageGenerator(), tmp_path, version="1")
    answer = await client.post("/v1/generated", json=WISH)
    assert (answer.status_code, answer.json()["error"]) == (500, "BadSettings")
    assert "PINCITE_IMAGE_GENERATOR__KIND=diffusers" in answer.json()["message"]


async def test_a_wish_that_makes_no_sense_names_the_field(client: httpx.AsyncClient) -> None:
    answer = await client.post("/v1/generated", json={"prompt": "x", "steps": 0})
    assert answer.status_code == 422
    assert answer.json()["message"].startswith("steps: ")


class Slow:
    """Draws until it is closed."""

    name, endpoint = "slow", "local"

    def __init__(self) -> None:
        self.closed = threading.Event()

    def weights(self) -> str:
        return ""

    async def draw(self, wish: PictureWish) -> AsyncGenerator[DrawingStep | Drawing, None]:
        del wish
        try:
            while True:
                yield DrawingStep(step=1, steps=2)
                await asyncio.sleep(0.01)
        finally:
            self.closed.set()


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "library"
    monkeypatch.setenv("PINCITE_DATA_DIR", str(folder))
    return folder


@pytest.fixture
def running(service: ScriptedService, library: Path) -> Generator[Live]:
    with live(service, library) as here:
        yield here


@pytest.mark.parametrize("headers", [STREAM, {}], ids=["stream", "json"])
def test_whoever_hangs_up_ends_the_work(
    running: Live, service: ScriptedService, tmp_path: Path, headers: dict[str, str]
) -> None:
    slow = Slow()
    service.studio = LocalStudio(slow, WordList(()), Shelf(tmp_path / "shelf"), version="1")
    client = httpx.Client(base_url=running.url, headers=running.bearer, timeout=0.5)
    request = client.stream("POST", "/v1/generated", json=WISH, headers=headers)
    with client, contextlib.suppress(httpx.ReadTimeout), request as answer:
        next(answer.iter_bytes())
    assert slow.closed.wait(10)


async def test_the_remote_service_gives_the_same(running: Live, service: ScriptedService) -> None:
    scope = Scope(collections=frozenset())
    async with RemoteService(running.url, running.token) as remote:
        events = [each async for each in remote.studio.draw(PictureWish(prompt="x"), scope)]
        *steps, last = events
        assert len(steps) == 4
        assert isinstance(last, PictureDrawn)
        found = last.picture
        assert await remote.studio.pictures(scope) == [found]
        png = await remote.studio.png(found.id, scope)
        assert png == await service.studio.png(found.id, scope)
        await remote.studio.delete(found.id, scope)
        with pytest.raises(UnknownPicture):
            await remote.studio.png(GeneratedId(found.id), scope)
        with pytest.raises(UnsafePicture):
            [e async for e in remote.studio.draw(PictureWish(prompt="nude"), scope)]


@pytest.mark.usefixtures("running")
def test_the_command_writes_a_marked_file(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "circle.png"
    ran = run("draw", "a red circle", "--out", str(out), "--seed", "7", "--size", "256x192")
    assert (ran.code, ran.out) == (0, "")
    assert ran.err.startswith(f"Wrote {out} (seed 7); kept as ")
    assert mark_of(out) == "Pincite 0.1.0"
    kept = run("drawn", "list").out
    assert "256×192 fake-drawing-1 “a red circle”" in kept
    assert run("drawn", "delete", kept.split()[0]).code == 0
    assert run("drawn", "list").out == ""
    assert out.exists()


@pytest.mark.usefixtures("running")
def test_the_command_tells_its_steps_as_json(run: Run, tmp_path: Path) -> None:
    ran = run("draw", "x", "--out", str(tmp_path / "a.png"), "--steps", "2", "--json")
    told = [json.loads(line) for line in ran.out.splitlines()]
    assert [(each["kind"], each.get("step")) for each in told] == [
        ("step", 1), ("step", 2), ("picture", None),
    ]  # fmt: skip


@pytest.mark.usefixtures("running")
@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("a nude",), "the picture is not drawn: 'nude' is on the list"),
        (("x", "--size", "513x512"), "width: Input should be a multiple of 8"),
        (("x", "--size", "large"), "width: Input should be a valid integer"),
        (("",), "prompt: "),
    ],
)
def test_what_is_not_drawn_is_one_sentence_and_no_file(
    run: Run, tmp_path: Path, args: tuple[str, ...], said: str
) -> None:
    out = tmp_path / "a.png"
    ran = run("draw", *args, "--out", str(out))
    assert ran.code == 3
    assert ran.err.startswith(f"pincite: {said}")
    assert len(ran.err.splitlines()) == 1
    assert not out.exists()


@pytest.mark.usefixtures("running")
def test_a_file_that_is_there_is_not_written_over(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "a.png"
    out.write_bytes(b"mine")
    ran = run("draw", "x", "--out", str(out))
    assert (ran.code, out.read_bytes()) == (3, b"mine")
