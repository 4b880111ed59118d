"""Small models of open_clip's real architectures with random weights, in its own file formats."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from tokenizers import Tokenizer, models, pre_tokenizers, processors, trainers

from pincite.models.optional_package import optional_package
from pincite.models.ports import Picture
from pincite.models.torch_library import torch_library, transformers_library
from scripts.train_tiny_clip import architecture, save

WORDS_OF_SIGLIP = 64
TEXTS = ("a red circle", "Two dogs, on the beach!", "", "Ein Wort mit Ümlaut — und mehr", "x " * 90)


def picture(height: int, width: int, seed: int = 3) -> Picture:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def save_clip(folder: Path) -> Path:
    """CLIP: its own tokenizer, 12 words, no bias."""
    return _saved(architecture("clip"), folder)


def save_siglip(folder: Path) -> Path:
    """SigLIP as published: scale and bias, 64 lower-case words without marks, padded to the end."""
    facts = architecture("siglip")
    facts["text_cfg"] |= {
        "context_length": WORDS_OF_SIGLIP,
        "vocab_size": 300,
        "hf_tokenizer_name": "a/hub",
        "tokenizer_kwargs": {"clean": "canonicalize"},
        "no_causal_mask": True,
        "pool_type": "last",
    }
    _saved(facts, folder)
    _pieces().save_pretrained(folder)
    return folder


def _saved(facts: dict[str, Any], folder: Path) -> Path:
    torch = torch_library()
    torch.manual_seed(20)
    model = optional_package("open_clip", extra="openclip").CLIP(**facts)
    for parameter in model.parameters():
        if parameter.ndim > 1:
            torch.nn.init.normal_(parameter, std=0.1)
    with torch.no_grad():
        model.logit_scale.fill_(float(np.log(37)))
    save(model.eval(), facts, folder)
    return folder


def _pieces() -> Any:
    raw: Any = Tokenizer(models.BPE(unk_token="<unk>"))
    raw.pre_tokenizer = pre_tokenizers.Metaspace()
    special = ["<pad>", "</s>", "<unk>"]
    trainer = trainers.BpeTrainer(vocab_size=300, special_tokens=special, show_progress=False)
    raw.train_from_iterator([*TEXTS, "a photo of a picture that shows an image there is"], trainer)
    raw.post_processor = processors.TemplateProcessing(
        single="$A </s>", special_tokens=[("</s>", raw.token_to_id("</s>"))]
    )
    return transformers_library().PreTrainedTokenizerFast(
        tokenizer_object=raw, pad_token="<pad>", eos_token="</s>", unk_token="<unk>"
    )


def facts_of(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "open_clip_config.json").read_text("utf-8"))
