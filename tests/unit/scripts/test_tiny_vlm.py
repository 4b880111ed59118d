"""What the tiny model that sees is taught is what the agent and the judge ask."""

from __future__ import annotations

import random

import pytest

from agent.selection import Piece, evidence_block
from pincite.locators import TextSpan
from scripts.tiny_vlm.cards import SIDE, Card, any_card, drawn, is_held_out, page_with, seen
from scripts.tiny_vlm.lessons import NOT_FOUND, WAYS, block, lesson
from tests.unit.agent.library import MemoryLibrary, element


def chance(seed: int = 0) -> random.Random:
    return random.Random(seed)  # noqa: S311


def test_combinations_that_are_held_out_are_never_taught() -> None:
    draw = chance()
    taught = [card for _ in range(300) for way in WAYS for card in lesson(draw, way).cards]
    assert len(taught) > 1_000
    assert not any(is_held_out(card) for card in taught if card.kind == "shapes")
    held_out = {any_card(draw, held_out=True) for _ in range(300)}
    assert all(is_held_out(card) for card in held_out)
    assert {card.colour for card in held_out} == {card.colour for card in taught if card.colour}


@pytest.mark.parametrize("way", WAYS)
def test_every_lesson_has_a_picture_and_an_answer(way: str) -> None:
    draw = chance(3)
    for _ in range(100):
        one = lesson(draw, way)
        assert one.cards
        assert one.answer
        if all(card.kind == "page" for card in one.cards):
            assert one.answer in {NOT_FOUND, '{"shows": "cannot tell"}'}


def test_evidence_is_written_as_the_agent_writes_it() -> None:
    library = MemoryLibrary()
    source = library.source(library.add("card.png", ["x"]))
    item = element("", 0, locators=(TextSpan(start=0, end=1),))
    line = evidence_block([Piece(1, item, source, "Sheet 12 of 40")])
    assert any(block(chance(seed), 1) == line for seed in range(400))


def test_the_same_seed_draws_the_same_picture() -> None:
    card = Card("shapes", colour="red", shape="cross", many=4)
    assert drawn(card, chance(5)).tobytes() == drawn(card, chance(5)).tobytes()
    assert seen(card, chance(5)).size == (SIDE, SIDE)


def test_a_card_on_a_page_is_a_sixteenth_as_wide() -> None:
    page, (left, top, right, bottom) = page_with(Card("digit", digit=7), chance(1))
    assert (right - left, bottom - top) == (page.width // 16, page.height // 16)
    assert 0 < left < right < page.width
    assert 0 < top < bottom < page.height
