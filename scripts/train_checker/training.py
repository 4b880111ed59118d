"""The training loop: fixed seeds, checkpoints, and going on from the last one."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from pincite.models.torch_library import torch_library
from scripts.train_checker.batches import Batch, Read, batches, order, padded
from scripts.train_checker.examples import Example
from scripts.train_checker.network import loss_of

SEED: Final = 20
RATE: Final = 1.5e-4
DECAY: Final = 0.01
WARM: Final = 0.06
"""Share of the steps in which the rate rises."""
CHECKPOINT_S: Final = 180
PROGRESS_S: Final = 20

Floats = npt.NDArray[np.float32]


class Judged(NamedTuple):
    logits: Floats
    """Shape (examples, 3)."""
    worst_mark: Floats
    """The highest logit among the claim's tokens."""


class Training:
    """One run; `folder` keeps its checkpoint."""

    def __init__(self, network: Any, folder: Path, *, threads: int, epochs: int) -> None:
        self._torch = torch_library()
        self._torch.manual_seed(SEED)
        self._device = "cuda" if self._torch.cuda.is_available() else "cpu"
        self._shares = threads if self._device == "cpu" else 1
        self._torch.set_num_threads(1)
        self._pool = ThreadPoolExecutor(self._shares)
        self._network = network.to(self._device)
        self._file = folder / "checkpoint.pt"
        self._epochs = epochs
        trained = [p for p in network.parameters() if p.requires_grad]
        self._optimizer = self._torch.optim.AdamW(trained, lr=RATE, weight_decay=DECAY)

    @property
    def network(self) -> Any:
        return self._network

    def run(
        self, examples: Sequence[Example], reads: Sequence[Read], *, resume: bool, most: int = 0
    ) -> None:
        """All epochs, or at most so many steps of them."""
        plan = list(self._plan(examples, reads))
        plan = plan[:most] if most else plan
        done = self._load() if resume and self._file.is_file() else 0
        begun = saved = told = time.monotonic()
        at, losses = done, list[float]()
        for at, places in enumerate(plan[done:], done + 1):
            losses.append(self._step([reads[n] for n in places], at / len(plan)))
            now = time.monotonic()
            if now - told > PROGRESS_S:
                left = (now - begun) / (at - done) * (len(plan) - at)
                recent = float(np.mean(losses[-100:]))
                _say(f"step {at} of {len(plan)}, loss {recent:.3f}, {left / 60:.0f} min left")
                told = now
            if now - saved > CHECKPOINT_S:
                self._save(at)
                saved = now
        self._save(at)

    def judge(self, reads: Sequence[Read]) -> Judged:
        """All of them, in order."""
        torch = self._torch
        self._network.eval()
        logits = np.zeros((len(reads), 3), dtype=np.float32)
        worst = np.zeros(len(reads), dtype=np.float32)
        by_length = sorted(range(len(reads)), key=lambda n: len(reads[n].ids))
        with torch.no_grad():
            for start in range(0, len(by_length), 64):
                places = by_length[start : start + 64]
                batch = padded([reads[n] for n in places])
                labels, marks = self._forward(batch)
                logits[places] = labels.float().cpu().numpy()
                shown = np.where(batch.types > 0, marks.float().cpu().numpy(), -30.0)
                worst[places] = shown.max(axis=1)
        return Judged(logits, worst)

    def _plan(self, examples: Sequence[Example], reads: Sequence[Read]) -> Iterator[list[int]]:
        for epoch in range(self._epochs):
            rng = Random(SEED + epoch)  # noqa: S311
            yield from batches(rng, order(rng, examples), reads)

    def _step(self, reads: Sequence[Read], progress: float) -> float:
        torch = self._torch
        rate = RATE * min(progress / WARM, (1 - progress) / (1 - WARM))
        for group in self._optimizer.param_groups:
            group["lr"] = max(rate, RATE * 0.01)
        self._network.train()
        self._optimizer.zero_grad()
        by_length = sorted(reads, key=lambda each: len(each.ids))
        shares = [by_length[n :: self._shares] for n in range(min(self._shares, len(reads)))]
        loss = sum(self._pool.map(self._backward, shares, [len(reads)] * len(shares)))
        torch.nn.utils.clip_grad_norm_(self._network.parameters(), 1.0)
        self._optimizer.step()
        return loss

    def _backward(self, share: Sequence[Read], whole: int) -> float:
        """Add the gradient of a share of a batch, a thread each: small products gain nothing else.

        The shares draw their dropout from one generator, so runs differ in their last digits.
        """
        batch = padded(share)
        labels, marks = self._forward(batch)
        loss = loss_of(labels, marks, self._put(batch.labels), self._put(batch.marks))
        loss = loss * (len(share) / whole)
        loss.backward()
        return float(loss.detach())

    def _forward(self, batch: Batch) -> Any:
        torch = self._torch
        with torch.autocast(self._device, dtype=torch.bfloat16):
            return self._network(
                self._put(batch.ids), self._put(batch.mask), self._put(batch.types)
            )

    def _put(self, values: Any) -> Any:
        return self._torch.from_numpy(values).to(self._device)

    def _save(self, step: int) -> None:
        state = {
            "network": self._network.state_dict(),
            "optimizer": self._optimizer.state_dict(),
            "random": self._torch.get_rng_state(),
            "step": step,
        }
        part = self._file.with_suffix(".part")
        self._torch.save(state, part)
        part.replace(self._file)

    def _load(self) -> int:
        state = self._torch.load(self._file, map_location=self._device, weights_only=True)
        self._network.load_state_dict(state["network"])
        self._optimizer.load_state_dict(state["optimizer"])
        self._torch.set_rng_state(state["random"].cpu())
        _say(f"going on from step {state['step']}")
        return int(state["step"])


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
