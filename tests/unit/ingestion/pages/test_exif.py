"""What a camera wrote into a photo: date and device always, the place only if asked for."""

from __future__ import annotations

from pathlib import Path

from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

from ingestion.readers.exif import photo_facts
from ingestion.readers.image import ImageReader
from ingestion.readers.ports import UnitRead
from pincite.config import Ingestion
from pincite.elements import How, Kind
from pincite.models.fakes import FakeTextRecognizer


def _photo(path: Path, taken: str = "2024:05:03 14:22:10", model: str = "Canon EOS 80D") -> Path:
    exif = Image.Exif()
    exif[Base.Make], exif[Base.Model] = "Canon", model
    exif.get_ifd(IFD.Exif)[Base.DateTimeOriginal] = taken
    place = exif.get_ifd(IFD.GPSInfo)
    place[GPS.GPSLatitudeRef], place[GPS.GPSLatitude] = "N", (53.0, 33.0, 0.0)
    place[GPS.GPSLongitudeRef], place[GPS.GPSLongitude] = "W", (9.0, 59.0, 24.0)
    Image.new("RGB", (60, 40), "navy").save(path, exif=exif)
    return path


def _read(path: Path, settings: Ingestion) -> UnitRead:
    found = ImageReader(settings, FakeTextRecognizer).read(path, 1, slow=True)
    assert isinstance(found, UnitRead)
    return found


def test_date_and_camera_are_read_and_the_place_is_dropped(tmp_path: Path) -> None:
    path = _photo(tmp_path / "a.jpg")
    assert photo_facts(path) == {"Taken": "2024-05-03 14:22:10", "Camera": "Canon EOS 80D"}
    read = _read(path, Ingestion())
    (told,) = [each for each in read.elements if each.kind is Kind.FIELD]
    assert told.text == "Taken: 2024-05-03 14:22:10, Camera: Canon EOS 80D"
    assert told.how is How.TEXT_LAYER
    assert "53" not in read.model_dump_json(include={"elements"})


def test_the_place_is_read_where_that_is_set(tmp_path: Path) -> None:
    path = _photo(tmp_path / "a.jpg")
    assert photo_facts(path, places=True)["Place"] == "53.55000, -9.99000"
    assert "53.55" in _read(path, Ingestion(photo_places=True)).elements[1].text


def test_facts_stand_in_the_outline(tmp_path: Path) -> None:
    path = _photo(tmp_path / "a.jpg")
    assert "Place" not in ImageReader(Ingestion(), FakeTextRecognizer).outline(path).facts


def test_crops_carry_nothing_of_what_the_camera_wrote(tmp_path: Path) -> None:
    (png,) = _read(_photo(tmp_path / "a.jpg"), Ingestion()).crops.values()
    assert b"eXIf" not in png
    assert b"Canon" not in png


def test_clocks_that_were_never_set_and_odd_signs_are_left_out(tmp_path: Path) -> None:
    path = _photo(tmp_path / "a.jpg", taken="0000:00:00 00:00:00", model="X\x07<b>1</b>")
    assert photo_facts(path) == {"Camera": "Canon X b 1 /b"}


def test_a_picture_without_a_camera_says_nothing(tmp_path: Path) -> None:
    Image.new("RGB", (60, 40), "white").save(tmp_path / "a.png")
    assert photo_facts(tmp_path / "a.png") == {}
    assert len(_read(tmp_path / "a.png", Ingestion()).elements) == 1
