"""RAGTruth (Niu et al. 2024): answers of six models with their hallucinated spans marked by people.

Official format: `source_info.jsonl` and `response.jsonl` side by side, in this folder or in one
below it for each split. Contexts are what the models were given: the passages of a question, an
article, or the JSON record of a business.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, cast

from pincite.errors import CorruptSource
from pincite.values import Value

NAME = "ragtruth"
Task = Literal["qa", "data2txt", "summary"]
TASKS: tuple[Task, ...] = ("qa", "data2txt", "summary")
_TASKS: dict[str, Task] = {"QA": "qa", "Data2txt": "data2txt", "Summary": "summary"}
_PASSAGE = re.compile(r"(?:^|\n)\s*passage \d+:", re.IGNORECASE)


class Response(Value):
    """What one model wrote about one source."""

    id: str
    """`<split>/<source>/<model>`."""
    source: str
    split: str
    task: Task
    question: str
    """Empty where none was asked."""
    contexts: tuple[str, ...]
    answer: str
    marked: tuple[tuple[int, int], ...]
    """Hallucinated characters [start, end) of the answer, in order."""

    @property
    def is_hallucinated(self) -> bool:
        return bool(self.marked)


def trains(split: str, source: str) -> bool:
    """Whether weights and thresholds may be chosen on a source; figures leave it out.

    All of `train`; of `dev` every source with an even SHA-256, as `train` holds hardly anything
    but questions; nothing of `test`.
    """
    if split == "dev":
        return int(hashlib.sha256(source.encode()).hexdigest(), 16) % 2 == 0
    return split == "train"


def read(folder: Path) -> Iterator[Response]:
    """All responses, split by split.

    Raises:
        CorruptSource: no split is there, or it is not as described.
    """
    files = sorted(folder.rglob("response.jsonl"))
    if not files:
        raise CorruptSource(f"{folder} holds no response.jsonl of RAGTruth; unpack the set again")
    for file in files:
        try:
            sources = {
                str(told["source_id"]): told for told in _lines(file.with_name("source_info.jsonl"))
            }
            for told in _lines(file):
                yield _response(told, sources[str(told["source_id"])], file.parent.name)
        except (OSError, KeyError, TypeError, ValueError) as exc:
            raise CorruptSource(f"{file} is not that of RAGTruth; unpack the set again") from exc


def _lines(file: Path) -> Iterator[dict[str, Any]]:
    with file.open(encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield cast("dict[str, Any]", json.loads(line))


def _response(told: dict[str, Any], source: dict[str, Any], folder: str) -> Response:
    split, id_ = str(told.get("split", folder)), str(told["source_id"])
    task, info = _TASKS[source["task_type"]], source["source_info"]
    marked = sorted((int(label["start"]), int(label["end"])) for label in told["labels"])
    return Response(
        id=f"{split}/{id_}/{told['model']}",
        source=id_,
        split=split,
        task=task,
        question=str(info["question"]) if task == "qa" else "",
        contexts=_contexts(task, info),
        answer=str(told["response"]),
        marked=tuple(marked),
    )


def _contexts(task: Task, info: Any) -> tuple[str, ...]:
    match task:
        case "qa":
            passages = _PASSAGE.split(str(info["passages"]))
            return tuple(passage.strip() for passage in passages if passage.strip())
        case "data2txt":
            return (json.dumps(info, ensure_ascii=False, indent=1),)
        case "summary":
            return (str(info),)
