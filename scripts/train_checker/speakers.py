"""Who said what: statements about conversations, right and with another speaker."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from random import Random
from typing import Final

from scripts.train_checker.examples import CONTRADICTED, SUPPORTED, Example, Text, example, text_of
from scripts.train_checker.names_made_up import PEOPLE

_TURN: Final = re.compile(r"^([A-Z][\w .'-]{1,30}): (.{30,240})$", re.MULTILINE)
_SAYS: Final = (
    '{who} said: "{what}"',
    "{who} said that {what}",
    "{who} mentioned that {what}",
    "According to {who}, {what}",
    "{what} was said by {who}.",
    "{who} pointed out that {what}",
)


def of_conversation(rng: Random, group: str, document: str, number: int) -> Iterator[Example]:
    """From lines `Name: what was said`; empty for a text without at least two speakers."""
    turns = [(m.group(1), m.group(2).strip()) for m in _TURN.finditer(document)]
    if len({who for who, _ in turns}) < 2:
        return
    text = text_of(group, [document])
    yield from _about(rng, text, turns, number)


def made_up(rng: Random, group: str, sentences: Sequence[str], number: int) -> Iterator[Example]:
    """Sentences of any texts, put into the mouths of two to four people."""
    people = rng.sample(PEOPLE, rng.randint(2, 4))
    turns = [(rng.choice(people), sentence) for sentence in sentences]
    if len({who for who, _ in turns}) < 2:
        return
    yield from _about(
        rng, text_of(group, ["\n".join(f"{who}: {what}" for who, what in turns)]), turns, number
    )


def _about(
    rng: Random, text: Text, turns: Sequence[tuple[str, str]], number: int
) -> Iterator[Example]:
    for who, what in rng.sample(list(turns), min(number, len(turns))):
        form = rng.choice(_SAYS)
        others = sorted({other for other, said in turns if other != who and said != what})
        yield example(text, "synthetic-speaker", form.format(who=who, what=what), SUPPORTED)
        if others:
            other = rng.choice(others)
            claim = form.format(who=other, what=what)
            at = claim.rfind(other) if form.endswith("{who}.") else claim.find(other)
            marks = ((at, at + len(other)),)
            yield example(text, "synthetic-speaker", claim, CONTRADICTED, marks)
