"""Questions about cards with their answers, in the very words that Pincite uses.

Three ways of asking: a bare question, the agent's prompt with numbered evidence, and the judge of
claims. A page seen from afar has no answer.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple, TypeVar

from agent.prompts import prompt
from agent.weaving import Shown, Woven, with_pictures, woven
from pincite.models.picture_judge import ASK
from pincite.models.ports import Message
from scripts.tiny_vlm.cards import COLOURS, COUNTS, SHAPES, Card, any_card

T = TypeVar("T")
Part = str | Card
NOT_FOUND: Final = "NOT FOUND"
WAYS: Final = {"plain": 0.25, "one": 0.25, "two": 0.3, "judge": 0.2}
"""Of asking, and how often each is taught."""
_NAMES: Final = ("card.png", "report.pdf, page 3", "hall.png", "scan.pdf, page 12", "stock-07.png")
_TEXTS: Final = (
    "", "", "", "Inventory card of the north hall.", "Figure 2: stock at the end of March.",
    "Card of warehouse 4", "The pump was replaced on 3 May 2024.", "Sheet 12 of 40",
)  # fmt: skip
_DIGIT: Final = (
    "Which digit does the picture show?", "What digit is on the card?",
    "Which digit is shown on the inventory card of the north hall?",
    "Which number is in the picture?",
)  # fmt: skip
_SHAPES: Final = (
    "Which shapes does the picture show?", "What does the picture show?",
    "How many shapes does the picture show?", "What is shown on the card of warehouse 4?",
)  # fmt: skip
_COLOUR: Final = (
    "What colour are the shapes in the picture?",
    "Which colour does the picture show?",
)


class Lesson(NamedTuple):
    """One turn: parts of the user's message in order, and what is to be answered."""

    parts: tuple[Part, ...]
    answer: str

    @property
    def cards(self) -> list[Card]:
        return [part for part in self.parts if isinstance(part, Card)]


def lesson(chance: random.Random, way: str, *, held_out: bool = False) -> Lesson:
    """`way` is plain, one, two or judge."""
    match way:
        case "plain":
            return plain(chance, held_out=held_out)
        case "one":
            return about_one(chance, held_out=held_out)
        case "two":
            return which_of_two(chance, held_out=held_out)
        case _:
            return judged(chance, held_out=held_out)


def plain(chance: random.Random, *, held_out: bool = False) -> Lesson:
    card = any_card(chance, held_out=held_out)
    asked, said = _asked(chance, card)
    if chance.random() < 0.1:
        return Lesson((Card("page"), asked), NOT_FOUND)
    return Lesson((card, asked), f"{said}.")


def about_one(chance: random.Random, *, held_out: bool = False) -> Lesson:
    """The evidence is one picture among texts; sometimes its page, sometimes the page alone."""
    card = any_card(chance, held_out=held_out)
    asked, said = _asked(chance, card)
    lines = chance.randint(1, 2)
    number = chance.randint(1, lines)
    far, near = chance.random() < 0.35, chance.random() < 0.85
    views = ([("page", Card("page"))] if far or not near else []) + (
        [("place", card)] if near else []
    )
    evidence = [(number, look, each) for look, each in views]
    answer = f"{said} [{number}]." if near else NOT_FOUND
    return Lesson(in_prompt(block(chance, lines), evidence, asked), answer)


def which_of_two(chance: random.Random, *, held_out: bool = False) -> Lesson:
    right = any_card(chance, held_out=held_out)
    wrong = any_card(chance)
    while wrong.words == right.words:
        wrong = any_card(chance)
    number = chance.randint(1, 2)
    cards = (right, wrong) if number == 1 else (wrong, right)
    evidence = [(n, "place", card) for n, card in enumerate(cards, 1)]
    asked = f"Which of these two pictures shows {right.words}?"
    answer = f"Picture {number} shows {right.words} [{number}]."
    return Lesson(in_prompt(block(chance, 2), evidence, asked), answer)


def judged(chance: random.Random, *, held_out: bool = False) -> Lesson:
    card = any_card(chance, held_out=held_out)
    true = chance.random() < 0.5
    said = f"The picture shows {(card if true else _another(chance, card)).words}"
    shown, verdict = card, "yes" if true else "no"
    if chance.random() < 0.1:
        shown, verdict = Card("page"), "cannot tell"
    # The agent's sentences about colours alone are judged as well.
    if card.kind == "shapes" and chance.random() < 0.2:
        colour = card.colour if true else _other(chance, COLOURS, card.colour)
        said = f"The shapes are {colour}"
    return Lesson((shown, ASK.format(claim=f"{said}.")), json.dumps({"shows": verdict}))


def block(chance: random.Random, lines: int) -> str:
    """Evidence as the agent has it; a test holds the two together."""
    return "\n".join(
        f"[{number}] {chance.choice(_NAMES)}: «{chance.choice(_TEXTS)}»"
        for number in range(1, lines + 1)
    )


def in_prompt(
    lines: str, evidence: Sequence[tuple[int, str, Card]], question: str
) -> tuple[Part, ...]:
    """The user's message of the agent's prompt, with cards in the place of PNG files."""
    cards = [card for _, _, card in evidence]
    shown = [
        Shown(number, "page" if look == "page" else "place", (str(place).encode(),))
        for place, (number, look, _) in enumerate(evidence)
    ]
    messages = prompted(woven(lines, shown), question)
    return tuple(
        cards[int(part)] if isinstance(part, bytes) else part for part in messages[-1].parts
    )


def prompted(evidence: Woven, question: str) -> tuple[Message, ...]:
    messages = prompt("write").messages(evidence=evidence.text, question=question)
    return with_pictures(messages, evidence, prompt("see").system)


def _asked(chance: random.Random, card: Card) -> tuple[str, str]:
    """A question about it, and the answer without its full stop."""
    if card.kind == "digit":
        return chance.choice(_DIGIT), f"The picture shows {card.words}"
    if chance.random() < 0.3:
        return chance.choice(_COLOUR), f"The shapes are {card.colour}"
    return chance.choice(_SHAPES), f"The picture shows {card.words}"


def _another(chance: random.Random, card: Card) -> Card:
    """Differs in one thing, so that the judge has to look at all of them."""
    if card.kind == "digit":
        return card._replace(digit=_other(chance, range(10), card.digit))
    match chance.choice(("colour", "shape", "count")):
        case "colour":
            return card._replace(colour=_other(chance, COLOURS, card.colour))
        case "shape":
            return card._replace(shape=_other(chance, SHAPES, card.shape))
        case _:
            return card._replace(many=_other(chance, COUNTS, card.many))


def _other(chance: random.Random, among: Iterable[T], known: T) -> T:
    return chance.choice([each for each in among if each != known])
