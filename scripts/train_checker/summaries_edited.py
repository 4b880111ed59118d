"""Examples from SummEdits: summaries and edits of them that kept or broke what the text says."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pincite.grounding.claims import claims_of
from pincite.grounding.sentences import sentences
from scripts.train_checker.examples import (
    CONTRADICTED,
    SUPPORTED,
    UNSUPPORTED,
    Example,
    Spans,
    Text,
    example,
    text_of,
)

_WORD = re.compile(r"\w+(?:['’-]\w+)*|[^\w\s]")


def examples(folder: Path, left_out: frozenset[str]) -> Iterator[Example]:
    """Of all domains but those left out."""
    for file in sorted(folder.glob("summedits_*.json")):
        domain = file.stem.removeprefix("summedits_")
        if domain not in left_out:
            yield from of_domain(domain, json.loads(file.read_text(encoding="utf-8")))


def of_domain(domain: str, rows: list[dict[str, Any]]) -> Iterator[Example]:
    texts: dict[str, Text] = {}
    for row in rows:
        name = re.sub(r"_\w+\Z", "", row["id"])
        if row["doc"] not in texts:
            texts[row["doc"]] = text_of(f"summedits-{domain}-{name}", [row["doc"]])
        for made in of_row(row, texts[row["doc"]], f"summedits-{domain}"):
            yield made._replace(response=row["id"])


def of_row(row: dict[str, Any], text: Text, origin: str) -> Iterator[Example]:
    """A claim of a broken summary is broken where its words are not those of the first version."""
    summary = row["summary"]
    changed = () if row["label"] else changes(row["original_summary"], summary)
    added = row.get("edit_types") == ["hallucinated_fact_insertion"]
    for span in sentences(summary):
        for claim in claims_of(summary[span.start : span.end]):
            begin = summary.find(claim.text, span.start)
            if begin < 0:
                continue
            end = begin + len(claim.text)
            marks = tuple(
                (max(s, begin) - begin, min(e, end) - begin)
                for s, e in changed
                if s < end and e > begin
            )
            broken = UNSUPPORTED if added else CONTRADICTED
            yield example(text, origin, claim.text, broken if marks else SUPPORTED, marks)


def changes(before: str, after: str) -> Spans:
    """Characters of `after` that are not in `before`, word by word; a gap marks its neighbours."""
    a = [word.group().casefold() for word in _WORD.finditer(before)]
    words = list(_WORD.finditer(after))
    b = [word.group().casefold() for word in words]
    spans: list[tuple[int, int]] = []
    for kind, _, _, start, end in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if kind in {"replace", "insert"}:
            spans.append((words[start].start(), words[end - 1].end()))
        elif kind == "delete" and words:
            near = min(start, len(words) - 1)
            spans.append((words[near].start(), words[near].end()))
    return tuple(spans)
