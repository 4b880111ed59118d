"""What was put forward for a question."""

from __future__ import annotations

from pydantic import Field

from pincite.elements import Element, Passage, Source
from pincite.locators import Locator
from pincite.values import Value


class Evidence(Value):
    """A passage put forward for a question, with what is needed to read and cite it."""

    passage: Passage
    elements: tuple[Element, ...]
    """The passage's elements, in reading order."""
    source: Source
    context: tuple[Element, ...] = ()
    """What stands right around it, in reading order; read with it, but not what was found."""
    score: float
    """Higher is better. Comparable within one list only, never across retrievers; by the last stage
    that scored it, after which others may have been put before it to tell something else."""
    rank: int = Field(ge=1)
    """Place in the list, from 1."""
    found_by: tuple[str, ...]
    """Names of what put it forward, e.g. `dense`, `words`, or forward in the list: `phrase`."""
    similarity: float | None = None
    """Cosine of question and passage where a dense retriever saw it, in [-1, 1]."""
    spots: tuple[Locator, ...] = ()
    """Where the words that were asked for stand word for word; narrower than the elements."""


class Findings(Value):
    """What a search found, and how the question was understood."""

    evidence: tuple[Evidence, ...] = ()
    searched: str = ""
    """The words that were searched for, e.g. those that were heard in a recording."""
    heard: str = ""
    """What was said in the recording that was searched with."""
    decisions: tuple[str, ...] = ()
    """A clause for each thing that the question asked for beside its words."""


class Coverage(Value):
    """How much of the searched collections had been read when an answer was made."""

    sources_read: int = 0
    """Sources of which every page is done."""
    sources_total: int = 0
    pages_read: int = 0
    pages_total: int = 0
    pages_failed: int = 0

    @property
    def complete(self) -> bool:
        return self.sources_read == self.sources_total and self.pages_failed == 0

    def __str__(self) -> str:
        failed = f", {self.pages_failed} failed" if self.pages_failed else ""
        return (
            f"searched {self.sources_read} of {self.sources_total} files "
            f"({self.pages_read} of {self.pages_total} pages{failed})"
        )
