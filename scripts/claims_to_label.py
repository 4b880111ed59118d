"""Claims of collected answers, as the product splits them, and sheets to label them by.

    python -m scripts.claims_to_label split ANSWERS.jsonl --out claims.jsonl
    python -m scripts.claims_to_label sheet FOLDER --seed 1

`sheet` prints every answer with its evidence and its claims, in an order made by the seed and
without any verdict: what a labeller sees.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path

from evals.labelled_claims import Evidence, split, split_in, told_in


def sheet(folder: Path, seed: int) -> Iterator[str]:
    answers = list(told_in(folder / "answers.jsonl"))
    claims = list(split_in(folder / "claims.jsonl"))
    draw = random.Random(seed)  # noqa: S311 - an order, no secret
    draw.shuffle(answers)
    for told in answers:
        own = [claim for claim in claims if claim.answer == told.id]
        draw.shuffle(own)
        if own:
            yield f"\n=== {told.question}\n    answer: {' ⏎ '.join(told.sentences)}"
            yield from (f"    [{item.number}] {_shown(item)}" for item in told.evidence)
            yield from (f"  {c.id}: {c.claim.text}" for c in own)


def _shown(item: Evidence) -> str:
    above = " > ".join(item.heading_path)
    text = " ".join(item.text.split())
    return f"({item.kind}, {item.how}{', ' + above if above else ''}) {text}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["split", "sheet"])
    parser.add_argument("path", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    if arguments.what == "sheet":
        sys.stdout.writelines(f"{line}\n" for line in sheet(arguments.path, arguments.seed))
        return
    lines = [
        json.dumps(each.model_dump(mode="json", exclude_defaults=True), ensure_ascii=False)
        for told in told_in(arguments.path)
        for each in split(told)
    ]
    arguments.out.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


if __name__ == "__main__":
    main()
