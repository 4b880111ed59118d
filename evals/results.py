"""The report contract `pincite-eval/1` as types; `report.schema.json` is made from them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, ValidationError, model_validator

from evals.sketches import Sketch
from pincite.errors import UserError
from pincite.values import Value

SCHEMA = "pincite-eval/1"
PRODUCT = "pincite"
"""The `system` of our own figures; any other system is a baseline."""

Status = Literal["ok", "partial", "not_applicable", "failed"]


class Result(Value):
    """One figure, of one system, on one slice of one data set."""

    key: str
    """`<suite>.<dataset>.<metric>`."""
    suite: str
    dataset: str
    split: str = "all"
    slice: str = "all"
    system: str = PRODUCT
    metric: str
    value: float | None
    """None unless `status` is ok or partial."""
    unit: str
    """`fraction`, `s`, `pages/s`, `MiB`, …"""
    higher_is_better: bool
    n: int = Field(ge=0)
    n_total: int = Field(ge=0)
    n_failed: int = Field(default=0, ge=0)
    ci95: tuple[float, float] | None = None
    status: Status = "ok"
    reason: str | None = None

    @model_validator(mode="after")
    def _value_fits_status(self) -> Self:
        seen = self.value is not None
        if (seen and self.status not in ("ok", "partial")) or (self.status == "ok" and not seen):
            raise ValueError("a value stands where the status is ok, and may where it is partial")
        return self


def measured(suite: str, dataset: str, metric: str, value: float, **more: object) -> Result:
    """A figure that was seen; `more` are further fields of `Result`."""
    return Result.model_validate(
        {
            "key": f"{suite}.{dataset}.{metric}",
            "suite": suite,
            "dataset": dataset,
            "metric": metric,
            "value": value,
            "n": 1,
            "n_total": 1,
            **more,
        }
    )


def missing(
    suite: str, dataset: str, metric: str, reason: str, status: Status = "not_applicable"
) -> Result:
    """A figure that could not be had, and why."""
    return Result(
        key=f"{suite}.{dataset}.{metric}",
        suite=suite,
        dataset=dataset,
        metric=metric,
        value=None,
        unit="",
        higher_is_better=True,
        n=0,
        n_total=0,
        status=status,
        reason=reason,
    )


class Case(Value):
    """One line of `cases/<suite>.<dataset>.jsonl`; two reports are compared case by case."""

    input: str
    """Names the item within its data set; the same in every run."""
    system: str = PRODUCT
    expected: str | float | None = None
    got: str | float | None = None
    score: float | None = None
    """Higher is better."""
    why: str = ""
    sketch: Sketch | None = Field(default=None, exclude=True)
    """How the case looks; drawn for the worst cases in the HTML report, in no other file."""
    thumbnails: tuple[Sketch, ...] = Field(default=(), exclude=True)
    """What was wanted and what was found, small and side by side."""
    shown: bool = Field(default=False, exclude=True)
    """In the HTML report however many worse ones there are."""


Cases = dict[str, list[Case]]
"""By `<suite>.<dataset>`."""


class Kept(Value):
    """A piece of finished work, for a run that is resumed."""

    key: str
    value: str
    """JSON."""


class ProductInfo(Value):
    version: str
    commit: str
    config_sha256: str


class ModelInfo(Value):
    role: str
    id: str
    sha256: str


class Machine(Value):
    cores: int
    memory_gib: float
    gpu: str | None = None


class Run(Value):
    command: str
    seed: int
    profile: Literal["smoke", "standard", "full"]
    started: str
    seconds: float
    status: Literal["ok", "partial", "failed"]
    network: Literal["blocked", "open"]


class Report(Value):
    """What `report.json` holds."""

    schema_: Literal["pincite-eval/1"] = Field(default=SCHEMA, alias="schema")
    product: ProductInfo
    models: tuple[ModelInfo, ...]
    machine: Machine
    run: Run
    summary: dict[str, float]
    results: tuple[Result, ...]
    ignored: tuple[str, ...] = ()


def summarize(results: Iterable[Result]) -> dict[str, float]:
    """The shipped default's figures over everything: no baselines, no slices."""
    return {
        r.key: r.value
        for r in results
        if r.system == PRODUCT and r.slice == "all" and r.value is not None
    }


def overall(results: Iterable[Result]) -> Literal["ok", "partial", "failed"]:
    states = {r.status for r in results}
    if "failed" in states:
        return "failed"
    return "partial" if "partial" in states else "ok"


def read_report(folder: Path) -> Report:
    """The report that a run wrote into `folder`.

    Raises:
        UserError: there is none.
    """
    try:
        return Report.model_validate_json((folder / "report.json").read_text(encoding="utf-8"))
    except (OSError, ValidationError) as exc:
        raise UserError(f"{folder} holds no report; run: pincite-eval run … --out DIR") from exc
