"""Train, export and calibrate the claim checker.

    python -m scripts.train_checker --data DIR --out DIR [--resume]

DIR of the data holds `ragtruth/`, `summedits/` and `squad/`; any can be left out by `--without`.
Everything is written to the folder of `--out`: a checkpoint every few minutes, the export in
`weights/`, and `report.txt`. Needs torch, transformers and onnx.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import numpy as np

from pincite.config import Settings
from pincite.models.onnx_claim_checker import tokenizer_in
from pincite.models.store import ModelStore
from scripts.train_checker import export, report
from scripts.train_checker.batches import read
from scripts.train_checker.data import SOURCES, Wanted, build, table_of, write, written
from scripts.train_checker.examples import Example, split
from scripts.train_checker.network import network
from scripts.train_checker.training import Training

ENCODER = "all-minilm-l6-v2"
COMPARED = 400
"""Validation claims that int8 and float are compared on."""


def main() -> None:
    chosen = _options().parse_args()
    chosen.out.mkdir(parents=True, exist_ok=True)
    encoder = ModelStore(Settings.load().models).path(ENCODER)
    begun = time.monotonic()
    made = _examples(chosen)
    learnt, kept = split(made)
    _say(f"{table_of(made)}\n{len(kept)} kept for validation ({time.monotonic() - begun:.0f} s)")
    tokenizer = tokenizer_in(encoder)
    reads = read(tokenizer, learnt)
    _say(f"{np.mean([len(each.ids) for each in reads]):.0f} tokens each on average")
    training = Training(network(encoder), chosen.out, threads=chosen.threads, epochs=chosen.epochs)
    training.run(learnt, reads, resume=chosen.resume, most=chosen.steps)
    shown = read(tokenizer, kept)
    judged = training.judge(shown)
    np.savez(chosen.out / "validation.npz", logits=judged.logits, worst=judged.worst_mark)
    weights = chosen.out / "weights"
    text = report.calibrate(
        kept, judged.logits.astype(float), judged.worst_mark.astype(float), chosen.signals, weights
    )
    _say(text)
    file = export.export(training.network, encoder, weights)
    small, _ = export.logits_of(file, shown[:COMPARED])
    differ = float(np.abs(small - judged.logits[:COMPARED]).mean())
    same = float((small.argmax(1) == judged.logits[:COMPARED].argmax(1)).mean())
    text += f"\n\nint8 beside torch: logits differ by {differ:.3f}, same label {same:.1%}"
    (chosen.out / "report.txt").write_text(f"{table_of(made)}\n\n{text}\n", encoding="utf-8")
    _say(text.splitlines()[-1])


def _examples(chosen: argparse.Namespace) -> list[Example]:
    """Made once for a folder; `--resume` takes what is there."""
    file = chosen.out / "examples.jsonl"
    if chosen.resume and file.is_file():
        return written(file)
    wanted = Wanted(
        chosen.data,
        frozenset(chosen.without),
        frozenset(chosen.leave_out_domain),
        chosen.bases,
        chosen.made_up,
    )
    made = build(wanted)
    write(file, made)
    return made


def _options() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--data", type=Path, required=True)
    options.add_argument("--out", type=Path, required=True)
    options.add_argument("--without", action="append", default=[], choices=SOURCES)
    options.add_argument("--leave-out-domain", action="append", default=["podcast"])
    options.add_argument("--bases", type=int, default=5_500, help="true claims to change")
    options.add_argument("--made-up", type=int, default=800, help="tables, records, talks")
    options.add_argument("--epochs", type=int, default=2)
    options.add_argument("--steps", type=int, default=0, help="at most so many; 0 for all")
    options.add_argument("--threads", type=int, default=2)
    options.add_argument("--signals", default="model", choices=sorted(report.SETS))
    options.add_argument("--resume", action="store_true")
    return options


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    main()
