"""Recordings and pictures to search with, good and bad, through the confined child."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ingestion.messages import ParserSettings
from pincite import errors
from pincite.config import Settings, Speech
from serving.owner import private_folder
from serving.query_files import QueryFiles
from serving.service import Upload
from tests.unit.ingestion.recordings import bursts, write_recording

ROOT = Path(__file__).parents[3]


@pytest.fixture
def files(tmp_path: Path) -> QueryFiles:
    made = Settings(data_dir=tmp_path / "data", speech=Speech(kind="fake"))
    return QueryFiles(private_folder(tmp_path / "scratch"), ParserSettings.of(made))


def upload(path: Path) -> Upload:
    return Upload(path=path, name=path.name, origin=str(path), is_ours=False)


def png_size(png: bytes) -> tuple[int, int]:
    width, height = struct.unpack(">II", png[16:24])
    return width, height


async def test_a_recording_becomes_the_words_that_are_said(
    files: QueryFiles, tmp_path: Path
) -> None:
    spoken = write_recording(tmp_path / "q.ogg", bursts(4, [(1, 2)]), codec="libopus")
    assert await files.words_of(upload(spoken)) == "Sound at 1 seconds."
    assert spoken.exists()


@pytest.mark.real
async def test_a_spoken_question_is_heard_by_the_shipped_model(tmp_path: Path) -> None:
    made = Settings(data_dir=tmp_path / "data", models=Settings.load().models)
    files = QueryFiles(private_folder(tmp_path / "scratch"), ParserSettings.of(made))
    words = await files.words_of(upload(ROOT / "samples/library/handover.ogg"))
    assert "bilge pumps" in words


async def test_silence_is_one_sentence(files: QueryFiles, tmp_path: Path) -> None:
    silent = write_recording(tmp_path / "silent.wav", bursts(3, []))
    with pytest.raises(errors.UserError, match=r"nothing is said in silent.wav, so there are no"):
        await files.words_of(upload(silent))


async def test_a_long_recording_is_no_question(files: QueryFiles, tmp_path: Path) -> None:
    long = write_recording(tmp_path / "long.ogg", bursts(700, []), codec="libopus")
    with pytest.raises(errors.TooLarge, match=r"long.ogg lasts 12 minutes; .* may last six"):
        await files.words_of(upload(long))


MADE: dict[str, Callable[[Path], object]] = {
    "palette.gif": lambda path: Image.new("P", (40, 30), 3).save(path),
    "print.jpg": lambda path: Image.new("CMYK", (40, 30), (0, 90, 90, 0)).save(path),
    "clear.png": lambda path: Image.new("RGBA", (40, 30), (9, 9, 9, 0)).save(path),
    "deep.tiff": lambda path: Image.fromarray(np.full((30, 40), 40_000, np.uint16)).save(path),
}


@pytest.mark.parametrize("name", MADE)
async def test_a_picture_is_shown_as_a_viewer_does(
    files: QueryFiles, tmp_path: Path, name: str
) -> None:
    MADE[name](tmp_path / name)
    png = await files.png_of(upload(tmp_path / name))
    assert png.startswith(b"\x89PNG")
    assert png_size(png) == (40, 30)


async def test_a_picture_of_one_pixel_is_one_sentence(files: QueryFiles, tmp_path: Path) -> None:
    Image.new("RGB", (1, 1)).save(tmp_path / "dot.png")
    with pytest.raises(errors.UserError, match=r"dot.png has 1 × 1 pixels, in which nothing"):
        await files.png_of(upload(tmp_path / "dot.png"))


async def test_other_files_are_refused_by_name(files: QueryFiles, tmp_path: Path) -> None:
    heic = tmp_path / "photo.heic"
    heic.write_bytes(b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(64))
    with pytest.raises(errors.UnsupportedMedia, match=r"HEIC picture, .* save it as JPEG or PNG"):
        await files.png_of(upload(heic))
    text = tmp_path / "notes.txt"
    text.write_text("The harbour opened in 1872.", encoding="utf-8")
    with pytest.raises(errors.UnsupportedMedia, match=r"notes.txt is no picture"):
        await files.png_of(upload(text))
    with pytest.raises(errors.UnsupportedMedia, match=r"notes.txt is no recording"):
        await files.words_of(upload(text))
    with pytest.raises(errors.UserError, match=r"gone.png cannot be read"):
        await files.png_of(upload(tmp_path / "gone.png"))
    torn = tmp_path / "torn.png"
    header = struct.pack(">IIBBBBB", 40, 30, 8, 2, 0, 0, 0)
    checked = b"IHDR" + header
    torn.write_bytes(
        b"\x89PNG\r\n\x1a\n"
        + struct.pack(">I", 13)
        + checked
        + struct.pack(">I", zlib.crc32(checked))
    )
    with pytest.raises(errors.CorruptSource):
        await files.png_of(upload(torn))
