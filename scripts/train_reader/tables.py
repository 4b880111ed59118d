"""Questions about rows of tables of things that do not exist."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Final

from scripts.train_checker.names_made_up import CITIES, COLUMNS, PEOPLE, PRODUCTS
from scripts.train_reader.examples import Example

_FORMS: Final = (
    "What is the {head} of {row}?",
    "What was the {head} of {row}?",
    "{head} of {row}",
    "How much is the {head} of {row}?",
    "According to the table, what {head} does {row} have?",
    "Which {head} is given for {row}?",
)


def questions(rng: Random, number: int) -> Iterator[Example]:
    """Two of each table: one that a cell answers, one whose row or column is not there."""
    for place in range(number):
        labels = rng.sample(PEOPLE if rng.random() < 0.4 else PRODUCTS + CITIES, rng.randint(4, 8))
        columns = rng.sample(COLUMNS, rng.randint(3, 5))
        (*rows, absent), (*shown, (missing, _, _)) = labels, columns
        lines = {row: [(head, value(rng)) for head, value, _ in shown] for row in rows}
        text = " ".join(
            f"{row}; {'; '.join(f'{head}: {value}' for head, value in cells)}"
            for row, cells in lines.items()
        )
        row = rng.choice(rows)
        head, value = rng.choice(lines[row])
        begin = text.index(f"{row}; ")
        start = text.index(f"{head}: {value}", begin) + len(head) + 2
        group = f"table-{place}"
        asked = _asked(rng, head, row)
        yield Example("table", group, asked, text, (start, start + len(value)))
        wrong = _asked(rng, *((head, absent) if rng.random() < 0.5 else (missing, row)))
        yield Example("table", group, wrong, text, None)


def _asked(rng: Random, head: str, row: str) -> str:
    return rng.choice(_FORMS).replace("{head}", head.lower()).replace("{row}", row)
