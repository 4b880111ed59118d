from __future__ import annotations

import pytest

from pincite.config import Ocr
from pincite.errors import SetupError
from pincite.models.factory import text_recognizer
from pincite.models.scripts import readable, refuse_unread

ALPHABET = ["", "A", "é", "Ω", "人", "か", "カ", "7", "€", " "]


def _read(*languages: str) -> str:
    allowed = readable(ALPHABET, languages)
    return "".join(letter for letter, is_in in zip(ALPHABET, allowed, strict=True) if is_in)


def test_without_named_languages_every_letter_is_read() -> None:
    assert _read() == "".join(ALPHABET)


def test_letters_of_other_scripts_are_not_read() -> None:
    assert _read("en", "fr") == "Aé7€ "
    assert _read("el") == "AéΩ7€ "
    assert _read("zh") == "Aé人7€ "
    assert _read("ja") == "Aé人かカ7€ "


def test_a_language_that_no_model_reads_is_named() -> None:
    with pytest.raises(SetupError, match=r"Russian \(Cyrillic script\)"):
        refuse_unread(["en", "ru"])
    with pytest.raises(SetupError, match="Arabic"):
        text_recognizer(Ocr(languages=("ar",)))


def test_the_languages_are_part_of_the_parser_version() -> None:
    ids = {text_recognizer(Ocr(languages=codes)).id for codes in [(), ("en",), ("en", "el")]}
    assert len(ids) == 3
