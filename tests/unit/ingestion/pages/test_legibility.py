from __future__ import annotations

from ingestion.readers.legibility import legible
from pincite.models.ports import RecognizedLine

_QUAD = ((0.0, 0.0), (9.0, 0.0), (9.0, 9.0), (0.0, 9.0))


def _lines(*confidences: float) -> list[RecognizedLine]:
    return [
        RecognizedLine(text=f"line number {place}", quad=_QUAD, confidence=confidence)
        for place, confidence in enumerate(confidences)
    ]


def test_on_a_page_that_reads_well_doubtful_lines_are_counted_not_read() -> None:
    found = legible(_lines(0.99, 0.99, 0.99, 0.5))
    assert len(found.lines) == 3
    assert found.notes == ("1 place looks like writing but could not be read",)


def test_on_a_poor_page_the_same_lines_are_kept() -> None:
    found = legible(_lines(0.8, 0.8, 0.75, 0.5))
    assert len(found.lines) == 4
    assert found.notes == ()


def test_a_page_in_a_script_that_is_not_read_says_so() -> None:
    found = legible(_lines(0.6, 0.55, 0.6, 0.5, 0.3))
    assert len(found.lines) == 4
    assert "Latin, Greek, Chinese, Japanese" in found.notes[-1]


def test_an_empty_page_has_no_note() -> None:
    assert legible([]) == ([], ())
