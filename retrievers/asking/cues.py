"""Nouns that say what is looked for: `the chart`, `Tabelle`, `voice note`."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from pincite.elements import Kind, Medium


class Cue(NamedTuple):
    name: str
    plural: str
    words: str
    """English, German, French, Spanish; alternatives of a regular expression."""
    kinds: frozenset[Kind] = frozenset()
    media: frozenset[Medium] = frozenset()


CUES: Final = (
    Cue(
        "chart",
        "figures",
        r"(?:(?:bar|pie|line|flow|area|org) ?)?charts?|graphs?|plots?|diagrams?|figures?|"
        r"histograms?|infographics?|maps?|(?:balken|kreis|säulen)?diagramm(?:e|en|s)?|abbildung(?:en)?|"
        r"schaubild(?:er)?|graphiques?|diagrammes?|gráficos?|gráficas?|figuras?|diagramas?",
        kinds=frozenset({Kind.FIGURE}),
    ),
    Cue(
        "table",
        "tables",
        r"tables?|tabellen?|tableau|tableaux|tablas?|cuadros?|spreadsheets?|balance sheets?",
        kinds=frozenset({Kind.TABLE}),
    ),
    Cue(
        "photo",
        "pictures",
        r"photos?|photographs?|pictures?|images?|screenshots?|snapshots?|fotos?|bild(?:er|es)?|"
        r"imágenes|imagen|fotografías?",
        kinds=frozenset({Kind.PHOTO, Kind.FIGURE}),
    ),
    Cue(
        "photo",
        "pictures",
        r"photos?|photographs?|snapshots?|scans?|receipts?|fotos?|quittung(?:en)?|kassenbons?|"
        r"kassenzettel|reçus?|recibos?|fotografías?",
        media=frozenset({Medium.IMAGE}),
    ),
    Cue(
        "recording",
        "recordings",
        r"(?:voice |audio |sound )?recordings?|audios?|voice ?(?:notes?|memos?|messages?|mails?)|"
        r"(?:phone )?calls?|interviews?|podcasts?|aufnahmen?|sprachnachricht(?:en)?|telefonate?|"
        r"enregistrements?|appels?|grabación|grabaciones|llamadas?",
        kinds=frozenset({Kind.SPEECH}),
    ),
    Cue(
        "video",
        "videos",
        r"videos?|films?|clips?|footage|vidéos?|vídeos?",
        media=frozenset({Medium.VIDEO}),
    ),
    Cue(
        "email",
        "e-mails",
        r"e-?mails?|courriels?|correos?",
        media=frozenset({Medium.EMAIL}),
    ),
    Cue(
        "formula",
        "formulas",
        r"formulas?|formulae|equations?|formeln?|gleichung(?:en)?|équations?|ecuación|ecuaciones",
        kinds=frozenset({Kind.FORMULA}),
    ),
    Cue(
        "footnote",
        "footnotes",
        r"footnotes?|fußnoten?|notes? de bas de page|notas? al pie",
        kinds=frozenset({Kind.FOOTNOTE}),
    ),
    Cue(
        "code",
        "listings",
        r"(?:code|source) (?:snippets?|listings?|examples?)|codebeispiele?",
        kinds=frozenset({Kind.CODE}),
    ),
)
_BEFORE: Final = (
    r"(?:the|this|that|these|those|a|an|any|which|what|whose|each|every|all|in|on|of|per|"
    r"der|die|das|den|dem|im|ein|eine|einer|welche[rs]?|le|la|les|l'|un|une|quel(?:le)?s?|el|los|"
    r"las|una|qué|cuál)"
)
_PATTERNS: Final = tuple(
    (
        cue,
        re.compile(
            rf"\b{_BEFORE}\s+(?:[\w-]+\s+){{0,2}}?(?:{cue.words})\b|^\s*(?:{cue.words})\b"
            rf"|\b(?:{cue.words})\s+\d",
            re.IGNORECASE,
        ),
    )
    for cue in CUES
)
_IN_SOUND: Final = re.compile(
    rf"\b(?:in|from|of|on|during|aus|im?n? der|dans|en)\s+(?:{_BEFORE}\s+)?(?:\w+\s+){{0,1}}"
    rf"(?:{next(cue.words for cue in CUES if cue.name == 'recording')})\b",
    re.IGNORECASE,
)


def cues(question: str) -> list[Cue]:
    return [cue for cue, pattern in _PATTERNS if pattern.search(question)]


def is_about_sound(question: str) -> bool:
    """Whether it says that the answer stands in a recording."""
    return _IN_SOUND.search(question) is not None
