"""A sample of LLM-AggreFact (Tang et al. 2024): claims of eleven sets, supported or not.

Official columns `dataset`, `doc`, `claim` and `label` (1: supported), in files of JSON lines.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, cast

from pincite.errors import CorruptSource
from pincite.values import Value

NAME: Final = "aggrefact_sample"


class Pair(Value):
    id: str
    subset: str
    """The set that it is of."""
    document: str
    claim: str
    is_supported: bool


def read(folder: Path) -> Iterator[Pair]:
    """File by file.

    Raises:
        CorruptSource: no file is there, or one is not as described.
    """
    files = sorted(folder.rglob("*.jsonl"))
    if not files:
        raise CorruptSource(f"{folder} holds no *.jsonl of LLM-AggreFact; unpack the set again")
    for file in files:
        try:
            for number, line in enumerate(file.read_text(encoding="utf-8").splitlines()):
                told = cast("dict[str, Any]", json.loads(line))
                yield Pair(
                    id=f"{file.stem}/{number}",
                    subset=str(told["dataset"]),
                    document=str(told["doc"]),
                    claim=str(told["claim"]),
                    is_supported=int(told["label"]) == 1,
                )
        except (OSError, KeyError, TypeError, ValueError) as exc:
            raise CorruptSource(f"{file} is not LLM-AggreFact's; unpack the set again") from exc
