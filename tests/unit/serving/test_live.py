"""A real server on loopback: streams, disconnects, big uploads, and the remote service."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Generator
from io import BytesIO
from pathlib import Path
from zipfile import is_zipfile

import httpx
import pytest

from pincite import errors
from pincite.elements import Scope, SourceId
from pincite.events import Checked, Delta, Draft, Finished, Searched
from serving.owner import Owner, current_owner
from serving.remote import RemoteService
from serving.service import Query, Upload
from tests.unit.serving.live import Live, live
from tests.unit.serving.scripted import ScriptedService, searched
from tests.unit.serving.scripted_library import ANSWER, COVERAGE

ALL = Scope(collections=frozenset())


@pytest.fixture
def running(service: ScriptedService, tmp_path: Path) -> Generator[Live]:
    with live(service, tmp_path / "library") as here:
        yield here


@pytest.fixture
def remote(running: Live) -> RemoteService:
    return RemoteService(running.url, running.token)


def test_the_owner_of_a_folder_is_found_with_its_address(running: Live) -> None:
    owner = current_owner(running.folder)
    assert isinstance(owner, Owner)
    assert owner.is_service
    assert owner.url == running.url
    assert (running.folder / "owner.json").stat().st_mode & 0o777 == 0o600
    assert running.folder.stat().st_mode & 0o777 == 0o700


async def test_the_remote_service_hands_out_a_dossier(remote: RemoteService) -> None:
    async with remote:
        packed = await remote.dossier(ANSWER.id, ALL)
    assert is_zipfile(BytesIO(packed))


def test_leaving_a_stream_ends_the_work(running: Live, service: ScriptedService) -> None:
    service.pause_s = 0.2
    with (
        httpx.Client(base_url=running.url, headers=running.bearer) as client,
        client.stream(
            "POST",
            "/v1/ask",
            json={"question": "When?", "drafts": True},
            headers={"accept": "text/event-stream"},
        ) as answer,
    ):
        pieces = answer.iter_bytes()  # held: dropping it would already leave
        next(pieces)
        assert not service.ask_closed.is_set()
    deadline = time.monotonic() + 5
    while not service.ask_closed.is_set() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert service.ask_closed.is_set()


def test_leaving_while_waiting_for_json_ends_the_work(
    running: Live, service: ScriptedService
) -> None:
    service.pause_s = 0.3
    with pytest.raises(httpx.ReadTimeout):
        httpx.post(
            f"{running.url}/v1/ask", json={"question": "?"}, headers=running.bearer, timeout=1
        )
    deadline = time.monotonic() + 2
    while not service.ask_closed.is_set() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert service.ask_closed.is_set()


def test_a_large_upload_is_streamed_and_a_larger_one_refused(
    service: ScriptedService, tmp_path: Path
) -> None:
    with live(service, tmp_path / "library", max_upload_mib=8) as here:
        fits = b"x" * (7 << 20)
        answer = httpx.post(
            f"{here.url}/v1/sources", files={"files": ("a.bin", fits)}, headers=here.bearer
        )
        assert answer.status_code == 202
        assert service.uploaded[0] == ("a.bin", fits)
        too_large = httpx.post(
            f"{here.url}/v1/sources", files={"files": ("b.bin", fits * 2)}, headers=here.bearer
        )
        assert too_large.status_code == 413
        assert list((here.folder / "incoming").iterdir()) == []


def test_a_client_that_vanishes_in_the_middle_of_an_upload_leaves_nothing(
    running: Live, service: ScriptedService
) -> None:
    host, port = running.url.removeprefix("http://").split(":")
    head = (
        f"POST /v1/sources HTTP/1.1\r\nHost: {host}:{port}\r\n"
        f"Authorization: {running.bearer['authorization']}\r\nContent-Length: 100000\r\n"
        "Content-Type: multipart/form-data; boundary=b\r\n\r\n"
        '--b\r\nContent-Disposition: form-data; name="files"; filename="a"\r\n\r\nhalf a file'
    )
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(head.encode())
        deadline = time.monotonic() + 5
        while not list((running.folder / "incoming").iterdir()) and time.monotonic() < deadline:
            time.sleep(0.02)
        assert list((running.folder / "incoming").iterdir())
    while list((running.folder / "incoming").iterdir()) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert list((running.folder / "incoming").iterdir()) == []
    assert service.heard == []


def test_quotes_arrive_before_the_rest_is_ready(running: Live, service: ScriptedService) -> None:
    service.pause_s = 0.3
    with (
        httpx.Client(base_url=running.url, headers=running.bearer) as client,
        client.stream(
            "POST", "/v1/ask", json={"question": "?"}, headers={"accept": "text/event-stream"}
        ) as answer,
    ):
        start = time.monotonic()
        seen = b""
        for piece in answer.iter_bytes():
            seen += piece
            if b"event: quotes" in seen:
                break
        assert b"event: answer" not in seen
        assert time.monotonic() - start < 2


async def test_the_remote_service_gives_the_same_values(remote: RemoteService) -> None:
    async with remote:
        assert await remote.coverage(ALL) == COVERAGE
        assert [s.source.name for s in await remote.sources(ALL)] == [
            "harbour report.pdf",
            "call.wav",
            "notes.md",
        ]
        status = await remote.source(SourceId("s1"), ALL)
        assert status.units[-1].why == "the page is damaged"
        found = await remote.search(Query(question="harbour"), ALL, keep=3)
        assert found.evidence[0].elements[0].locators[0].kind == "page"
        assert found.decisions == ("only harbour report.pdf",)
        assert (await remote.answer(ANSWER.id, ALL)).id == ANSWER.id
        assert (await remote.health()).model == "scripted"
        assert (await remote.elements(SourceId("s2"), 1, ALL))[0].text.startswith("The crane")
        assert (await remote.picture(SourceId("s1"), 3, ALL, dpi=72)).startswith(b"\x89PNG")
        progress = [p.units_done async for p in remote.watch(ALL)]
        assert progress == [0, 6, 12]


async def test_the_remote_service_sends_filters_and_files(
    remote: RemoteService, service: ScriptedService, tmp_path: Path
) -> None:
    spoken = tmp_path / "question.wav"
    spoken.write_bytes(b"RIFF sound")
    query = Query(
        question="harbour",
        filters=(("kind", "table"), ("pages", "3-5")),
        audio=Upload(path=spoken, name="question.wav", origin=str(spoken), is_ours=False),
    )
    mine = ALL.model_copy(update={"collections": frozenset({"legal", "post"})})
    async with remote:
        await remote.search(query, mine, keep=3)
    heard, scope, keep = searched(service)
    assert heard.audio is not None
    assert heard.filters == query.filters
    assert heard.audio.name == "question.wav"
    assert ("audio", b"RIFF sound") in service.heard
    assert scope.collections == mine.collections
    assert keep == 3
    assert spoken.exists()
    assert not heard.audio.path.exists(), "what was sent is not kept"


async def test_the_remote_service_hears_no_drafts(remote: RemoteService) -> None:
    async with remote:
        events = [event async for event in remote.ask("When?", ALL)]
    assert isinstance(events[0], Searched)
    assert isinstance(events[-1], Finished)
    assert any(isinstance(event, Checked) for event in events)
    assert not any(isinstance(event, Delta | Draft) for event in events)


async def test_the_remote_service_raises_the_same_errors(
    remote: RemoteService, service: ScriptedService
) -> None:
    async with remote:
        with pytest.raises(errors.UnknownSource, match="no source nowhere"):
            await remote.source(SourceId("nowhere"), ALL)
        service.error = errors.MissingModel("chat", "qwen")
        with pytest.raises(errors.MissingModel, match="pincite models pull qwen"):
            await remote.search(Query(question="x"), ALL, keep=1)
        service.error = errors.DiskFull("no space left")
        with pytest.raises(errors.DiskFull):
            _ = [p async for p in remote.watch(ALL)]


async def test_a_service_that_is_gone_is_one_sentence(
    tmp_path: Path, service: ScriptedService
) -> None:
    with live(service, tmp_path / "library") as here:
        pass
    async with RemoteService(here.url, here.token) as remote:
        with pytest.raises(errors.ModelUnavailable, match="does not answer"):
            await remote.sources(ALL)


async def test_files_are_uploaded_one_by_one_and_refusals_are_outcomes(
    remote: RemoteService, service: ScriptedService, tmp_path: Path
) -> None:
    good, gone = tmp_path / "été.txt", tmp_path / "gone.txt"
    good.write_bytes(b"hello")
    uploads = [
        Upload(path=good, name=good.name, origin=str(good)),
        Upload(path=gone, name=gone.name, origin=str(gone)),
    ]
    async with remote:
        accepted = await remote.add(uploads, collection="c", readers=frozenset({"ann"}))
    assert [a.outcome for a in accepted] == ["added", "refused"]
    assert service.uploaded == [("été.txt", b"hello")]
    assert service.heard == [("add", ("c", frozenset({"ann"}), (str(good),)))]


def test_many_listeners_do_not_wait_for_each_other(running: Live, service: ScriptedService) -> None:
    service.pause_s = 0.05
    seconds: list[float] = []

    def listen() -> None:
        start = time.monotonic()
        answer = httpx.post(
            f"{running.url}/v1/ask", json={"question": "?"}, headers=running.bearer, timeout=20
        )
        assert answer.status_code == 200
        seconds.append(time.monotonic() - start)

    threads = [threading.Thread(target=listen) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seconds) == 8
    assert max(seconds) < 6
