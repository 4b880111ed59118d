"""Runs suites and gathers what they yield into one report."""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from evals import product
from evals.datasets import KNOWN
from evals.journal import Journal
from evals.results import Case, Cases, Report, Result, Run, missing, overall, summarize
from evals.suites import READS_ALL, Context, suite
from pincite.errors import PinciteError

_TELL_EVERY_S = 10.0
_SHARED = "shared"
"""Names the journal of what several suites need."""


@dataclass(frozen=True)
class Progress:
    """Where finished work is kept, and whether an earlier run's is taken over."""

    folder: Path
    resume: bool = False


def run_suites(
    names: Sequence[str],
    context: Context,
    progress: Progress | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> tuple[Report, Cases]:
    """Run suites one after another; one that fails is reported as failed and stops no other.

    `tell` gets a line now and then for a person who waits.

    Raises:
        UserError: `progress` is to be resumed, but is of another version or other options.
    """
    began, started = time.monotonic(), datetime.now(UTC)
    # Asked for first: what cannot be told must not cost a finished run its report.
    made, weights = product.product(context.settings), product.models(context.settings)
    journals = {name: _journal(name, context, progress) for name in names}
    shared = _journal(_SHARED, context, progress)
    results: list[Result] = []
    cases: Cases = {}
    for name in names:
        told = time.monotonic()
        given = replace(context, journal=journals[name], shared=shared)
        for item in _run_suite(name, given):
            if isinstance(item, Result):
                results.append(_sampled(item, context.seed))
                continue
            ours = cases.setdefault(f"{name.partition('.')[0]}.{item[0]}", [])
            ours.append(item[1])
            if time.monotonic() - told > _TELL_EVERY_S:
                told = time.monotonic()
                tell(f"{name}.{item[0]}: {len(ours)} cases after {told - began:.0f} s")
    if shared.folder and not context.out_of_time:
        shutil.rmtree(shared.folder, ignore_errors=True)
    report = Report(
        product=made,
        models=weights,
        machine=product.machine(),
        run=Run(
            command=" ".join(["pincite-eval", *sys.argv[1:]]),
            seed=context.seed,
            profile=context.profile,
            started=started.isoformat(timespec="seconds"),
            seconds=round(time.monotonic() - began, 1),
            status=overall(results),
            network=product.network(),
        ),
        summary=summarize(results),
        results=tuple(results),
        ignored=() if READS_ALL in names else _ignored(context.data),
    )
    return report, cases


def _run_suite(name: str, context: Context) -> Iterator[Result | tuple[str, Case]]:
    with tempfile.TemporaryDirectory(prefix=f"pincite-eval-{name}-") as scratch:
        try:
            yield from suite(name)(replace(context, scratch=Path(scratch)))
        except PinciteError as exc:
            yield missing(name, "all", "run", str(exc), status="failed")
        # The edge of a suite: a fault in one must not cost the figures of the others.
        except Exception as exc:  # noqa: BLE001
            traceback.print_exc()
            why = f"{type(exc).__name__}: {exc}"
            yield missing(name, "all", "run", why, status="failed")


def _journal(name: str, context: Context, progress: Progress | None) -> Journal:
    if progress is None:
        return Journal()
    made = product.product(context.settings)
    by = f"{made.model_dump_json()} {context.seed} {context.data and context.data.resolve()}"
    return Journal.open(progress.folder / f"{name}.jsonl", made_by=by, resume=progress.resume)


def _sampled(result: Result, seed: int) -> Result:
    """Say by which rule the items were chosen where not all were measured."""
    if result.status != "ok" or result.reason or result.n >= result.n_total:
        return result
    rule = (
        f"sample: the {result.n} of {result.n_total} items with the lowest "
        f"SHA-256 of '{seed}:' and the item's id"
    )
    return result.model_copy(update={"reason": rule})


def _ignored(data: Path | None) -> tuple[str, ...]:
    """Folders of data that no suite reads."""
    folders = (entry for entry in (data.iterdir() if data else ()) if entry.is_dir())
    return tuple(sorted(folder.name for folder in folders if folder.name not in KNOWN))
