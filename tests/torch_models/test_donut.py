"""The Donut adapter against the library's own way, and what becomes of what a model writes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pincite.config import Donut
from pincite.errors import BadSettings
from pincite.models.donut import DonutFieldReader
from pincite.models.torch_library import torch_library, transformers_library
from tests.torch_models import tiny
from tests.torch_models.tiny_donut import PROMPT, save_donut

pytestmark = pytest.mark.torch


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_donut(tmp_path_factory.mktemp("donut"))


def _reader(folder: Path, most: int = 40) -> DonutFieldReader:
    settings = Donut(checkpoint=str(folder), prompt=PROMPT, device="cpu", max_tokens=most)
    return DonutFieldReader(settings)


def _written_by_the_library(folder: Path, most: int) -> tuple[list[int], Any]:
    """As the documentation of Donut does it: tokens, and the value of its `token2json`."""
    library = transformers_library()
    processor = library.DonutProcessor.from_pretrained(folder)
    model = library.VisionEncoderDecoderModel.from_pretrained(folder).eval()
    pixels = processor(tiny.page_picture(), return_tensors="pt").pixel_values
    prompt = processor.tokenizer(PROMPT, add_special_tokens=False, return_tensors="pt").input_ids
    said = model.generate(
        pixels,
        decoder_input_ids=prompt,
        max_length=prompt.shape[1] + most,
        pad_token_id=processor.tokenizer.pad_token_id,
        eos_token_id=processor.tokenizer.eos_token_id,
        use_cache=True,
        bad_words_ids=[[processor.tokenizer.unk_token_id]],
        return_dict_in_generate=True,
    ).sequences
    text = processor.batch_decode(said)[0]
    text = text.replace(processor.tokenizer.eos_token, "").replace(
        processor.tokenizer.pad_token, ""
    )
    text = re.sub(r"<.*?>", "", text, count=1).strip()
    return said[0].tolist(), processor.token2json(text)


def test_the_text_is_the_one_that_the_library_generates(folder: Path) -> None:
    tokens, said = _written_by_the_library(folder, 40)
    reader = _reader(folder)
    written = reader.write(tiny.page_picture())
    assert list(written.tokens) == tokens
    assert len(set(tokens)) > 3, "the model writes one token over and over"
    assert reader._loaded.processor.token2json(written.text) == said


def test_confidence_is_the_mean_probability_of_the_chosen_tokens(folder: Path) -> None:
    torch, library = torch_library(), transformers_library()
    written = _reader(folder).write(tiny.page_picture())
    model = library.VisionEncoderDecoderModel.from_pretrained(folder).eval()
    processor = library.DonutProcessor.from_pretrained(folder)
    pixels = processor(tiny.page_picture(), return_tensors="pt").pixel_values
    with torch.no_grad():
        whole = torch.tensor([written.tokens])
        logits = model(pixel_values=pixels, decoder_input_ids=whole).logits[0]
    unknown = processor.tokenizer.unk_token_id
    logits[:, unknown] = -float("inf")
    sure = [
        float(logits[place].softmax(-1)[token]) for place, token in enumerate(written.tokens[1:])
    ]
    assert written.confidence == pytest.approx(np.mean(sure), abs=1e-4)


def test_a_reader_of_random_weights_locates_nothing_that_is_not_on_the_page(folder: Path) -> None:
    words = tiny.page_words(30)
    for field in _reader(folder).fields(tiny.page_picture(), words):
        spelt = "".join(words[position].text for position in field.value_words)
        assert bool(field.value_words) == bool(spelt)


def test_generation_ends_where_the_model_has_no_more_positions(folder: Path) -> None:
    written = _reader(folder, most=10_000).write(tiny.page_picture())
    assert len(written.tokens) <= 64


def test_a_checkpoint_of_another_family_is_refused(tmp_path: Path) -> None:
    folder = tiny.save_classifier("lilt", tmp_path)
    with pytest.raises(BadSettings, match="of the family 'lilt', not 'vision-encoder-decoder'"):
        _reader(folder).write(tiny.page_picture())
