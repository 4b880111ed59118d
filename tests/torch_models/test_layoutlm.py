from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from pincite.config import LayoutLM
from pincite.errors import BadSettings, UnsafeWeights
from pincite.models.layoutlm import LayoutLMModel, WordPage
from pincite.models.ports import Picture, Quad, RecognizedLine, RecognizedWord
from pincite.models.torch_library import torch_library, transformers_library
from tests.torch_models import tiny

pytestmark = pytest.mark.torch


class Reads:
    """A recognizer that reads the same words in every picture."""

    id = "scripted"

    def __init__(self, words: list[RecognizedWord]) -> None:
        self.asked = 0
        self._words = words

    def recognize(self, picture: Picture) -> list[RecognizedLine]:
        self.asked += 1
        text = " ".join(word.text for word in self._words)
        quad = self._words[0].quad
        return [RecognizedLine(text=text, quad=quad, confidence=0.9, words=tuple(self._words))]

    def read_again(self, picture: Picture, places: Sequence[Quad]) -> list[RecognizedLine]:
        return [RecognizedLine(text="", quad=place, confidence=0) for place in places]


def test_regions_cover_every_word_best_first(tmp_path: Path) -> None:
    model = LayoutLMModel(LayoutLM(checkpoint=str(tiny.save_classifier("lilt", tmp_path))))
    words = tiny.page_words(40)
    regions = model.regions(tiny.page_picture(), words)
    assert [r.confidence for r in regions] == sorted((r.confidence for r in regions), reverse=True)
    for word in words:
        (left, top), _, (right, bottom), _ = word.quad
        assert any(
            r.left <= left and r.top <= top and right <= r.right and bottom <= r.bottom
            for r in regions
        )
    assert {region.label for region in regions} <= {"o", "header", "question", "answer"}
    assert all(region.kind for region in regions)


def test_without_words_the_picture_is_recognized_and_with_words_it_is_not(tmp_path: Path) -> None:
    words = tiny.page_words(20)
    reads = Reads(words)
    settings = LayoutLM(checkpoint=str(tiny.save_classifier("layoutlm", tmp_path)))
    model = LayoutLMModel(settings, lambda: reads)
    given = model.regions(tiny.page_picture(), words)
    assert reads.asked == 0
    assert model.regions(tiny.page_picture()) == given
    assert reads.asked == 1


def test_a_page_without_words_has_no_regions(tmp_path: Path) -> None:
    model = LayoutLMModel(LayoutLM(checkpoint=str(tiny.save_classifier("layoutlm", tmp_path))))
    assert model.regions(tiny.page_picture()) == []


def test_words_that_the_tokenizer_drops_or_that_leave_the_page_do_no_harm(tmp_path: Path) -> None:
    folder = tiny.save_classifier("layoutlm", tmp_path)
    model = LayoutLMModel(LayoutLM(checkpoint=str(folder), overlap=10_000))
    words = tiny.page_words(30)
    odd = RecognizedWord(
        text="\u200b", quad=((-50, -9), (2000, -9), (2000, 900), (-50, 900)), confidence=0.1
    )
    long = words[0].model_copy(update={"text": "abcdefg" * 60})
    [sure] = model.label_words([WordPage(tiny.page_picture(), [*words, odd, long])])
    assert sure[30].sum() == 0
    np.testing.assert_allclose(np.delete(sure, 30, axis=0).sum(axis=1), 1)
    assert model.regions(tiny.page_picture(), [*words, odd, long])


def test_layoutlmv3_is_refused_until_its_licence_is_accepted(tmp_path: Path) -> None:
    folder = tiny.save_classifier("layoutlmv3", tmp_path)
    with pytest.raises(BadSettings, match="PINCITE_LAYOUT__ACCEPT_NON_COMMERCIAL=true"):
        _ = LayoutLMModel(LayoutLM(checkpoint=str(folder))).labels
    accepted = LayoutLM(checkpoint=str(folder), accept_non_commercial=True)
    assert LayoutLMModel(accepted).labels == tiny.LABELS


def test_a_base_model_is_refused_rather_than_run_with_a_random_classifier(tmp_path: Path) -> None:
    folder = tiny.save_classifier("lilt", tmp_path)
    library = transformers_library()
    library.LiltModel(library.AutoConfig.from_pretrained(folder)).save_pretrained(folder)
    with pytest.raises(BadSettings, match="it is a base model"):
        _ = LayoutLMModel(LayoutLM(checkpoint=str(folder))).labels


def test_weights_in_a_pickle_are_refused(tmp_path: Path) -> None:
    folder = tiny.save_classifier("lilt", tmp_path)
    (folder / "model.safetensors").unlink()
    torch_library().save({}, folder / "pytorch_model.bin")
    with pytest.raises(UnsafeWeights, match="no weights in safetensors format"):
        _ = LayoutLMModel(LayoutLM(checkpoint=str(folder))).labels


def test_a_checkpoint_with_a_plain_vocabulary_gives_the_same(tmp_path: Path) -> None:
    """The published LayoutLM v1 has `vocab.txt` and no `tokenizer.json`."""
    folder = tiny.save_classifier("layoutlm", tmp_path)
    words = tiny.page_words(20)
    page = WordPage(tiny.page_picture(), words)
    [expected] = LayoutLMModel(LayoutLM(checkpoint=str(folder))).label_words([page])
    vocabulary = json.loads((folder / "tokenizer.json").read_text())["model"]["vocab"]
    (folder / "tokenizer.json").unlink()
    (folder / "tokenizer_config.json").unlink()
    (folder / "vocab.txt").write_text("\n".join(sorted(vocabulary, key=vocabulary.__getitem__)))
    [found] = LayoutLMModel(LayoutLM(checkpoint=str(folder))).label_words([page])
    assert np.abs(found - expected).max() < 1e-4


def test_the_id_changes_with_the_weights(tmp_path: Path) -> None:
    one = tiny.save_classifier("lilt", tmp_path / "one")
    other = tiny.save_classifier("layoutlm", tmp_path / "other")
    ids = [LayoutLMModel(LayoutLM(checkpoint=str(folder))).id for folder in (one, other, one)]
    assert ids[0] == ids[2] != ids[1]


def test_a_graphics_card_that_is_not_there_is_said(tmp_path: Path) -> None:
    folder = tiny.save_classifier("lilt", tmp_path)
    if torch_library().cuda.is_available():
        assert LayoutLMModel(LayoutLM(checkpoint=str(folder), device="cuda")).labels
        return
    with pytest.raises(BadSettings, match="no graphics card"):
        _ = LayoutLMModel(LayoutLM(checkpoint=str(folder), device="cuda")).labels
