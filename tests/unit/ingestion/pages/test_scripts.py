from ingestion.layout.lines import lines_of
from ingestion.layout.marks import Box, Word
from ingestion.layout.prose import joined


def words(*texts: str) -> list[Word]:
    """Side by side from left to right."""
    return [
        Word(text, box, box, 10)
        for place, text in enumerate(texts)
        if (box := Box(40 * place, 0, 40 * place + 36, 10))
    ]


def test_a_line_of_hebrew_is_read_from_the_right_and_its_numbers_are_not_turned() -> None:
    (line,) = lines_of(words("עולם", "New", "York", "שלום"))
    assert line.text == "שלום New York עולם"


def test_a_foreign_word_does_not_turn_a_line() -> None:
    (line,) = lines_of(words("the", "word", "שלום", "means", "peace"))
    assert line.text == "the word שלום means peace"


def test_lines_of_chinese_are_joined_without_a_space() -> None:
    assert joined([["港口办公室"], ["保存记录。"]], frozenset()) == "港口办公室保存记录。"
    assert joined([["see", "港口"], ["office"]], frozenset()) == "see 港口 office"
