"""OpenCQA: charts with a title, a summary, a question and its answer.

On disk as published: `SPLIT.jsonl` (here `test.jsonl`) beside `chart_images/`. Some of the pictures
are named `.png` and are GIF inside.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pincite.errors import CorruptSource
from pincite.values import Value

NAME = "opencqa"
QUERIES = ("question", "title", "summary")


class Chart(Value):
    id: str
    split: str
    image: Path
    question: str
    title: str
    summary: str
    answer: str


def read(folder: Path) -> Iterator[Chart]:
    """All charts of all splits, in the order of their files.

    Raises:
        CorruptSource: a line is not as described, or its picture is missing.
    """
    files = sorted(folder.glob("*.jsonl"))
    if not files:
        raise CorruptSource("the folder opencqa has no .jsonl file; unpack the set again")
    for file in files:
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
            if line.strip():
                yield _chart(folder, file.stem, number, line)


def _chart(folder: Path, split: str, number: int, line: str) -> Chart:
    try:
        told: dict[str, Any] = json.loads(line)
        chart = Chart(
            id=told["id"],
            split=split,
            image=folder / "chart_images" / told["image"],
            **{name: told[name] for name in QUERIES},
            answer=told.get("abstractive_answer", ""),
        )
    except (KeyError, TypeError, ValueError) as exc:
        raise CorruptSource(f"line {number} of OpenCQA's {split} is not a chart") from exc
    if not chart.image.is_file():
        raise CorruptSource(f"the chart {chart.image.name} is missing; unpack the set again")
    return chart
