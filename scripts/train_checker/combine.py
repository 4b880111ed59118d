"""Fits how the trained reader and the rules are combined, on the claims kept from training.

    python -m scripts.train_checker.combine OUT

OUT is the folder of the training command; writes `OUT/weights/combination.json` and prints the
ablation. About three minutes.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from pincite.config import Settings
from pincite.elements import SourceId
from pincite.grounding.combined import FILE, Combination, Platt, log_odds
from pincite.grounding.contexts import placed
from pincite.grounding.rules import Rules
from pincite.grounding.spots import Spot, spots_of
from pincite.grounding.trained import TrainedJudge
from pincite.models.factory import text_encoder
from pincite.models.store import ModelStore
from scripts.train_checker.calibration import Floats, auroc, sigmoid
from scripts.train_checker.data import written
from scripts.train_checker.examples import SUPPORTED, Example, split

SUPPORTED_SHARE: Final = 0.5
"""Of the right claims of people and models, at the operating point."""
_ROUNDS: Final = 30
_RIDGE: Final = 0.1
Flags = npt.NDArray[np.bool_]
_GROUPS: Final = ("ragtruth-data2txt", "ragtruth-qa", "ragtruth-summary", "summedits", "squad")


def main() -> None:
    out = Path(sys.argv[1])
    _, kept = split(written(out / "examples.jsonl"))
    held = [(each, spots) for each in kept if (spots := spots_in(each))]
    x = scores([each for each, _ in held], [spots for _, spots in held], out / "weights")
    y = np.array([each.label == SUPPORTED for each, _ in held])
    groups = [group_of(each) for each, _ in held]
    made = combination(x, y, groups)
    (out / "weights" / FILE).write_text(made.model_dump_json(indent=2) + "\n", encoding="utf-8")
    sys.stdout.write("\n".join(told(made, x, y, groups)) + "\n")


def group_of(each: Example) -> str:
    """Real texts by task, all synthetic ones together; every group counts the same."""
    return next((name for name in _GROUPS if each.origin.startswith(name)), "synthetic")


def spots_in(each: Example) -> list[Spot]:
    found = placed(each.evidence, SourceId("kept"))
    return [spot for item in found for spot in spots_of(item.element)]


def scores(examples: Sequence[Example], spots: Sequence[Sequence[Spot]], weights: Path) -> Floats:
    """Log odds of the trained reader and of the rules; shape (examples, 2)."""
    settings = Settings.load()
    rules = Rules(text_encoder(settings.encoder, ModelStore(settings.models)))
    trained = TrainedJudge(weights)
    rows = [
        [log_odds(judge.judge(each.claim, held).probability) for judge in (trained, rules)]
        for each, held in zip(examples, spots, strict=True)
    ]
    return np.array(rows)


def combination(x: Floats, y: Flags, groups: Sequence[str]) -> Combination:
    counts = Counter(groups)
    weight = np.array([len(y) / len(counts) / counts[group] for group in groups])
    trained, rules = (platt(x[:, column], y, weight) for column in (0, 1))
    z = agreed(trained, rules, x)
    both = platt(z, y, weight)
    p = sigmoid(both.slope * z + both.bias)
    real = real_in(groups) & y
    cut = float(np.quantile(p[real], 1 - SUPPORTED_SHARE))
    return Combination(
        trained=trained,
        rules=rules,
        both=both,
        supported_from=round(cut, 2),
        languages=("en",),
    )


def real_in(groups: Sequence[str]) -> Flags:
    return np.array([group != "synthetic" for group in groups])


def agreed(trained: Platt, rules: Platt, x: Floats) -> Floats:
    """Log odds after the odds against of both were added; as `Combination.probability`."""
    against = [np.exp(-(p.slope * x[:, n] + p.bias)) for n, p in enumerate((trained, rules))]
    return -np.log(against[0] + against[1])


def platt(z: Floats, y: Flags, weight: Floats) -> Platt:
    """By Newton's method."""
    design = np.stack([z, np.ones(len(z))], axis=1)
    line = np.zeros(2)
    for _ in range(_ROUNDS):
        p = sigmoid(design @ line)
        slope = design.T @ (weight * (p - y)) + _RIDGE * line
        curve = (design * (weight * p * (1 - p))[:, None]).T @ design + _RIDGE * np.eye(2)
        line -= np.linalg.solve(curve, slope)
    return Platt(slope=float(line[0]), bias=float(line[1]))


def told(made: Combination, x: Floats, y: Flags, groups: Sequence[str]) -> Iterator[str]:
    z = agreed(made.trained, made.rules, x)
    p = sigmoid(made.both.slope * z + made.both.bias)
    real = real_in(groups)
    yield made.model_dump_json(indent=2)
    yield "at as many right claims of real texts supported: wrong ones, and wrong ones made up"
    for name, scored in (("trained", x[:, 0]), ("rules", x[:, 1]), ("both", p)):
        cut = np.quantile(scored[real & y], 1 - SUPPORTED_SHARE)
        wrong = [float((scored[part & ~y] >= cut).mean()) for part in (real, ~real)]
        right = float((scored[~real & y] >= cut).mean())
        yield (
            f"{name:8} AUROC {auroc(scored, y.astype(float)):.3f}, wrong {wrong[0]:.2f}, made up "
            f"{wrong[1]:.2f} beside {right:.2f} of right ones"
        )
    yield "origin, claims, called supported: right ones, wrong ones"
    for group in sorted(set(groups)):
        inside: Flags = np.array([each == group for each in groups])
        shares = [(p[inside & part] >= made.supported_from).mean() for part in (y, ~y)]
        yield f"{group:20} {inside.sum():5} {shares[0]:.2f} {shares[1]:.2f}"


if __name__ == "__main__":
    main()
