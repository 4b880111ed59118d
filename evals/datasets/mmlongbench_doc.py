"""MMLongBench-Doc (Ma et al. 2024): questions about long PDFs, with the pages that answer them.

Official format: `samples.json` and `documents/*.pdf`; pages are counted from 1.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

from evals.datasets.answerable import Answerable, Form
from evals.datasets.pages import Asked, Page
from evals.datasets.posed import Posed
from pincite.errors import CorruptSource

NAME = "mmlongbench_doc"
_NO_ANSWER = "Not answerable"
_FORMS: dict[str, Form] = {"Int": "figure", "Float": "figure", "List": "list"}
MODALITIES = {
    "Pure-text (Plain-text)": "text",
    "Generalized-text (Layout)": "layout",
    "Table": "table",
    "Chart": "chart",
    "Figure": "figure",
}
"""As the set calls what an answer stands in, and as reports do."""


def files(folder: Path) -> list[Path]:
    return sorted((folder / "documents").glob("*.pdf"))


def read(folder: Path) -> Iterator[Asked]:
    """Questions with gold pages, of files that are there; those not answerable are left out.

    Raises:
        CorruptSource: the list of samples is missing or not as described.
    """
    try:
        samples = json.loads((folder / "samples.json").read_text(encoding="utf-8"))
        for number, sample in enumerate(cast("list[dict[str, Any]]", samples)):
            asked = _asked(folder, number, sample)
            if asked is not None:
                yield asked
    except (OSError, KeyError, TypeError, ValueError, SyntaxError) as exc:
        raise CorruptSource(
            f"{folder / 'samples.json'} is not that of MMLongBench-Doc; unpack the set again"
        ) from exc


def read_answers(folder: Path) -> list[Answerable]:
    """Questions with gold pages and their answers, each asked of its own file.

    Raises:
        CorruptSource: the list of samples is missing or not as described.
    """
    try:
        samples = json.loads((folder / "samples.json").read_text(encoding="utf-8"))
        told = list(enumerate(cast("list[dict[str, Any]]", samples)))
        found = [(_asked(folder, number, sample), sample) for number, sample in told]
        return [_answerable(asked, sample) for asked, sample in found if asked is not None]
    except (OSError, KeyError, TypeError, ValueError, SyntaxError) as exc:
        raise CorruptSource(
            f"{folder / 'samples.json'} is not that of MMLongBench-Doc; unpack the set again"
        ) from exc


def _answerable(asked: Asked, sample: dict[str, Any]) -> Answerable:
    written_as = str(sample.get("answer_format"))
    form = _FORMS.get(written_as, "text")
    told = _list(sample["answer"]) if form == "list" else [sample["answer"]]
    return Answerable(
        id=asked.id,
        question=asked.question,
        answers=tuple(str(each).strip() for each in told),
        form=form,
        gold=asked.gold,
        medium="table" if "table" in asked.modalities else "pdf",
        file=min(asked.gold).file,
        written_as=written_as,
    )


def read_unanswerable(folder: Path) -> list[Answerable]:
    """Questions that the file they are asked of does not answer.

    Raises:
        CorruptSource: the list of samples is missing or not as described.
    """
    return [
        Answerable(
            id=posed.id,
            question=posed.question,
            answers=(),
            form="none",
            gold=frozenset(),
            medium="pdf",
            file=posed.group,
            written_as="None",
            about=posed.group,
        )
        for posed in read_posed(folder)
        if not posed.is_answerable
    ]


def read_posed(folder: Path) -> list[Posed]:
    """All questions about files that are there, also those that their file does not answer.

    Raises:
        CorruptSource: the list of samples is missing or not as described.
    """
    try:
        samples = json.loads((folder / "samples.json").read_text(encoding="utf-8"))
        return [
            Posed(
                id=f"{NAME}/{sample['doc_id']}#{number}",
                question=str(sample["question"]).strip(),
                is_answerable=sample["answer"] != _NO_ANSWER,
                group=str(sample["doc_id"]),
                title=str(sample["doc_id"]),
            )
            for number, sample in enumerate(cast("list[dict[str, Any]]", samples))
            if (folder / "documents" / str(sample["doc_id"])).is_file()
        ]
    except (OSError, KeyError, TypeError, ValueError) as exc:
        raise CorruptSource(
            f"{folder / 'samples.json'} is not that of MMLongBench-Doc; unpack the set again"
        ) from exc


def _asked(folder: Path, number: int, sample: dict[str, Any]) -> Asked | None:
    pages = [int(str(page)) for page in _list(sample["evidence_pages"])]
    file = folder / "documents" / str(sample["doc_id"])
    if sample["answer"] == _NO_ANSWER or not pages or not file.is_file():
        return None
    sources = [str(source) for source in _list(sample["evidence_sources"])]
    return Asked(
        id=f"{NAME}/{sample['doc_id']}#{number}",
        question=str(sample["question"]).strip(),
        gold=frozenset(Page(file=file.name, number=page) for page in pages),
        modalities=frozenset(MODALITIES.get(source, source.casefold()) for source in sources),
    )


def _list(written: object) -> list[object]:
    """The set writes lists as Python does, inside a string."""
    found: object = ast.literal_eval(written) if isinstance(written, str) else written
    if not isinstance(found, list):
        raise TypeError(f"{written!r} is no list")
    return cast("list[object]", found)
