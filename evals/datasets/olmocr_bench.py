"""olmOCR-bench: `*.jsonl` with one machine-checkable fact a line, pages under `pdfs/`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter


class _Test(BaseModel):
    """What all tests share; keys that only other tools read are passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    pdf: str
    """Path below `pdfs/`."""
    page: int
    """Counted from 1."""
    max_diffs: int = 0
    """Edits that a match may differ by."""
    checked: Literal["verified", "rejected"] | None = None


class TextTest(_Test):
    type: Literal["present", "absent"]
    text: str
    case_sensitive: bool = True
    first_n: int | None = None
    """Only the first characters of the page count, and with `last_n` the last ones."""
    last_n: int | None = None


class OrderTest(_Test):
    type: Literal["order"]
    before: str
    after: str


class TableTest(_Test):
    """A cell with this text, and the text of the cells around it; empty is not asked."""

    type: Literal["table"]
    cell: str
    up: str = ""
    down: str = ""
    left: str = ""
    right: str = ""
    top_heading: str = ""
    left_heading: str = ""
    ignore_markdown_tables: bool = False


class MathTest(_Test):
    type: Literal["math"]
    math: str
    """LaTeX."""
    ignore_dollar_delimited: bool = False


class BaselineTest(_Test):
    """Some text, no endless repetition, no characters that the page cannot hold."""

    type: Literal["baseline"]
    max_length: int | None = None
    """For a blank page: the most letters and digits."""
    max_repeats: int = 30
    check_disallowed_characters: bool = True


class UnknownTest(_Test):
    """Of a type that this reader does not know; it counts as failed, never as absent."""

    type: str


PageTest = TextTest | OrderTest | TableTest | MathTest | BaselineTest | UnknownTest
_KNOWN: TypeAdapter[PageTest] = TypeAdapter(
    Annotated[
        TextTest | OrderTest | TableTest | MathTest | BaselineTest, Field(discriminator="type")
    ]
)
_TYPES = frozenset({"present", "absent", "order", "table", "math", "baseline"})


class Benchmark(NamedTuple):
    tests: list[PageTest]
    pdfs: Path


def load(folder: Path) -> Benchmark:
    """All tests but the rejected ones, in the order of the files.

    Raises:
        ValueError: a line is no test.
    """
    lines = (
        line
        for file in sorted(folder.rglob("*.jsonl"))
        for line in file.read_text(encoding="utf-8").splitlines()
        if line.strip()
    )
    tests = [_test(json.loads(line)) for line in lines]
    found = sorted(folder.rglob("pdfs"))
    return Benchmark(
        [test for test in tests if test.checked != "rejected"],
        found[0] if found else folder / "pdfs",
    )


def _test(fields: dict[str, Any]) -> PageTest:
    if fields.get("type") in _TYPES:
        return _KNOWN.validate_python(fields)
    return UnknownTest.model_validate(fields)
