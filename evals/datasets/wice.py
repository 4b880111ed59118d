"""WiCE (Kamoi et al. 2023): sentences of Wikipedia, held against the pages that they cite.

Official format: `claim/{train,dev,test}.jsonl`: a claim, the sentences of the evidence, a label,
and for what is at least partly supported one or more sets of sentences, each enough by itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, Literal, cast

from pincite.errors import CorruptSource
from pincite.values import Value

NAME: Final = "wice"
Label = Literal["supported", "partially_supported", "not_supported"]


class Sentence(Value):
    id: str
    split: str
    claim: str
    evidence: tuple[str, ...]
    label: Label
    bearing: tuple[frozenset[int], ...]
    """Sets of places in `evidence`, from 0; empty for what is not supported."""


def read(folder: Path) -> Iterator[Sentence]:
    """Split by split, without `train`.

    Raises:
        CorruptSource: no split is there, or it is not as described.
    """
    files = [f for f in sorted((folder / "claim").glob("*.jsonl")) if f.stem != "train"]
    if not files:
        raise CorruptSource(f"{folder} holds no claim/dev.jsonl of WiCE; unpack the set again")
    for file in files:
        try:
            for line in file.read_text(encoding="utf-8").splitlines():
                yield _sentence(cast("dict[str, Any]", json.loads(line)), file.stem)
        except (OSError, KeyError, TypeError, ValueError) as exc:
            raise CorruptSource(f"{file} is not that of WiCE; unpack the set again") from exc


def _sentence(told: dict[str, Any], split: str) -> Sentence:
    return Sentence(
        id=f"{split}/{told['meta']['id']}",
        split=split,
        claim=str(told["claim"]),
        evidence=tuple(str(sentence) for sentence in told["evidence"]),
        label=told["label"],
        bearing=tuple(
            frozenset(map(int, places)) for places in told["supporting_sentences"] if places
        ),
    )
