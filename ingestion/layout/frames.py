"""Reading frames: turned text is laid out as if it stood upright."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ingestion.layout.marks import Box, Rule, Word


def upright(box: Box, quarter: int, width: float, height: float) -> Box:
    """`box` of a page after turning the page back by `quarter` turns.

    `quarter` counts clockwise how far the text is turned; `width` and `height` are the page's.
    """
    left, top, right, bottom = box
    match quarter % 4:
        case 1:
            return Box(top, width - right, bottom, width - left)
        case 2:
            return Box(width - right, height - bottom, width - left, height - top)
        case 3:
            return Box(height - bottom, left, height - top, right)
        case _:
            return box


def upright_words(words: Iterable[Word], quarter: int, width: float, height: float) -> list[Word]:
    if quarter % 4 == 0:
        return list(words)
    return [word._replace(box=upright(word.shown, quarter, width, height)) for word in words]


def upright_rules(rules: Sequence[Rule], quarter: int, width: float, height: float) -> list[Rule]:
    if quarter % 4 == 0:
        return list(rules)
    return [_upright_rule(rule, quarter, width, height) for rule in rules]


def _upright_rule(rule: Rule, quarter: int, width: float, height: float) -> Rule:
    if rule.horizontal:
        box = Box(rule.start, rule.at, rule.end, rule.at)
    else:
        box = Box(rule.at, rule.start, rule.at, rule.end)
    left, top, right, bottom = upright(box, quarter, width, height)
    if right - left >= bottom - top:
        return Rule(horizontal=True, at=top, start=left, end=right)
    return Rule(horizontal=False, at=left, start=top, end=bottom)
