"""ClapNQ (Rosenthal et al. 2024): questions of people, with a passage that answers them or not.

Official format: `<split>/clapnq_<split>_answerable.jsonl` and `…_unanswerable.jsonl`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, cast

from evals.datasets.posed import Posed
from pincite.errors import CorruptSource

NAME: Final = "clapnq"


def read(folder: Path) -> Iterator[Posed]:
    """Split by split, without `train`.

    Raises:
        CorruptSource: no split is there, or it is not as described.
    """
    files = [f for f in sorted(folder.rglob("clapnq_*answerable.jsonl")) if "train" not in f.name]
    if not files:
        raise CorruptSource(f"{folder} holds no clapnq_dev_answerable.jsonl; unpack the set again")
    for file in files:
        try:
            for line in file.read_text(encoding="utf-8").splitlines():
                yield _posed(cast("dict[str, Any]", json.loads(line)), file.stem)
        except (OSError, KeyError, IndexError, TypeError, ValueError) as exc:
            raise CorruptSource(f"{file} is not that of ClapNQ; unpack the set again") from exc


def _posed(told: dict[str, Any], file: str) -> Posed:
    passages = cast("list[dict[str, str]]", told["passages"])
    return Posed(
        id=f"{NAME}/{told['id']}",
        question=str(told["input"]).strip(),
        is_answerable="unanswerable" not in file,
        group=f"{NAME}/{told['id']}",
        title=passages[0]["title"],
        text="\n\n".join(" ".join(passage["text"].split()) for passage in passages),
    )
