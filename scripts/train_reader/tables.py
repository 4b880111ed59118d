"""Questions about rows of tables of things that do not exist."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Final

from scripts.train_checker.examples import SUPPORTED, UNSUPPORTED, Example, example, text_of
from scripts.train_checker.names_made_up import CITIES, COLUMNS, PEOPLE, PRODUCTS

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
        heads = ["Name", *(head for head, _, _ in shown)]
        lines = [heads, ["---"] * len(heads)]
        lines += [[row, *(value(rng) for _, value, _ in shown)] for row in rows]
        table = "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
        text = text_of(f"table-question-{place}", [table])
        row, head = rng.choice(rows), rng.choice(heads[1:])
        form = rng.choice(_FORMS)
        yield example(text, "question-table", _asked(form, head, row), SUPPORTED)
        if rng.random() < 0.5:
            row = absent
        else:
            head = missing
        wrong = row if row == absent else head.lower()
        asked = _asked(form, head, row)
        start = asked.index(wrong)
        marks = ((start, start + len(wrong)),)
        yield example(text, "question-table", asked, UNSUPPORTED, marks)


def _asked(form: str, head: str, row: str) -> str:
    return form.replace("{head}", head.lower()).replace("{row}", row)
