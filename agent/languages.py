"""Which language a question is in, and what is said where a model does not know it.

By script, else by small and asking words: a question is too short for the way of passages
(`ingestion.languages`). Where it is unsure it is taken for English: no answer is led astray.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from ingestion.languages import language_of
from pincite.models.languages import language_name

_WORD: Final = re.compile(r"[^\W\d_]+")
_ENGLISH_WORDS: Final = (
    "what which who whom whose how when where why is are was were do does did the a an of "
    "and in to for on by with from at that this it has have had be been or not as many much "
    "long can could "
    "would should will list name give tell me show please any all its their his her than between "
    "there these those if also more most each per into about during after before total"
)
_ENGLISH: Final = frozenset(_ENGLISH_WORDS.split())
_SMALL: Final = {
    "de": "der die das und ist wie was wer wo wann warum welche welcher welches welchen wieviel "
    "viel viele hat haben wurde wird sind ein eine einen für von mit im dem den des bei nach über "
    "zum zur auf nicht gibt kostet steht",
    "fr": "le la les des est quel quelle quels quelles qui que quoi où quand comment combien "
    "pourquoi une un dans pour sur par avec du au aux sont était cette ce ces et à coûte de",
    "es": "el la los las es qué cuál cuáles quién quiénes cuándo dónde cómo cuánto cuánta cuántos "
    "cuántas por para con una un del al en son fue está cuesta hay y que",
    "it": "il la lo gli le è che chi qual quale quali quando dove come quanto quanta quanti quante "
    "perché una un per con del della dei delle nel nella sono costa di in",
    "pt": "o a os as é qual quais quem quando onde como quanto quantos quantas por para com uma um "
    "do da dos das no na são foi custa que",
    "nl": "de het een is wat wie waar wanneer hoe hoeveel waarom welke zijn van voor met op bij "
    "kost heeft er",
}
_BY_LANGUAGE: Final = {
    code: frozenset(words.split()) - (_ENGLISH - frozenset(("is", "in", "was", "an")))
    for code, words in _SMALL.items()
}
_ASKING_WORDS: Final = (
    "wie wer wo wann warum welche welcher welches welchen wieviel quel quelle quels quelles "
    "qui quoi où quand comment combien pourquoi qué cuál cuáles quién quiénes cuándo dónde cómo "
    "cuánto cuánta cuántos cuántas chi quale quali quando dove come quanto quanta quanti quante "
    "perché qual quais quem onde como quantos quantas wat waar wanneer hoe "
    "hoeveel waarom welke"
)
_ASKING: Final = frozenset(_ASKING_WORDS.split())
_USUAL: Final = {"ARABIC": "ar", "CYRILLIC": "ru", "DEVANAGARI": "hi"}
_LEAST: Final = 2
"""Words of a language that are no English ones."""
_SHARE: Final = 0.4
"""Of the words, where none of them asks: `La Casa de Papel` is a name."""


def question_language(question: str) -> str:
    """ISO 639-1; `en` where it is unsure."""
    words = _WORD.findall(question.casefold())
    found = language_of(question)
    if words and not any("a" <= letter <= "z" for word in words for letter in word):
        return found or _of_script(words)
    english = sum(word in _ENGLISH for word in words)
    hits = {
        code: len({word for word in words if word in known}) for code, known in _BY_LANGUAGE.items()
    }
    best, most = max(hits.items(), key=lambda item: item[1])
    telling = [word for word in words if word in _BY_LANGUAGE[best] - _ENGLISH]
    asks = any(word in _ASKING for word in (*telling, *words[:1]))
    asks = asks or words[:1] == ["was"] or len(telling) > _SHARE * len(words)
    if most >= _LEAST and len(telling) >= _LEAST and len(telling) > english and asks:
        return best
    return "en"


def _of_script(words: list[str]) -> str:
    """The language that is most often written in it."""
    scripts = {unicodedata.name(letter, "?").split()[0] for word in words for letter in word}
    return next((code for script, code in _USUAL.items() if script in scripts), "en")


def to_be_answered_in(question: str, language: str) -> str:
    """The question with the language of its answer, for a prompt that is English."""
    if language == "en":
        return question
    return f"{question} (Answer in {language_name(language)}.)"


def beyond(language: str, known: tuple[str, ...]) -> str:
    """What is said where the encoder and the checker know only `known`; empty where they do."""
    if language in known or not known:
        return ""
    names = " and ".join(map(language_name, known))
    return (
        f"The question is in {language_name(language)}; what searches by meaning and what checks "
        f"claims know {names} only, so more is missed, and verdicts are less sure."
    )
