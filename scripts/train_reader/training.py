"""The training loop: fixed seeds, checkpoints, and going on from the last one."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from pincite.models.torch_library import torch_library
from scripts.train_reader.examples import SOMEWHERE, Example
from scripts.train_reader.network import loss_of

SEED: Final = 20
RATE: Final = 1.2e-4
DECAY: Final = 0.01
WARM: Final = 0.05
"""Share of the steps in which the rate rises."""
BATCH: Final = 16
CHECKPOINT_S: Final = 120
PROGRESS_S: Final = 30
_POOL: Final = 60
"""Batches that are sorted by length together."""
_WINDOW: Final = 0
"""Place of the window among the two texts."""


class Read(NamedTuple):
    ids: npt.NDArray[np.int32]
    question_from: int
    """Token with which the question begins."""
    truth: tuple[int, int, int]
    """Whether there is an answer, and its first and last token (see `loss_of`)."""


def read(tokenizer: Tokenizer, examples: Sequence[Example]) -> list[Read]:
    found: list[Read] = []
    for each in examples:
        encoding = tokenizer.encode(each.window, each.question)
        types = encoding.type_ids
        begin = types.index(1) if 1 in types else len(types)
        found.append(Read(np.array(encoding.ids, dtype=np.int32), begin, _truth(encoding, each)))
    return found


def _truth(encoding: Any, each: Example) -> tuple[int, int, int]:
    if each.answer is None:
        return 0, 0, 0
    if each.answer == SOMEWHERE:
        return 1, -1, -1
    start, end = each.answer
    within = [
        place
        for place, (sequence, (a, b)) in enumerate(
            zip(encoding.sequence_ids, encoding.offsets, strict=True)
        )
        if sequence == _WINDOW and a < end and b > start
    ]
    return (1, within[0], within[-1]) if within else (1, -1, -1)


class Training:
    """One run; `folder` keeps its checkpoint."""

    def __init__(self, network: Any, folder: Path, *, threads: int) -> None:
        self._torch = torch_library()
        self._torch.manual_seed(SEED)
        self._torch.set_num_threads(threads)
        self.network = network
        self._file = folder / "checkpoint.pt"
        trained = [p for p in network.parameters() if p.requires_grad]
        self._optimizer = self._torch.optim.AdamW(trained, lr=RATE, weight_decay=DECAY)

    def run(self, reads: Sequence[Read], *, steps: int, resume: bool) -> None:
        """So many batches, as many epochs as that takes."""
        plan = self._plan(reads, steps)
        done = self._load() if resume and self._file.is_file() else 0
        begun = saved = told = time.monotonic()
        at, losses = done, list[float]()
        for at, places in enumerate(plan[done:], done + 1):
            losses.append(self._step([reads[n] for n in places], at / steps))
            now = time.monotonic()
            if now - told > PROGRESS_S:
                left = (now - begun) / (at - done) * (steps - at)
                recent = float(np.mean(losses[-100:]))
                say(f"step {at} of {steps}, loss {recent:.3f}, {left / 60:.0f} min left")
                told = now
            if now - saved > CHECKPOINT_S:
                self._save(at)
                saved = now
        self._save(at)

    def judge(self, reads: Sequence[Read]) -> npt.NDArray[np.float32]:
        """For each the logit that it is answered, and the best span's beside that of none."""
        torch = self._torch
        self.network.eval()
        found = np.zeros((len(reads), 2), dtype=np.float32)
        order = sorted(range(len(reads)), key=lambda n: len(reads[n].ids))
        with torch.no_grad():
            for start in range(0, len(order), 32):
                places = order[start : start + 32]
                answered, spans, readable = self._forward([reads[n] for n in places])
                found[places, 0] = answered.float().numpy()
                shown = spans.float().masked_fill(~readable.unsqueeze(-1), -1e4)
                none = shown[:, 0].sum(-1)
                best = shown[:, 1:].max(dim=1).values.sum(-1)
                found[places, 1] = (best - none).numpy()
        return found

    def _plan(self, reads: Sequence[Read], steps: int) -> list[list[int]]:
        plan: list[list[int]] = []
        epoch = 0
        while len(plan) < steps:
            plan += _batches(Random(SEED + epoch), reads)  # noqa: S311
            epoch += 1
        return plan[:steps]

    def _step(self, chosen: Sequence[Read], progress: float) -> float:
        torch = self._torch
        rate = RATE * min(progress / WARM, (1 - progress) / (1 - WARM))
        for group in self._optimizer.param_groups:
            group["lr"] = max(rate, RATE * 0.01)
        self.network.train()
        answered, spans, readable = self._forward(chosen)
        truth = torch.tensor([each.truth for each in chosen])
        loss = loss_of(answered, spans, truth, readable)
        self._optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self._optimizer.step()
        return float(loss.detach())

    def _forward(self, chosen: Sequence[Read]) -> tuple[Any, Any, Any]:
        torch = self._torch
        shape = (len(chosen), max(len(each.ids) for each in chosen))
        ids, mask, types = (np.zeros(shape, dtype=np.int64) for _ in range(3))
        for row, each in enumerate(chosen):
            length = len(each.ids)
            ids[row, :length], mask[row, :length] = each.ids, 1
            types[row, each.question_from : length] = 1
        fed = [torch.from_numpy(values) for values in (ids, mask, types)]
        with torch.autocast("cpu", dtype=torch.bfloat16):
            answered, spans = self.network(*fed)
        return answered, spans, (fed[1] == 1) & (fed[2] == 0)

    def _save(self, step: int) -> None:
        state = {
            "network": self.network.state_dict(),
            "optimizer": self._optimizer.state_dict(),
            "random": self._torch.get_rng_state(),
            "step": step,
        }
        part = self._file.with_suffix(".part")
        self._torch.save(state, part)
        part.replace(self._file)

    def _load(self) -> int:
        state = self._torch.load(self._file, map_location="cpu", weights_only=True)
        self.network.load_state_dict(state["network"])
        self._optimizer.load_state_dict(state["optimizer"])
        self._torch.set_rng_state(state["random"])
        say(f"going on from step {state['step']}")
        return int(state["step"])


def _batches(rng: Random, reads: Sequence[Read]) -> Iterator[list[int]]:
    """One epoch: those of like length together, batches in any order."""
    places = list(range(len(reads)))
    rng.shuffle(places)
    found: list[list[int]] = []
    for start in range(0, len(places), _POOL * BATCH):
        pool = sorted(places[start : start + _POOL * BATCH], key=lambda n: len(reads[n].ids))
        found += [pool[n : n + BATCH] for n in range(0, len(pool), BATCH)]
    rng.shuffle(found)
    yield from found


def say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
