"""The likeliest answer among the tokens of a passage."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer, models, pre_tokenizers, processors

from pincite.models.onnx_reader import LONGEST, LONGEST_ANSWER, reading, tokenizer_in

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "who", "came", "maria", "left", "late", "today"]


def tokenizer(folder: Path) -> Tokenizer:
    made = Tokenizer(models.WordLevel({word: n for n, word in enumerate(WORDS)}, "[UNK]"))
    made.pre_tokenizer = pre_tokenizers.Whitespace()
    made.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 2), ("[SEP]", 3)],
    )
    made.save(str(folder / "tokenizer.json"))
    return tokenizer_in(folder)


def logits(length: int, **at: float) -> np.ndarray:
    made = np.full(length, -5.0, dtype=np.float32)
    for place, value in at.items():
        made[int(place[1:])] = value
    return made


def test_the_best_span_is_told_by_its_characters(tmp_path: Path) -> None:
    passage = "maria came today late"
    encoding = tokenizer(tmp_path).encode(passage, "who left")
    start, end = logits(8, _0=1.0, _1=4.0), logits(8, _0=1.0, _2=3.0)
    found = reading(encoding, 2.5, start, end)
    assert passage[found.start : found.end] == "maria came"
    assert found.span == pytest.approx(4 + 3 - 2)
    assert found.answered == 2.5


def test_an_answer_never_ends_before_it_begins_nor_lies_in_the_question(tmp_path: Path) -> None:
    passage = "maria came today late"
    encoding = tokenizer(tmp_path).encode(passage, "who left")
    start, end = logits(8, _3=4.0, _6=9.0), logits(8, _1=4.0, _4=1.0, _7=9.0)
    found = reading(encoding, 0.0, start, end)
    assert passage[found.start : found.end] == "today late"


def test_an_answer_is_short_and_a_pair_is_cut(tmp_path: Path) -> None:
    encoding = tokenizer(tmp_path).encode("today " * 400, "who left")
    assert len(encoding.ids) == LONGEST
    flat = np.zeros(LONGEST, dtype=np.float32)
    start, end = flat.copy(), flat.copy()
    start[1], end[LONGEST_ANSWER + 1] = 5.0, 5.0
    found = reading(encoding, 0.0, start, end)
    assert (found.end - found.start) < LONGEST_ANSWER * len("today ")


def test_without_a_passage_there_is_no_answer(tmp_path: Path) -> None:
    encoding = tokenizer(tmp_path).encode("", "who left")
    nothing = np.zeros(len(encoding.ids), dtype=np.float32)
    found = reading(encoding, -3.0, nothing, nothing)
    assert (found.start, found.end, found.answered) == (0, 0, -3.0)
