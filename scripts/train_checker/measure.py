"""Measures weights on the half of RAGTruth that nothing is trained on, task by task.

    python -m scripts.train_checker.measure FOLDER --weights DIR --journal FILE --part kept
    python -m scripts.train_checker.measure FOLDER --weights DIR --journal FILE --part reported

`pincite-eval run grounding` reports the same for the weights that ship; this is for others. FOLDER
is a RAGTruth download. Both cuts are chosen on the sources that the training command kept for
validation, never on the reported half.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from time import perf_counter

import numpy as np

from evals.checking_systems import Checked
from evals.datasets.ragtruth import TASKS, Response, read, trains
from evals.ragtruth_figures import Figures, Judged, Trust
from pincite.checking import Checking
from pincite.config import Settings
from pincite.grounding.checking import SpotChecker
from pincite.grounding.combined import combined_checker
from pincite.grounding.memory import remembering
from pincite.grounding.shipped import Cut
from pincite.grounding.trained import WINDOWS, TrainedChecker
from pincite.models.factory import text_encoder
from pincite.models.store import ModelStore
from scripts.train_checker.examples import validates


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("folder", type=Path)
    options.add_argument("--weights", type=Path, required=True)
    options.add_argument("--journal", type=Path, required=True, help="file of what is done")
    options.add_argument("--part", choices=("kept", "reported", "neither"), default="reported")
    options.add_argument("--windows", type=int, default=WINDOWS, help="of the evidence, at most")
    options.add_argument("--alone", action="store_true", help="the trained reader without rules")
    given = options.parse_args()
    kept, reported = parts(given.folder)
    checking = Checking(_checker(given.weights, given.windows, alone=given.alone))
    wanted = {"kept": kept, "reported": reported, "neither": []}[given.part]
    judge(checking, wanted, given.journal)
    done = read_journal(given.journal)
    cut = chosen_cut(judged(kept, done))
    print(f"cuts chosen on {len(judged(kept, done))} responses kept for validation: {cut}")
    if found := judged(reported, done):
        tell(found, cut)


def _checker(weights: Path, windows: int, *, alone: bool) -> SpotChecker:
    if alone:
        return TrainedChecker(weights, windows=windows)
    settings = Settings.load()
    encoder = text_encoder(settings.encoder, ModelStore(settings.models))
    return combined_checker(weights, remembering(encoder))


def parts(folder: Path) -> tuple[list[Response], list[Response]]:
    """Kept for validation (of the questions of `train` one in three), and reported; mixed."""
    told = sorted(read(folder), key=lambda r: _digest(r.id))
    kept = [
        r
        for r in told
        if trains(r.split, r.source)
        and validates(f"ragtruth-{r.source}")
        and (r.split == "dev" or r.task != "qa" or _digest(r.id)[0] % 3 == 0)
    ]
    return kept, [r for r in told if not trains(r.split, r.source)]


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def judge(checking: Checking, responses: Sequence[Response], journal: Path) -> None:
    """Those that are not in the journal, a line each; several processes may write to one."""
    done = read_journal(journal)
    for response in responses:
        if response.id not in done:
            began = perf_counter()
            whole = checking.whole(response.answer, response.contexts, response.question)
            found = Checked(whole=whole, seconds=perf_counter() - began)
            with journal.open("a", encoding="utf-8") as lines:
                lines.write(f"{json.dumps([response.id, found.model_dump(mode='json')])}\n")


def read_journal(journal: Path) -> dict[str, Checked]:
    if not journal.is_file():
        return {}
    lines = journal.read_text(encoding="utf-8").splitlines()
    return {id_: Checked.model_validate(found) for id_, found in map(json.loads, lines)}


def judged(responses: Sequence[Response], done: Mapping[str, Checked]) -> list[Judged]:
    return [Judged(response, done[response.id]) for response in responses if response.id in done]


def chosen_cut(items: Sequence[Judged]) -> Cut:
    """The best F1 of answers, with tasks counting the same; the best mean over tasks for marks."""
    answers = sorted({round(item.checked.whole.probability, 4) for item in items})
    claims = [float(value) for value in np.linspace(0, 1, 101)[1:-1]]
    return Cut(
        answer=max(answers, key=lambda cut: _even_f1(items, cut)),
        claim=max(claims, key=lambda cut: _mean(items, "span_f1", cut)),
    )


def _even_f1(items: Sequence[Judged], cut: float) -> float:
    parts = by_task(items).values()
    hit = said = bad = 0.0
    for part in parts:
        found = Figures(part, Cut(answer=cut, claim=cut)).decisions(range(len(part)))
        hit += found.hits / len(part)
        said += (found.hits + found.false_alarms) / len(part)
        bad += (found.hits + found.misses) / len(part)
    return 2 * hit / max(said + bad, 1e-9)


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
