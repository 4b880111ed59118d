"""Small models of the real architectures with random weights, saved as checkpoints."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import numpy as np
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
from tokenizers.normalizers import BertNormalizer

from pincite.models.ports import Picture, RecognizedWord
from pincite.models.torch_library import torch_library, transformers_library

LABELS = ("O", "B-HEADER", "I-HEADER", "B-QUESTION", "I-QUESTION", "B-ANSWER", "I-ANSWER")
FAMILIES = ("layoutlm", "lilt", "layoutlmv3")
POSITIONS = 66
"""So that a page of fifty words needs several windows of 64 tokens."""
WIDTH, HEIGHT = 600, 800


def page_words(count: int, seed: int = 7) -> list[RecognizedWord]:
    """Words of one to twelve letters and marks, in rows; no two boxes alike."""
    chance = random.Random(seed)  # noqa: S311
    words: list[RecognizedWord] = []
    for number in range(count):
        length = chance.randint(1, 12)
        text = "".join(chance.choice("abcdefgхийK-.,27€") for _ in range(length))
        left, top = 20 + 95.3 * (number % 6), 10 + 15.7 * (number // 6)
        right, bottom = left + 7.1 * length, top + 11.9
        quad = ((left, top), (right, top), (right, bottom), (left, bottom))
        words.append(RecognizedWord(text=text, quad=quad, confidence=0.9))
    return words


def page_picture(seed: int = 3) -> Picture:
    return np.random.default_rng(seed).integers(0, 256, (HEIGHT, WIDTH, 3), dtype=np.uint8)


def save_classifier(family: str, folder: Path) -> Path:
    """A token classifier with its tokenizer, as `save_pretrained` leaves them."""
    library = transformers_library()
    torch_library().manual_seed(20)
    tokenizer = _word_pieces() if family == "layoutlm" else _byte_pairs()
    common: dict[str, Any] = {
        "vocab_size": len(tokenizer),
        "hidden_size": 48,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "intermediate_size": 64,
        "pad_token_id": tokenizer.pad_token_id,
        "bos_token_id": None,
        "eos_token_id": None,
        "initializer_range": 0.4,
        "id2label": dict(enumerate(LABELS)),
        "label2id": {label: index for index, label in enumerate(LABELS)},
    }
    settings, classifier = {
        "layoutlm": (
            library.LayoutLMConfig(**common, max_position_embeddings=POSITIONS - 2),
            library.LayoutLMForTokenClassification,
        ),
        "lilt": (
            library.LiltConfig(**common, max_position_embeddings=POSITIONS),
            library.LiltForTokenClassification,
        ),
        "layoutlmv3": (
            library.LayoutLMv3Config(
                **common,
                max_position_embeddings=POSITIONS,
                coordinate_size=8,
                shape_size=8,
                input_size=64,
            ),
            library.LayoutLMv3ForTokenClassification,
        ),
    }[family]
    classifier(settings).eval().save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def _texts() -> list[str]:
    return [word.text for word in page_words(400, seed=1)]


def _word_pieces() -> Any:
    raw: Any = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    raw.normalizer = BertNormalizer(lowercase=True)
    raw.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    raw.train_from_iterator(
        _texts(), trainers.WordPieceTrainer(vocab_size=150, special_tokens=special)
    )
    return transformers_library().BertTokenizer(
        vocab=raw.get_vocab(), model_max_length=POSITIONS - 2
    )


def _byte_pairs() -> Any:
    raw: Any = Tokenizer(models.BPE())
    raw.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True)
    raw.decoder = decoders.ByteLevel()
    raw.post_processor = processors.ByteLevel()
    special = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    raw.train_from_iterator(
        _texts(), trainers.BpeTrainer(vocab_size=400, special_tokens=special, show_progress=False)
    )
    return transformers_library().LayoutLMv3Tokenizer(
        vocab=raw.get_vocab(),
        merges=_merges(raw),
        model_max_length=POSITIONS - 2,
    )


def _merges(raw: Any) -> list[tuple[str, str]]:
    merges: list[list[str]] = json.loads(raw.to_str())["model"]["merges"]
    return [(first, second) for first, second in merges]
