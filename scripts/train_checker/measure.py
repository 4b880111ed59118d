"""Measures weights on the half of RAGTruth that nothing is trained on, task by task.

    python -m scripts.train_checker.measure FOLDER --weights DIR

`pincite-eval run grounding` reports the same for the weights that ship; this is for others. FOLDER
is a RAGTruth download. Both cuts are chosen on the sources that the training command kept for
validation, never on the reported half.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

import numpy as np

from evals.checking_systems import Checked
from evals.datasets.ragtruth import TASKS, Response, read, trains
from evals.ragtruth_figures import Figures, Judged, Trust
from pincite.checking import Checking
from pincite.grounding.shipped import Cut
from pincite.grounding.trained import TrainedChecker
from scripts.train_checker.examples import validates


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("folder", type=Path)
    options.add_argument("--weights", type=Path, required=True)
    options.add_argument("--threads", type=int, default=1)
    options.add_argument("--most", type=int, default=0, help="responses of each part; 0 for all")
    given = options.parse_args()
    told = list(read(given.folder))
    kept = [r for r in told if trains(r.split, r.source) and validates(f"ragtruth-{r.source}")]
    reported = [r for r in told if not trains(r.split, r.source)]
    checking = Checking(TrainedChecker(given.weights, threads=given.threads))
    most = given.most or len(told)
    cut = chosen_cut(judged(checking, sorted(kept, key=lambda r: (r.task == "qa", r.id))[:most]))
    print(f"cuts chosen on {len(kept)} responses kept for validation: {cut}")
    tell(judged(checking, reported[:most]), cut)


def judged(checking: Checking, responses: Sequence[Response]) -> list[Judged]:
    found: list[Judged] = []
    for response in responses:
        began = perf_counter()
        whole = checking.whole(response.answer, response.contexts, response.question)
        found.append(Judged(response, Checked(whole=whole, seconds=perf_counter() - began)))
    return found


def chosen_cut(items: Sequence[Judged]) -> Cut:
    """The cuts with the best mean over tasks of the F1 of answers, and of marked characters."""
    grid = [float(value) for value in np.linspace(0, 1, 101)[1:-1]]
    return Cut(
        answer=max(grid, key=lambda cut: _mean(items, "response_f1", cut)),
        claim=max(grid, key=lambda cut: _mean(items, "span_f1", cut)),
    )


def _mean(items: Sequence[Judged], metric: str, cut: float) -> float:
    return float(np.mean([_value(part, metric, cut) for part in by_task(items).values()]))


def _value(items: Sequence[Judged], metric: str, cut: float) -> float:
    return Figures(items, Cut(answer=cut, claim=cut)).values()[metric](range(len(items)))


def by_task(items: Sequence[Judged]) -> dict[str, list[Judged]]:
    parts = {task: [item for item in items if item.response.task == task] for task in TASKS}
    return {task: part for task, part in parts.items() if part}


def tell(items: Sequence[Judged], cut: Cut) -> None:
    claims = sum(len(item.checked.whole.claims) for item in items)
    seconds = sum(item.checked.seconds for item in items)
    print(f"{len(items)} responses, {claims} claims, {1000 * seconds / max(claims, 1):.0f} ms each")
    for name, part in {**by_task(items), "all": list(items)}.items():
        found = Figures(part, cut).values()
        figures = "  ".join(f"{key} {of(range(len(part))):.3f}" for key, of in found.items())
        bad = sum(item.response.is_hallucinated for item in part)
        always = 2 * bad / (bad + len(part))
        shares = "  ".join(
            f"{key} {value:.3f}" for key, (value, *_) in Trust.of(part).shares().items()
        )
        print(f"{name:9} {figures}  constant {always:.3f}\n          {shares}")


if __name__ == "__main__":
    main()
