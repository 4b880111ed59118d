"""Questions with a gold answer and the places it stands in, for the suites about answers."""

from __future__ import annotations

from typing import Literal

from evals.datasets.pages import Page
from pincite.values import Value

Medium = Literal["pdf", "table", "scan", "speech"]
"""What the answer stands in: text or a table of a PDF with a text layer, a scan, a recording."""
MEDIA: tuple[Medium, ...] = ("pdf", "table", "scan", "speech")
Form = Literal[
    "figure", "text", "list", "statement", "day", "amount", "name", "speech", "span", "none"
]
"""By which rule of `evals.scorers.answers` an answer is right; of `none` a refusal is."""


class Answerable(Value):
    id: str
    question: str
    answers: tuple[str, ...]
    """The gold answer; of a `list` all of several things are wanted, of a `span` any wording."""
    form: Form
    gold: frozenset[Page]
    """A picture or a recording is one page, numbered 1."""
    medium: Medium
    file: str = ""
    """The one file that it is asked of, where its wording does not name one; else empty."""
    evidence: str = ""
    """The text of the gold places as the set has it; empty where it has none."""
    written_as: str = ""
    """What the set calls the form of the answer, where it has rules of its own for each."""
    about: str = ""
    """The file that a question without an answer was written for."""

    @property
    def group(self) -> str:
        """The file of its gold places: questions of one group are no independent cases."""
        return min(self.gold).file if self.gold else self.about

    @property
    def is_answerable(self) -> bool:
        return self.form != "none"
