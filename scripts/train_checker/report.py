"""What the training command writes about the weights: how well, how sure, by what threshold."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from pincite.grounding.signals import Signals
from scripts.train_checker.calibration import (
    SETS,
    Answers,
    Fit,
    answers,
    auroc,
    crossed,
    even,
    f1,
    fitted,
    matrix,
    real,
    reliability,
    scores,
    threshold_of,
)
from scripts.train_checker.examples import SUPPORTED, Example

Floats = npt.NDArray[np.float64]


def calibrate(
    examples: Sequence[Example], logits: Floats, worst: Floats, used: str, folder: Path
) -> str:
    """Writes `checker.json` beside the weights and returns what was found, as text."""
    kept = real(examples)
    chosen = [examples[n] for n in kept]
    x = matrix(chosen, logits[kept], worst[kept])
    y = np.array([float(each.label == SUPPORTED) for each in chosen])
    weight = even(chosen)
    groups = [each.group for each in chosen]
    lines = ["signals, by fits that did not see the source: log loss, ECE, AUROC, answer F1"]
    for name, fields in SETS.items():
        p = crossed(x, y, weight, groups, fields)
        found = scores(p, y, weight)
        told = _answered(chosen, p)
        best = f1(told, threshold_of(told), even=True)
        lines.append(f"{name:32} {found.log_loss:.3f} {found.ece:.3f} {found.auroc:.3f} {best:.3f}")
    p = crossed(x, y, weight, groups, SETS[used])
    threshold = threshold_of(_answered(chosen, p))
    fit = fitted(x, y, weight, SETS[used])
    _write(folder / "checker.json", fit, threshold)
    lines += ["", f"by “{used}”: {fit}, supported from {threshold:.2f}", "said, was, claims"]
    lines += [f"{said:.2f} {was:.2f} {count:6}" for said, was, count in reliability(p, y)]
    return "\n".join([*lines, "", *by_origin(examples, logits)])


def by_origin(examples: Sequence[Example], logits: Floats) -> list[str]:
    """For each origin: claims, AUROC, and how many true and broken ones are not supported."""
    lines = ["origin, claims, AUROC of supported; not called supported: true ones, broken ones"]
    margin = logits[:, 0] - np.logaddexp(logits[:, 1], logits[:, 2])
    true = np.array([each.label == SUPPORTED for each in examples])
    for origin in sorted({each.origin for each in examples}):
        inside = np.array([each.origin == origin for each in examples])
        area = auroc(margin[inside], true[inside].astype(float))
        shares = (_share(margin, inside & true), _share(margin, inside & ~true))
        lines.append(f"{origin:36} {inside.sum():6} {area:.3f}  {shares[0]:.2f} {shares[1]:.2f}")
    return lines


def _share(margin: Floats, inside: npt.NDArray[np.bool_]) -> float:
    return float((margin[inside] < 0).mean()) if inside.any() else float("nan")


def _answered(examples: Sequence[Example], p: Floats) -> Answers:
    kept = [n for n, each in enumerate(examples) if each.origin.startswith("ragtruth")]
    return answers([examples[n] for n in kept], p[kept])


def _write(file: Path, fit: Fit, threshold: float) -> None:
    told = {
        "weights": dict(zip(Signals._fields, fit.weights, strict=True)),
        "bias": fit.bias,
        "supported_from": threshold,
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
