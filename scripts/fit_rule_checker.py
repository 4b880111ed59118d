"""Fits and measures the logistic function of checker v1 on a RAGTruth download.

    python -m scripts.fit_rule_checker FOLDER [--sample 800]

FOLDER holds `train/` and `dev/` (or any two parts) with `source_info.jsonl` and `response.jsonl`.
Sources of the second part are halved by a hash of their id: one half joins the fit (the first part
has almost no Data2txt and Summary), the other half is only reported on.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from pincite.answers import Claim, Label
from pincite.config import Settings
from pincite.elements import Element, How, Kind, SourceId, element_id
from pincite.grounding.checkable import why_not_checkable
from pincite.grounding.claims import claims_of
from pincite.grounding.features import Features, Reading, compare
from pincite.grounding.memory import RememberingEncoder
from pincite.grounding.rules import RuleChecker
from pincite.grounding.sentences import sentences
from pincite.grounding.spots import Spot, spots_of
from pincite.grounding.words import content
from pincite.locators import TextSpan
from pincite.models.factory import text_encoder
from pincite.models.ports import Numbered
from pincite.models.store import ModelStore

Floats = npt.NDArray[np.float64]
L2 = 1e-3
STEPS = 3_000


class Row(NamedTuple):
    """One claim of one response."""

    response: str
    task: str
    text: str
    bad: bool
    """Whether a marked span overlaps it."""
    claim: Claim
    source: str


class Measured(NamedTuple):
    row: Row
    features: Features
    label: Label
    probability: float
    overlap: float


def rows_of(part: Path) -> tuple[list[Row], dict[str, list[Numbered]]]:
    sources = {d["source_id"]: d for d in _lines(part / "source_info.jsonl")}
    evidence = {id_: elements_of(d) for id_, d in sources.items()}
    rows: list[Row] = []
    for place, response in enumerate(_lines(part / "response.jsonl")):
        task = sources[response["source_id"]]["task_type"]
        rows.extend(_claims(f"{part.name}{place}", response, task))
    return rows, evidence


def _claims(name: str, response: dict[str, Any], task: str) -> Iterator[Row]:
    text, labels = response["response"], response["labels"]
    for span in sentences(text, lines=True):
        for claim in claims_of(text[span.start : span.end]):
            start, end = span.start + claim.start, span.start + claim.end
            bad = any(label["start"] < end and label["end"] > start for label in labels)
            yield Row(name, task, claim.text, bad, claim, response["source_id"])


def elements_of(source: dict[str, Any]) -> list[Numbered]:
    info = source["source_info"]
    match source["task_type"]:
        case "QA":
            parts = info["passages"].split("\n\n")
        case "Data2txt":
            parts = list(_flat(info))
        case _:
            parts = info.split("\n")
    return [
        Numbered(number=n, element=_element(n, part))
        for n, part in enumerate((p.strip() for p in parts if p.strip()), 1)
    ]


def _flat(value: Any, path: str = "") -> Iterator[str]:
    """`hours Monday: 17:30-23:0`, one line a leaf; reviews whole."""
    if isinstance(value, dict):
        for key, inner in value.items():  # pyright: ignore[reportUnknownVariableType]
            yield from _flat(inner, f"{path} {key}".strip())
    elif isinstance(value, list):
        for inner in value:  # pyright: ignore[reportUnknownVariableType]
            yield from _flat(inner, path)
    else:
        yield f"{path}: {value}"


def _element(number: int, text: str) -> Element:
    return Element(
        id=element_id(SourceId("source"), number),
        source=SourceId("source"),
        kind=Kind.TEXT,
        text=text,
        locators=(TextSpan(start=0, end=len(text)),),
        how=How.TEXT_LAYER,
    )


def measure(
    rows: Sequence[Row], evidence: dict[str, list[Numbered]], encoder: RememberingEncoder
) -> list[Measured]:
    checker = RuleChecker(encoder)
    done: list[Measured] = []
    known: dict[str, list[Spot]] = {}
    for row in rows:
        items = evidence[row.source]
        if row.source not in known:
            known[row.source] = [spot for item in items for spot in spots_of(item.element)]
        spots = known[row.source]
        vectors = encoder.embed_documents([spot.text for spot in spots])
        found = compare(Reading.of(row.text), encoder.embed_query(row.text), spots, vectors)
        if found is None or why_not_checkable(row.text):
            continue
        verdict = checker.check(row.claim, items)
        held = {stem for spot in spots for stem in spot.stems}
        own = content(row.text)
        overlap = sum(stem in held for stem in own) / max(len(own), 1)
        done.append(Measured(row, found.features, verdict.label, verdict.probability, overlap))
    return done


def fit(x: Floats, y: Floats) -> Floats:
    """Logistic regression with a bias, by gradient descent on standardised features."""
    mean, spread = x.mean(0), x.std(0) + 1e-9
    z = np.hstack([(x - mean) / spread, np.ones((len(x), 1))])
    w = np.zeros(z.shape[1])
    for _ in range(STEPS):
        p = 1 / (1 + np.exp(-z @ w))
        w -= 0.5 * (z.T @ (p - y) / len(y) + L2 * w)
    plain = w[:-1] / spread
    return np.append(plain, w[-1] - plain @ mean)


def response_f1(
    measured: Sequence[Measured], risk: Callable[[Measured], float], threshold: float
) -> dict[str, float]:
    """F1 of finding responses with a marked span, per task; a response is as risky as its worst."""
    worst: dict[tuple[str, str], float] = {}
    truth: dict[tuple[str, str], bool] = {}
    for item in measured:
        key = (item.row.task, item.row.response)
        worst[key] = max(worst.get(key, 0.0), risk(item))
        truth[key] = truth.get(key, False) or item.row.bad
    tasks = sorted({task for task, _ in worst})
    return {
        name: _f1([(truth[k], worst[k] > threshold) for k in worst if name in {k[0], "all"}])
        for name in [*tasks, "all"]
    }


def _f1(pairs: Sequence[tuple[bool, bool]]) -> float:
    hit = sum(t and p for t, p in pairs)
    return 2 * hit / max(sum(t for t, _ in pairs) + sum(p for _, p in pairs), 1)


def best_threshold(measured: Sequence[Measured], risk: Callable[[Measured], float]) -> float:
    grid = [i / 50 for i in range(50)]
    return max(grid, key=lambda t: response_f1(measured, risk, t)["all"])


def _half(source: str) -> bool:
    return hashlib.sha256(source.encode()).digest()[0] < 128


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _sampled(rows: list[Row], count: int) -> list[Row]:
    ids = sorted({row.response for row in rows})
    keep = set(random.Random(1).sample(ids, min(count, len(ids))))  # noqa: S311
    return [row for row in rows if row.response in keep]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", type=Path)
    options.add_argument("--sample", type=int, default=800, help="responses of the first part")
    chosen = options.parse_args()
    settings = Settings.load()
    encoder = RememberingEncoder(text_encoder(settings.encoder, ModelStore(settings.models)))
    first, evidence = rows_of(chosen.folder / "train")
    second, more = rows_of(chosen.folder / "dev")
    evidence |= more
    learn = measure(
        _sampled(first, chosen.sample) + [r for r in second if _half(r.source)], evidence, encoder
    )
    report(learn, measure([r for r in second if not _half(r.source)], evidence, encoder))


def report(learn: Sequence[Measured], held_out: Sequence[Measured]) -> None:
    x = np.array([m.features for m in learn])
    y = np.array([not m.row.bad for m in learn], dtype=float)
    weights = fit(x, y)
    print(f"fitted on {len(learn)} claims, {1 - y.mean():.1%} of them marked")
    for name, weight in zip((*Features._fields, "bias"), weights, strict=True):
        print(f"    {name}={weight:.2f}")

    def fitted(m: Measured) -> float:
        return 1 / (1 + float(np.exp(weights[:-1] @ np.array(m.features) + weights[-1])))

    risks: dict[str, Callable[[Measured], float]] = {
        "constant": lambda _: 1.0,
        "words missing": lambda m: 1 - m.overlap,
        "logistic as fitted now": fitted,
        "shipped probability": lambda m: 1 - m.probability,
        "shipped verdict": lambda m: float(m.label is not Label.SUPPORTED),
    }
    for name, risk in risks.items():
        threshold = 0.5 if name in {"constant", "shipped verdict"} else best_threshold(learn, risk)
        scores = response_f1(held_out, risk, threshold)
        cells = "  ".join(f"{task} {score:.3f}" for task, score in scores.items())
        print(f"{name:24} > {threshold:.2f}: {cells}")
    for bin_ in range(5):
        inside = [m for m in held_out if bin_ / 5 <= 1 - fitted(m) < (bin_ + 1) / 5 + bin_ // 4]
        good = sum(not m.row.bad for m in inside) / max(len(inside), 1)
        print(
            f"said {bin_ / 5:.1f}–{(bin_ + 1) / 5:.1f}: {len(inside)} claims, {good:.2f} unmarked"
        )


if __name__ == "__main__":
    main()
