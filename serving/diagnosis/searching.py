"""What orders the hits of a search once more."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import assert_never

from pincite.config import CrossEncoderReranker, JudgeReranker, NoReranker, OnnxReranker, Reranker
from pincite.models import factory
from serving.diagnosis.findings import Finding

AREA = "search"
_RELEVANT = "The harbour opened in 1872."
_QUESTION = "When did the harbour open?"
_OTHER = "Fees are paid at the gate."


def reranker(settings: Reranker) -> Iterator[Finding]:
    """Asks a local model one question; a chat model is not called."""
    match settings:
        case NoReranker():
            says = "hits stay in the order of the search: no reranker is configured"
            mend = "see docs/models.md, Rerankers"
            yield Finding(area=AREA, state="off", says=says, mend=mend)
        case JudgeReranker(model=model):
            factory.reranker(settings)
            says = f"{model} judges the best {settings.top} hits; doctor does not call it"
            yield Finding(area=AREA, state="unchecked", says=says)
        case OnnxReranker() | CrossEncoderReranker():
            yield _tried(settings)
        case _:
            assert_never(settings)


def _tried(settings: OnnxReranker | CrossEncoderReranker) -> Finding:
    model = factory.reranker(settings)
    assert model is not None  # noqa: S101  settings name one
    model.warm_up()
    begun = time.monotonic()
    right, wrong = model.scores(_QUESTION, [_RELEVANT, _OTHER])
    spent = time.monotonic() - begun
    if right <= wrong:
        says = f"the reranker {model.id} prefers {_OTHER!r} as an answer to {_QUESTION!r}"
        return Finding(area=AREA, state="degraded", says=says, mend="PINCITE_RERANKER__KIND=none")
    each = spent / 2 * 1000
    says = f"hits are looked at again by {model.id}, {each:.0f} ms each for the best {settings.top}"
    return Finding(area=AREA, state="works", says=says)
