"""The suites by name. A suite yields results and cases; it never decides where they are written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from time import monotonic
from typing import Literal, TypeVar

from evals.datasets import KNOWN
from evals.journal import Journal
from evals.results import Case, Result
from evals.sampling import sample
from pincite.config import Settings
from pincite.errors import UserError
from pincite.values import Value

T = TypeVar("T")
V = TypeVar("V", bound=Value)


@dataclass(frozen=True)
class Own:
    """What a user brings to the suite `mine`."""

    questions: Path
    files: Path | None = None
    """Folder of files that answer them; None asks the library that there is."""


@dataclass(frozen=True)
class Context:
    """What a suite may use."""

    settings: Settings
    data: Path | None
    """Folder with data sets in their official formats."""
    scratch: Path
    """Empty folder, removed afterwards."""
    profile: Literal["smoke", "standard", "full"] = "standard"
    limit: int | None = None
    seed: int = 0
    budget_s: float | None = None
    own: Own | None = None
    started: float = field(default_factory=monotonic)
    journal: Journal = field(default_factory=Journal)
    shared: Journal = field(default_factory=Journal)
    """Of the whole run: what several suites need, such as the answers to the same questions."""

    @property
    def out_of_time(self) -> bool:
        return self.budget_s is not None and monotonic() - self.started > self.budget_s

    def sample(self, items: Iterable[T], id_of: Callable[[T], str], standard: int) -> list[T]:
        """What this profile measures: a handful, `standard` items, or all; `limit` caps each."""
        size = {"smoke": min(4, standard), "standard": standard, "full": None}[self.profile]
        if self.limit is not None:
            size = self.limit if size is None else min(size, self.limit)
        return sample(items, size, id_of=id_of, seed=self.seed)

    def once(self, kind: type[V], key: str, make: Callable[[], V]) -> V:
        """What `make` gives, kept under `key`, so that a resumed run does not compute it again.

        Wrap what takes long for one item, e.g. reading and scoring a page; what it gives must hold
        all that the suite's figures are made from. An error is not kept.
        """
        return self.journal.once(kind, key, make)

    def dataset(self, name: str) -> Path | None:
        """The folder of a data set, or None where it is not there.

        Raises:
            KeyError: the name is not in `evals.datasets.KNOWN`; a mistake in the suite.
        """
        if name not in KNOWN:
            raise KeyError(f"name {name} in evals.datasets.KNOWN, or it is reported as ignored")
        folder = self.data / name if self.data else None
        return folder if folder and folder.is_dir() else None


Suite = Callable[[Context], Iterator[Result | tuple[str, Case]]]
"""Yields results, and cases with the name of their data set."""

SUITES = {
    name: f"evals.suites.{name.replace('-', '_')}"
    for name in (
        "captions",
        "citations",
        "coverage",
        "endtoend",
        "extract",
        "fields",
        "grounding",
        "images",
        "injection",
        "layout",
        "locators",
        "ocr",
        "parse",
        "qa",
        "refusal",
        "retrieval",
        "speech",
        "speech-find",
        "speed",
        "tables",
    )
}
ON_OWN_FILES = {"mine": "evals.suites.mine"}
"""What `pincite-eval mine` runs."""
READS_ALL = "coverage"
"""The suite that leaves no folder of data out."""


def suite(name: str) -> Suite:
    """Load one suite, or one part of it: `speed.first`.

    Raises:
        UserError: no suite, or no part of it, has this name.
    """
    whole, _, part = name.partition(".")
    if whole not in SUITES | ON_OWN_FILES:
        raise UserError(f"no suite is called {whole!r}; there are: {', '.join(sorted(SUITES))}")
    module = import_module((SUITES | ON_OWN_FILES)[whole])
    if not part:
        return module.run
    parts: dict[str, Suite] = getattr(module, "PARTS", {})
    if part not in parts:
        there = ", ".join(parts) or "it is one piece"
        raise UserError(f"{whole} has no part {part!r}; there are: {there}")
    return parts[part]
