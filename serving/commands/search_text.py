"""Findings as lines of a terminal, or as JSON lines."""

from __future__ import annotations

from rich.text import Text

from pincite.elements import Element
from pincite.evidence import Evidence, Findings
from pincite.locators import Locator
from retrievers.quoting import quote_of
from retrievers.word_for_word import holds
from serving.places import exact_place
from serving.terminal import complain, console, one_line, write_json

_LONGEST_QUOTE = 300


def show(found: Findings) -> None:
    out = console()
    for line in understood(found):
        out.print(Text(line, style="dim"))
    for evidence in found.evidence:
        quote = quoted(evidence, found.searched)
        name = Text(one_line(evidence.source.name), style="bold cyan")
        where = Text(exact_place(evidence.spots or _locators(evidence, quote)), style="cyan")
        by = Text(f"{evidence.score:.4f}  {', '.join(evidence.found_by)}", style="dim")
        out.print(Text.assemble(f"{evidence.rank:2}  ", name, "  ", where, "  ", by))
        out.print(_told(evidence, quote))
    if not found.evidence:
        out.print("Nothing found.")


def _told(evidence: Evidence, quote: str) -> Text:
    if quote:
        return Text(f"    {one_line(quote, most=_LONGEST_QUOTE)}")
    kinds = ", ".join(dict.fromkeys(element.kind.value for element in evidence.elements))
    return Text(f"    ({kinds} without text, found by what it shows)", style="dim italic")


def show_json(found: Findings) -> None:
    """A line for each hit; how the question was understood goes to standard error."""
    for evidence in found.evidence:
        write_json(evidence)
    for line in understood(found):
        complain(line)


def understood(found: Findings) -> list[str]:
    """What the asker should know of how the question was read, a sentence a line."""
    lines = [f"Heard: “{one_line(found.heard)}”"] if found.heard else []
    if found.decisions:
        lines.append(f"Understood: {one_line('; '.join(found.decisions))}.")
    return lines


def quoted(evidence: Evidence, words: str) -> str:
    """Without the headings that a passage repeats from above."""
    texts = [element.text for element in evidence.elements if element.text]
    return quote_of("\n".join(texts) or evidence.passage.text, words)


def _locators(evidence: Evidence, quote: str) -> list[Locator]:
    """Of the elements that the quote is from; of all where that cannot be told."""
    from_it = [element for element in evidence.elements if _shares(element, quote)]
    chosen = from_it or evidence.elements
    return [locator for element in chosen for locator in element.locators]


def _shares(element: Element, quote: str) -> bool:
    return holds(element.text, quote) or holds(quote, element.text)
