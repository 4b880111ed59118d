import json
from pathlib import Path

import numpy as np
import pytest

from evals.datasets import speech
from evals.datasets.speech import TimedWord
from evals.scorers.sound_edges import sound_edges
from evals.scorers.spoken import spoken_words, written_words
from evals.scorers.wer import time_errors, word_errors
from pincite.errors import CorruptSource

RATE = 16_000


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Don’t stop -- it's 'late'.", "don't stop it's late"),
        ("4 of clubs & 42", "four of clubs and forty two"),
        ("In 1455, 1800 and 1906", "in fourteen fifty five eighteen hundred and nineteen oh six"),
        ("1,214 ships; 2025", "one thousand two hundred fourteen ships two thousand twenty five"),
        ("3.5 km on the 2nd, 007", "3 5 km on the 2nd 007"),
        ("twenty-one: 5%", "twenty one five percent"),
    ],
)
def test_text_is_compared_as_it_is_spoken(text: str, words: str) -> None:
    assert spoken_words(text) == words.split()


def test_text_is_compared_as_it_is_written_but_for_case_and_punctuation() -> None:
    words = ["the", "lowercase", "don't", "4000"]
    assert written_words("The “lower-case”; don’t -- 4,000.") == words
    assert word_errors("four lower-case", "4 lower case").errors == 3
    assert word_errors("four lower-case", "4 lower case", spoken_words).errors == 0


def test_errors_are_words_put_in_left_out_and_replaced() -> None:
    counts = word_errors("THE CAT SAT ON THE MAT", "The cat sat on a mat, too.")
    assert (counts.errors, counts.words) == (2, 6)
    assert word_errors("a b", "").errors == 2


def timed(*words: tuple[str, float, float]) -> list[TimedWord]:
    return [TimedWord(text=text, start_s=start, end_s=end) for text, start, end in words]


def test_times_are_compared_of_words_that_both_have() -> None:
    wanted = timed(("one", 0, 1), ("two", 1, 2), ("three", 2, 3))
    got = timed(("One,", 0.25, 1), ("too", 1, 2), ("three", 2, 3.5))
    assert time_errors(wanted, got) == [0.25, 0, 0, 0.5]


def tone(seconds: float, loud: float) -> np.ndarray:
    return loud * np.sin(np.arange(int(RATE * seconds)) * 0.3)


def test_the_edges_of_sound_are_seen_against_silence() -> None:
    sound = np.concatenate([tone(0.5, 1e-4), tone(1.0, 0.5), tone(0.25, 1e-4)])
    edges = sound_edges(sound.astype(np.float32), RATE)
    assert edges == pytest.approx((0.5, 1.5), abs=0.011)


def test_no_edge_is_made_up_where_noise_hides_it() -> None:
    assert sound_edges(tone(1, 0.5).astype(np.float32), RATE) is None
    assert sound_edges(np.zeros(10, dtype=np.float32), RATE) is None


def test_a_manifest_gives_clips_with_times_where_it_has_them(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(b"")
    line = {"audio": "a.wav", "text": "hi", "words": [["hi", 0.1, 0.4]], "licence": "x"}
    (tmp_path / "manifest.jsonl").write_text(json.dumps(line) + "\n", "utf-8")
    (clip,) = speech.read(tmp_path)
    assert clip.words == (TimedWord(text="hi", start_s=0.1, end_s=0.4),)


@pytest.mark.parametrize("line", ["{}", "no", '{"audio": "gone.wav", "text": ""}'])
def test_a_manifest_of_another_format_is_named(tmp_path: Path, line: str) -> None:
    (tmp_path / "manifest.jsonl").write_text(line + "\n", "utf-8")
    with pytest.raises(CorruptSource):
        list(speech.read(tmp_path))
