"""SummEdits (Laban et al. 2023): summaries, edited so that some contradict their document.

Official format: `summedits_<domain>.json`, a list of document, summary and label (1: consistent).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, cast

from pincite.errors import CorruptSource
from pincite.values import Value

NAME: Final = "summedits"
NEVER_TRAINED_ON: Final = frozenset({"podcast"})
"""Domains that no weights and no cut that ships are chosen on."""


class Summary(Value):
    id: str
    """`<domain>/<the set's own id>`."""
    domain: str
    document: str
    summary: str
    is_consistent: bool


def read(folder: Path) -> Iterator[Summary]:
    """Domain by domain.

    Raises:
        CorruptSource: no domain is there, or one is not as described.
    """
    files = sorted(folder.glob("summedits_*.json"))
    if not files:
        raise CorruptSource(f"{folder} holds no summedits_*.json; unpack the set again")
    for file in files:
        domain = file.stem.removeprefix("summedits_")
        try:
            told = json.loads(file.read_text(encoding="utf-8"))
            for item in cast("list[dict[str, Any]]", told):
                yield Summary(
                    id=f"{domain}/{item['id']}",
                    domain=domain,
                    document=str(item["doc"]),
                    summary=str(item["summary"]),
                    is_consistent=int(item["label"]) == 1,
                )
        except (OSError, KeyError, TypeError, ValueError) as exc:
            raise CorruptSource(f"{file} is not that of SummEdits; unpack the set again") from exc
