"""What of an element a model may be given."""

from __future__ import annotations

from itertools import takewhile

from agent.plain_text import addresses_assistant
from pincite.elements import Element
from pincite.grounding.spots import Spot, spots_of


def readable_spots(element: Element) -> list[Spot]:
    """Nothing hidden, no instruction to an assistant and nothing of what follows one.

    None of what a machine wrote about a picture.
    """
    if "hidden_text" in element.flags:
        return []
    return list(takewhile(lambda spot: not addresses_assistant(spot.text), spots_of(element)))


def readable(element: Element) -> str:
    """The same as text; rows of a table stand apart."""
    spots = readable_spots(element)
    rows = any(spot.row is not None for spot in spots)
    return (" | " if rows else " ").join(spot.text for spot in spots)
