"""Reads a page in reading order; of a file without pages its text, part by part."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final

from pydantic import Field

from agent.readable import readable
from agent.tools.bench import SHOWN_TOKENS, AgentTool, Arguments, Bench, Nothing, Told, clause
from pincite.elements import Element, Medium, Scope

_PAGED: Final = frozenset({Medium.PDF, Medium.IMAGE})
_HEARD: Final = frozenset({Medium.AUDIO, Medium.VIDEO})


class PageOf(Arguments):
    file: str = Field(
        min_length=1, max_length=300, description="Its name, or [n] of evidence from it."
    )
    page: int = Field(default=1, ge=1, le=100_000, description="From 1; 1 for a file without.")
    part: int = Field(
        default=1, ge=1, le=1_000, description="Of a long page, from 1; the page says if it goes on"
    )


async def _open(bench: Bench, asked: PageOf) -> Told:
    source = await bench.source(asked.file)
    files = bench.run.services.files
    name = clause(source.name)
    if source.medium in _HEARD or files is None:
        raise Nothing(
            f"{name} has no pages; listen gives what is said in it.", f"could not open {name}"
        )
    page = asked.page if source.medium in _PAGED else 1
    what = f"page {page} of {name}" if source.medium in _PAGED else name
    elements = await asyncio.to_thread(files.elements_on, source.id, page)
    parts = _parts(bench, [each for each in elements if _is_within(each, bench.scope)])
    if not parts:
        raise Nothing(f"Nothing is to be read on {what}.", f"opened {what}, with nothing to read")
    if asked.part > len(parts):
        raise Nothing(f"There are {len(parts)} parts of {what}.", f"could not open {what} so far")
    shown = bench.show(((each, source) for each in parts[asked.part - 1]), alone=True)
    more = f"\n(part {asked.part} of {len(parts)} of it)" if len(parts) > 1 else ""
    part = f", part {asked.part}," if asked.part > 1 else ""
    return Told(f"{shown}{more}", f"opened {what}{part}".rstrip(","))


def _parts(bench: Bench, elements: Sequence[Element]) -> list[list[Element]]:
    """Each as long as one call shows; what cannot be read is in none."""
    chat = bench.run.chat
    parts: list[list[Element]] = []
    left = 0
    for element in elements:
        text = readable(element)
        if not text:
            continue
        price = chat.count_tokens(text) if chat else 0
        if not parts or price > left:
            parts.append([])
            left = SHOWN_TOKENS
        parts[-1].append(element)
        left -= price
    return parts


def _is_within(element: Element, scope: Scope) -> bool:
    """Whether it is on the pages that the scope is narrowed to."""
    if scope.pages is None:
        return True
    first, last = scope.pages
    return any(at.kind == "page" and first <= at.page <= last for at in element.locators)


OPEN_PAGE: Final = AgentTool(
    "open_page",
    "Read a whole page of a file in reading order, tables row by row.",
    PageOf,
    _open,
)
