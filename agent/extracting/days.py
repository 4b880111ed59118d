"""Which of day and month comes first, where a table has dates that could be read either way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from agent.extracting.typed import day_first
from pincite.extractions import Cell, DateValue, FoundCell, Row


def settled(rows: Sequence[Row]) -> tuple[Row, ...]:
    """The rows with open dates read as the dates of their file are, else as most of the table's.

    Where no date tells, the day comes first.
    """
    by_file: dict[str, Counter[bool]] = {}
    for row in rows:
        for cell in row.cells:
            told = _order(cell)
            if told is not None:
                by_file.setdefault(row.source, Counter())[told] += 1
    everywhere = sum(by_file.values(), Counter[bool]())
    return tuple(
        row.model_copy(
            update={
                "cells": tuple(
                    _read(cell, by_file.get(row.source) or everywhere) for cell in row.cells
                )
            }
        )
        for row in rows
    )


def _order(cell: Cell) -> bool | None:
    if isinstance(cell, FoundCell) and isinstance(cell.value, DateValue):
        return day_first(cell.written)
    return None


def _read(cell: Cell, order: Counter[bool]) -> Cell:
    if not isinstance(cell, FoundCell) or not isinstance(cell.value, DateValue):
        return cell
    value = cell.value
    if value.or_else is None or order[True] >= order[False]:
        return cell
    turned = DateValue(day=value.or_else, or_else=value.day)
    return cell.model_copy(update={"value": turned})
