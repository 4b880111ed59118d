"""Two reports against each other: paired over the same cases, with intervals by the bootstrap."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from evals.intervals import paired_difference
from evals.report.markdown import number
from evals.results import PRODUCT, Case, read_report
from pincite.errors import UserError

WORSE = 5
"""Exit code where the second report is surely worse somewhere."""


class Difference(NamedTuple):
    """Mean case score of the second report less that of the first, over the cases of both."""

    dataset: str
    shared: int
    alone: int
    """Cases that only one of the two has; they are left out."""
    first: float
    second: float
    mean: float
    low: float
    high: float

    @property
    def verdict(self) -> str:
        if self.shared < 2 or self.low <= 0 <= self.high:
            return "no sure difference"
        return "better" if self.low > 0 else "worse"


class Shift(NamedTuple):
    """A figure of both summaries; without an interval, since it is no mean of cases."""

    key: str
    first: float
    second: float


def differences(first: Path, second: Path, *, seed: int = 0) -> list[Difference]:
    """One for each data set of which both reports have cases with scores.

    Raises:
        UserError: a folder holds no report, or the two share no case.
    """
    ours, theirs = _cases(first), _cases(second)
    found = [
        difference
        for name in ours
        if (difference := _difference(name, ours[name], theirs.get(name, {}), seed)) is not None
    ]
    if not found:
        raise UserError(f"{first} and {second} have no case in common; run the same suites twice")
    return found


def shifts(first: Path, second: Path) -> list[Shift]:
    """The figures that both summaries have, in the order of the first.

    Raises:
        UserError: a folder holds no report.
    """
    ours, theirs = read_report(first).summary, read_report(second).summary
    return [Shift(key, value, theirs[key]) for key, value in ours.items() if key in theirs]


def table(first: Path, second: Path, *, seed: int = 0) -> tuple[str, int]:
    """Markdown, and the exit code: 0, or `WORSE` where any data set is surely worse."""
    found = differences(first, second, seed=seed)
    code = WORSE if any(difference.verdict == "worse" for difference in found) else 0
    return "\n".join([*_case_rows(found), "", *_shift_rows(shifts(first, second)), ""]), code


def _case_rows(found: Sequence[Difference]) -> Iterator[str]:
    yield "Mean score over the same cases, B − A; paired bootstrap."
    yield ""
    yield "| cases | n | only in one | A | B | difference | 95 % | B is |"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- |"
    for d in found:
        yield (
            f"| {d.dataset} | {d.shared} | {d.alone} | {d.first:.3f} | {d.second:.3f} "
            f"| {d.mean:+.4f} | {d.low:+.4f} to {d.high:+.4f} | {d.verdict} |"
        )


def _shift_rows(found: Sequence[Shift]) -> Iterator[str]:
    yield "Figures of both summaries."
    yield ""
    yield "| figure | A | B | difference |"
    yield "| --- | --- | --- | --- |"
    for shift in found:
        change = shift.second - shift.first
        yield f"| {shift.key} | {number(shift.first)} | {number(shift.second)} | {change:+.4f} |"


def _difference(
    name: str, ours: dict[tuple[str, int], float], theirs: dict[tuple[str, int], float], seed: int
) -> Difference | None:
    shared = [key for key in ours if key in theirs]
    if not shared:
        return None
    first, second = [ours[key] for key in shared], [theirs[key] for key in shared]
    mean, low, high = paired_difference(second, first, seed=seed)
    return Difference(
        dataset=name,
        shared=len(shared),
        alone=len(ours) + len(theirs) - 2 * len(shared),
        first=sum(first) / len(first),
        second=sum(second) / len(second),
        mean=mean,
        low=low,
        high=high,
    )


def _cases(folder: Path) -> dict[str, dict[tuple[str, int], float]]:
    """Scores of our own cases by data set, input and how often that input came before."""
    read_report(folder)
    found: dict[str, dict[tuple[str, int], float]] = {}
    for file in sorted((folder / "cases").glob("*.jsonl")):
        seen = Counter[str]()
        scores: dict[tuple[str, int], float] = {}
        for case in _lines(file):
            if case.system == PRODUCT and case.score is not None:
                scores[case.input, seen[case.input]] = case.score
                seen[case.input] += 1
        found[file.stem] = scores
    return found


def _lines(file: Path) -> Iterator[Case]:
    for line in file.read_text(encoding="utf-8").splitlines():
        try:
            yield Case.model_validate_json(line)
        except ValidationError as exc:
            raise UserError(f"{file} is not a file of cases; run the suite again") from exc
