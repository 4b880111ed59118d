from __future__ import annotations

from agent.prompts import prompt
from agent.weaving import Shown, with_pictures, woven
from pincite.models.ports import Message

BLOCK = "[1] a.pdf, page 2: «Sales by year»\n[2] b.png: «»\n[12] c.pdf: «Words only»"


def text_and_pictures(*shown: Shown) -> list[str]:
    """The evidence as it is read, a picture as its own bytes in braces."""
    told = woven(BLOCK, shown)
    message = Message(role="user", content=told.text, pictures=told.pictures, places=told.places)
    parts = [p if isinstance(p, str) else f"{{{p.decode()}}}" for p in message.parts]
    return "".join(parts).splitlines()


def test_a_picture_stands_behind_the_line_of_its_number() -> None:
    assert text_and_pictures(Shown(2, "place", (b"b",))) == [
        "[1] a.pdf, page 2: «Sales by year»",
        "[2] b.png: «»",
        "[2] (picture){b}",
        "[12] c.pdf: «Words only»",
    ]


def test_the_page_comes_before_the_place_and_parts_are_counted() -> None:
    lines = text_and_pictures(Shown(1, "page", (b"p",)), Shown(1, "place", (b"x", b"y")))
    assert lines[1:4] == [
        "[1] (its page){p}",
        "[1] (picture, part 1 of 2){x}",
        "[1] (picture, part 2 of 2){y}",
    ]


def test_without_pictures_the_evidence_is_as_it_was() -> None:
    assert woven(BLOCK, []).text == BLOCK


def test_a_prompt_is_told_of_pictures_and_shows_them_at_their_places() -> None:
    evidence = woven(BLOCK, [Shown(1, "place", (b"one",)), Shown(2, "place", (b"two",))])
    messages = prompt("write").messages(evidence=evidence.text, question="Which of these two?")
    system, user = with_pictures(messages, evidence, prompt("see").system)
    assert "[2] (picture)" in system.content
    before, one, between, two, after = user.parts
    assert (one, two) == (b"one", b"two")
    assert isinstance(before, str)
    assert before.endswith("[1] (picture)")
    assert isinstance(between, str)
    assert between.endswith("[2] (picture)")
    assert isinstance(after, str)
    assert "Which of these two?" in after
