from __future__ import annotations

import random

import numpy as np
import pytest
from PIL import Image, ImageDraw

from pincite.models.picture_facts import (
    COLOURS,
    FORMS,
    asked_colours,
    asked_forms,
    colour_shares,
    form_shares,
)
from pincite.models.shape_probe import COLOURS as DRAWN
from pincite.models.shape_probe import Thing, draw, things

NAMES = {
    "red": (200, 20, 20), "orange": (250, 140, 20), "yellow": (240, 220, 40),
    "brown": (110, 70, 30), "green": (40, 150, 60), "blue": (30, 80, 200),
    "purple": (130, 40, 170), "pink": (250, 130, 190),
    "black": (10, 10, 12), "grey": (128, 128, 130), "white": (250, 250, 250),
}  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_colour_is_called_as_people_call_it(name: str) -> None:
    shares = colour_shares(np.full((20, 30, 3), NAMES[name], dtype=np.uint8))
    assert COLOURS[int(shares.argmax())] == name


@pytest.mark.parametrize("colour", DRAWN)
def test_a_drawn_shape_has_its_colour_and_its_ground(colour: str) -> None:
    shares = colour_shares(draw(Thing("square", colour), 64, random.Random(3)))  # noqa: S311
    told = {name: float(share) for name, share in zip(COLOURS, shares, strict=True)}
    assert told[colour] > 0.1
    assert np.isclose(sum(told.values()), 1, atol=1e-5)


def test_words_name_colours_and_forms() -> None:
    assert _named(COLOURS, asked_colours("A golden fish, gray and BLUE")) == {
        "yellow",
        "grey",
        "blue",
    }
    assert _named(FORMS, asked_forms("the charts of May")) == {"chart"}
    assert not asked_colours("redder greenery").any()


def _named(names: tuple[str, ...], asked: np.ndarray) -> set[str]:
    return {name for name, wanted in zip(names, asked, strict=True) if wanted}


def test_noise_is_a_photo_bars_are_a_chart_and_letters_a_document() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (200, 200, 3), dtype=np.uint8)
    chart, page = (Image.new("RGB", (300, 300), "white") for _ in range(2))
    for bar in range(5):
        ImageDraw.Draw(chart).rectangle((20 + 50 * bar, 250 - 40 * bar, 50 + 50 * bar, 250), "navy")
    for line in range(20):
        ImageDraw.Draw(page).text((20, 14 * line), "Dear Sir or Madam, we write", fill="black")
    said = [FORMS[int(form_shares(np.asarray(each)).argmax())] for each in (noise, chart, page)]
    assert said == ["photo", "chart", "document"]


@pytest.mark.parametrize("size", [(1, 1), (1, 900), (3, 2)])
def test_tiny_pictures_have_facts_too(size: tuple[int, int]) -> None:
    picture = np.full((*size, 3), 200, dtype=np.uint8)
    assert np.isclose(colour_shares(picture).sum(), 1, atol=1e-5)
    assert np.isclose(form_shares(picture).sum(), 1, atol=1e-5)


def test_sixty_four_things_are_drawn_alike_for_one_seed() -> None:
    assert len(set(things())) == 64
    one, other = (draw(things()[9], 32, random.Random(5)) for _ in range(2))  # noqa: S311
    assert np.array_equal(one, other)
    assert things()[5].words == "an orange circle"
