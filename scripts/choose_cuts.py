"""Choose where the probabilities of claim checkers are cut, on RAGTruth's training half alone.

    python -m scripts.choose_cuts FOLDER [--sources 30]

FOLDER is a RAGTruth download. Of each task so many sources of `dev` that may train (see
`evals.datasets.ragtruth.trains`) are checked by what ships and by the baselines; `train` itself is
left out, as it holds hardly anything but questions. Prints for each system the cut for answers by
the F1 of responses, and for claims by the F1 of marked characters: they belong into
`pincite.grounding.shipped.CUTS` and `evals.plain_checkers.CUTS`. A checker that was trained on the
same sources wants others: give only those that were held out of its training, by --only.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from evals.checking_systems import System, systems
from evals.datasets import ragtruth
from evals.datasets.ragtruth import TASKS, Response, trains
from evals.ragtruth_figures import Figures, Judged
from evals.sampling import sample
from evals.suites import Context
from evals.suites.grounding import judged
from pincite.config import Settings
from pincite.grounding.shipped import Cut

STEPS = 99


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("folder", type=Path)
    options.add_argument("--sources", type=int, default=30, help="of each task")
    options.add_argument("--only", type=Path, help="a file with the ids of sources, one a line")
    given = options.parse_args()
    kept = set(given.only.read_text("utf-8").split()) if given.only else None
    responses = training_half(given.folder, given.sources, kept)
    with tempfile.TemporaryDirectory() as scratch:
        context = Context(settings=Settings.load(), data=None, scratch=Path(scratch))
        for system in systems(context):
            items = [judged(context, system, response) for response in responses]
            tell(system, items)


def training_half(folder: Path, sources: int, kept: set[str] | None) -> list[Response]:
    """With all responses to each source that was drawn; sorted by source."""
    told = [
        response
        for response in ragtruth.read(folder)
        if response.split == "dev" and trains(response.split, response.source)
    ]
    drawn: set[str] = set()
    for task in TASKS:
        of = {r.source for r in told if r.task == task and (kept is None or r.source in kept)}
        drawn |= set(sample(of, sources, id_of=str, seed=0))
    return sorted((r for r in told if r.source in drawn), key=lambda r: r.source)


def tell(system: System, items: Sequence[Judged]) -> None:
    claims = [claim for item in items for claim in item.checked.whole.claims]
    unchecked = sum(claim.verdict == "not_checkable" for claim in claims)
    print(f"{system.name} ({system.checking.id}): {len(items)} responses, {len(claims)} claims,")
    print(f"  {unchecked} of them not checkable")
    figures = [
        Figures(items, Cut(answer=float(cut), claim=float(cut)))
        for cut in np.linspace(0, 1, STEPS + 2)[1:-1]
    ]
    everything = range(len(items))
    for metric, names in (("response_f1", "answers"), ("span_f1", "claims")):
        values = [each.values()[metric](everything) for each in figures]
        best = int(np.argmax(values))
        now = Figures(items, system.cut).values()[metric](everything)
        print(f"  cut for {names}: {figures[best].cut.answer:.2f}, {metric} {values[best]:.3f}")
        print(f"  as it is: {system.cut.answer:.2f} / {system.cut.claim:.2f}, {now:.3f}")


if __name__ == "__main__":
    main()
