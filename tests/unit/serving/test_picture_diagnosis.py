from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from pincite.config import LabelImages, NoImages, OpenClipImages, Settings
from pincite.models.joint_space import not_embedded, unit_length
from pincite.models.picture_facts import asked_colours, colour_shares
from pincite.models.ports import Modality, Picture, Vectors, Wave
from pincite.models.shape_probe import SHAPES, draw, probe, things
from pincite.models.store import ModelStore
from serving.diagnosis import pictures


class ColoursOnly:
    """Knows colours and no shapes."""

    id, dimensions, calibration, degraded = "colours", 11, None, ""
    modalities: frozenset[Modality] = frozenset({"text", "picture"})

    def embed_texts(self, texts: Sequence[str]) -> Vectors:
        return unit_length([asked_colours(text) for text in texts])

    def embed_pictures(self, pictures: Sequence[Picture]) -> Vectors:
        shares = np.array([colour_shares(picture) for picture in pictures])
        shares[:, 1:3] = 0  # the ground
        return unit_length(shares)

    def embed_sounds(self, sounds: Sequence[Wave]) -> Vectors:
        raise not_embedded(self.id, "sound")

    def warm_up(self) -> None:
        return


def _findings(images: Any) -> list[Any]:
    settings = Settings(images=images)
    return list(pictures.configured(settings, ModelStore(settings.models)))


def test_the_shipped_way_is_called_degraded_with_what_mends_it() -> None:
    [found] = _findings(LabelImages())
    assert found.state == "degraded"
    assert "no CLIP weights" in found.says
    assert "PINCITE_IMAGES__KIND=open_clip" in found.mend


def test_no_encoder_is_off_and_not_broken() -> None:
    [found] = _findings(NoImages())
    assert found.state == "off"


def test_weights_that_are_not_here_are_told_when_the_encoder_is_asked_for() -> None:
    from pincite.errors import BadSettings

    with pytest.raises(BadSettings, match="hf download laion/nothing"):
        _findings(OpenClipImages(checkpoint="laion/nothing"))


def test_an_encoder_of_colours_alone_is_seen_through() -> None:
    seen = probe(ColoursOnly(), side=48)
    assert seen.right_colour > 0.7
    assert seen.right_shape < 0.4
    assert seen.things == 64
    assert seen.chance == 1 / 64


def test_every_shape_is_drawn_and_none_fills_the_picture() -> None:
    chance = random.Random(1)  # noqa: S311
    for thing in things()[:: len(things()) // len(SHAPES)]:
        drawn = draw(thing, 48, chance)
        share = (drawn.astype(int).std(axis=2) > 20).mean()
        assert 0.03 < share < 0.6 or thing.colour == "black"
