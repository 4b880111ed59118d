"""FinanceBench (Islam et al. 2023): questions about companies' filings, with evidence pages.

Official format: `data/financebench_open_source.jsonl`, whose pages are counted from 0, and
`pdfs/*.pdf`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from evals.datasets.pages import Asked, Page
from pincite.errors import CorruptSource

NAME = "financebench"


def files(folder: Path) -> list[Path]:
    return sorted((folder / "pdfs").glob("*.pdf"))


def read(folder: Path) -> Iterator[Asked]:
    """Questions about filings that are there.

    Raises:
        CorruptSource: the list of questions is missing or not as described.
    """
    try:
        text = (folder / "data" / "financebench_open_source.jsonl").read_text(encoding="utf-8")
        for line in filter(str.strip, text.splitlines()):
            told: dict[str, Any] = json.loads(line)
            file = folder / "pdfs" / f"{told['doc_name']}.pdf"
            pages = [int(evidence["evidence_page_num"]) + 1 for evidence in told["evidence"]]
            if file.is_file() and pages:
                yield Asked(
                    id=f"{NAME}/{told['financebench_id']}",
                    question=str(told["question"]).strip(),
                    gold=frozenset(Page(file=file.name, number=page) for page in pages),
                    modalities=frozenset(),
                )
    except (OSError, KeyError, TypeError, ValueError) as exc:
        raise CorruptSource(
            f"{folder} does not hold the questions of FinanceBench; unpack the set again"
        ) from exc
