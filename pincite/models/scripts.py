"""Which scripts the OCR weights read, and which of them a language needs."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from pincite.errors import SetupError
from pincite.models.languages import language_name

READ = ("Latin", "Greek", "Chinese", "Japanese")
_LETTERS = {
    "LATIN": "Latin",
    "GREEK": "Greek",
    "COPTIC": "Greek",
    "CJK": "Chinese",
    "HIRAGANA": "Japanese",
    "KATAKANA": "Japanese",
    "HALFWIDTH KATAKANA": "Japanese",
}
"""By how the Unicode names of letters begin; all else (digits, signs) belongs to every script."""
_LANGUAGES = {
    "Greek": "el",
    "Chinese": "zh yue",
    "Japanese": "ja",
    "Cyrillic": "ba be bg kk mk mn ru sr tg tt uk",
    "Arabic": "ar fa ps sd ur",
    "Hebrew": "he yi",
    "Devanagari": "hi mr ne sa",
    "Korean": "ko",
    "Thai": "th",
    "Lao": "lo",
    "Khmer": "km",
    "Burmese": "my",
    "Tibetan": "bo",
    "Bengali": "as bn",
    "Gurmukhi": "pa",
    "Gujarati": "gu",
    "Tamil": "ta",
    "Telugu": "te",
    "Kannada": "kn",
    "Malayalam": "ml",
    "Sinhala": "si",
    "Georgian": "ka",
    "Armenian": "hy",
    "Ethiopic": "am",
}
"""Languages by ISO 639-1 code; those that are not here are written in Latin letters."""
_SCRIPT = {code: script for script, codes in _LANGUAGES.items() for code in codes.split()}


def refuse_unread(languages: Sequence[str]) -> None:
    """Raises SetupError where a language is written in a script that the weights do not read."""
    for code in languages:
        script = _SCRIPT.get(code, "Latin")
        if script not in READ:
            raise SetupError(
                f"No installed OCR model reads {language_name(code)} ({script} script); take "
                f"{code} out of PINCITE_OCR__LANGUAGES. Read are: {', '.join(READ)}"
            )


def readable(alphabet: Sequence[str], languages: Sequence[str]) -> npt.NDArray[np.bool_]:
    """Which letters of an alphabet may stand in texts of these languages; all where none is named.

    Latin letters always may: names and units are written in them everywhere.
    """
    if not languages:
        return np.ones(len(alphabet), dtype=np.bool_)
    wanted = {"Latin", *(_SCRIPT.get(code, "Latin") for code in languages)}
    if "Japanese" in wanted:
        wanted.add("Chinese")
    return np.array([_script(letter) in {None, *wanted} for letter in alphabet])


def _script(letter: str) -> str | None:
    """None for what belongs to every script."""
    name = unicodedata.name(letter[0], "") if letter else ""
    return next((script for start, script in _LETTERS.items() if name.startswith(start)), None)
