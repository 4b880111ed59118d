"""Another encoder: the old index answers until the new one is complete, then goes; kill −9 too."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

import serving.bootstrap
from ingestion.re_embedding import NOTE
from pincite.config import Index, Settings
from pincite.elements import Scope, SourceId
from pincite.evidence import Evidence
from pincite.index.folder import SCHEMA
from pincite.index.words import Bm25Words
from serving.bootstrap import Services, services
from serving.diagnosis.library import folder as look_at
from tests.integration.serving.another_encoder import WatchedEncoder, always, with_encoder
from tests.integration.serving.library import MARKER, SENTENCE, make_files

ROOT = Path(__file__).resolve().parents[3]
ALL = Scope(collections=frozenset())
BOB = Scope(principals=frozenset({"bob"}), collections=frozenset())
LOCAL = frozenset({"local"})
HARBOUR = "When did the harbour of Lindwick open?"
PARAGRAPHS = 300


async def _add(parts: Services, *paths: Path) -> list[SourceId]:
    reports = parts.service.ingest(list(paths), collection="default", readers=LOCAL)
    accepted = [one for report in [r async for r in reports] for one in report.accepted]
    return [one.source for one in accepted if one.source is not None]


async def _library(folder: Path, files: Path) -> list[SourceId]:
    """Some hundred passages, embedded with 128 dimensions."""
    make_files(files)
    for number in range(3):
        lines = [
            f"Entry {number} {line} of the log tells of buoy {line} and its chain. " * 9
            for line in range(PARAGRAPHS // 3)
        ]
        (files / f"log{number}.txt").write_text("\n\n".join(lines), encoding="utf-8")
    async with services(with_encoder(folder, 128)) as parts:
        return await _add(parts, files)


async def _found(parts: Services, question: str, scope: Scope = ALL) -> list[Evidence]:
    return await asyncio.to_thread(parts.retriever.search, question, scope, keep=5)


async def _done(parts: Services) -> None:
    give_up = time.monotonic() + 120
    while (await parts.service.health()).filling is not None:
        assert time.monotonic() < give_up
        await asyncio.sleep(0.05)


def _use(monkeypatch: pytest.MonkeyPatch, encoder: WatchedEncoder) -> WatchedEncoder:
    monkeypatch.setattr(serving.bootstrap, "text_encoder", always(encoder))
    return encoder


def _names(found: Sequence[Evidence]) -> list[str]:
    return [item.source.name for item in found]


def _indexes(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("index*") if path.is_dir())


async def test_searches_go_on_with_the_old_encoder_until_the_new_index_takes_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, files = tmp_path / "library", tmp_path / "files"
    await _library(folder, files)
    encoder = _use(monkeypatch, WatchedEncoder(64))
    encoder.gate.clear()
    (tmp_path / "new.txt").write_text("The lighthouse of Orvik is painted red.", encoding="utf-8")
    async with services(with_encoder(folder, 64)) as parts:
        best = (await _found(parts, HARBOUR))[0]
        assert best.source.name == "harbour.pdf"
        assert {"dense", "words"} <= set(best.found_by)
        assert await _found(parts, HARBOUR, BOB) == []

        await _add(parts, tmp_path / "new.txt")
        assert _names(await _found(parts, "What is painted red at Orvik?"))[0] == "new.txt"
        cranes = [item for item in await _found(parts, MARKER) if MARKER in item.passage.text]
        (crane,) = {item.source.id for item in cranes}
        await parts.service.delete(crane, ALL, now=False)

        health = await parts.service.health()
        assert health.filling is not None
        assert health.filling.to == "fake-64"
        assert "embedded anew with fake-64" in (health.notice or "")
        assert _indexes(folder) == ["index", "index-2"]

        encoder.gate.set()
        while (await parts.service.health()).filling is not None:
            assert _names(await _found(parts, HARBOUR))[0] == "harbour.pdf"
        best = (await _found(parts, HARBOUR))[0]
        assert SENTENCE in best.passage.text
        assert {"dense", "words"} <= set(best.found_by)
        assert await _found(parts, HARBOUR, BOB) == []
        assert _names(await _found(parts, "What is painted red at Orvik?"))[0] == "new.txt"
        assert all(MARKER not in item.passage.text for item in await _found(parts, MARKER))
        assert (await parts.service.account(ALL)).losses == ()
    assert _indexes(folder) == ["index-2"]
    assert not (folder / NOTE).exists()
    pointer = json.loads((folder / "index-edge.json").read_text())
    assert pointer["in_use"]["name"] == "index-2"
    assert pointer["filling"] is None

    async with services(with_encoder(folder, 64)) as parts:
        assert (await parts.service.health()).filling is None
        assert _names(await _found(parts, HARBOUR))[0] == "harbour.pdf"


async def test_going_back_to_an_encoder_that_was_used_before_embeds_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "library"
    await _library(folder, tmp_path / "files")
    for dimensions, expected in ((64, True), (128, False)):
        encoder = _use(monkeypatch, WatchedEncoder(dimensions))
        async with services(with_encoder(folder, dimensions)) as parts:
            await _done(parts)
            assert (encoder.texts > 0) is expected
            assert _names(await _found(parts, HARBOUR))[0] == "harbour.pdf"
    assert _indexes(folder) == ["index-3"]


async def test_a_change_that_is_taken_back_leaves_the_old_index_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "library"
    await _library(folder, tmp_path / "files")
    encoder = _use(monkeypatch, WatchedEncoder(64))
    encoder.gate.clear()
    async with services(with_encoder(folder, 64)) as parts:
        assert (await parts.service.health()).filling is not None
        encoder.gate.set()
    back = _use(monkeypatch, WatchedEncoder(128))
    async with services(with_encoder(folder, 128)) as parts:
        assert (await parts.service.health()).filling is None
        assert _names(await _found(parts, HARBOUR))[0] == "harbour.pdf"
        assert back.texts == 0
    assert _indexes(folder) in (["index"], ["index-3"])


async def test_a_run_that_was_killed_goes_on_where_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "library"
    await _library(folder, tmp_path / "files")
    killed = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "tests.integration.serving.another_encoder", str(folder)],
        cwd=ROOT,
        timeout=120,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    assert _indexes(folder) == ["index", "index-2"]
    (finding,) = [f for f in look_at(with_encoder(folder, 64)) if f.area == "index"]
    assert finding.state == "degraded"
    assert "embedded anew with fake-64" in finding.says

    encoder = _use(monkeypatch, WatchedEncoder(64))
    encoder.gate.clear()
    async with services(with_encoder(folder, 64)) as parts:
        assert _names(await _found(parts, HARBOUR))[0] == "harbour.pdf"
        encoder.gate.set()
        await _done(parts)
        assert _names(await _found(parts, HARBOUR))[0] == "harbour.pdf"
        assert (await parts.service.account(ALL)).losses == ()
        total = parts.library.index.count(ALL)
        assert 0 < encoder.texts <= total - 100, "what was embedded before the kill is not again"
    assert _indexes(folder) == ["index-2"]


async def test_without_the_old_weights_searches_go_by_words_and_say_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "library"
    await _library(folder, tmp_path / "files")
    pointer = folder / "index-edge.json"
    text = pointer.read_text().replace('{"kind":"fake","dimensions":128}', '{"kind":"onnx"}')
    pointer.write_text(text)
    encoder = _use(monkeypatch, WatchedEncoder(64))
    encoder.gate.clear()
    async with services(with_encoder(folder, 64)) as parts:
        best = (await _found(parts, HARBOUR))[0]
        assert "words" in best.found_by
        assert "dense" not in best.found_by
        assert "searches go by words alone" in ((await parts.service.health()).notice or "")
        encoder.gate.set()
        await _done(parts)
        assert "dense" in (await _found(parts, HARBOUR))[0].found_by


async def test_a_local_qdrant_switches_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, files = tmp_path / "library", make_files(tmp_path / "files")
    index = Index(kind="qdrant", url=str(tmp_path / "points"))

    def chosen(dimensions: int) -> Settings:
        return with_encoder(folder, dimensions).model_copy(update={"index": index})

    async with services(chosen(128)) as parts:
        await _add(parts, files)
    encoder = _use(monkeypatch, WatchedEncoder(64))
    encoder.gate.clear()
    async with services(chosen(64)) as parts:
        assert _names(await _found(parts, HARBOUR))[0] == "harbour.pdf"
        encoder.gate.set()
        await _done(parts)
        assert "dense" in (await _found(parts, HARBOUR))[0].found_by
    assert not (tmp_path / "points").exists()
    async with services(chosen(64)) as parts:
        assert _names(await _found(parts, HARBOUR))[0] == "harbour.pdf"


@pytest.mark.parametrize("changed", ["words", "schema"])
async def test_an_index_of_another_version_is_replaced(tmp_path: Path, changed: str) -> None:
    """With other words it is searched by meaning until then; of another schema not at all."""
    folder = tmp_path / "library"
    async with services(with_encoder(folder, 128)) as parts:
        await _add(parts, make_files(tmp_path / "files"))
    for file in (folder / "index-edge.json", folder / "index" / "made.json"):
        text = file.read_text(encoding="utf-8")
        if changed == "words":
            text = text.replace(Bm25Words().id, "words of old")
        else:
            text = text.replace(f'"schema_version":{SCHEMA}', '"schema_version":1')
        file.write_text(text, encoding="utf-8")
    async with services(with_encoder(folder, 128)) as parts:
        await _done(parts)
        await parts.service.resume()
        async for _ in parts.service.watch(ALL):
            pass
        assert _names(await _found(parts, HARBOUR))[0] == "harbour.pdf"
        assert {"dense", "words"} <= set((await _found(parts, HARBOUR))[0].found_by)
        assert (await parts.service.account(ALL)).losses == ()
    assert _indexes(folder) == ["index-2"]
