"""`pincite doctor` on what decides whether a question is answered."""

from __future__ import annotations

import pytest

from pincite.models.ports import PassageReading
from serving.diagnosis import refusing


class Reader:
    id = "reader@1"

    def __init__(self, right: float, wrong: float) -> None:
        self._right, self._wrong = right, wrong

    def read(self, question: str, passage: str) -> PassageReading:
        del question
        told = self._right if "1872" in passage else self._wrong
        return PassageReading(answered=told, doubt=-told)


@pytest.mark.parametrize(
    ("reader", "state", "says"),
    [
        (None, "off", "no reader is installed"),
        (Reader(-1.0, 1.0), "degraded", "would rather answer"),
        (Reader(1.0, -1.0), "works", "reader@1 reads whether"),
    ],
)
def test_the_reader_is_tried_and_its_absence_is_told(
    reader: Reader | None, state: str, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refusing, "shipped_reader", lambda: reader)
    (finding,) = refusing.reader()
    assert finding.state == state
    assert says in finding.says
