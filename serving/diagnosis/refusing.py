"""What decides whether a question is answered at all."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Final

from pincite.models.passage_reader import shipped_reader
from pincite.models.ports import PassageReader
from serving.diagnosis.findings import Finding

AREA: Final = "refusals"
_QUESTION: Final = "When did the harbour open?"
_TELLS: Final = "The harbour opened in 1872."
_OTHER: Final = "Fees are paid at the gate."


def reader() -> Iterator[Finding]:
    """Asks the small reader one question about two sentences."""
    found = shipped_reader()
    yield _without() if found is None else _tried(found)


def _without() -> Finding:
    says = (
        "search and words alone say whether a question goes on to be answered: no reader is "
        "installed"
    )
    return Finding(area=AREA, state="off", says=says, mend="see docs/refusal.md, The reader")


def _tried(found: PassageReader) -> Finding:
    found.read(_QUESTION, _OTHER)
    begun = time.monotonic()
    tells, other = (found.read(_QUESTION, passage).answered for passage in (_TELLS, _OTHER))
    spent = (time.monotonic() - begun) / 2
    if tells <= other:
        says = f"the reader {found.id} would rather answer {_QUESTION!r} from {_OTHER!r}"
        return Finding(
            area=AREA, state="degraded", says=says, mend="see docs/refusal.md, The reader"
        )
    says = (
        f"{found.id} reads whether passages answer a question, {spent * 1000:.0f} ms for this one"
    )
    return Finding(area=AREA, state="works", says=says)
