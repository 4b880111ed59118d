"""What an answer keeps of how it came about."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from agent.run import Run
from agent.selection import ANSWERS_FROM, LEAST_RELEVANT
from pincite.answers import Record, Shown

_THRESHOLDS: Final = {
    "a sentence is quoted or read from a relevance of": LEAST_RELEVANT,
    "a quote may be the answer from a standing of": ANSWERS_FROM,
}


def record(run: Run) -> Record:
    made_with = run.services.made_with
    thresholds = {**made_with.thresholds, **_THRESHOLDS}
    return Record(
        at=datetime.now(UTC),
        made_with=made_with.model_copy(update={"thresholds": thresholds}),
        shown=tuple(
            Shown(
                number=item.number,
                element=item.element.id,
                fingerprint=item.element.fingerprint,
            )
            for item in run.evidence
        ),
        steps=tuple(run.steps),
    )
