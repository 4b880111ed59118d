from __future__ import annotations

from typing import Any

import pytest
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors


@pytest.fixture
def words_tokenizer() -> Tokenizer:
    """Whole words, pairs as BERT reads them."""
    names = ["[UNK]", "[CLS]", "[SEP]", *"the pump costs 5 9".split()]  # noqa: SIM905
    tokenizer = Tokenizer(
        models.WordLevel({name: n for n, name in enumerate(names)}, unk_token="[UNK]")
    )
    parts: Any = tokenizer
    parts.normalizer = normalizers.BertNormalizer(lowercase=True)
    parts.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    parts.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 1), ("[SEP]", 2)],
    )
    return tokenizer
