"""FinanceBench (Islam et al. 2023): questions about companies' filings, with evidence pages.

Official format: `data/financebench_open_source.jsonl`, whose pages are counted from 0, and
`pdfs/*.pdf`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from evals.datasets.answerable import Answerable
from evals.datasets.pages import Asked, Page
from pincite.errors import CorruptSource

NAME = "financebench"
OF_FIGURES: Final = 0.25
"""Share of words with a digit from which evidence is called a table."""
_BARE_FIGURE: Final = re.compile(r"[-(]?[$€£]?\s?\d[\d,.]*\s?%?\)?")


def files(folder: Path) -> list[Path]:
    return sorted((folder / "pdfs").glob("*.pdf"))


def read(folder: Path) -> Iterator[Asked]:
    """Questions about filings that are there.

    Raises:
        CorruptSource: the list of questions is missing or not as described.
    """
    for each in read_answers(folder):
        yield Asked(id=each.id, question=each.question, gold=each.gold, modalities=frozenset[str]())


def read_answers(folder: Path) -> list[Answerable]:
    """The same questions with their answers. They name company and year, so all filings are asked.

    Raises:
        CorruptSource: the list of questions is missing or not as described.
    """
    try:
        text = (folder / "data" / "financebench_open_source.jsonl").read_text(encoding="utf-8")
        found = [
            _answerable(folder, json.loads(line)) for line in filter(str.strip, text.split("\n"))
        ]
    except (OSError, KeyError, TypeError, ValueError) as exc:
        raise CorruptSource(
            f"{folder} does not hold the questions of FinanceBench; unpack the set again"
        ) from exc
    return [each for each in found if each is not None]


def _answerable(folder: Path, told: dict[str, Any]) -> Answerable | None:
    file = folder / "pdfs" / f"{told['doc_name']}.pdf"
    pages = [int(evidence["evidence_page_num"]) + 1 for evidence in told["evidence"]]
    if not file.is_file() or not pages:
        return None
    answer = str(told.get("answer", "")).strip()
    evidence = "\n".join(str(each.get("evidence_text", "")) for each in told["evidence"])
    words = evidence.split()
    with_digits = sum(any(letter.isdigit() for letter in word) for word in words)
    return Answerable(
        id=f"{NAME}/{told['financebench_id']}",
        question=str(told["question"]).strip(),
        answers=(answer,),
        form="figure" if _BARE_FIGURE.fullmatch(answer) else "statement",
        gold=frozenset(Page(file=file.name, number=page) for page in pages),
        medium="table" if with_digits > OF_FIGURES * len(words) else "pdf",
        evidence=evidence,
    )
