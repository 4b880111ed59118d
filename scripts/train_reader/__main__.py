"""Train a claim model to read questions, and export it.

    python -m scripts.train_reader --data DIR --out DIR --begin CHECKPOINT [--resume]

DIR of the data holds `squad/` and `ragtruth/`. Of SQuAD only the articles that `evals.datasets
.posed.chooses` gives away are read; the suite `refusal` reports on the others. CHECKPOINT is one of
`scripts.train_checker`; training begins with its weights. Everything is written to the folder of
`--out`: a checkpoint every few minutes, the export in `weights/`, and `report.txt`. Needs torch,
transformers and onnx.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from random import Random

import numpy as np

from evals.refusal_figures import MOST_OVER_REFUSED
from evals.scorers.binary import auroc
from evals.scorers.selective import recall_at
from pincite.config import Settings
from pincite.models.onnx_claim_checker import tokenizer_in
from pincite.models.store import ModelStore
from pincite.models.torch_library import torch_library
from scripts.train_checker.batches import read
from scripts.train_checker.data import table_of
from scripts.train_checker.examples import SUPPORTED, Example
from scripts.train_checker.export import export
from scripts.train_checker.network import network
from scripts.train_checker.training import Judged, Training
from scripts.train_reader import questions, tables

ENCODER = "all-minilm-l6-v2"
SEED = 20
TABLES = 250
FROZEN = 3
"""Layers nearest to the words that stay as they are: a third of the time, and few questions."""
KEPT_EACH = 3
"""Of the questions kept from training every third is judged."""


def main() -> None:
    chosen = _options().parse_args()
    chosen.out.mkdir(parents=True, exist_ok=True)
    encoder = ModelStore(Settings.load().models).path(ENCODER)
    learnt, kept = build(chosen.data)
    tokenizer = tokenizer_in(encoder)
    net = network(encoder)
    known = torch_library().load(chosen.begin, map_location="cpu", weights_only=True)
    net.load_state_dict(known["network"])
    net.bert.encoder.layer[:FROZEN].requires_grad_(requires_grad=False)
    _say(f"{table_of(learnt)}\n{len(kept)} kept")
    training = Training(net, chosen.out, threads=chosen.threads, epochs=chosen.epochs)
    before = scores(kept, training.judge(read(tokenizer, kept)))
    _say(f"before: {before}")
    training.run(learnt, read(tokenizer, learnt), resume=chosen.resume, most=chosen.steps)
    after = scores(kept, training.judge(read(tokenizer, kept)))
    text = f"{table_of(learnt)}\n\nbefore: {before}\nafter: {after}"
    (chosen.out / "report.txt").write_text(f"{text}\n", encoding="utf-8")
    _say(text)
    export(training.network, encoder, chosen.out / "weights")


def build(data: Path) -> tuple[list[Example], list[Example]]:
    """For training, and the questions of version 2.0 that were kept from it."""
    rng = Random(SEED)  # noqa: S311
    made = list(questions.squad(rng, data / "squad", validation=False))
    if (data / "ragtruth").is_dir():
        made += questions.searched(data / "ragtruth")
    made += questions.foreign(rng, made, len(made) // 30)
    made += tables.questions(rng, TABLES)
    kept = questions.squad(rng, data / "squad", validation=True)
    return made, [each for each in kept if each.origin == "question-squad"][::KEPT_EACH]


def scores(kept: Sequence[Example], judged: Judged) -> str:
    truth = np.array([each.label == SUPPORTED for each in kept])
    logits = judged.logits.astype(float)
    answered = logits[:, 0] - np.logaddexp(logits[:, 1], logits[:, 2])
    told = [f"{len(kept)} questions, {truth.mean():.2f} answered"]
    for name, score in (("answered", answered), ("doubt", -judged.worst_mark.astype(float))):
        recall = recall_at(truth, score, MOST_OVER_REFUSED)
        told.append(f"{name} AUROC {auroc(truth, score):.3f}, recall at .15 {recall:.3f}")
    return "; ".join(told)


def _options() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--data", type=Path, required=True)
    options.add_argument("--out", type=Path, required=True)
    options.add_argument("--begin", type=Path, required=True)
    options.add_argument("--epochs", type=int, default=2)
    options.add_argument("--steps", type=int, default=0, help="at most so many; 0 for all")
    options.add_argument("--threads", type=int, default=1)
    options.add_argument("--resume", action="store_true")
    return options


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    main()
