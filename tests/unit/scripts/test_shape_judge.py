from __future__ import annotations

import random

import numpy as np
import pytest

from pincite.models.shape_probe import Thing, draw
from scripts.shape_judge import Seen, seen_in
from scripts.train_tiny_diffusion import COLOURS, HELD_OUT, SHAPES, SIDE, shown, things


def test_every_shape_that_was_drawn_is_told_with_its_colour() -> None:
    chance = random.Random(5)  # noqa: S311
    drawn = [(thing, draw(thing, 32, chance)) for thing in things() for _ in range(5)]
    wrong = [thing for thing, picture in drawn if seen_in(picture, SHAPES, COLOURS).thing != thing]
    assert wrong == []


def test_at_the_size_of_the_tiny_pipeline_nearly_all_are_told() -> None:
    chance = random.Random(6)  # noqa: S311
    drawn = [(thing, draw(thing, SIDE, chance)) for thing in things() for _ in range(10)]
    right = [seen_in(picture, SHAPES, COLOURS).thing == thing for thing, picture in drawn]
    assert np.mean(right) > 0.95


@pytest.mark.parametrize("noise", [20, 40])
def test_a_little_noise_changes_nothing(noise: int) -> None:
    chance = np.random.default_rng(1)
    picture = draw(Thing("cross", "green"), 32, random.Random(1)).astype(np.int16)  # noqa: S311
    spoilt = picture + chance.integers(-noise, noise + 1, picture.shape)
    seen = seen_in(spoilt.clip(0, 255).astype(np.uint8), SHAPES, COLOURS)
    assert seen == ("cross", "green")


def test_of_nothing_and_of_noise_nothing_is_told() -> None:
    assert seen_in(np.zeros((32, 32, 3), dtype=np.uint8)) == Seen(None, None)
    noise = np.random.default_rng(2).integers(0, 256, (32, 32, 3), dtype=np.uint8)
    assert seen_in(noise).thing is None


def test_each_shape_and_colour_is_shown_though_not_together() -> None:
    assert len(HELD_OUT) == 4
    assert {thing.shape for thing in shown()} == set(SHAPES)
    assert {thing.colour for thing in shown()} == set(COLOURS)
