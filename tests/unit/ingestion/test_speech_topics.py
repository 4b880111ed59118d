from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from ingestion.speech_topics import LONGEST_S, SHORTEST_S, Sentence, passage_starts

ROOM = 185
BREAD = (
    "Good bread begins with flour, water and salt.",
    "The dough must rest before it is kneaded again.",
    "A wet dough gives the bread a lighter crumb.",
    "We bake the bread in a very hot oven.",
    "Salt slows the dough and gives the crust its taste.",
    "Let the bread cool before you cut the crust.",
)
TIDES = (
    "The moon pulls on the sea and makes the tide.",
    "At new moon the tide is higher than usual.",
    "Sailors know the tide of every harbour they enter.",
    "In a narrow bay the sea may rise by ten metres.",
    "The harbour falls dry when the tide goes out.",
    "Storms push the sea even further into the bay.",
)


def spoken(
    texts: list[str], *, each_s: float = 5.0, pauses: dict[int, float] | None = None
) -> list[Sentence]:
    """One after the other; `pauses` are the seconds of silence before a position."""
    told: list[Sentence] = []
    at_s = 0.0
    for position, text in enumerate(texts):
        at_s += (pauses or {}).get(position, 0.2)
        told.append(Sentence(text, at_s, at_s + each_s, len(text.split())))
        at_s += each_s
    return told


def test_a_passage_ends_where_the_subject_changes() -> None:
    assert passage_starts(spoken([*BREAD, *TIDES]), room=ROOM) == [6]
    assert passage_starts(spoken([*BREAD[:4], *TIDES]), room=ROOM) == [4]


def test_a_pause_ends_a_passage_where_the_words_do_not_say() -> None:
    texts = [f"Number {n} was said." for n in range(12)]
    assert passage_starts(spoken(texts, pauses={5: 1.2}), room=ROOM) == [5]


def test_a_passage_ends_within_a_sentence_only_where_it_must() -> None:
    texts = [*(f"{text[:-1]} and" for text in BREAD), *(f"{text[:-1]} and" for text in TIDES)]
    texts[3] = BREAD[3]
    assert passage_starts(spoken(texts), room=ROOM) == [4]
    assert passage_starts(spoken(["and so on and on"] * 12), room=ROOM)


def test_what_fits_into_one_passage_is_one() -> None:
    assert passage_starts([], room=ROOM) == []
    assert passage_starts(spoken([*BREAD[:3], *TIDES[:3]]), room=ROOM) == []


def test_words_that_come_fast_make_more_passages() -> None:
    assert len(passage_starts(spoken([*BREAD, *TIDES], each_s=3), room=40)) >= 2


@st.composite
def _recordings(draw: st.DrawFn) -> list[Sentence]:
    words = st.sampled_from(["sea", "tide", "bread", "oven", "the", ".", "海", ""])
    at_s, told = 0.0, list[Sentence]()
    for _ in range(draw(st.integers(0, 30))):
        at_s += draw(st.sampled_from([0.0, 0.1, 3.0, 60.0]))
        end_s = at_s + draw(st.floats(0, 50))
        text = " ".join(draw(st.lists(words, max_size=6)))
        told.append(Sentence(text, at_s, end_s, draw(st.integers(0, 250))))
        at_s = end_s
    return told


@given(_recordings())
def test_passages_keep_to_their_bounds(told: list[Sentence]) -> None:
    starts = passage_starts(told, room=ROOM)
    assert starts == sorted(set(starts))
    borders = [0, *starts, len(told)]
    for first, end in pairwise(borders):
        passage = told[first:end]
        assert passage or not told
        if len(passage) > 1:
            assert passage[-1].end_s - passage[0].start_s <= LONGEST_S
            assert sum(each.size for each in passage) <= ROOM


@given(_recordings())
def test_a_passage_is_short_only_where_it_must_be(told: list[Sentence]) -> None:
    starts = passage_starts(told, room=10**6)
    borders = [0, *starts, len(told)]
    for first, end in pairwise(borders[:-1]):
        longest = all(
            told[last - 1].end_s - told[first].start_s < SHORTEST_S
            or told[-1].end_s - told[last].start_s < SHORTEST_S
            for last in range(end + 1, len(told))
            if told[last - 1].end_s - told[first].start_s <= LONGEST_S
        )
        short = told[end - 1].end_s - told[first].start_s < SHORTEST_S
        assert longest or not short
