"""What a question asks for, beside its words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import NamedTuple

from pincite.elements import Scope, SourceId
from pincite.index.terms import terms
from pincite.values import Value
from retrievers.narrowing import Part, narrowed


class Leaning(Value):
    """Passages of a part of the scope come forward; the others are found as well."""

    name: str
    """As it stands in `Evidence.found_by`, e.g. `table`."""
    scope: Scope
    why: str
    """One clause for the asker, e.g. `tables first`."""


class Asked(Value):
    """A question as it was understood. Every scope in it is a part of the asker's."""

    words: str
    """What is searched for."""
    scope: Scope
    phrases: tuple[str, ...] = ()
    """Several words in quotation marks; passages that hold them come before all others."""
    labels: tuple[str, ...] = ()
    """One word in quotation marks, or a numbered thing such as `Table 2`; passages that hold it
    come forward."""
    spoken: str = ""
    """Words of a recording whose second is asked for."""
    speech: Scope | None = None
    """Where they are looked for; None where nothing that is spoken can be meant."""
    leanings: tuple[Leaning, ...] = ()
    decisions: tuple[str, ...] = ()
    """A clause for each filter, for the asker, e.g. `only pages 3–5 of budget.pdf`."""

    @property
    def names_one_file(self) -> bool:
        return len(self.scope.sources) == 1


class Named(NamedTuple):
    """A source and its file name."""

    source: SourceId
    name: str


class Known(NamedTuple):
    """What must be known of a library to understand a question; all of it in the asker's scope."""

    names: Sequence[Named]
    today: date
    has: Callable[[Scope], bool]
    """Whether a part of the asker's scope holds any passage."""


class Draft:
    """A question while it is being understood: words are taken out, the scope becomes smaller."""

    def __init__(self, question: str, scope: Scope, known: Known) -> None:
        self.question = question
        self.words = question
        self.scope = scope
        self.known = known
        self.decisions: list[str] = []
        self.leanings: list[Leaning] = []

    def only(self, what: str, part: Part, *, said: str = "") -> bool:
        """Filter by `part`, which `what` names; `said` are its words, which are searched no more.

        Where nothing is left the filter is dropped, and the asker is told.
        """
        smaller = narrowed(self.scope, part)
        if smaller is None or not self.known.has(smaller):
            self.decisions.append(f"nothing is in {what}, so that is no filter")
            return False
        self.scope = smaller
        self.decisions.append(f"only {what}")
        if said:
            self.take_out(said)
        return True

    def lean(self, name: str, why: str, part: Part) -> None:
        smaller = narrowed(self.scope, part)
        if smaller is not None and smaller != self.scope:
            self.leanings.append(Leaning(name=name, scope=smaller, why=why))

    def take_out(self, said: str) -> None:
        """Leaves the words alone where none to search for would remain."""
        rest = " ".join(self.words.replace(said, " ", 1).split())
        if any(terms(rest)):
            self.words = rest
