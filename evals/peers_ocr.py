"""Other OCR programs on the same pages, as they come; where one is not installed it is left out."""

from __future__ import annotations

import logging
import shutil
import subprocess
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from evals.datasets.marked import MarkedText
from pincite.errors import ParserFailed

ReadTexts = Callable[[Path], list[MarkedText]]
_TSV_COLUMNS, _TSV_WORD = 12, "5"
_LONGEST_S = 300.0


def rapidocr() -> ReadTexts | None:
    """The `rapidocr` package with its own pipeline and default settings."""
    if find_spec("rapidocr") is None:
        return None
    from rapidocr import RapidOCR

    logging.getLogger("RapidOCR").setLevel(logging.CRITICAL)
    engine: Any = RapidOCR()
    logging.getLogger("RapidOCR").setLevel(logging.CRITICAL)

    def read(path: Path) -> list[MarkedText]:
        found = engine(str(path))
        if found.boxes is None:
            return []
        return [_around(text, box) for text, box in zip(found.txts, found.boxes, strict=True)]

    return read


def _around(text: str, corners: Any) -> MarkedText:
    across, down = zip(*corners, strict=True)
    return MarkedText(
        text=text,
        left=float(min(across)),
        top=float(min(down)),
        right=float(max(across)),
        bottom=float(max(down)),
    )


def tesseract() -> ReadTexts | None:
    """The `tesseract` program with its default page segmentation, in English."""
    program = shutil.which("tesseract")
    if program is None:
        return None

    def read(path: Path) -> list[MarkedText]:
        """Raises ParserFailed where the program gives up."""
        ran = subprocess.run(
            [program, str(path), "-", "tsv"],
            capture_output=True,
            text=True,
            check=False,
            timeout=_LONGEST_S,
        )
        if ran.returncode:
            raise ParserFailed(f"tesseract could not read {path.name}: {ran.stderr.strip()[:200]}")
        return list(words_in_table(ran.stdout))

    return read


def words_in_table(table: str) -> Iterator[MarkedText]:
    for line in table.splitlines():
        columns = line.split("\t")
        if len(columns) != _TSV_COLUMNS or columns[0] != _TSV_WORD or not columns[11].strip():
            continue
        left, top, width, height = map(int, columns[6:10])
        yield MarkedText(
            text=columns[11].strip(), left=left, top=top, right=left + width, bottom=top + height
        )
