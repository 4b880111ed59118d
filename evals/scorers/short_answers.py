"""A short gold answer against what was said, by words and by figures."""

from __future__ import annotations

from collections import Counter

from pincite.grounding.numbers import quantities, same
from pincite.grounding.words import content


def told(gold: str, said: str) -> float:
    """How much of the gold answer was said, in 0–1.

    The share of its telling words that were said; nought where a figure of it was not. A figure
    counts in any form (`1,214`, `1214`, `1.2 thousand` where it is rounded).
    """
    figures, stated = quantities(gold), quantities(said)
    if any(not any(same(figure, other) for other in stated) for figure in figures):
        return 0.0
    wanted = Counter(stem for stem in content(gold) if not stem[0].isdigit())
    if not wanted:
        return 1.0 if figures else float(gold.strip().casefold() in said.casefold())
    held = wanted & Counter(content(said))
    return sum(held.values()) / sum(wanted.values())
