import numpy as np

from ingestion.readers.accents import NOTHING, composed, has_accents


def row(text: str, spots: dict[str, tuple[float, float, float, float]]) -> np.ndarray:
    """Letters 5 wide and 6 high one after another; `spots` places the accents."""
    boxes: list[tuple[float, float, float, float]] = []
    left = 0.0
    for letter in text:
        if letter in spots:
            boxes.append(spots[letter])
        elif letter == " ":
            boxes.append((np.nan, np.nan, np.nan, np.nan))
        else:
            boxes.append((left, 100, left + 4.6, 106))
            left += 5
    return np.array(boxes)


def test_an_accent_goes_onto_the_letter_below_it_and_the_word_closes_up() -> None:
    text = "Min a´c"
    box = row(text, {"´": (16, 96, 19, 98.5)})
    space = np.array([letter == " " for letter in text])
    assert has_accents(text)
    assert composed(text, space, box).replace(NOTHING, "") == "Minác"
    assert not space.any()


def test_an_accent_alone_between_spaces_becomes_a_space() -> None:
    text = "an ´ o"
    box = row(text, {"´": (1, 96, 3, 98.5)})
    box[5] = (60, 100, 64, 106)
    space = np.array([letter == " " for letter in text])
    assert composed(text, space, box).split(NOTHING)[0] == "án "
    assert space.tolist() == [False, False, True, True, True, False]


def test_an_accent_over_nothing_stays() -> None:
    text = "a ´"
    box = row(text, {"´": (50, 50, 53, 52)})
    assert composed(text, np.array([False, True, False]), box) == text
