"""A value that a model gives, as it stands in the evidence; what stands nowhere is no value."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple, cast

from agent.extracting.anchors import as_written
from agent.extracting.typed import Typed, typed
from pincite.answer_shapes import Leaf
from pincite.answers import Citation
from pincite.extractions import AmountValue, ColumnKind, DateValue, NumberValue

Scalar = str | int | float | bool | None


class Anchored(NamedTuple):
    """A value with where it stands, or why there is none."""

    value: Scalar
    written: str
    """As the evidence has it; of what is not there as the model said it."""
    number: int = 0
    """Of the citation; 0 without a value."""
    why: str = ""


def anchored(leaf: Leaf, said: object, shown: Sequence[Citation]) -> Anchored:
    """`said` is `{"value": …, "evidence": n}` or null; `shown` is what the model was shown."""
    value, number = _taken(said)
    if value is None or not str(value).strip():
        return Anchored(None, "", why="The evidence that was read does not say it.")
    told = " ".join(str(value).split())
    cited = sorted(shown, key=lambda each: each.number != number)
    if leaf.type == "boolean" or leaf.choices:
        return _chosen(leaf, value, told, number, shown)
    for citation in cited:
        if written := _standing(leaf, told, citation.quote):
            made = _typed(leaf, written)
            if made is None:
                return Anchored(None, told, why=f"“{told}” is no {_NAMES[leaf.type]}.")
            return Anchored(made, written, citation.number)
    return Anchored(
        None, told, why=f"The model said “{told}”, which does not stand in the evidence."
    )


_NAMES = {"string": "text", "date": "date", "number": "number", "integer": "whole number"}


def _taken(said: object) -> tuple[object, int]:
    """Models that are not held to a schema leave out the number, or what is around it."""
    if not isinstance(said, dict):
        return (said, 0) if isinstance(said, str | int | float) else (None, 0)
    told = cast("dict[str, object]", said)
    value, number = told.get("value"), told.get("evidence")
    plain = isinstance(value, str | int | float)
    return value if plain else None, number if isinstance(number, int) else 0


def _chosen(
    leaf: Leaf, value: object, told: str, number: int, shown: Sequence[Citation]
) -> Anchored:
    """What need not stand there word for word; only the checker can tell whether it is so."""
    if all(citation.number != number for citation in shown):
        return Anchored(None, told, why=f"The model said “{told}” and not where it stands.")
    if leaf.type == "boolean":
        is_told = {"true": True, "yes": True, "false": False, "no": False}.get(told.casefold())
        if is_told is None:
            return Anchored(None, told, why=f"“{told}” is neither true nor false.")
        return Anchored(is_told, "yes" if is_told else "no", number)
    if value not in leaf.choices:
        return Anchored(None, told, why=f"“{told}” is none of the choices.")
    return Anchored(told, told, number)


def _standing(leaf: Leaf, told: str, text: str) -> str:
    """The words of the evidence: the same, or the same day or number written otherwise."""
    written = as_written(told, text)
    if written or leaf.type == "string":
        return written
    wanted = _typed(leaf, told)
    if wanted is None:
        return ""
    same = (each for each in _all(leaf, text) if _plain(leaf, each) == wanted)
    found = next(same, None)
    return " ".join(text[found.start : found.end].split()) if found else ""


def _all(leaf: Leaf, text: str) -> list[Typed]:
    if leaf.type == "date":
        return typed(ColumnKind.DATE, text, bare=True)
    return [*typed(ColumnKind.AMOUNT, text, bare=True), *typed(ColumnKind.NUMBER, text)]


def _typed(leaf: Leaf, written: str) -> Scalar:
    """As the caller's schema has it; None where it is nothing of that type."""
    if leaf.type == "string":
        return written
    return next(
        (made for each in _all(leaf, written) if (made := _plain(leaf, each)) is not None), None
    )


def _plain(leaf: Leaf, told: Typed) -> Scalar:
    match told.value:
        case DateValue(day=day):
            return day.isoformat()
        case AmountValue(number=number) | NumberValue(number=number):
            return _number(number, whole=leaf.type == "integer")
        case _:
            return None


def _number(number: Decimal, *, whole: bool) -> int | float | None:
    if number == number.to_integral_value():
        return int(number)
    return None if whole else float(number)
