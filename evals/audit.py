"""Answers of any system, checked line by line: a file in, one line of verdicts a line out.

    {"id": …, "question": …, "answer": …, "contexts": ["…", {"id": …, "text": …}], "label": 1}

`question` and `label` may be missing, further keys are passed over. A label says whether the whole
answer is supported by its contexts (1 or true) or not. Out comes `audit.jsonl`, in the order of the
lines, and `audit.md` with the figures. Memory does not grow with the file but for the ids.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError

from evals.scorers.binary import Counts
from pincite.answers import Label
from pincite.checking import Checking, ClaimCheck, Context
from pincite.errors import UserError
from pincite.values import Value

OUT: Final = "audit.jsonl"
_MADE_BY: Final = ".audit-made-by"
_TELL_EVERY: Final = 100
_BAD_TOLD: Final = 20
"""Lines that `audit.md` names; all are told as they are met."""


class Line(BaseModel):
    """What is asked of a line; the rest of it is the user's own."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str | int
    answer: str
    contexts: tuple[str | Context, ...]
    question: str | None = None
    label: bool | None = None
    """Whether the answer is supported."""


class Evidence(Value):
    """A place in a context, and what stands there."""

    context: str
    start: int
    end: int
    text: str


class AuditedClaim(Value):
    text: str
    start: int
    """Characters [start, end) of the answer."""
    end: int
    verdict: Label
    probability: float
    reason: str
    doubtful: tuple[tuple[int, int], ...] = ()
    """Characters of the answer that are not borne out, where only some of the claim's are not."""
    evidence: tuple[Evidence, ...]


class Audited(Value):
    """One line of `audit.jsonl`."""

    id: str | int
    supported: bool
    probability: float
    """That all claims are borne out."""
    claims: tuple[AuditedClaim, ...]


@dataclass
class Totals:
    """What `audit.md` says; grows line by line."""

    checker: str
    cut: float
    lines: int = 0
    supported: int = 0
    labels: dict[Label, int] = field(default_factory=dict[Label, int])
    """Claims by verdict."""
    decided: dict[tuple[bool, bool], int] = field(default_factory=dict[tuple[bool, bool], int])
    """Lines with a label, by label and finding; true is supported."""
    bad: list[str] = field(default_factory=list[str])

    def add(self, audited: Audited, label: bool | None) -> None:  # noqa: FBT001
        self.lines += 1
        self.supported += audited.supported
        for claim in audited.claims:
            self.labels[claim.verdict] = self.labels.get(claim.verdict, 0) + 1
        if label is not None:
            key = (label, audited.supported)
            self.decided[key] = self.decided.get(key, 0) + 1

    def figures(self) -> dict[str, float]:
        """Shares in 0–1. Those of labels are there where both labels occur."""
        claims = sum(self.labels.values())
        told: dict[str, float] = {}
        if self.lines:
            told["supported_share"] = self.supported / self.lines
        if claims:
            told["claims_supported_share"] = self.labels.get(Label.SUPPORTED, 0) / claims
            told["claims_not_checkable_share"] = self.labels.get(Label.NOT_CHECKABLE, 0) / claims
        right, wrong = self._counts(of=True), self._counts(of=False)
        if self.decided:
            told["accuracy"] = (right.hits + right.rest) / sum(self.decided.values())
            told["f1"], told["f1_supported"] = wrong.f1, right.f1
        if right.hits + right.misses and wrong.hits + wrong.misses:
            told["balanced_accuracy"] = right.balanced_accuracy
        return told

    def _counts(self, *, of: bool) -> Counts:
        return Counts(
            hits=self.decided.get((of, of), 0),
            false_alarms=self.decided.get((not of, of), 0),
            misses=self.decided.get((of, not of), 0),
            rest=self.decided.get((not of, not of), 0),
        )


def audit(
    lines: Iterable[str],
    out: Path,
    checking: Checking,
    *,
    resume: bool = False,
    tell: Callable[[str], None] = lambda _: None,
) -> Totals:
    """Check every line and write as it goes; `tell` gets a sentence for each that is bad.

    A bad line is left out of `audit.jsonl` and stops nothing. With `resume` what an earlier run
    wrote is kept, as long as the same checker made it; else it is written anew.

    Raises:
        UserError: to be resumed, but made by another checker.
    """
    totals = Totals(checking.id, checking.cut.answer)
    out.mkdir(parents=True, exist_ok=True)
    file = out / OUT
    done = _begun(file, f"{checking.id} {checking.cut.answer}", resume=resume)
    with file.open("a", encoding="utf-8") as written:
        for line in _read(lines, totals, tell):
            if line.id in done:
                made = _at(file, done[line.id])
            else:
                made = _audited(line, checking)
                written.write(made.model_dump_json() + "\n")
                written.flush()
            totals.add(made, line.label)
            if totals.lines % _TELL_EVERY == 0:
                tell(f"{totals.lines} answers checked")
    (out / "audit.md").write_text(markdown(totals), encoding="utf-8")
    return totals


def _read(lines: Iterable[str], totals: Totals, tell: Callable[[str], None]) -> Iterator[Line]:
    """Good lines; bad ones are told by their number from 1, empty ones passed over."""
    seen: dict[str | int, int] = {}
    for number, text in enumerate(lines, 1):
        if not text.strip():
            continue
        try:
            line = _line(text, seen)
        except (ValueError, RecursionError) as exc:
            totals.bad.append(f"line {number}: {_why(exc)}")
            tell(totals.bad[-1])
        else:
            seen[line.id] = number
            yield line


def _line(text: str, seen: Mapping[str | int, int]) -> Line:
    told: object = json.loads(text.removeprefix("\ufeff"))
    if not isinstance(told, dict):
        raise ValueError("it is no JSON object")  # noqa: TRY004 - as all that is wrong with a line
    line = Line.model_validate(told)
    if line.id in seen:
        raise ValueError(f"its id {line.id!r} stands in line {seen[line.id]} too")
    return line


def _why(exc: Exception) -> str:
    match exc:
        case ValidationError():
            problem = exc.errors()[0]
            return f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}"
        case json.JSONDecodeError():
            return f"it is no JSON ({exc.msg} at character {exc.pos + 1})"
        case RecursionError():
            return "it is nested too deeply"
        case _:
            return str(exc)


def _audited(line: Line, checking: Checking) -> Audited:
    whole = checking.whole(line.answer, line.contexts, line.question or "")
    texts = {
        context.id if isinstance(context, Context) else str(number): text_of(context)
        for number, context in enumerate(line.contexts, 1)
    }
    return Audited(
        id=line.id,
        supported=whole.supported,
        probability=whole.probability,
        claims=tuple(_claim(claim, texts) for claim in whole.claims),
    )


def text_of(context: str | Context) -> str:
    return context if isinstance(context, str) else context.text


def _claim(claim: ClaimCheck, texts: Mapping[str, str]) -> AuditedClaim:
    evidence = tuple(
        Evidence(**spot.model_dump(), text=texts[spot.context][spot.start : spot.end])
        for spot in claim.spots
    )
    return AuditedClaim(**claim.model_dump(exclude={"spots"}), evidence=evidence)


# --- what an earlier run wrote -------------------------------------------------------------------


def _begun(file: Path, made_by: str, *, resume: bool) -> dict[str | int, int]:
    """Where each answer stands that is checked already; a line that was cut is dropped."""
    note = file.with_name(_MADE_BY)
    if not (resume and file.is_file() and note.is_file()):
        note.write_text(made_by, encoding="utf-8")
        file.write_bytes(b"")
        return {}
    if note.read_text(encoding="utf-8") != made_by:
        raise UserError(
            f"{file} was made by another checker; audit without --resume, or with another --out"
        )
    done: dict[str | int, int] = {}
    at = 0
    with file.open("rb") as lines:
        for line in lines:
            if not line.endswith(b"\n"):
                break
            done[Audited.model_validate_json(line).id] = at
            at += len(line)
    os.truncate(file, at)
    return done


def _at(file: Path, place: int) -> Audited:
    with file.open("rb") as lines:
        lines.seek(place)
        return Audited.model_validate_json(lines.readline())


# --- what a person reads -------------------------------------------------------------------------

_MEANINGS: Final = {
    "supported_share": "answers whose every claim is borne out",
    "claims_supported_share": "claims that are borne out",
    "claims_not_checkable_share": "claims that cannot be checked (they count as not borne out)",
    "accuracy": "answers judged as their label says",
    "balanced_accuracy": "mean share found of the supported and of the other answers",
    "f1": "F1 of finding answers that are not supported",
    "f1_supported": "F1 of finding answers that are",
}


def markdown(totals: Totals) -> str:
    rows = [
        f"| {_MEANINGS[key]} | `{key}` | {value:.3f} |" for key, value in totals.figures().items()
    ]
    verdicts = ", ".join(f"{many} {label}" for label, many in sorted(totals.labels.items()))
    bad = [f"- {why}" for why in totals.bad[:_BAD_TOLD]]
    more = len(totals.bad) - len(bad)
    lines = [
        "# Audit",
        "",
        f"{totals.lines} answers, {sum(totals.labels.values())} claims ({verdicts or 'none'}).",
        f"Checker `{totals.checker}`; an answer is supported from {totals.cut:g} on, by its least",
        "probable claim.",
        "",
        "| what | key | value |",
        "|---|---|---|",
        *rows,
        *(["", f"{len(totals.bad)} lines could not be used:", "", *bad] if bad else []),
        *([f"- and {more} more"] if more else []),
    ]
    return "\n".join(lines) + "\n"
