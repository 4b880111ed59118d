"""Which pictures are not drawn, told from the words alone."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Protocol

SMALL_LIST = frozenset({
    "beheaded", "beheading", "bestiality", "blowjob", "decapitated", "decapitation", "desnuda",
    "desnudas", "desnudo", "desnudos", "dismembered", "dismemberment", "enthauptet",
    "enthauptung", "erotic", "erotica", "erotico", "erotik", "erotique", "erotisch", "fellatio",
    "genital", "genitalien", "genitals", "gore", "gory", "hakenkreuz", "hentai", "incest",
    "jailbait", "loli", "lolicon", "lolita", "masturbating", "masturbation", "mutilated",
    "mutilation", "nackt", "nackte", "nackten", "naked", "necrophilia", "nipples", "nsfw",
    "nude", "nudes", "nudity", "orgasm", "orgy", "paedophile", "pedophile", "penis", "porn",
    "porno", "pornografie", "pornographic", "pornographie", "pornography", "rape", "raped",
    "shota", "shotacon", "swastika", "topless", "tortured", "underage", "upskirt", "vagina",
    "vergewaltigung", "vulva", "xxx",
})  # fmt: skip
"""Words of the plainest requests for sexual, violent and hateful pictures, mostly English, with a
few of German, French and Spanish. It is no judge of meaning: other words for the same thing pass,
and a harmless sentence that holds one of these is refused. A model with a safety checker of its
own, or an endpoint that has one, sees more."""

_WORD = re.compile(r"[^\W\d_]+")


class PictureSafety(Protocol):
    """Says which words are not drawn."""

    def objection(self, prompt: str) -> str:
        """Why not, as the end of a sentence; empty where there is none."""
        ...


class WordList:
    """Implements `PictureSafety` by whole words and phrases, whatever their case and accents."""

    def __init__(self, words: Iterable[str]) -> None:
        self._listed = sorted({said for word in words if (said := _words(word))})

    def objection(self, prompt: str) -> str:
        asked = f" {_words(prompt)} "
        found = next((listed for listed in self._listed if f" {listed} " in asked), None)
        return f"{found!r} is on the list of words that are refused" if found else ""


def _words(text: str) -> str:
    return " ".join(_WORD.findall(_plain(text)))


def _plain(text: str) -> str:
    """Lower case without accents, look-alike forms and characters that cannot be seen."""
    apart = unicodedata.normalize("NFKD", text)
    kept = (each for each in apart if unicodedata.category(each) not in {"Mn", "Cf"})
    return "".join(kept).casefold()
