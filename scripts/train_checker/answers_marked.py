"""Examples from RAGTruth: sentences of real answers, with the spans that people marked."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

from evals.datasets.ragtruth import Response, read, trains
from pincite.grounding.checkable import why_not_checkable
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
    validates,
)


def examples(folder: Path, *, training: bool) -> Iterator[Example]:
    """Of the sources that may train, or of those that figures are reported on."""
    texts: dict[str, Text] = {}
    conflicts = _conflicts(folder)
    for response in read(folder):
        if trains(response.split, response.source) is training:
            if response.source not in texts:
                texts[response.source] = text_of(f"ragtruth-{response.source}", response.contexts)
            yield from of_response(response, texts[response.source], conflicts[response.id])


def of_response(response: Response, text: Text, conflicts: Spans) -> Iterator[Example]:
    """One example for each claim; `conflicts` are those of the marked spans that contradict."""
    answer = response.answer
    for span in sentences(answer, lines=True):
        for claim in claims_of(answer[span.start : span.end], response.question):
            if why_not_checkable(claim.text):
                continue
            start, end = span.start + claim.start, span.start + claim.end
            marked = _inside(response.marked, start, end)
            label = SUPPORTED
            if marked:
                label = CONTRADICTED if _inside(conflicts, start, end) else UNSUPPORTED
            if label == SUPPORTED and response.task == "qa" and not _wanted(text.group, claim.text):
                continue
            marks = in_claim(answer[start:end], claim.text, marked)
            made = example(text, f"ragtruth-{response.task}", claim.text, label, marks)
            yield made._replace(response=response.id)


def _wanted(group: str, claim: str) -> bool:
    """One in four of those that are most of the set and mostly alike; all that thresholds need."""
    return validates(group) or hashlib.sha256(claim.encode()).digest()[0] % 4 == 0


def in_claim(raw: str, claim: str, marked: Spans) -> Spans | None:
    """Spans of the raw text in the claim that was made of it by leaving out characters.

    None where it was not made so.
    """
    if not marked:
        return ()
    asked = claim.rpartition("? ")[2]
    shift = len(claim) - len(asked)
    places: dict[int, int] = {}
    at = 0
    for place, character in enumerate(raw):
        if at < len(asked) and character == asked[at]:
            places[place] = at
            at += 1
    if at < len(asked):
        return None
    found = [
        [places[place] for place in range(start, end) if place in places] for start, end in marked
    ]
    return tuple((shift + inside[0], shift + inside[-1] + 1) for inside in found if inside)


def _inside(spans: Spans, start: int, end: int) -> Spans:
    """The parts of spans in [start, end), from its start."""
    cut = ((max(s, start) - start, min(e, end) - start) for s, e in spans)
    return tuple((s, e) for s, e in cut if e > s)


def _conflicts(folder: Path) -> dict[str, Spans]:
    """The spans by response that its source contradicts; the others are only not in it."""
    found: dict[str, Spans] = {}
    for file in sorted(folder.rglob("response.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            told = json.loads(line)
            split = told.get("split", file.parent.name)
            found[f"{split}/{told['source_id']}/{told['model']}"] = tuple(
                (label["start"], label["end"])
                for label in told["labels"]
                if "Conflict" in label["label_type"]
            )
    return found
