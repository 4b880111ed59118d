"""Videos: what is said, and what is to be read in their pictures, by second and box."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from ingestion.readers.film import scenes, still_at
from ingestion.readers.ports import UnitRead
from ingestion.readers.video import VideoReader
from pincite.config import Ingestion
from pincite.elements import How, Kind, ParsedElement
from pincite.errors import CorruptSource, TooLarge
from pincite.locators import FrameBox, TimeSpan
from pincite.models.fakes import FakeTextRecognizer, FakeTranscriber
from pincite.models.sound import has_sound
from tests.unit.ingestion.recordings import bursts, slide, write_recording, write_slides

BAR = (100, 150, 420, 190)
OTHER = (60, 250, 300, 290)


def _bar(*boxes: tuple[int, int, int, int]) -> Image.Image:
    drawn = Image.new("RGB", (640, 360), "white")
    for box in boxes:
        drawn.paste("black", box)
    return drawn


def _reader() -> VideoReader:
    return VideoReader(Ingestion(), FakeTranscriber(), FakeTextRecognizer)


def _read(path: Path, unit: int = 1) -> UnitRead:
    found = _reader().read(path, unit, slow=True)
    assert isinstance(found, UnitRead)
    return found


def _frame(element: ParsedElement) -> FrameBox:
    (place,) = element.locators
    assert isinstance(place, FrameBox)
    return place


KINDS = [
    ("a.mp4", "mpeg4", 12),
    ("a.mkv", "mpeg4", 300),
    ("a.webm", "libvpx", 16),
    ("a.mov", "mpeg4", 12),
]


@pytest.mark.parametrize(("name", "codec", "keys"), KINDS)
def test_speech_and_pictures_are_elements_with_second_and_box(
    tmp_path: Path, name: str, codec: str, keys: int
) -> None:
    films, sound = [(_bar(BAR), 6.0), (_bar(OTHER), 6.0)], bursts(12, [(3, 5)])
    read = _read(write_slides(tmp_path / name, films, sound=sound, codec=codec, keys_apart=keys))
    (said,) = [each for each in read.elements if each.kind is Kind.SPEECH]
    assert isinstance(said.locators[0], TimeSpan)
    photos = [each for each in read.elements if each.kind is Kind.PHOTO]
    texts = [each for each in read.elements if each.kind not in (Kind.PHOTO, Kind.SPEECH)]
    assert [round(_frame(each).at_s / 6) for each in photos] == [0, 1]
    assert all(each.crop in read.crops for each in photos)
    assert [each.how for each in texts] == [How.OCR, How.OCR]
    for text, bar in zip(texts, (BAR, OTHER), strict=True):
        box = _frame(text)
        edges = (box.left, box.top, box.right, box.bottom)
        assert all(abs(edge - wanted) <= 6 for edge, wanted in zip(edges, bar, strict=True))
        assert (box.frame_width, box.frame_height) == (640, 360)
    assert read.how == "mixed"


def test_a_picture_that_stands_still_is_taken_once(tmp_path: Path) -> None:
    path = write_slides(tmp_path / "a.mp4", [(_bar(BAR), 20.0)])
    found = list(scenes(path, start_s=0, end_s=20, most=20, max_megapixels=80))
    assert [still.at_s for still in found] == [0.0]


def test_one_more_line_on_a_slide_is_another_scene(tmp_path: Path) -> None:
    slides = [(slide("Agenda"), 6.0), (slide("Agenda", "First point"), 6.0)]
    path = write_slides(tmp_path / "a.mp4", slides)
    found = list(scenes(path, start_s=0, end_s=12, most=20, max_megapixels=80))
    assert [still.at_s for still in found] == [0.0, 6.0]


def test_text_that_stays_is_not_told_again(tmp_path: Path) -> None:
    path = write_slides(tmp_path / "a.mp4", [(_bar(BAR), 6.0), (_bar(BAR, OTHER), 6.0)])
    texts = [each.text for each in _read(path).elements if each.text]
    assert len(texts) == len(set(texts))


def test_a_video_without_sound_is_read_by_its_pictures_and_says_so(tmp_path: Path) -> None:
    path = write_slides(tmp_path / "a.mp4", [(_bar(BAR), 5.0)])
    assert not has_sound(path)
    outline = _reader().outline(path)
    assert (outline.units, outline.unit_name) == (1, "stretch")
    assert outline.seconds == pytest.approx(5, abs=0.3)
    assert _read(path).warnings == ("this video has no sound track",)


def test_pictures_that_go_on_after_the_sound_are_read(tmp_path: Path) -> None:
    films = [(_bar(BAR), 6.0), (_bar(OTHER), 6.0)]
    path = write_slides(tmp_path / "a.mp4", films, sound=bursts(3, [(1, 2)]))
    assert len([each for each in _read(path).elements if each.kind is Kind.PHOTO]) == 2


def test_the_picture_at_a_second_is_the_one_a_player_shows(tmp_path: Path) -> None:
    path = write_slides(tmp_path / "a.mp4", [(_bar(BAR), 6.0), (_bar(OTHER), 6.0)], keys_apart=300)
    early = still_at(path, 5.6, max_megapixels=80).pixels
    late = still_at(path, 6.1, max_megapixels=80).pixels
    assert early[170, 400].max() < 60
    assert late[170, 400].min() > 200
    assert late[270, 100].max() < 60
    assert still_at(path, 99.0, max_megapixels=80).pixels[270, 100].max() < 60


def test_crops_are_pictures_of_whole_frames(tmp_path: Path) -> None:
    read = _read(write_slides(tmp_path / "a.mp4", [(slide("Budget 2024"), 4.0)]))
    (data,) = read.crops.values()
    assert Image.open(io.BytesIO(data)).size == (640, 360)


def test_a_recording_has_no_pictures_and_enormous_ones_are_refused(tmp_path: Path) -> None:
    sound = write_recording(tmp_path / "a.wav", bursts(2, [(0, 1)]))
    with pytest.raises(CorruptSource, match="no pictures"):
        still_at(sound, 0, max_megapixels=80)
    film = write_slides(tmp_path / "a.mp4", [(Image.new("RGB", (1280, 1024)), 1.0)])
    with pytest.raises(TooLarge):
        still_at(film, 0, max_megapixels=1)


def test_a_video_that_is_cut_off_is_one_sentence(tmp_path: Path) -> None:
    path = write_slides(tmp_path / "a.mp4", [(_bar(BAR), 5.0)])
    path.write_bytes(path.read_bytes()[:2_000])
    with pytest.raises(CorruptSource, match="no recording that can be played, or it is cut off"):
        _reader().outline(path)
