from __future__ import annotations

import pytest

from pincite.elements import Element, ElementId, How, Kind, SourceId, Word
from pincite.locators import PageBox, TextSpan, TimeSpan
from retrievers.quoting import quote_of
from retrievers.word_for_word import holds, spot_of


def speech(text: str) -> Element:
    words = [
        Word(text=word, locator=TimeSpan(start_s=n, end_s=n + 0.5))
        for n, word in enumerate(text.split())
    ]
    return element(Kind.SPEECH, text, words)


def page(*lines: str) -> Element:
    words = [
        Word(
            text=word,
            locator=PageBox(
                page=2,
                left=50 * n,
                right=50 * n + 45,
                top=20 * row,
                bottom=20 * row + 12,
                page_width=600,
                page_height=800,
            ),
        )
        for row, line in enumerate(lines)
        for n, word in enumerate(line.split())
    ]
    return element(Kind.TEXT, " ".join(lines), words)


def element(kind: Kind, text: str, words: list[Word]) -> Element:
    place = words[0].locator if words else TextSpan(start=0, end=1)
    return Element(
        id=ElementId("s.1"),
        source=SourceId("s"),
        kind=kind,
        text=text,
        locators=(place,),
        how=How.SPEECH,
        words=tuple(words),
    )


@pytest.mark.parametrize(
    ("text", "phrase", "there"),
    [
        ("The Pump, failed!", "pump failed", True),
        ("le café est fermé", "Cafe est ferme", True),
        ("The pump has failed.", "pump failed", False),
        ("pumps failed", "pump failed", False),
        ("anything", "…", False),
    ],
)
def test_words_must_follow_one_another(text: str, phrase: str, there: bool) -> None:
    assert holds(text, phrase) is there


def test_the_second_of_spoken_words() -> None:
    spot = spot_of(speech("on Tuesday the bilge pump failed again"), "bilge pump")
    assert spot is not None
    assert spot.locators == (TimeSpan(start_s=3, end_s=4.5),)
    assert spot.quote == "bilge pump"


def test_a_misheard_word_does_not_lose_the_place() -> None:
    spot = spot_of(speech("we saw the bilge bump failed at noon"), "the bilge pump failed at noon")
    assert spot is not None
    assert spot.locators == (TimeSpan(start_s=3, end_s=7.5),)
    assert 0.6 <= spot.share < 1


def test_other_talk_is_no_place() -> None:
    assert spot_of(speech("the crane was late and the wind was strong"), "the bilge pump") is None


def test_a_phrase_over_two_lines_gets_a_box_for_each() -> None:
    spot = spot_of(page("the north quay is", "closed until May"), "quay is closed")
    assert spot is not None
    boxes = [box for box in spot.locators if isinstance(box, PageBox)]
    assert [(box.left, box.right, box.top) for box in boxes] == [(100, 195, 0), (0, 45, 20)]


def test_written_words_count_only_word_for_word() -> None:
    assert spot_of(page("the north quay is", "closed until May"), "quay closed May noon") is None


def test_the_quote_is_the_part_that_answers() -> None:
    text = "Harbour rules\nFees are due in May. The north quay is closed at force nine. Boats wait."
    assert quote_of(text, "when is the north quay closed") == (
        "The north quay is closed at force nine."
    )
    assert quote_of("", "x") == ""
    assert quote_of("One. Two.", "zebra")
