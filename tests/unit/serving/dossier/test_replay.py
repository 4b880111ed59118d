from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from pincite.answers import Label
from pincite.elements import Scope
from pincite.errors import UserError
from serving.dossier import packing
from serving.dossier.replay import Replay, looked_up, opened, replayed
from tests.unit.serving.dossier.conftest import CHECKER, Edit, files_of, forged, rewritten
from tests.unit.serving.scripted import ScriptedService
from tests.unit.serving.scripted_library import REPORT


def _replayed(path: Path) -> Replay:
    return replayed(opened(path), CHECKER, None)


def test_an_untouched_dossier_comes_out_the_same(made: Path) -> None:
    found = _replayed(made)
    assert found.damages == ()
    assert [(again.then, again.now) for again in found.claims] == [
        (Label.SUPPORTED, Label.SUPPORTED)
    ] * 2
    assert found.checker_then == found.checker_now
    assert found.is_same
    assert found.is_exact


def test_a_changed_digit_in_the_evidence_flips_the_verdict(made: Path) -> None:
    def change(told: dict[str, Any]) -> None:
        element = told["evidence"][0]["element"]
        element["text"] = element["text"].replace("1872", "1892")

    found = _replayed(forged(made, change))
    assert found.damages == ("The text of [1] is not what was put before the checker then.",)
    assert [again.now for again in found.differing] == [Label.CONTRADICTED]
    assert not found.is_same


def test_what_was_computed_is_held_against_its_figures(made: Path) -> None:
    figures = {"1872": (Label.SUPPORTED, True), "1892": (Label.UNSUPPORTED, True)}
    for figure, expected in figures.items():

        def change(told: dict[str, Any], figure: str = figure) -> None:
            claim = told["answer"]["sentences"][0]["claims"][0]
            claim["claim"]["text"] = "It is 154 years old."
            claim["verdict"]["computed_from"] = [figure]

        again = _replayed(forged(made, change)).claims[0]
        assert (again.now, again.by_figures) == expected


def test_a_changed_file_is_named(made: Path) -> None:
    files = files_of(made)
    files["evidence/3.txt"] = b"The mole is 311 metres long."
    found = _replayed(rewritten(made, files))
    assert found.damages == ("evidence/3.txt was changed: its hash is not the one in hashes.txt.",)
    assert not found.is_same


def test_a_file_more_and_a_file_less_are_named(made: Path) -> None:
    files = files_of(made)
    files["evidence/9.txt"] = files.pop("evidence/3.txt")
    assert _replayed(rewritten(made, files)).damages == (
        "evidence/3.txt is missing.",
        "evidence/9.txt is not in the list of hashes.",
    )


@pytest.mark.parametrize("name", ["dossier.json", "evidence/1.png", "hashes.txt"])
def test_one_changed_byte_is_noticed(made: Path, name: str) -> None:
    with zipfile.ZipFile(made) as package:
        entry = package.getinfo(name)
    content = bytearray(made.read_bytes())
    content[entry.header_offset + 30 + len(name) + entry.compress_size // 2] ^= 1
    made.write_bytes(content)
    with pytest.raises(UserError, match=f"{name} is damaged"):
        opened(made)


@pytest.mark.parametrize(
    "name", ["../outside.txt", "/etc/passwd", "evidence/../../x.txt", "C:\\x.txt", "evidence/"]
)
def test_a_file_that_no_dossier_holds_is_refused(made: Path, name: str) -> None:
    with pytest.raises(UserError, match="no dossier holds"):
        opened(rewritten(made, files_of(made) | {name: b"x"}))


def test_a_bomb_is_refused_before_it_is_unpacked(
    made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packing, "MOST_MIB", 1)
    files = files_of(made)
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in (files | {"evidence/8.txt": bytes(8 << 20)}).items():
            package.writestr(name, content)
    with pytest.raises(UserError, match="unpacks to more than 1 MiB"):
        opened(made)


def test_too_many_files_are_refused(made: Path) -> None:
    many = {f"evidence/n{number}.txt": b"" for number in range(packing.MOST_FILES)}
    with pytest.raises(UserError, match="more than 1,000 files"):
        opened(rewritten(made, files_of(made) | many))


@pytest.mark.parametrize("content", [b"", b"PK", b"no zip at all" * 50, b"PK\x05\x06" + bytes(18)])
def test_what_is_no_dossier_is_said_to_be_none(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(content)
    with pytest.raises(UserError, match=r"x\.zip is no dossier that can be checked"):
        opened(path)


def test_a_cut_off_dossier_is_refused(made: Path) -> None:
    made.write_bytes(made.read_bytes()[:-200])
    with pytest.raises(UserError, match="no dossier"):
        opened(made)


def test_a_dossier_of_another_form_is_refused(made: Path) -> None:
    with pytest.raises(UserError, match="not as this version"):
        opened(forged(made, lambda told: told.update(format="pincite-dossier/9")))


def test_a_table_that_says_it_is_endless_is_refused(made: Path) -> None:
    def change(told: dict[str, Any]) -> None:
        cell = {"row": 0, "column": 0, "column_span": 10**12, "text": "x"}
        told["evidence"][0]["element"]["table"] = {"cells": [cell], "html": ""}

    with pytest.raises(UserError, match="more claims or evidence"):
        opened(forged(made, change))


def _much_evidence(told: dict[str, Any]) -> None:
    told["evidence"][0]["element"]["text"] = "x " * 2_100_000


def _a_long_quote(told: dict[str, Any]) -> None:
    told["answer"]["citations"][0]["quote"] = "a | " * 110_000


def _many_sources(told: dict[str, Any]) -> None:
    told["sources"] *= 700


@pytest.mark.parametrize("edit", [_much_evidence, _a_long_quote, _many_sources])
def test_what_would_take_for_ever_is_refused(made: Path, edit: Edit) -> None:
    with pytest.raises(UserError, match="more claims or evidence"):
        opened(forged(made, edit))


async def test_quotes_are_looked_up_in_the_library_that_is_here(made: Path, tmp_path: Path) -> None:
    here, quotes = await looked_up(opened(made).dossier, ScriptedService(tmp_path), Scope())
    assert {each.source for each in here} == {"s1", "s2", "s3"}
    assert [quote.stands for quote in quotes] == [True, True, True]


async def test_a_source_is_known_by_its_hash_whatever_its_id(made: Path, tmp_path: Path) -> None:
    def rename(told: dict[str, Any]) -> None:
        text = json.dumps(told).replace('"s1', '"elsewhere')
        told.clear()
        told.update(json.loads(text))

    here, quotes = await looked_up(
        opened(forged(made, rename)).dossier, ScriptedService(tmp_path), Scope()
    )
    assert here[0].source == REPORT.id
    assert quotes[0].stands


async def test_a_quote_that_is_not_read_there_any_more_is_said_so(
    made: Path, tmp_path: Path
) -> None:
    def change(told: dict[str, Any]) -> None:
        told["answer"]["citations"][0]["quote"] = "The harbour opened in 1899."

    given = opened(forged(made, change))
    found = await looked_up(given.dossier, ScriptedService(tmp_path), Scope())
    assert [quote.stands for quote in found[1]] == [False, True, True]
    assert not replayed(given, CHECKER, found).is_same


async def test_sources_of_other_bytes_are_not_here(made: Path, tmp_path: Path) -> None:
    def change(told: dict[str, Any]) -> None:
        for source in told["sources"]:
            source["content"] = "f" * 64

    given = opened(forged(made, change))
    here, quotes = await looked_up(given.dossier, ScriptedService(tmp_path), Scope())
    assert {each.source for each in here} == {None}
    assert quotes == ()
