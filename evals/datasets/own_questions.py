"""A user's own questions: a CSV file with the columns question, and answer, file, page if known."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Final

from evals.datasets.pages import Page
from pincite.errors import UserError
from pincite.values import Value

COLUMNS: Final = ("question", "answer", "file", "page")


class Mine(Value):
    id: str
    """`line 7`: where it stands in the file, the header being line 1."""
    question: str
    answer: str = ""
    file: str = ""
    """Name without folders; empty where it is not known."""
    pages: frozenset[int] = frozenset()

    @property
    def gold(self) -> frozenset[Page]:
        return frozenset(Page(self.file, page) for page in self.pages)


def read(file: Path) -> list[Mine]:
    """In order; columns may come in any order, and be parted by commas, semicolons or tabs.

    Several pages are written `3; 4` or `3-5`. Lines without a question are passed over.

    Raises:
        UserError: no text, no column `question`, or a page that is no number; names the line.
    """
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as exc:
        raise UserError(f"{file} cannot be read as UTF-8 text") from exc
    head = text.partition("\n")[0]
    rows = csv.DictReader(
        text.splitlines(keepends=True), delimiter=max(",;\t", key=lambda mark: head.count(mark))
    )
    names = {str(name).strip().casefold(): name for name in rows.fieldnames or ()}
    if "question" not in names:
        raise UserError(f"{file} has no column question; its columns may be: {', '.join(COLUMNS)}")
    found: list[Mine] = []
    for row in rows:
        told = {key: (row.get(names[key]) or "").strip() for key in COLUMNS if key in names}
        if told["question"]:
            found.append(_mine(file, rows.line_num, told))
    return found


def _mine(file: Path, line: int, told: dict[str, str]) -> Mine:
    name = told.get("file", "")
    pages = frozenset(_pages(file, line, told.get("page", "")))
    if pages and not name:
        raise UserError(f"{file}, line {line}: a page without a file")
    return Mine(
        id=f"line {line}",
        question=told["question"],
        answer=told.get("answer", ""),
        file=re.split(r"[/\\]", name)[-1],
        pages=pages,
    )


def _pages(file: Path, line: int, written: str) -> list[int]:
    pages: list[int] = []
    for part in re.split(r"[;,\s]+", written.strip()) if written.strip() else ():
        found = re.fullmatch(r"(\d{1,6})(?:[-–](\d{1,6}))?", part)
        if not found:
            raise UserError(f"{file}, line {line}: {written!r} is no page")
        first, last = int(found.group(1)), int(found.group(2) or found.group(1))
        pages += range(first, min(last, first + 1_000) + 1)
    return pages
