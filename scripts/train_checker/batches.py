"""Examples as the network reads them, in batches of like length."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from pincite.models.onnx_claim_checker import LONGEST_CLAIM
from scripts.train_checker.examples import Example

BATCH: Final = 16
_POOL: Final = 100
"""Batches that are sorted by length together."""
_EASY: Final = {"synthetic-transplant", "synthetic-removed", "synthetic-addition"}
UNKNOWN: Final = -1
"""Mark of a token that nobody judged, or that is none of the claim."""
_CLAIM: Final = 1

Ids = npt.NDArray[np.int64]


class Read(NamedTuple):
    ids: npt.NDArray[np.int32]
    claim_from: int
    """Token with which the claim begins."""
    marks: npt.NDArray[np.int8]
    """For each token 1 where it is not borne out, 0 where it is, or `UNKNOWN`."""
    label: int


class Batch(NamedTuple):
    ids: Ids
    mask: Ids
    types: Ids
    marks: Ids
    labels: Ids


def read(tokenizer: Tokenizer, examples: Sequence[Example]) -> list[Read]:
    """About 3 000 a second."""
    found: list[Read] = []
    for each in examples:
        encoding = tokenizer.encode(each.evidence, each.claim[:LONGEST_CLAIM])
        types = encoding.type_ids
        marks = np.full(len(types), UNKNOWN, dtype=np.int8)
        if each.marks is not None:
            for place, (sequence, (start, end)) in enumerate(
                zip(encoding.sequence_ids, encoding.offsets, strict=True)
            ):
                if sequence == _CLAIM:
                    marks[place] = any(s < end and e > start for s, e in each.marks)
        begin = types.index(1) if 1 in types else len(types)
        found.append(Read(np.array(encoding.ids, dtype=np.int32), begin, marks, each.label))
    return found


def share(each: Example) -> float:
    """How often an example is read in one epoch, on average.

    Records and summaries are few. Claims of another topic are learnt within a few hundred steps;
    one wrong word in an otherwise true claim takes most of the training.
    """
    kind = each.origin.removesuffix("-noisy")
    if kind in _EASY:
        return 0.4
    if kind.startswith("ragtruth-"):
        return 0.7 if kind == "ragtruth-qa" else 2.0
    return 1.0 if kind == "squad-question" else 1.5


def order(rng: Random, examples: Sequence[Example]) -> list[int]:
    """Places of one epoch, shuffled."""
    places: list[int] = []
    for place, each in enumerate(examples):
        wanted = share(each)
        times = int(wanted) + (rng.random() < wanted % 1)
        places += [place] * times
    rng.shuffle(places)
    return places


def batches(rng: Random, places: Sequence[int], reads: Sequence[Read]) -> Iterator[list[int]]:
    """All places, those of like length together, batches in any order."""
    found: list[list[int]] = []
    for start in range(0, len(places), _POOL * BATCH):
        pool = sorted(places[start : start + _POOL * BATCH], key=lambda n: len(reads[n].ids))
        found += [pool[n : n + BATCH] for n in range(0, len(pool), BATCH)]
    rng.shuffle(found)
    yield from found


def padded(reads: Sequence[Read]) -> Batch:
    shape = (len(reads), max(len(each.ids) for each in reads))
    ids, mask, types = (np.zeros(shape, dtype=np.int64) for _ in range(3))
    marks = np.full(shape, UNKNOWN, dtype=np.int64)
    for row, each in enumerate(reads):
        length = len(each.ids)
        ids[row, :length], mask[row, :length] = each.ids, 1
        types[row, each.claim_from : length] = 1
        marks[row, :length] = each.marks
    return Batch(ids, mask, types, marks, np.array([each.label for each in reads]))
