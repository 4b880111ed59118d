"""Train a tiny LayoutLM and a tiny LiLT on made-up pages and show that they use the layout.

    python -m scripts.train_tiny_layout [--short] [--out DIR]

Four rows for each: always the commonest label; the same model trained and tested without boxes;
the model; the model with the boxes of each held-out page shuffled. Every figure is measured through
`pincite.models.layoutlm`, which is what reads pages in use. Needs the extra `layoutlm`; seeds are
fixed, some minutes on one core. The checkpoints stay in DIR: these are models trained from nothing
on pages of ours, so no licence but our own is on them.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers

from pincite import config
from pincite.models.layoutlm import LayoutLMModel, WordPage, special_boxes
from pincite.models.ports import Picture, RecognizedWord
from pincite.models.torch_library import torch_library, transformers_library
from pincite.models.word_windows import first_tokens, scaled_boxes
from scripts.synthetic_pages import (
    HEIGHT,
    LABELS,
    WIDTH,
    Labelled,
    page,
    shuffled_boxes,
    vocabulary,
    without_boxes,
)

SEED = 20
HELD_OUT_FROM = 100_000
"""Seeds of held-out pages begin here."""
IGNORED = -100
"""The label that the loss passes over: special tokens, padding, later parts of a word."""
LONGEST = 512
FAMILIES = ("layoutlm", "lilt")

Words = Sequence[RecognizedWord]
Change = Callable[[Words], Words]


class Recipe(NamedTuple):
    pages: int
    held_out: int
    steps: int
    batch: int = 4
    rate: float = 3e-3


LONG = Recipe(pages=400, held_out=60, steps=300)
SHORT = Recipe(pages=160, held_out=20, steps=120)


class Score(NamedTuple):
    accuracy: float
    """Share of words."""
    macro_f1: float
    """Mean over the labels."""


class Scores(NamedTuple):
    majority: Score
    text_only: Score
    layout: Score
    shuffled: Score


class Example(NamedTuple):
    """One page as the model trains on it."""

    ids: npt.NDArray[np.int64]
    boxes: npt.NDArray[np.int64]
    labels: npt.NDArray[np.int64]


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--short", action="store_true", help="the recipe of make test-torch")
    options.add_argument("--out", type=Path, default=Path("build/tiny-layout"))
    chosen = options.parse_args()
    recipe = SHORT if chosen.short else LONG
    print(f"{recipe.pages} pages to train on, {recipe.held_out} held out, {recipe.steps} steps")
    print(f"{'family':<10} {'row':<22} {'accuracy':>9} {'macro F1':>9}")
    for family in FAMILIES:
        begun = time.monotonic()
        scores = trained(family, recipe, chosen.out)
        for row, score in zip(_ROWS, scores, strict=True):
            print(f"{family:<10} {row:<22} {score.accuracy:>9.3f} {score.macro_f1:>9.3f}")
        print(f"{family:<10} {time.monotonic() - begun:.0f} s", flush=True)


_ROWS = ("majority class", "trained without boxes", "trained with boxes", "… boxes shuffled")


def trained(family: str, recipe: Recipe, out: Path) -> Scores:
    """Train with and without boxes, save both under `out`, measure on held-out pages."""
    torch_library().manual_seed(SEED)
    with_boxes = train(family, recipe, out / family, change=list)
    torch_library().manual_seed(SEED)
    no_boxes = train(family, recipe, out / f"{family}-without-boxes", change=without_boxes)
    pages = [page(HELD_OUT_FROM + number) for number in range(recipe.held_out)]
    truth = [each.label for labelled in pages for each in labelled]
    commonest = Counter(
        each.label for number in range(recipe.pages) for each in page(number)
    ).most_common(1)[0][0]
    return Scores(
        majority=score(truth, [commonest] * len(truth)),
        text_only=score(truth, said(no_boxes, pages, without_boxes)),
        layout=score(truth, said(with_boxes, pages, list)),
        shuffled=score(truth, said(with_boxes, pages, lambda words: shuffled_boxes(words, SEED))),
    )


def train(family: str, recipe: Recipe, folder: Path, *, change: Change) -> Path:
    """A checkpoint of a model that was trained on pages 0, 1, … as `change` alters their words."""
    torch = torch_library()
    tokenizer = _tokenizer()
    model = _classifier(family, tokenizer)
    ends = special_boxes(family, tokenizer)
    examples = [_example(tokenizer, page(number), change, ends) for number in range(recipe.pages)]
    optimizer = torch.optim.AdamW(model.parameters(), lr=recipe.rate, weight_decay=0.01)
    falling = torch.optim.lr_scheduler.LinearLR(
        optimizer, start_factor=1.0, end_factor=0.05, total_iters=recipe.steps
    )
    order = random.Random(SEED)  # noqa: S311
    for _ in range(recipe.steps):
        fed, labels = _batch(order.sample(examples, recipe.batch))
        optimizer.zero_grad()
        logits = model(**fed).logits
        loss = torch.nn.functional.cross_entropy(
            logits.flatten(0, 1), labels.flatten(), ignore_index=IGNORED
        )
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        falling.step()
    model.eval().save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def said(folder: Path, pages: Sequence[Sequence[Labelled]], change: Change) -> list[str]:
    """The label of every word of the pages, as the shipped adapter gives it."""
    adapter = LayoutLMModel(config.LayoutLM(checkpoint=str(folder), device="cpu"))
    given = [WordPage(_BLANK, change([each.word for each in labelled])) for labelled in pages]
    labels = adapter.labels
    return [labels[row.argmax()] for sure in adapter.label_words(given) for row in sure]


def score(truth: Sequence[str], guessed: Sequence[str]) -> Score:
    pairs = Counter(zip(truth, guessed, strict=True))
    real, claimed = Counter(truth), Counter(guessed)
    f1 = [2 * pairs[label, label] / (real[label] + claimed[label]) for label in real]
    right = sum(pairs[label, label] for label in real)
    return Score(right / len(truth), sum(f1) / len(f1))


_BLANK: Picture = np.full((HEIGHT, WIDTH, 3), 255, dtype=np.uint8)


def _tokenizer() -> Any:
    raw: Any = Tokenizer(models.WordPiece(unk_token="[UNK]"))  # noqa: S106
    raw.normalizer = normalizers.BertNormalizer(lowercase=True)
    raw.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    trainer = trainers.WordPieceTrainer(
        vocab_size=1400, special_tokens=special, show_progress=False
    )
    raw.train_from_iterator([*vocabulary(), *map(str, range(1000))], trainer)
    return transformers_library().BertTokenizer(vocab=raw.get_vocab(), model_max_length=LONGEST)


def _classifier(family: str, tokenizer: Any) -> Any:
    library = transformers_library()
    shape: dict[str, Any] = {
        "vocab_size": len(tokenizer),
        "hidden_size": 96,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "intermediate_size": 192,
        "hidden_dropout_prob": 0.0,
        "attention_probs_dropout_prob": 0.0,
        "pad_token_id": tokenizer.pad_token_id,
        "id2label": dict(enumerate(LABELS)),
        "label2id": {label: index for index, label in enumerate(LABELS)},
    }
    if family == "layoutlm":
        settings = library.LayoutLMConfig(**shape, max_position_embeddings=LONGEST)
        return library.LayoutLMForTokenClassification(settings)
    settings = library.LiltConfig(
        **shape, max_position_embeddings=LONGEST + 1, channel_shrink_ratio=2
    )
    return library.LiltForTokenClassification(settings)


def _example(
    tokenizer: Any,
    labelled: Sequence[Labelled],
    change: Change,
    ends: tuple[Sequence[int], Sequence[int]],
) -> Example:
    """One window: the end of a page of more tokens is left out."""
    words = change([each.word for each in labelled])
    backend = tokenizer.backend_tokenizer
    coded = backend.encode(
        [word.text for word in words], is_pretokenized=True, add_special_tokens=False
    )
    count = min(len(coded.ids), LONGEST - 2)
    first = first_tokens(coded.word_ids, len(words))
    labels = np.full(len(coded.ids), IGNORED, dtype=np.int64)
    labels[first] = [LABELS.index(each.label) for each in labelled]
    boxes = scaled_boxes([word.quad for word in words], WIDTH, HEIGHT)[coded.word_ids]
    return Example(
        ids=np.array(
            [tokenizer.cls_token_id, *coded.ids[:count], tokenizer.sep_token_id], dtype=np.int64
        ),
        boxes=np.array([ends[0], *boxes[:count], ends[1]], dtype=np.int64),
        labels=np.array([IGNORED, *labels[:count], IGNORED], dtype=np.int64),
    )


def _batch(examples: Sequence[Example]) -> tuple[dict[str, Any], Any]:
    """What the model is given, and the label of each token."""
    torch = torch_library()
    shape = (len(examples), max(len(example.ids) for example in examples))
    ids, mask = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    boxes = np.zeros((*shape, 4), dtype=np.int64)
    labels = np.full(shape, IGNORED, dtype=np.int64)
    for row, example in enumerate(examples):
        length = len(example.ids)
        ids[row, :length], mask[row, :length] = example.ids, 1
        boxes[row, :length], labels[row, :length] = example.boxes, example.labels
    fed = {"input_ids": ids, "bbox": boxes, "attention_mask": mask}
    return {name: torch.from_numpy(array) for name, array in fed.items()}, torch.from_numpy(labels)


if __name__ == "__main__":
    main()
