"""Pictures to learn from and to ask about: cards with shapes or a digit, and pages from afar."""

from __future__ import annotations

import random
from typing import Final, Literal, NamedTuple

from PIL import Image, ImageDraw, ImageFont

SIDE: Final = 64
"""Pixels that the model sees of a picture in width and height."""
COLOURS: Final = {
    "red": (214, 40, 40),
    "green": (42, 157, 60),
    "blue": (38, 84, 200),
    "yellow": (238, 190, 20),
    "purple": (128, 40, 160),
    "black": (20, 20, 20),
}
SHAPES: Final = ("circle", "square", "triangle", "cross")
COUNTS: Final = {1: "one", 2: "two", 3: "three", 4: "four"}
_CORNERS: Final = ((0.28, 0.28), (0.72, 0.72), (0.72, 0.28), (0.28, 0.72))
_PAPER: Final = (236, 255)
_SMALLER: Final = 16
"""Times that a card is smaller than its page: four pixels as the model sees the page."""


class Card(NamedTuple):
    """What a picture shows."""

    kind: Literal["shapes", "digit", "page"]
    colour: str = ""
    shape: str = ""
    many: int = 0
    digit: int = 0

    @property
    def words(self) -> str:
        """`three red circles`, `the digit 7`; of a page seen from afar nothing can be told."""
        if self.kind == "digit":
            return f"the digit {self.digit}"
        if self.kind == "page":
            return ""
        return f"{COUNTS[self.many]} {self.colour} {self.shape}{'s' if self.many > 1 else ''}"


def is_held_out(card: Card) -> bool:
    """A sixth of the combinations; each colour, shape and count is known from others."""
    place = list(COLOURS).index(card.colour) + SHAPES.index(card.shape) + card.many
    return card.kind == "shapes" and place % 6 == 0


def any_card(chance: random.Random, *, held_out: bool = False) -> Card:
    """Shapes or a digit, as often; with `held_out` only combinations that are not trained on."""
    while True:
        if not held_out and chance.random() < 0.5:
            return Card("digit", digit=chance.randrange(10))
        card = Card(
            "shapes",
            colour=chance.choice(list(COLOURS)),
            shape=chance.choice(SHAPES),
            many=chance.randint(1, 4),
        )
        if is_held_out(card) == held_out:
            return card


def drawn(card: Card, chance: random.Random, size: int = 3 * SIDE) -> Image.Image:
    """A new drawing of it, square, `size` pixels wide."""
    paper = chance.randint(*_PAPER)
    picture = Image.new("RGB", (size, size), (paper, paper, paper))
    pen = ImageDraw.Draw(picture)
    match card.kind:
        case "digit":
            _digit(pen, card.digit, chance, size)
        case "shapes":
            _shapes(pen, card, chance, size)
        case "page":
            _page(picture, pen, chance, size)
    return picture


def seen(card: Card, chance: random.Random) -> Image.Image:
    """As the model gets it; often with some of the page around, as a place is cut out."""
    size = 3 * SIDE
    picture = drawn(card, chance, size)
    if card.kind != "page" and chance.random() < 0.5:
        around = drawn(Card("page"), chance, 4 * size).crop((0, 0, size, size))
        side = int(size * chance.uniform(0.6, 0.95))
        left, top = (chance.randint(0, size - side) for _ in range(2))
        around.paste(picture.resize((side, side), Image.Resampling.BICUBIC), (left, top))
        picture = around
    return picture.resize((SIDE, SIDE), Image.Resampling.BICUBIC)


def page_with(card: Card, chance: random.Random, size: int = 1600) -> tuple[Image.Image, Box]:
    """A page of grey lines with the card on it, far smaller, and where that stands."""
    picture = drawn(Card("page"), chance, size)
    side = size // _SMALLER
    left, top = (chance.randint(side, size - 2 * side) for _ in range(2))
    picture.paste(drawn(card, chance, side), (left, top))
    return picture, (left, top, left + side, top + side)


Box = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels."""


def _digit(pen: ImageDraw.ImageDraw, digit: int, chance: random.Random, size: int) -> None:
    tall = size * chance.uniform(0.6, 0.9)
    font = ImageFont.load_default(tall)
    ink = tuple(chance.randint(0, 70) for _ in range(3))
    middle = (
        size / 2 + size * chance.uniform(-0.1, 0.1),
        size / 2 + size * chance.uniform(-0.1, 0.1),
    )
    pen.text(middle, str(digit), fill=ink, font=font, anchor="mm")


def _shapes(pen: ImageDraw.ImageDraw, card: Card, chance: random.Random, size: int) -> None:
    corners = chance.sample(_CORNERS, card.many)
    for across, down in corners:
        x, y = (size * (each + chance.uniform(-0.05, 0.05)) for each in (across, down))
        _shape(pen, card.shape, COLOURS[card.colour], (x, y), size * chance.uniform(0.13, 0.19))


def _shape(
    pen: ImageDraw.ImageDraw,
    shape: str,
    colour: tuple[int, int, int],
    middle: tuple[float, float],
    reach: float,
) -> None:
    x, y = middle
    around = (x - reach, y - reach, x + reach, y + reach)
    match shape:
        case "circle":
            pen.ellipse(around, fill=colour)
        case "square":
            pen.rectangle(around, fill=colour)
        case "triangle":
            pen.polygon([(x, y - reach), (x + reach, y + reach), (x - reach, y + reach)], colour)
        case _:
            thick = reach / 2.6
            pen.rectangle((x - reach, y - thick, x + reach, y + thick), fill=colour)
            pen.rectangle((x - thick, y - reach, x + thick, y + reach), fill=colour)


def _page(picture: Image.Image, pen: ImageDraw.ImageDraw, chance: random.Random, size: int) -> None:
    """Lines as of text, and here and there a card too small to be told."""
    step = size * chance.uniform(0.03, 0.07)
    y = size * 0.06
    while y < size * 0.94:
        end = size * chance.uniform(0.5, 0.94)
        grey = chance.randint(90, 180)
        if chance.random() < 0.8:
            pen.line((size * 0.06, y, end, y), fill=(grey, grey, grey), width=max(1, int(step / 4)))
        y += step
    for _ in range(chance.randint(0, 2)):
        side = size // _SMALLER
        small = drawn(any_card(chance), chance, 2 * SIDE).resize((side, side))
        picture.paste(small, (chance.randint(0, size - side), chance.randint(0, size - side)))
