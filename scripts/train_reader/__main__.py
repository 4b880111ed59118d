"""Train and export the small reader.

    python -m scripts.train_reader --data DIR --out DIR [--begin CHECKPOINT] [--resume]

DIR of the data holds `squad/` and `ragtruth/`. Of SQuAD only the articles that `evals.datasets
.posed.chooses` gives away are read; the suite `refusal` reports on the others. CHECKPOINT is one of
`scripts.train_checker`. Everything is written to the folder of `--out`: a checkpoint every two
minutes, the export in `weights/`, and `report.txt`. Needs torch, transformers and onnx.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from random import Random

import numpy as np
import numpy.typing as npt

from evals.refusal_figures import MOST_OVER_REFUSED
from evals.scorers.selective import recall_at
from pincite.config import Settings
from pincite.models.onnx_reader import OnnxReader, tokenizer_in
from pincite.models.store import ModelStore
from scripts.train_reader import questions, tables
from scripts.train_reader.examples import Example, validates
from scripts.train_reader.export import export
from scripts.train_reader.network import begun_from, network
from scripts.train_reader.training import SEED, Training, read, say

ENCODER = "all-minilm-l6-v2"
TABLES = 250
COMPARED = 200
"""Validation questions that int8 and float are compared on."""


def main() -> None:
    chosen = _options().parse_args()
    chosen.out.mkdir(parents=True, exist_ok=True)
    encoder = ModelStore(Settings.load().models).path(ENCODER)
    learnt, kept = build(chosen.data)
    tokenizer = tokenizer_in(encoder)
    reads = read(tokenizer, learnt)
    say(f"{table_of(learnt)}\n{len(kept)} kept; {np.mean([len(r.ids) for r in reads]):.0f} tokens")
    net = network(encoder)
    if chosen.begin:
        begun_from(net, chosen.begin)
    training = Training(net, chosen.out, threads=chosen.threads)
    training.run(reads, steps=chosen.steps, resume=chosen.resume)
    judged = training.judge(read(tokenizer, kept))
    text = f"{table_of(learnt)}\n\n{scores(kept, judged)}"
    if not chosen.no_export:
        file = export(training.network, encoder, chosen.out / "weights")
        reader = OnnxReader(file.parent)
        small = np.array(
            [reader.read(each.question, each.window).answered for each in kept[:COMPARED]]
        )
        differ = float(np.abs(small - judged[:COMPARED, 0]).mean())
        text += f"\n\nint8 beside torch: logits differ by {differ:.3f}"
    (chosen.out / "report.txt").write_text(f"{text}\n", encoding="utf-8")
    say(text)


def build(data: Path) -> tuple[list[Example], list[Example]]:
    """For training, and the questions of version 2.0 that were kept from it."""
    rng = Random(SEED)  # noqa: S311
    made = list(questions.squad(rng, data / "squad"))
    if (data / "ragtruth").is_dir():
        made += questions.searched(data / "ragtruth")
    made += questions.foreign(rng, made, len(made) // 30)
    made += tables.questions(rng, TABLES)
    kept = [each for each in made if validates(each.group) and each.origin == "squad"]
    return [each for each in made if not validates(each.group)], kept


def scores(kept: Sequence[Example], judged: npt.NDArray[np.float32]) -> str:
    truth = np.array([each.answer is not None for each in kept])
    lines = [f"{len(kept)} questions kept, {truth.mean():.2f} answered"]
    for name, logits in zip(("answered", "span", "both"), (*judged.T, judged.sum(1)), strict=True):
        recall = recall_at(truth, logits, MOST_OVER_REFUSED)
        lines.append(f"{name}: AUROC {_auroc(truth, logits):.3f}, recall at .15 {recall:.3f}")
    return "\n".join(lines)


def _auroc(truth: npt.NDArray[np.bool_], logits: npt.NDArray[np.float32]) -> float:
    ranks = np.argsort(np.argsort(logits)) + 1
    many = int(truth.sum())
    return float((ranks[truth].sum() - many * (many + 1) / 2) / (many * (len(truth) - many)))


def table_of(examples: Sequence[Example]) -> str:
    """How many of each origin, with an answer and without."""
    counts = Counter((each.origin, each.answer is not None) for each in examples)
    origins = sorted({origin for origin, _ in counts})
    rows = [(o, counts[o, True], counts[o, False]) for o in origins]
    rows.append(("all", sum(r[1] for r in rows), sum(r[2] for r in rows)))
    return "\n".join(f"{origin:20} {there:6} {not_there:6}" for origin, there, not_there in rows)


def _options() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--data", type=Path, required=True)
    options.add_argument("--out", type=Path, required=True)
    options.add_argument("--begin", type=Path, help="a checkpoint of scripts.train_checker")
    options.add_argument("--steps", type=int, default=2_000)
    options.add_argument("--threads", type=int, default=1)
    options.add_argument("--resume", action="store_true")
    options.add_argument("--no-export", action="store_true")
    return options


if __name__ == "__main__":
    main()
