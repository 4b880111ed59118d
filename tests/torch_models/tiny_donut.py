"""A small Donut with random weights, saved as a checkpoint."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tokenizers import Tokenizer, models, pre_tokenizers

from pincite.models.torch_library import torch_library, transformers_library

PROMPT = "<s_receipt>"
_TAGS = [PROMPT, "<s_total>", "</s_total>", "<s_menu>", "</s_menu>", "<s_name>", "</s_name>"]
_SPECIAL = ["<s>", "<pad>", "</s>", "<unk>"]
POSITIONS = 64


def save_donut(folder: Path) -> Path:
    library = transformers_library()
    torch_library().manual_seed(4)
    tokenizer = _tokenizer()
    encoder = library.DonutSwinConfig(
        image_size=(64, 48),
        patch_size=4,
        embed_dim=16,
        depths=[1, 1],
        num_heads=[1, 2],
        window_size=4,
        initializer_range=0.5,
    )
    decoder = library.MBartConfig(
        vocab_size=len(tokenizer),
        d_model=32,
        decoder_layers=2,
        decoder_attention_heads=2,
        decoder_ffn_dim=48,
        max_position_embeddings=POSITIONS,
        is_decoder=True,
        is_encoder_decoder=False,
        add_cross_attention=True,
        init_std=0.9,
        tie_word_embeddings=False,
        pad_token_id=tokenizer.pad_token_id,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
    )
    whole = library.VisionEncoderDecoderConfig.from_encoder_decoder_configs(encoder, decoder)
    model = library.VisionEncoderDecoderModel(config=whole).eval()
    model.save_pretrained(folder)
    pictures = library.DonutImageProcessorPil(size={"height": 64, "width": 48})
    library.DonutProcessor(pictures, tokenizer).save_pretrained(folder)
    return folder


def _tokenizer() -> Any:
    words = [*_SPECIAL, *(str(number) for number in range(10)), *"abcdefghij"]
    raw: Any = Tokenizer(models.WordLevel({w: i for i, w in enumerate(words)}, "<unk>"))
    raw.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer = transformers_library().PreTrainedTokenizerFast(
        tokenizer_object=raw,
        bos_token="<s>",
        eos_token="</s>",
        pad_token="<pad>",
        unk_token="<unk>",
    )
    tokenizer.add_special_tokens({"additional_special_tokens": _TAGS})
    return tokenizer
