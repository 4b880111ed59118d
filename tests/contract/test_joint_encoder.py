"""What every encoder of a joint space keeps to; one built here has sounds and words, as CLAP."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from pincite.config import LabelImages
from pincite.errors import UnsupportedMedia
from pincite.models.joint_space import ensembled, not_embedded, unit_length
from pincite.models.label_joint import LabelEncoder
from pincite.models.ports import Calibration, JointEncoder, Modality, Picture, Vectors, Wave
from pincite.models.store import ModelStore

RATE = 16_000
NOTES = {"low": 200, "middle": 800, "high": 3_200}
"""Hertz."""
NOTHING = np.zeros((0, len(NOTES)), dtype=np.float32)


class NoteEncoder:
    """Sounds and words for how high they are, in one space of three notes."""

    id = "notes"
    dimensions = len(NOTES)
    modalities: frozenset[Modality] = frozenset({"text", "sound"})
    calibration = Calibration(scale=10, bias=-5)
    degraded = ""

    def embed_texts(self, texts: Sequence[str]) -> Vectors:
        def named(filled: Sequence[str]) -> Vectors:
            return np.array([[note in text for note in NOTES] for text in filled], np.float32)

        return ensembled(texts, ("{}", "the sound of {}"), named) if texts else NOTHING

    def embed_pictures(self, pictures: Sequence[Picture]) -> Vectors:
        raise not_embedded(self.id, "picture")

    def embed_sounds(self, sounds: Sequence[Wave]) -> Vectors:
        heard = [[self._loudness(sound, note) for note in NOTES] for sound in sounds]
        return unit_length(heard) if heard else NOTHING

    def warm_up(self) -> None:
        return

    def _loudness(self, sound: Wave, note: str) -> float:
        times = np.arange(len(sound)) / RATE
        return float(np.abs(np.exp(-2j * np.pi * NOTES[note] * times) @ sound))


def tone(note: str) -> Wave:
    return np.sin(2 * np.pi * NOTES[note] * np.arange(RATE // 4) / RATE).astype(np.float32)


def picture(height: int, width: int) -> Picture:
    return np.random.default_rng(1).integers(0, 256, (height, width, 3), dtype=np.uint8)


@pytest.fixture(params=["notes", pytest.param("labels", marks=pytest.mark.real)])
def encoder(request: pytest.FixtureRequest) -> JointEncoder:
    if request.param == "notes":
        return NoteEncoder()
    store: ModelStore = request.getfixturevalue("store")
    return LabelEncoder(LabelImages(threads=1), store)


def _some(encoder: JointEncoder, modality: Modality, count: int) -> Vectors:
    match modality:
        case "text":
            return encoder.embed_texts(["a low bird", "a high car", "the middle"][:count])
        case "picture":
            return encoder.embed_pictures(
                [picture(1, 1), picture(40, 300), picture(300, 7)][:count]
            )
        case "sound":
            return encoder.embed_sounds([tone("low"), tone("high"), tone("middle")][:count])


@pytest.mark.parametrize("modality", ["text", "picture", "sound"])
def test_declared_modalities_have_vectors_of_length_one_and_others_are_refused(
    encoder: JointEncoder, modality: Modality
) -> None:
    if modality not in encoder.modalities:
        with pytest.raises(UnsupportedMedia, match=modality):
            _some(encoder, modality, 1)
        return
    vectors = _some(encoder, modality, 3)
    assert (vectors.shape, vectors.dtype) == ((3, encoder.dimensions), np.float32)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert np.allclose(_some(encoder, modality, 1)[0], vectors[0], atol=1e-5)
    assert _some(encoder, modality, 0).shape == (0, encoder.dimensions)


def test_words_and_sounds_meet_in_one_space() -> None:
    encoder = NoteEncoder()
    near = encoder.embed_texts(list(NOTES)) @ encoder.embed_sounds([tone(n) for n in NOTES]).T
    assert near.argmax(axis=1).tolist() == [0, 1, 2]
