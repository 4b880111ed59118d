"""A LLaVA of less than two million parameters: what it is made of and how vLLM wants it kept."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any, Final

from pincite.models.optional_package import optional_package
from scripts.tiny_vlm.cards import SIDE
from scripts.tiny_vlm.lessons import WAYS, lesson

transformers = optional_package("transformers", extra="training")
tokenizers = optional_package("tokenizers", extra="training")
safetensors = optional_package("safetensors.torch", extra="training")

PATCH: Final = 16
TOKENS: Final = (SIDE // PATCH) ** 2
"""Of one picture; the tower's class token is left out."""
WIDTH, HEADS, INNER = 128, 4, 384
"""Heads of 32: the smallest that vLLM computes on a processor."""
VOCABULARY: Final = 1_200
CONTEXT: Final = 1024
IMAGE, START, PAD, END = "<image>", "<s>", "<pad>", "</s>"
TEMPLATE: Final = (
    "{% for message in messages %}{% if message['role'] == 'user' %}{{ 'USER: ' }}"
    "{% if message['content'] is string %}{{ message['content'] }}{% else %}"
    "{% for part in message['content'] %}{% if part['type'] == 'text' %}{{ part['text'] }}"
    "{% else %}{{ '<image>' }}{% endif %}{% endfor %}{% endif %}{{ '\\n' }}"
    "{% elif message['role'] == 'assistant' %}{{ 'ASSISTANT: ' }}{{ message['content'] }}"
    "{{ '</s>' }}{% endif %}{% endfor %}"
    "{% if add_generation_prompt %}{{ 'ASSISTANT:' }}{% endif %}"
)
"""Without the system message: what it says is what this model was taught anyway."""


def built(vocabulary: int, image: int) -> Any:
    vision = transformers.CLIPVisionConfig(
        hidden_size=WIDTH, intermediate_size=INNER, num_hidden_layers=4,
        num_attention_heads=HEADS, image_size=SIDE, patch_size=PATCH, projection_dim=WIDTH,
    )  # fmt: skip
    text = transformers.LlamaConfig(
        vocab_size=vocabulary, hidden_size=WIDTH, intermediate_size=INNER, num_hidden_layers=4,
        num_attention_heads=HEADS, num_key_value_heads=HEADS, max_position_embeddings=CONTEXT,
        initializer_range=0.05, bos_token_id=0, eos_token_id=2, pad_token_id=1,
        tie_word_embeddings=False,
    )  # fmt: skip
    config = transformers.LlavaConfig(
        vision_config=vision, text_config=text, image_token_index=image,
        vision_feature_layer=-2, vision_feature_select_strategy="default",
        image_seq_length=TOKENS, tie_word_embeddings=False,
    )  # fmt: skip
    return transformers.LlavaForConditionalGeneration(config)


def tokenizer_of(chance: random.Random) -> Any:
    """Pieces of bytes, learnt from the lessons: no text is beyond it, and none gets lost."""
    texts = [
        text
        for _ in range(3_000)
        for each in (lesson(chance, chance.choice(list(WAYS))),)
        for text in (*(p for p in each.parts if isinstance(p, str)), each.answer)
    ]
    inner = tokenizers.Tokenizer(tokenizers.models.BPE())
    inner.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    inner.decoder = tokenizers.decoders.ByteLevel()
    trainer = tokenizers.trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        special_tokens=[START, PAD, END, IMAGE],
        initial_alphabet=tokenizers.pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    inner.train_from_iterator(texts, trainer)
    return transformers.PreTrainedTokenizerFast(
        tokenizer_object=inner,
        bos_token=START,
        pad_token=PAD,
        eos_token=END,
        extra_special_tokens={"image_token": IMAGE},
        model_max_length=CONTEXT,
        clean_up_tokenization_spaces=False,
        chat_template=TEMPLATE,
    )


def processor_of(tokenizer: Any) -> Any:
    pictures = transformers.CLIPImageProcessor(
        size={"height": SIDE, "width": SIDE},
        do_center_crop=False,
        image_mean=[0.5] * 3,
        image_std=[0.5] * 3,
    )
    return transformers.LlavaProcessor(
        image_processor=pictures,
        tokenizer=tokenizer,
        patch_size=PATCH,
        vision_feature_select_strategy="default",
        chat_template=TEMPLATE,
        image_token=IMAGE,
        num_additional_image_tokens=1,
    )


def save(model: Any, tokenizer: Any, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    model.generation_config.do_sample = False
    model.save_pretrained(folder)
    processor_of(tokenizer).save_pretrained(folder)
    file = folder / "model.safetensors"
    weights = {served_name(name): tensor for name, tensor in safetensors.load_file(file).items()}
    safetensors.save_file(weights, file, metadata={"format": "pt"})


def served_name(name: str) -> str:
    """transformers 5 leaves out a level of the tower's names that vLLM looks for."""
    before, tower, rest = name.partition("vision_tower.")
    if tower and not rest.startswith("vision_model."):
        return f"{before}{tower}vision_model.{rest}"
    return name
