"""`the German documents`, `written in French`, `auf Deutsch geschrieben`."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

_CODES: Final = {
    "en": "english englisch englischen anglais inglés",
    "de": "german deutsch deutschen allemand alemán",
    "fr": "french französisch französischen français francés",
    "es": "spanish spanisch spanischen espagnol español",
    "it": "italian italienisch italienischen italien italiano",
    "pt": "portuguese portugiesisch portugais portugués",
    "nl": "dutch niederländisch néerlandais holandés",
    "pl": "polish polnisch polonais polaco",
    "ru": "russian russisch russe ruso",
    "zh": "chinese chinesisch chinois chino",
    "ja": "japanese japanisch japonais japonés",
    "ar": "arabic arabisch arabe árabe",
}
_BY_NAME: Final = {name: code for code, names in _CODES.items() for name in names.split()}
_NAME: Final = rf"(?P<{{}}>{'|'.join(sorted(_BY_NAME, key=len, reverse=True))})"
_FILES: Final = (
    r"(?:documents?|files?|texts?|pages?|reports?|e-?mails?|letters?|recordings?|versions?|editions?|"
    r"dokumenten?|dateien?|texten?|seiten?|fichiers?|documentos?|textos?)"
)
_ASKED: Final = re.compile(
    rf"\b(?:{_FILES}\s+(?:that are\s+)?(?:written\s+)?|(?:written|spoken|recorded|geschrieben)\s+)"
    rf"(?:in|auf|en)\s+{_NAME.format('one')}\b|\b{_NAME.format('two')}(?:-language)?\s+{_FILES}\b"
    rf"|\b{_FILES}\s+{_NAME.format('three')}\b",
    re.IGNORECASE,
)


class Language(NamedTuple):
    code: str
    name: str
    said: str


def language(question: str) -> Language | None:
    """The language that the searched files are to be in; a word about a language is none."""
    found = _ASKED.search(question)
    if found is None:
        return None
    name = next(filter(None, found.groups()))
    return Language(_BY_NAME[name.lower()], name.capitalize(), found[0])
