"""Run by the crash tests: writes to an index, and says what has returned, until it is killed.

python writer.py FOLDER [optimize | purge]
"""

from __future__ import annotations

import asyncio
import sys
import threading
from pathlib import Path

import numpy as np

from pincite.elements import Medium, SourceId, passage_id
from pincite.index.edge import EdgeIndex
from pincite.index.folder import IndexFolder
from pincite.index.ports import TEXT, Point, Space, SparseVector

DIMENSIONS = 16
SPACES = {TEXT: Space(encoder="one", dimensions=DIMENSIONS)}
BATCH = 20


def points(source: str) -> list[Point]:
    random = np.random.default_rng(len(source))
    vectors = random.standard_normal((BATCH, DIMENSIONS)).astype(np.float32)
    terms = SparseVector(np.array([1, 2], np.uint32), np.array([1.0, 0.5], np.float32))
    return [
        Point(
            passage=passage_id(SourceId(source), ordinal),
            source=SourceId(source),
            collection="default",
            readers=frozenset({"local"}),
            medium=Medium.PDF,
            page=1,
            vectors={TEXT: vector / np.linalg.norm(vector)},
            words=terms,
        )
        for ordinal, vector in enumerate(vectors)
    ]


def say(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def write(index: EdgeIndex, first: int) -> None:
    """Every third source is deleted again; what is said has returned."""
    for number in range(first, 1_000_000):
        source = f"s{number}"
        index.upsert(points(source))
        say("wrote", source)
        if number % 3 == 0:
            index.delete(SourceId(source))
            say("deleted", source)


def main() -> None:
    folder, task = Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else ""
    index = EdgeIndex(
        IndexFolder(folder),
        SPACES,
        optimize_above=10**9,
        watch=lambda step: say("step", step),
    )
    if not task:
        write(index, 0)
    index.upsert([point for number in range(40) for point in points(f"early{number}")])
    for number in range(40):
        say("wrote", f"early{number}")
    threading.Thread(target=write, args=(index, 0), daemon=True).start()
    while True:
        if task == "optimize":
            asyncio.run(index.optimize())
        else:
            index.purge()


if __name__ == "__main__":
    main()
