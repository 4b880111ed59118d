"""Words in quotation marks, and numbered things: `“force majeure”`, `Table 2`."""

from __future__ import annotations

import re
from typing import Final

_DOUBLE: Final = r"\"([^\"]{2,200})\"|“([^”“]{2,200})”|„([^“”„]{2,200})[“”]|«\s?([^»«]{2,200}?)\s?»"
_SINGLE: Final = r"(?<!\w)'([^']{2,200})'(?!\w)|(?<!\w)‘([^‘]{2,200}?)’(?!\w)|‚([^‘’]{2,200})[‘’]"
_QUOTED: Final = re.compile(f"{_DOUBLE}|{_SINGLE}")
_LABEL: Final = re.compile(
    r"\b(table|figure|fig\.|chart|exhibit|appendix|annex|section|chapter|equation|note|item|"
    r"tabelle|abbildung|abb\.|anhang|abschnitt|kapitel|tableau|annexe|tabla|figura|anexo)"
    r"\s?(\d{1,4}(?:[.-]\d{1,3}){0,3}[a-z]?|[A-Z](?:[.-]\d{1,3})?)(?![\w.-]*\w)",
    re.IGNORECASE,
)


_LIST: Final = re.compile(r"\[[^\[\]]*\]")
"""As in `answer like ["2006", "2007"]`: the form of an answer, no words of a document."""


def phrases(question: str) -> tuple[str, ...]:
    """Without their marks, in order, each once."""
    asked = _LIST.sub(" ", question)
    found = (next(filter(None, match.groups())) for match in _QUOTED.finditer(asked))
    kept = (" ".join(phrase.split()).strip(" ,.;:!?") for phrase in found)
    return tuple(dict.fromkeys(phrase for phrase in kept if any(map(str.isalnum, phrase))))


def labels(question: str) -> tuple[str, ...]:
    """`Table 2` as it is written; `Fig. 5` also as `Figure 5`."""
    found: dict[str, None] = {}
    for match in _LABEL.finditer(question):
        word, number = match.groups()
        if number.isalpha() and not number.isupper():
            continue
        found[f"{_LONG.get(word.lower(), word)} {number}"] = None
    return tuple(found)


_LONG: Final = {"fig.": "Figure", "abb.": "Abbildung"}
