"""A library that follows a folder, and a place that is not on this machine."""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, Protocol

import fsspec
import httpx
import pytest

from pincite.config import Server
from pincite.elements import Scope
from pincite.errors import MissingExtra, UpstreamError, UserError
from serving.app import create_app
from serving.bootstrap import services
from serving.owner import private_folder
from serving.remote import RemoteService
from serving.security import Gate, new_token
from serving.service import IngestProgress, Service, SourceStatus
from serving.sync.plan import Plan
from serving.sync.rules import Rules
from serving.sync.run import Synchroniser, Wanted
from serving.sync.tree import Tree
from tests.integration.serving.library import settings

ALL = Scope(collections=frozenset())
BOARD = Scope(principals=frozenset({"board"}), collections=frozenset())


class Place(Protocol):
    """Where files lie: the same for a folder and a bucket."""

    address: str

    def write(self, path: str, text: str) -> None: ...

    def remove(self, path: str) -> None: ...


class Folder:
    def __init__(self, root: Path) -> None:
        self.address = str(root)
        self._root = root
        root.mkdir()
        self._moment = 1_000_000_000

    def write(self, path: str, text: str) -> None:
        file = self._root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        self._moment += 10
        os.utime(file, (self._moment, self._moment))

    def remove(self, path: str) -> None:
        (self._root / path).unlink()


class Bucket:
    """In the memory of this process, but reached as any bucket is."""

    def __init__(self, root: Path) -> None:
        self.address = f"memory://bucket-{root.parent.name}/papers"
        self._fs: Any = fsspec.filesystem("memory")  # pyright: ignore[reportUnknownMemberType]
        self._root = self.address.removeprefix("memory:/")
        self._fs.makedirs(self._root)

    def write(self, path: str, text: str) -> None:
        self._fs.pipe(f"{self._root}/{path}", text.encode())

    def remove(self, path: str) -> None:
        self._fs.rm(f"{self._root}/{path}")


@pytest.fixture(params=[Folder, Bucket], ids=["folder", "bucket"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    made: Callable[[Path], Place] = request.param
    return made(tmp_path / "papers")


@asynccontextmanager
async def here(folder: Path) -> AsyncGenerator[Service, None]:
    async with services(settings(folder)) as opened:
        yield opened.service


@asynccontextmanager
async def over_http(folder: Path) -> AsyncGenerator[Service, None]:
    async with services(settings(folder)) as opened:
        token, url = new_token(), "http://127.0.0.1:8765"
        gate = Gate.of(token, host="127.0.0.1", port=8765)
        incoming = private_folder(folder / "incoming")
        app = create_app(opened.service, gate=gate, server=Server(), incoming=incoming)
        async with RemoteService(url, token) as remote:
            await remote._http.aclose()
            remote._http = httpx.AsyncClient(
                transport=httpx.ASGITransport(app=app),
                base_url=url,
                headers={"authorization": f"Bearer {token.get_secret_value()}"},
            )
            yield remote


Opened = Callable[[Path], AbstractAsyncContextManager[Service]]


async def synced(
    service: Service,
    place: Place,
    data: Path,
    rules: Rules | None = None,
    *,
    allow_deletes: bool = False,
) -> tuple[Plan, list[IngestProgress]]:
    rules = rules or Rules.everything_for(frozenset({"local"}))
    run = Synchroniser(
        service, Tree(place.address), Wanted(rules=rules, allow_deletes=allow_deletes), data
    )
    plan = await run.plan()
    return plan, [report async for report in run.carry_out(plan)]


def kinds(plan: Plan) -> dict[str, str]:
    return {step.path: step.kind for step in plan.steps}


async def texts(service: Service, scope: Scope = ALL) -> dict[str, str]:
    """Names of sources with what was read from them."""
    found: dict[str, str] = {}
    for status in await service.sources(scope):
        elements = await service.elements(status.source.id, 1, scope)
        found[status.source.name] = " ".join(element.text for element in elements)
    return found


async def by_name(service: Service, name: str) -> SourceStatus:
    return next(one for one in await service.sources(ALL) if one.source.name == name)


async def test_the_library_follows_a_place(place: Place, tmp_path: Path) -> None:
    data = tmp_path / "data"
    for number in range(12):
        place.write(f"deep/{number}.txt", f"Paragraph number {number}.")
    place.write(".hidden/secret.txt", "Not for the library.")
    async with here(data) as service:
        plan, reports = await synced(service, place, data)
        assert set(kinds(plan).values()) == {"add"}
        assert reports[-1].done
        assert len(reports[-1].finished) == 12
        assert (await texts(service))["3.txt"] == "Paragraph number 3."
        again, reports = await synced(service, place, data)
        assert (again.steps, again.unchanged, reports) == ((), 12, [])

        place.write("deep/3.txt", "Paragraph number three, revised.")
        place.write("elsewhere/renamed.txt", "Paragraph number 4.")
        place.remove("deep/4.txt")
        place.remove("deep/5.txt")
        place.write("deep/new.txt", "A new paragraph.")
        moved = await by_name(service, "4.txt")
        plan, _ = await synced(service, place, data)
        assert kinds(plan) == {
            "deep/3.txt": "change",
            "elsewhere/renamed.txt": "move",
            "deep/new.txt": "add",
            "deep/5.txt": "delete",
        }
        found = await texts(service)
        assert found["3.txt"] == "Paragraph number three, revised."
        assert found["new.txt"] == "A new paragraph."
        assert {"4.txt", "5.txt"}.isdisjoint(found)
        assert (await by_name(service, "3.txt")).source.version == 2
        after = await by_name(service, "renamed.txt")
        assert after.source.id == moved.source.id
        assert after.source.origin.endswith("/elsewhere/renamed.txt")
        last, _ = await synced(service, place, data)
        assert last.steps == ()


@pytest.mark.parametrize("opened", [here, over_http])
async def test_copies_go_one_by_one_and_deletes_are_asked_for(
    opened: Opened, place: Place, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    place.write("a.txt", "The same words.")
    place.write("copy.txt", "The same words.")
    place.write("b.txt", "Other words.")
    async with opened(data) as service:
        await synced(service, place, data)
        assert len(await service.sources(ALL)) == 2
        place.remove("a.txt")
        plan, _ = await synced(service, place, data, allow_deletes=True)
        assert kinds(plan) == {"a.txt": "delete"}
        assert set(await texts(service)) == {"copy.txt", "b.txt"}
        place.remove("copy.txt")
        with pytest.raises(UserError, match=r"1 of the 2 files.*--allow-deletes"):
            await synced(service, place, data)
        assert set(await texts(service)) == {"copy.txt", "b.txt"}
        await synced(service, place, data, allow_deletes=True)
        assert set(await texts(service)) == {"b.txt"}


@pytest.mark.parametrize("opened", [here, over_http])
async def test_what_was_refused_is_not_offered_again_until_it_changes(
    opened: Opened, place: Place, tmp_path: Path
) -> None:
    place.write("a.txt", "The ferry.")
    place.write("b.bin", "\x00\x01\x02")
    data = tmp_path / "data"
    async with opened(data) as service:
        plan, reports = await synced(service, place, data)
        assert kinds(plan) == {"a.txt": "add", "b.bin": "add"}
        (refused,) = [one for each in reports for one in each.accepted if one.source is None]
        again, reports = await synced(service, place, data)
        assert again.steps == ()
        assert [(one.path, one.why) for one in again.refused] == [("b.bin", refused.why)]
        assert not any(each.accepted for each in reports)
        place.write("b.bin", "Now it is text.")
        third, _ = await synced(service, place, data)
        assert kinds(third) == {"b.bin": "add"}
        assert set(await texts(service)) == {"a.txt", "b.bin"}


@pytest.mark.parametrize("opened", [here, over_http])
async def test_readers_follow_the_mapping(opened: Opened, place: Place, tmp_path: Path) -> None:
    data = tmp_path / "data"
    place.write("board/minutes.txt", "The board met.")
    place.write("notes.txt", "Everybody may read this.")
    place.write("drafts/x.txt", "Nobody may.")
    rules = Rules(
        rules=(("board/**", frozenset({"board"})), ("*.txt", frozenset({"local", "board"})))
    )
    async with opened(data) as service:
        plan, _ = await synced(service, place, data, rules)
        assert plan.left_out == ("drafts/x.txt",)
        assert set(await texts(service)) == {"notes.txt"}
        assert set(await texts(service, BOARD)) == {"notes.txt", "minutes.txt"}
        plan, _ = await synced(service, place, data)
        assert kinds(plan)["drafts/x.txt"] == "add"
        open_to_me = set(await texts(service))
        assert open_to_me == {"notes.txt", "minutes.txt", "x.txt"}


async def test_what_ingest_added_is_the_same_file_for_sync(tmp_path: Path) -> None:
    place, data = Folder(tmp_path / "papers"), tmp_path / "data"
    place.write("a.txt", "One.")
    async with here(data) as service:
        reading = service.ingest(
            [Path(place.address)], collection="default", readers=frozenset({"local"})
        )
        assert [report async for report in reading][-1].done
        plan, _ = await synced(service, place, data)
        assert kinds(plan) == {"a.txt": "touch"}
        place.write("a.txt", "Two.")
        await synced(service, place, data)
        assert await texts(service) == {"a.txt": "Two."}


async def test_a_place_that_is_not_there_deletes_nothing(tmp_path: Path) -> None:
    place, data = Folder(tmp_path / "papers"), tmp_path / "data"
    place.write("a.txt", "One.")
    async with here(data) as service:
        await synced(service, place, data)
        (tmp_path / "papers").rename(tmp_path / "unplugged")
        with pytest.raises(UserError, match="there is no folder"):
            await synced(service, place, data, allow_deletes=True)
        assert set(await texts(service)) == {"a.txt"}


async def test_a_listing_that_breaks_off_concludes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = Bucket(tmp_path / "papers")
    tree = Tree(place.address)

    def fail(*_: object, **__: object) -> None:
        raise ConnectionError("the bucket hung up")

    monkeypatch.setattr(tree._fs, "walk", fail)
    with pytest.raises(UpstreamError, match=r"the bucket hung up.*nothing was changed"):
        tree.entries()


def test_addresses_that_cannot_be_listed_honestly_are_refused() -> None:
    for address in ("http://example.org/x", "zip://a::memory://b", "no-such-kind://x"):
        with pytest.raises(UserError, match="cannot be synchronised"):
            Tree(address)


def test_a_bucket_needs_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(address: str) -> None:
        raise ImportError(f"Install s3fs to access {address}")

    monkeypatch.setattr("fsspec.core.url_to_fs", missing)
    with pytest.raises(MissingExtra, match=r"pip install 'pincite\[s3\]'"):
        Tree("s3://bucket/papers")


def test_the_data_folder_and_links_are_no_part_of_a_place(tmp_path: Path) -> None:
    place = Folder(tmp_path / "papers")
    place.write("a.txt", "One.")
    place.write("library/texts.db", "ours")
    (tmp_path / "papers" / "loop").symlink_to(tmp_path / "papers")
    tree = Tree(place.address, apart_from=tmp_path / "papers" / "library")
    assert [entry.path for entry in tree.entries()] == ["a.txt"]


async def test_a_file_of_somebody_elses_stays_where_it_is(tmp_path: Path) -> None:
    place, data = Folder(tmp_path / "papers"), tmp_path / "data"
    place.write("a.txt", "One.")
    async with here(data) as service:
        await synced(service, place, data)
    assert (tmp_path / "papers" / "a.txt").read_text(encoding="utf-8") == "One."
