"""How a place in a source is said to a person: `p. 3`, `0:12–0:19`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import assert_never

from pincite.answers import Citation
from pincite.evidence import Evidence
from pincite.locators import FrameBox, ImageBox, Locator, PageBox, TextSpan, TimeSpan

_PAUSE_S = 1.0
_GAP = 2
"""Characters between paragraphs."""


def clock(seconds: float) -> str:
    """`0:07`, `12:30`, `1:02:03`; whole seconds, rounded down."""
    minutes, second = divmod(int(seconds), 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour}:{minute:02}:{second:02}" if hour else f"{minute}:{second:02}"


def place(locators: Iterable[Locator]) -> str:
    """Where it is, without the file's name; empty where there is nothing to add to the name."""
    pages: dict[int, None] = {}
    others: dict[str, None] = {}
    for locator in locators:
        match locator:
            case PageBox(page=page):
                pages[page] = None
            case TimeSpan(start_s=start, end_s=end):
                others[f"{clock(start)}–{clock(end)}"] = None
            case FrameBox(at_s=at):
                others[clock(at)] = None
            case ImageBox() | TextSpan():
                pass
            case _:
                assert_never(locator)
    return ", ".join([*_pages(sorted(pages)), *others])


def _pages(numbers: list[int]) -> list[str]:
    if not numbers:
        return []
    if len(numbers) == 1:
        return [f"p. {numbers[0]}"]
    if numbers == list(range(numbers[0], numbers[-1] + 1)):
        return [f"pp. {numbers[0]}–{numbers[-1]}"]
    return ["pp. " + ", ".join(map(str, numbers))]


def cited(citation: Citation) -> str:
    """`report.pdf p. 3`."""
    return f"{citation.source_name} {place(citation.locators)}".strip()


def found(evidence: Evidence) -> str:
    locators = [locator for element in evidence.elements for locator in element.locators]
    return f"{evidence.source.name} {place(locators)}".strip()


def exact_place(locators: Iterable[Locator]) -> str:
    """`p. 3 at (72, 90)–(300, 110) pt`, `0:12.4–0:14.0`; one box around those of one page."""
    pages: dict[int, list[PageBox]] = {}
    others: dict[str, None] = {}
    for locator in _run_on(locators):
        match locator:
            case PageBox(page=page):
                pages.setdefault(page, []).append(locator)
            case ImageBox():
                others[f"{_corners([locator])} px"] = None
            case TimeSpan(start_s=start, end_s=end):
                others[f"{_tenths(start)}–{_tenths(end)}"] = None
            case FrameBox(at_s=at):
                others[f"{_tenths(at)} at {_corners([locator])} px"] = None
            case TextSpan(start=start, end=end):
                others[f"characters {start}–{end}"] = None
            case _:
                assert_never(locator)
    boxed = (f"p. {page} at {_corners(boxes)} pt" for page, boxes in sorted(pages.items()))
    return ", ".join([*boxed, *others])


def _run_on(locators: Iterable[Locator]) -> list[Locator]:
    """Stretches of sound or text that follow one another are one."""
    joined: list[Locator] = []
    for locator in locators:
        match joined[-1] if joined else None, locator:
            case TimeSpan() as before, TimeSpan() if 0 <= locator.start_s - before.end_s < _PAUSE_S:
                joined[-1] = TimeSpan(start_s=before.start_s, end_s=locator.end_s)
            case TextSpan() as before, TextSpan() if 0 <= locator.start - before.end <= _GAP:
                joined[-1] = TextSpan(start=before.start, end=locator.end)
            case _:
                joined.append(locator)
    return joined


def _corners(boxes: Sequence[PageBox | ImageBox | FrameBox]) -> str:
    left, top = min(box.left for box in boxes), min(box.top for box in boxes)
    right, bottom = max(box.right for box in boxes), max(box.bottom for box in boxes)
    return f"({left:.0f}, {top:.0f})–({right:.0f}, {bottom:.0f})"


def _tenths(seconds: float) -> str:
    return f"{clock(seconds)}.{int(seconds * 10) % 10}"
