"""How often the window holds the sentences that people found to support a claim, on WiCE.

python -m scripts.train_checker.selection wice/claim/dev.jsonl
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from pincite.elements import Element, How, Kind, SourceId, element_id
from pincite.grounding.evidence_window import window
from pincite.grounding.spots import Spot, spots_of
from pincite.locators import TextSpan

SIZES = (100, 150, 200, 300, 400)
FIRST = (1, 2, 4)


class Asked(NamedTuple):
    claim: str
    spots: list[Spot]
    gold: list[set[int]]
    """Sets of sentences, each of which is enough."""


def read(file: Path) -> list[Asked]:
    """Claims that have gold sentences; a sentence is an element of its own."""
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    return [asked for row in rows if (asked := _asked(row)).gold]


def _asked(row: dict[str, Any]) -> Asked:
    spots = [
        spot
        for number, text in enumerate(row["evidence"])
        if text.strip()
        for spot in spots_of(_sentence(number, text))
    ]
    return Asked(row["claim"], spots, [set(g) for g in row["supporting_sentences"] if g])


def _sentence(number: int, text: str) -> Element:
    return Element(
        id=element_id(SourceId("wice"), number),
        source=SourceId("wice"),
        kind=Kind.TEXT,
        text=text,
        locators=(TextSpan(start=0, end=len(text)),),
        how=How.TEXT_LAYER,
    )


def held(asked: Asked, chosen: Sequence[Spot]) -> float:
    """The share of the best gold set that is among the chosen."""
    found = {int(spot.element.id.rpartition(".")[2]) for spot in chosen}
    return max(len(gold & found) / len(gold) for gold in asked.gold)


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("file", type=Path)
    asked = read(options.parse_args().file)
    for size in SIZES:
        windows = [window(each.claim, each.spots, size) for each in asked]
        shares = [held(each, found.spots) for each, found in zip(asked, windows, strict=True)]
        whole = sum(share == 1 for share in shares) / len(asked)
        print(
            f"{size} tokens: {sum(shares) / len(asked):.3f} of the best set, all of it {whole:.3f}"
        )
    windows = [window(each.claim, each.spots) for each in asked]
    for first in FIRST:
        shares = [held(a, found.spots[:first]) for a, found in zip(asked, windows, strict=True)]
        print(f"first {first}: {sum(shares) / len(asked):.3f}")


if __name__ == "__main__":
    main()
