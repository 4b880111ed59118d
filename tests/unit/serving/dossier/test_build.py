from __future__ import annotations

import hashlib
import io
import wave
from pathlib import Path

import pytest
from PIL import Image

from pincite.answers import AnswerId, DrawnPicture, Label
from pincite.elements import Scope
from pincite.errors import UnknownSource
from serving.dossier.build import NO_RECORD, dossier
from serving.dossier.contents import Dossier
from tests.unit.serving.dossier.conftest import RECORDED, files_of, packed
from tests.unit.serving.scripted import ScriptedService
from tests.unit.serving.scripted_library import (
    ANSWER,
    ELEMENTS,
    FALSE_DRAFT,
    REFUSAL,
    sentence,
)


def _told(path: Path) -> Dossier:
    return Dossier.model_validate_json(files_of(path)["dossier.json"])


def test_every_file_is_in_the_list_of_hashes(made: Path) -> None:
    files = files_of(made)
    lines = files.pop("hashes.txt").decode().splitlines()
    assert lines == [
        f"{hashlib.sha256(content).hexdigest()}  {name}" for name, content in sorted(files.items())
    ]


def test_a_page_a_recording_and_a_text_are_shown_each_in_its_way(made: Path) -> None:
    files = files_of(made)
    with Image.open(io.BytesIO(files["evidence/1.png"])) as picture:
        colours = {colour for _, colour in picture.convert("RGB").getcolors(1 << 20) or ()}
    assert (217, 72, 15) in colours
    with wave.open(io.BytesIO(files["evidence/2.wav"])) as clip:
        assert clip.getframerate() == 16_000
        assert 2 <= clip.getnframes() / 16_000 <= 3
    assert files["evidence/3.txt"].decode() == "The mole is 310 metres long."


def test_what_a_dossier_says_of_sources_is_enough_to_know_them_again(made: Path) -> None:
    told = _told(made)
    assert [(s.name, s.content) for s in told.sources] == [
        ("harbour report.pdf", f"{1:064x}"),
        ("call.wav", f"{2:064x}"),
        ("notes.md", f"{3:064x}"),
    ]
    assert "/papers/" not in files_of(made)["dossier.json"].decode()
    assert told.is_exact
    assert told.notes == ()


def test_no_draft_is_in_a_dossier(made: Path) -> None:
    assert all(FALSE_DRAFT.encode() not in content for content in files_of(made).values())


async def test_an_answer_without_a_record_says_what_is_not_known(tmp_path: Path) -> None:
    path = await packed(tmp_path, ANSWER)
    told = _told(path)
    assert told.notes == (NO_RECORD,)
    assert {piece.how_known for piece in told.evidence} == {"as_read_now"}
    assert not told.is_exact
    assert b"not known" in files_of(path)["dossier.html"]


async def test_what_was_read_anew_is_there_as_it_was_cited(tmp_path: Path) -> None:
    assert RECORDED.record is not None
    shown = RECORDED.record.shown
    other = (shown[0].model_copy(update={"fingerprint": "0" * 64}), *shown[1:])
    record = RECORDED.record.model_copy(update={"shown": other})
    told = _told(await packed(tmp_path, RECORDED.model_copy(update={"record": record})))
    assert [piece.how_known for piece in told.evidence] == ["as_cited", "as_shown", "as_shown"]
    assert told.evidence[0].element.text == ANSWER.citations[0].quote
    assert "[1] harbour report.pdf p. 3 was read anew" in told.notes[0]


async def test_uncited_evidence_that_is_gone_is_named(tmp_path: Path) -> None:
    assert RECORDED.record is not None
    gone = RECORDED.record.shown[1].model_copy(update={"element": ELEMENTS[1].id + "9"})
    shown = (RECORDED.record.shown[0], gone, RECORDED.record.shown[2])
    record = RECORDED.record.model_copy(update={"shown": shown})
    cited = (ANSWER.citations[0], ANSWER.citations[2])
    answer = RECORDED.model_copy(update={"record": record, "citations": cited})
    told = _told(await packed(tmp_path, answer))
    assert [piece.number for piece in told.evidence] == [1, 3]
    assert "([2]) can no longer be had" in told.notes[0]
    assert not told.is_exact


async def test_a_refusal_has_a_dossier_too(tmp_path: Path) -> None:
    path = await packed(tmp_path, REFUSAL)
    assert "The library does not say who paid." in files_of(path)["dossier.html"].decode()
    assert _told(path).evidence[0].file == "evidence/1.png"


async def test_a_generated_picture_is_told_of_and_left_out(tmp_path: Path) -> None:
    picture = DrawnPicture(id="a" * 20, prompt="a <b>", model="m", width=8, height=8)
    answer = RECORDED.model_copy(update={"pictures": (picture,)})
    path = await packed(tmp_path, answer)
    assert "A picture of “a &lt;b&gt;” was generated" in files_of(path)["dossier.html"].decode()
    assert not any(picture.id in name for name in files_of(path))


async def test_an_answer_that_is_not_the_askers_has_no_dossier(tmp_path: Path) -> None:
    with pytest.raises(UnknownSource):
        await dossier(ScriptedService(tmp_path), AnswerId("another"), Scope())


async def test_the_page_runs_and_loads_nothing(tmp_path: Path) -> None:
    hostile = '<script>alert(1)</script><img src="http://x.example/a.png">'
    answer = RECORDED.model_copy(
        update={"question": hostile, "sentences": (sentence(1, hostile, Label.UNSUPPORTED),)}
    )
    page = files_of(await packed(tmp_path, answer))["dossier.html"].decode()
    assert "<script" not in page
    assert 'src="' not in page
    assert all(rest.startswith("data:") for rest in page.split("src='")[1:])
    assert "default-src 'none'" in page
    assert "&lt;script&gt;" in page
