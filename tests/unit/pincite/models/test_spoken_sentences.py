"""Recognised words become sentences; none is lost, doubled or moved."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pincite.models.ports import SpokenWord
from pincite.models.spoken_sentences import LONGEST_S, MOST_WORDS, segments_of


def _words(
    text: str, *, each_s: float = 0.4, pauses: dict[str, float] | None = None
) -> list[SpokenWord]:
    at = 0.0
    words: list[SpokenWord] = []
    for word in text.split():
        words.append(SpokenWord(text=word, start_s=at, end_s=at + each_s, confidence=0.8))
        at += each_s + (pauses or {}).get(word, 0.0)
    return words


def test_a_segment_ends_where_a_sentence_ends() -> None:
    found = segments_of(_words("Good day. It cost 3.5 pounds! Did it?"))
    assert [segment.text for segment in found] == ["Good day.", "It cost 3.5 pounds!", "Did it?"]
    assert found[1].start_s == found[1].words[0].start_s
    assert found[1].end_s == found[1].words[-1].end_s


def test_titles_and_initials_end_no_sentence() -> None:
    found = segments_of(_words("Mr. Hill met Dr. J. Smith of Acme Inc. today. Then he left."))
    assert [len(segment.words) for segment in found] == [10, 3]


def test_a_long_pause_ends_a_segment() -> None:
    found = segments_of(_words("so that was all yes", pauses={"all": 2.0}))
    assert [segment.text for segment in found] == ["so that was all", "yes"]


def test_a_sentence_without_end_is_cut_at_its_longest_pause() -> None:
    text = " ".join(f"w{n}" for n in range(100))
    found = segments_of(_words(text, each_s=0.2, pauses={"w47": 0.5}))
    assert found[0].words[-1].text == "w47"


def test_languages_without_blanks_are_joined_without_them() -> None:
    found = segments_of(_words("今日 は 晴れ です。"), spaced=False)
    assert [segment.text for segment in found] == ["今日は晴れです。"]


def test_confidence_is_the_mean_over_letters() -> None:
    words = [
        SpokenWord(text="a", start_s=0, end_s=1, confidence=0.0),
        SpokenWord(text="abc", start_s=1, end_s=2, confidence=1.0),
    ]
    assert segments_of(words)[0].confidence == 0.75


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["word", "end.", "what?", "Mr.", "3.5", "so,"]),
            st.floats(0, 2),
            st.floats(0.01, 3),
        ),
        max_size=200,
    )
)
def test_every_word_is_in_exactly_one_segment(parts: list[tuple[str, float, float]]) -> None:
    words: list[SpokenWord] = []
    at = 0.0
    for text, pause, length in parts:
        words.append(
            SpokenWord(text=text, start_s=at + pause, end_s=at + pause + length, confidence=1)
        )
        at += pause + length
    found = segments_of(words)
    assert [word for segment in found for word in segment.words] == words
    assert all(len(segment.words) <= MOST_WORDS for segment in found)
    assert all(
        segment.end_s - segment.start_s <= LONGEST_S + 5 for segment in found if segment.words[1:]
    )
