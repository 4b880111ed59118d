"""The layout adapter against the library's own way: its processor and its model, called plainly."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from pincite.config import LayoutLM
from pincite.models.layoutlm import LayoutLMModel, WordPage
from pincite.models.ports import RecognizedWord
from pincite.models.torch_library import torch_library, transformers_library
from tests.torch_models import tiny

pytestmark = pytest.mark.torch

LONGEST, STRIDE = tiny.POSITIONS - 2, 16
TOLERANCE = 1e-4
Floats = npt.NDArray[np.float64]


@pytest.fixture(params=tiny.FAMILIES)
def family(request: pytest.FixtureRequest) -> str:
    return request.param


def _model(folder: Path, **settings: Any) -> LayoutLMModel:
    chosen: dict[str, Any] = {"overlap": STRIDE, "accept_non_commercial": True, **settings}
    return LayoutLMModel(LayoutLM(checkpoint=str(folder), device="cpu", **chosen))


def _library_boxes(words: Sequence[RecognizedWord]) -> list[list[int]]:
    """As the documentation of LayoutLM scales them."""
    boxes: list[list[int]] = []
    for word in words:
        (left, top), _, (right, bottom), _ = word.quad
        boxes.append(
            [
                int(1000 * (left / tiny.WIDTH)),
                int(1000 * (top / tiny.HEIGHT)),
                int(1000 * (right / tiny.WIDTH)),
                int(1000 * (bottom / tiny.HEIGHT)),
            ]
        )
    return boxes


def _encoded(family: str, folder: Path, words: Sequence[RecognizedWord]) -> Any:
    """The page as the library's processor cuts it, overlong pages in windows."""
    library = transformers_library()
    texts, boxes = [word.text for word in words], _library_boxes(words)
    tokenizer = library.AutoTokenizer.from_pretrained(folder)
    cut: dict[str, Any] = {
        "truncation": True,
        "max_length": LONGEST,
        "stride": STRIDE,
        "padding": "max_length",
        "return_overflowing_tokens": True,
        "return_tensors": "pt",
    }
    if family == "layoutlm":
        found = tokenizer(texts, is_split_into_words=True, **cut)
        found["bbox"] = torch_library().tensor(
            [_word_boxes(found, row, boxes, tokenizer) for row in range(len(found.input_ids))]
        )
    elif family == "lilt":
        found = tokenizer(texts, boxes=boxes, **cut)
    else:
        pictures = library.LayoutLMv3ImageProcessorPil(
            apply_ocr=False, size={"height": 64, "width": 64}
        )
        processor = library.LayoutLMv3Processor(pictures, tokenizer)
        found = processor(tiny.page_picture(), texts, boxes=boxes, **cut)
        found["pixel_values"] = torch_library().tensor(np.array(found["pixel_values"]))
    del found["overflow_to_sample_mapping"]
    return found


def _word_boxes(found: Any, row: int, boxes: list[list[int]], tokenizer: Any) -> list[list[int]]:
    """As the documentation of LayoutLM does it: zeros first, 1000s at the separator."""
    ends = {tokenizer.sep_token_id: [1000] * 4}
    return [
        ends.get(int(token), [0] * 4) if word is None else boxes[word]
        for token, word in zip(found.input_ids[row], found.word_ids(row), strict=True)
    ]


def _library_probabilities(
    family: str, folder: Path, words: Sequence[RecognizedWord]
) -> tuple[Floats, list[list[int | None]]]:
    """Of each token of each window, with the word that the token belongs to."""
    library = transformers_library()
    found = _encoded(family, folder, words)
    model = library.AutoModelForTokenClassification.from_pretrained(folder).eval()
    names = ("input_ids", "bbox", "attention_mask", "pixel_values")
    with torch_library().no_grad():
        logits = model(**{name: found[name] for name in names if name in found}).logits
    rows = range(len(found["input_ids"]))
    return logits.double().softmax(-1).numpy(), [found.word_ids(row) for row in rows]


def _pooled(said: Floats, owners: list[list[int | None]], count: int) -> Floats:
    """First token of each word, in the window whose middle is nearest to it."""
    step = LONGEST - 2 - STRIDE
    tokens = {
        row * step + place: (row, place + 1, word)
        for row, words in enumerate(owners)
        for place, word in enumerate(words[1:])
        if word is not None
    }
    first: dict[int, int] = {}
    for token in sorted(tokens):
        first.setdefault(int(tokens[token][2] or 0), token)
    last = len(owners) - 1
    end = max(tokens)

    def context(token: int, row: int) -> float:
        left = token - row * step if row else end
        right = row * step + LONGEST - 3 - token if row < last else end
        return min(left, right) if left >= 0 and right >= 0 else -1

    pooled = np.zeros((count, said.shape[-1]))
    for word, token in first.items():
        row = max(range(len(owners)), key=lambda row: context(token, row))
        pooled[word] = said[row, token - row * step + 1]
    return pooled


@pytest.mark.parametrize("count", [12, 90], ids=["one window", "several windows"])
def test_word_probabilities_are_those_of_the_library(
    family: str, count: int, tmp_path: Path
) -> None:
    folder = tiny.save_classifier(family, tmp_path)
    words = tiny.page_words(count)
    said, owners = _library_probabilities(family, folder, words)
    assert (len(said) > 2) == (count == 90)
    expected = _pooled(said, owners, count)
    [found] = _model(folder).label_words([WordPage(tiny.page_picture(), words)])
    assert np.abs(found - expected).max() < TOLERANCE
    assert expected.std(axis=0).max() > 0.1, "the model says the same of every word"


def test_every_window_of_the_adapter_is_a_window_of_the_library(
    family: str, tmp_path: Path
) -> None:
    folder = tiny.save_classifier(family, tmp_path)
    words = tiny.page_words(60)
    encoded = _encoded(family, folder, words)
    loaded = _model(folder)._loaded
    cut = loaded._cut(WordPage(tiny.page_picture(), words))
    assert len(cut.windows) == len(encoded["input_ids"]) > 2
    for row, window in enumerate(cut.windows):
        length = window.end - window.start + 2
        ids, boxes = np.zeros(length, dtype=np.int64), np.zeros((length, 4), dtype=np.int64)
        loaded._fill(ids, boxes, cut, window)
        assert ids.tolist() == encoded["input_ids"][row][:length].tolist()
        assert boxes.tolist() == encoded["bbox"][row][:length].tolist()
        assert encoded["attention_mask"][row].sum() == length


def test_the_picture_is_prepared_as_the_library_does(tmp_path: Path) -> None:
    folder = tiny.save_classifier("layoutlmv3", tmp_path)
    words = tiny.page_words(5)
    expected = _encoded("layoutlmv3", folder, words)["pixel_values"][0].numpy()
    found = _model(folder)._loaded._cut(WordPage(tiny.page_picture(), words)).pixels.numpy()
    assert np.abs(found - expected).max() < TOLERANCE


def test_pages_in_a_batch_are_read_as_if_alone(family: str, tmp_path: Path) -> None:
    folder = tiny.save_classifier(family, tmp_path)
    pages = [WordPage(tiny.page_picture(n), tiny.page_words(20 * n, seed=n)) for n in (1, 2, 3)]
    together = _model(folder, batch=3).label_words(pages)
    alone = [_model(folder, batch=1).label_words([page])[0] for page in pages]
    for one, other in zip(together, alone, strict=True):
        assert np.abs(one - other).max() < TOLERANCE
