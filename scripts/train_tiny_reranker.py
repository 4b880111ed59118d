"""Train a tiny cross-encoder on made-up questions where shared words mislead, beside BM25.

    python -m scripts.train_tiny_reranker [--out DIR]

Each question asks one thing of one object, such as `what is the price of the pump`. The passage
that answers says it in other words (`the pump was bought for 40`); five others repeat the words of
the question without an answer, or answer it for another object. Some pairs of thing and object are
never seen in training: the questions that count are about those. Every figure is measured through
`pincite.models.onnx_reranker`, which is what looks at hits in use.

Needs the extras `layoutlm` and the package `onnx`; the seed is fixed, half a minute on
one core. The checkpoint stays in DIR: it is trained from nothing on sentences of ours, so no
licence but our own is on it.
"""

from __future__ import annotations

import argparse
import random
import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

from pincite.config import OnnxReranker
from pincite.index.words import Bm25Words
from pincite.models.onnx_reranker import OnnxCrossEncoder
from pincite.models.torch_library import torch_library, transformers_library

SEED: Final = 7
STEPS: Final = 500
RATE: Final = 1.5e-3
BATCH: Final = 16
"""Questions of a step, each with all its passages."""
HELD_OUT: Final = 60
_NAMES: Final = "pump crane quay boat engine winch tank bridge mast anchor valve shed"
OBJECTS: Final = _NAMES.split(" ")
THINGS: Final = {
    "price": ("was bought for {n}", "{n} was paid for the {o}"),
    "age": ("was built {n} years ago", "it is {n} years since the {o} was made"),
    "weight": ("is {n} tonnes heavy", "{n} tonnes is what the {o} brings to the scales"),
    "length": ("reaches {n} metres", "from end to end the {o} has {n} metres"),
    "power": ("gives {n} kilowatts", "{n} kilowatts come from the {o}"),
    "crew": ("is worked by {n} people", "{n} people are needed at the {o}"),
}
_INPUTS: Final = ("input_ids", "attention_mask", "token_type_ids")
_PASSED_OVER: Final = (
    "nobody knows what the {t} of the {o} is",
    "what is the {t} of the {o} was asked again",
    "the {t} of the {o} is in another list",
)


class Case(NamedTuple):
    question: str
    passages: tuple[str, ...]
    """The one that answers is the first."""


class Scores(NamedTuple):
    """Share of held-out questions whose answer comes first."""

    words: float
    reranker: float


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--out", type=Path, default=Path("build/tiny-reranker"))
    folder = options.parse_args().out
    begun = time.monotonic()
    train(folder)
    scores = measured(folder)
    print(
        f"answer first, of {HELD_OUT} held-out questions: BM25 {scores.words:.2f}, "
        f"reranker {scores.reranker:.2f} ({time.monotonic() - begun:.0f} s)"
    )


def cases(seed: int, number: int, *, held_out: bool) -> list[Case]:
    """About pairs of thing and object that are kept for the test, or about the others."""
    drawn = random.Random(seed)  # noqa: S311
    pairs = [
        (thing, thing_object)
        for row, thing in enumerate(THINGS)
        for column, thing_object in enumerate(OBJECTS)
        if ((row + column) % 4 == 0) is held_out
    ]
    return [_case(drawn, *drawn.choice(pairs)) for _ in range(number)]


def _case(drawn: random.Random, thing: str, thing_object: str) -> Case:
    other_things = [each for each in THINGS if each != thing]
    others = [each for each in OBJECTS if each != thing_object]
    passed_over = drawn.sample(_PASSED_OVER, 2)
    wrong = (
        *(form.format(t=thing, o=thing_object) for form in passed_over),
        _said(drawn, thing, drawn.choice(others)),
        _said(drawn, drawn.choice(other_things), thing_object),
        f"the {thing} of the {drawn.choice(others)} is not that of the {thing_object}",
    )
    question = f"what is the {thing} of the {thing_object}"
    return Case(question, (_said(drawn, thing, thing_object), *wrong))


def _said(drawn: random.Random, thing: str, thing_object: str) -> str:
    form = drawn.choice(THINGS[thing])
    number = drawn.randrange(2, 60)
    said = form.format(n=number, o=thing_object)
    return said if "the " + thing_object in said else f"the {thing_object} {said}"


def train(folder: Path) -> Path:
    """A folder with safetensors, tokenizer and `model.onnx` of a BERT with one label."""
    torch, transformers = torch_library(), transformers_library()
    torch.manual_seed(SEED)
    tokenizer = _tokenizer()
    wrapped = transformers.PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token="[PAD]",  # noqa: S106
        unk_token="[UNK]",  # noqa: S106
        cls_token="[CLS]",  # noqa: S106
        sep_token="[SEP]",  # noqa: S106
        model_max_length=64,
        model_input_names=list(_INPUTS),
    )
    facts = transformers.BertConfig(
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=48,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=96,
        max_position_embeddings=64,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
        num_labels=1,
        initializer_range=0.1,
    )
    model = transformers.BertForSequenceClassification(facts)
    optimizer = torch.optim.AdamW(model.parameters(), lr=RATE, weight_decay=0.01)
    # Rises for a tenth of the steps, then falls to nothing.
    rate = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, max_lr=RATE, total_steps=STEPS, pct_start=0.1
    )
    for step in range(STEPS):
        batch = cases(SEED * 10_000 + step, BATCH, held_out=False)
        fed = wrapped(
            [case.question for case in batch for _ in case.passages],
            [passage for case in batch for passage in case.passages],
            padding=True,
            return_tensors="pt",
        )
        optimizer.zero_grad()
        logits = model(**fed).logits.reshape(len(batch), -1)
        loss = torch.nn.functional.cross_entropy(logits, torch.zeros(len(batch), dtype=torch.long))
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        rate.step()
    model.eval().save_pretrained(folder)
    wrapped.save_pretrained(folder)
    _export(torch, model, wrapped, folder / "model.onnx")
    return folder


def measured(folder: Path) -> Scores:
    """On the same held-out questions; a tie of words counts as lost, as it says nothing."""
    asked = cases(SEED, HELD_OUT, held_out=True)
    adapter = OnnxCrossEncoder(OnnxReranker(folder=str(folder), threads=1))
    return Scores(
        words=_first(asked, by_words),
        reranker=_first(asked, lambda case: adapter.scores(case.question, case.passages)),
    )


def by_words(case: Case) -> list[float]:
    """BM25 without IDF: the passages of a case all speak of the same few words."""
    encoder = Bm25Words()
    wanted = set(encoder.embed_query(case.question).indices.tolist())
    return [
        sum(
            float(value)
            for index, value in zip(vector.indices, vector.values, strict=True)
            if int(index) in wanted
        )
        for vector in encoder.embed_documents(case.passages)
    ]


def _first(asked: Sequence[Case], scores_of: Callable[[Case], Sequence[float]]) -> float:
    won = 0
    for case in asked:
        best, *others = scores_of(case)
        won += best > max(others)
    return won / len(asked)


def _tokenizer() -> Tokenizer:
    """Whole words: the vocabulary is that of the sentences above and the numbers."""
    forms = [*_PASSED_OVER, *(form for both in THINGS.values() for form in both)]
    told = " ".join([*forms, *THINGS, *OBJECTS, "the of is not that what {}"])
    words = sorted({word for word in told.split() if word.isalpha()})
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
    names = [*special, *words, *map(str, range(60))]
    raw = Tokenizer(
        models.WordLevel({name: n for n, name in enumerate(names)}, unk_token="[UNK]")  # noqa: S106
    )
    parts: Any = raw
    parts.normalizer = normalizers.BertNormalizer(lowercase=True)
    parts.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    parts.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 2), ("[SEP]", 3)],
    )
    return raw


def _export(torch: Any, model: Any, tokenizer: Any, file: Path) -> None:
    fed = tokenizer(
        ["what is it", "what"], ["the pump", "the crane is"], padding=True, return_tensors="pt"
    )

    free = {0: "batch", 1: "tokens"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # tracing warns of what is constant here
        torch.onnx.export(
            model,
            tuple(fed[name] for name in _INPUTS),
            str(file),
            input_names=list(_INPUTS),
            output_names=["logits"],
            dynamic_axes={**dict.fromkeys(_INPUTS, free), "logits": {0: "batch"}},
            dynamo=False,
        )


if __name__ == "__main__":
    main()
