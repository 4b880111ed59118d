from __future__ import annotations

import pytest
from pydantic import ValidationError

from pincite.models.ports import Message


def message(content: str, *pictures: bytes, places: tuple[int, ...] = ()) -> Message:
    return Message(role="user", content=content, pictures=pictures, places=places)


def test_pictures_without_places_stand_above_the_text() -> None:
    assert message("What is it?", b"a", b"b").parts == (b"a", b"b", "What is it?")


def test_pictures_stand_before_the_character_of_their_place() -> None:
    assert message("one two", b"a", b"b", places=(3, 7)).parts == ("one", b"a", " two", b"b")


def test_two_pictures_may_stand_at_one_place() -> None:
    assert message("x", b"a", b"b", places=(1, 1)).parts == ("x", b"a", b"b")


def test_a_message_without_pictures_is_its_text() -> None:
    assert message("hello").parts == ("hello",)


@pytest.mark.parametrize("places", [(1,), (2, 1)])
def test_places_belong_to_pictures_and_ascend(places: tuple[int, ...]) -> None:
    with pytest.raises(ValidationError):
        message("text", b"a", b"b", places=places)
