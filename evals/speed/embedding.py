"""Passages a second through the text encoder, beside the same weights in fastembed's own loop.

Wall time is what a user waits for; seconds of processor time stay comparable on a busy machine.
"""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from evals.results import Result, measured, missing
from evals.suites import Context
from pincite.config import OnnxEncoder
from pincite.errors import MissingExtra
from pincite.models.factory import text_encoder
from pincite.models.fastembed_library import fastembed_library
from pincite.models.store import ModelStore

PASSAGES = {"smoke": 32, "standard": 512, "full": 512}
TOKENS = 128
"""Of each passage, the two that the model adds among them."""
WORDS = re.findall(
    r"\w+",
    "the of and to in is was for on that with as by it at from his an are were which be this had "
    "not but have first one their its after new who they two her she been other when time there "
    "all year during more made him some school many city used through then over world only state",
)
"""One token each in the vocabulary of BERT."""
BASELINE = "fastembed, its own loop"


def measure(context: Context) -> Iterator[Result]:
    encoder = text_encoder(context.settings.encoder, ModelStore(context.settings.models))
    texts = passages(PASSAGES[context.profile], seed=context.seed)
    encoder.warm_up()
    yield from _figures(lambda: encoder.embed_documents(texts), texts)
    try:
        yield from _baseline(context, texts)
    except MissingExtra as exc:
        yield missing("speed", "embedding", "passages_per_s", str(exc)).model_copy(
            update={"system": BASELINE}
        )


def passages(count: int, *, seed: int) -> list[str]:
    """Made up, each as long as the others, so that no padding flatters anybody."""
    drawn = random.Random(seed)  # noqa: S311 - made-up text
    return [" ".join(drawn.choices(WORDS, k=TOKENS - 2)) for _ in range(count)]


def _baseline(context: Context, texts: Sequence[str]) -> Iterator[Result]:
    """As its documentation shows it, with its usual batch; the weights are the shipped ones."""
    folder = ModelStore(context.settings.models).path(OnnxEncoder().model)
    model: Any = fastembed_library().TextEmbedding(
        "sentence-transformers/all-MiniLM-L6-v2",
        specific_model_path=str(folder),
        local_files_only=True,
        providers=["CPUExecutionProvider"],
    )
    list(model.embed(texts[:1]))
    yield from _figures(lambda: list(model.embed(texts)), texts, system=BASELINE)


def _figures(embed: Callable[[], object], texts: Sequence[str], **more: object) -> Iterator[Result]:
    wall, processor = time.perf_counter(), time.process_time()
    embed()
    seconds, used = time.perf_counter() - wall, time.process_time() - processor
    many: dict[str, Any] = {"n": len(texts), "n_total": len(texts), **more}
    yield measured(
        "speed",
        "embedding",
        "passages_per_s",
        len(texts) / seconds,
        unit="passages/s",
        higher_is_better=True,
        **many,
    )
    yield measured(
        "speed",
        "embedding",
        "cpu_ms_per_passage",
        1_000 * used / len(texts),
        unit="ms",
        higher_is_better=False,
        **many,
    )
