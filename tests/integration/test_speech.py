"""Real speech through real weights: known words, at their seconds, none lost at a cut."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ingestion.media import sniff
from ingestion.readers.audio import AudioReader
from ingestion.readers.ports import UnitRead
from ingestion.readers.registry import reader_for
from pincite.config import Settings, Speech
from pincite.elements import Medium, ParsedElement
from pincite.locators import FrameBox, TimeSpan
from pincite.models.factory import transcriber
from pincite.models.sound import RATE, stretch_of
from pincite.models.store import ModelStore
from tests.unit.ingestion.recordings import slide, write_recording, write_slides

pytestmark = pytest.mark.real

CLIP = Path(__file__).parents[1] / "assets" / "oranges.ogg"
SPANISH = CLIP.with_name("naranjas.ogg")
TOLD = ("Good morning", "42 crates of oranges", "Two crates were broken",
        "Margaret Hill paid the invoice on Friday", "Thank you")  # fmt: skip


@pytest.fixture(scope="module")
def reader(store: ModelStore) -> AudioReader:
    return AudioReader(transcriber(Speech(), store))


def _elements(reader: AudioReader, path: Path) -> list[ParsedElement]:
    units = [
        reader.read(path, unit, slow=True) for unit in range(1, reader.outline(path).units + 1)
    ]
    return [one for unit in units if isinstance(unit, UnitRead) for one in unit.elements]


def _span(element: ParsedElement) -> TimeSpan:
    (place,) = element.locators
    assert isinstance(place, TimeSpan)
    return place


def test_what_is_said_is_written_down_at_its_second(reader: AudioReader) -> None:
    elements = _elements(reader, CLIP)
    text = " ".join(element.text for element in elements)
    assert all(words.lower() in text.lower() for words in TOLD)
    invoice = next(element for element in elements if "invoice" in element.text)
    assert _span(invoice).start_s == pytest.approx(7.5, abs=0.4)
    assert _span(invoice).end_s == pytest.approx(9.6, abs=0.4)
    assert all(0.5 < (element.confidence or 0) <= 1 for element in elements)


def test_no_sentence_is_lost_or_doubled_in_a_long_recording(
    reader: AudioReader, tmp_path: Path
) -> None:
    """The clip over and over, so that every border falls somewhere else into it."""
    once = stretch_of(CLIP, start_s=0, end_s=11.3).samples
    clip = np.repeat(once, 48_000 // RATE)
    times = 18
    path = write_recording(tmp_path / "long.flac", np.tile(clip, times), codec="flac")
    assert reader.outline(path).units == 2
    elements = _elements(reader, path)
    said = [element for element in elements if "invoice" in element.text]
    assert len(said) == times
    starts = [_span(element).start_s for element in said]
    assert np.allclose(np.diff(starts), 11.3, atol=0.6)
    text = " ".join(element.text for element in elements)
    assert text.count("Margaret Hill") == times
    assert text.count("oranges") == times


def test_another_language_is_named_and_read_by_the_model_that_knows_it(
    reader: AudioReader, store: ModelStore
) -> None:
    """A synthetic Spanish voice; the English model alone writes English nonsense."""
    assert store.has("whisper-base")
    unit = reader.read(SPANISH, 1, slow=True)
    assert isinstance(unit, UnitRead)
    assert unit.warnings == ("Spanish is spoken between 0:00 and 0:07",)
    text = " ".join(element.text for element in unit.elements)
    assert "Buenos días" in text
    assert "el viernes" in text


def test_a_video_is_heard_and_its_slides_are_read(store: ModelStore, tmp_path: Path) -> None:
    sound = np.repeat(stretch_of(CLIP, start_s=0, end_s=11).samples, 48_000 // RATE)
    slides = [(slide("Harbour office", "Budget 2024"), 5), (slide("Margaret Hill: 1 250 EUR"), 6)]
    path = write_slides(tmp_path / "film.mp4", slides, sound=sound)
    sniffed = sniff(path)
    assert sniffed.medium is Medium.VIDEO
    reader = reader_for(sniffed.media_type, Settings(models=store.settings), store)
    unit = reader.read(path, 1, slow=True)
    assert isinstance(unit, UnitRead)
    assert any("invoice" in element.text for element in unit.elements)
    seen = {element.text: element.locators[0] for element in unit.elements}
    place = seen["Margaret Hill: 1 250 EUR"]
    assert isinstance(place, FrameBox)
    assert place.at_s == pytest.approx(5, abs=1)
    assert 50 < place.left < place.right < 500
    assert {"Harbour office", "Budget 2024"} <= seen.keys()
