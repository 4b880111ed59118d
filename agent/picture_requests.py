"""Whether a question asks, in its own words, for a picture to be drawn. Pure.

Nothing else leads to a picture: no word of a model, of a document, or of what is quoted in the
question. What shows data (a chart, a map) is not asked of a model that draws: it would make it up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from agent.understanding import wanted
from pincite.grounding.words import words


class PictureRequest(NamedTuple):
    prompt: str
    """What it is to show, in the asker's words; empty where they do not say."""
    rest: str
    """What else is asked; empty where nothing is."""


LONGEST: Final = 2_000
"""Characters of a prompt."""
_QUOTED: Final = re.compile(
    r"“[^”]*”|„[^“”]*[“”]|«[^»]*»|\"[^\"\n]*\"|^>.*$|```.*?(?:```|\Z)", re.M | re.S
)
_SENTENCE: Final = re.compile(r"[^.!?;\n]+[.!?;]*")
_JOINT: Final = re.compile(r"\s*[,:–-]\s*(?:(?:and|then|also|plus|und|dann|et|puis|y)\s+)+", re.I)
_SUBJECT: Final = re.compile(r"\b(?:i|we|you|they|one|he|she|to|ich|wir|man|je|on|yo)\b", re.I)
"""With one of them a verb behind the comma may go on with what stands before it."""
_POLITE: Final = (
    r"(?:(?:please|kindly|now|also|then|and|ok|okay|hi|hello|hey|just|bitte|und|dann|"
    r"s'il (?:te|vous) pla[iî]t|por favor)[,!]?\s+"
    r"|(?:can|could|would|will) you\s+|(?:i'd|i would) (?:like|love) you to\s+"
    r"|i (?:want|need) you to\s+)*"
)
_ONE: Final = r"(?:an?|one|two|three|four|some|another|\d+|ein|eine|einen|zwei|une?|deux|una|dos)"
_THE: Final = (
    r"(?:the|my|our|your|this|that|these|those|his|her|its|their|der|die|das|den|le|la|les|el|"
    r"los|las)"
)
_ME: Final = r"(?:\s+(?:me|us|for me|for us|mir|uns)|-(?:moi|nous))?"
_DRAW: Final = re.compile(
    rf"{_POLITE}(?:draw|paint|sketch|doodle|zeichne|male|dessine[z]?|dib[uú]ja(?:me)?|pinta(?:me)?)"
    rf"(?:{_ME}\s+(?P<object>(?:{_ONE}|{_THE})\s+\S.*|[“\"„«].+)"
    rf"|\s+(?:me|us|mir|uns)\s+(?P<bare>\S.*)"
    r"|(?P<none>\s+(?:it|them|him|her|that|this|one|something))?\s*\W*\Z)",
    re.I | re.S,
)
_PICTURE: Final = (
    r"(?:picture|image|illustration|drawing|painting|sketch|artwork|cartoon|portrait|wallpaper|"
    r"icon|logo|poster|watercolou?r|photo|photograph|bild|zeichnung|gemälde|skizze|dessin|peinture|"
    r"imagen|dibujo|ilustraci[oó]n|pintura)(?:s|er|en|es)?"
)
_FOR: Final = (
    r"(?:of|showing|depicting|with|that shows|which shows|that|which|where|for|about|like|"
    r"von|mit|das|die|de|d'|avec|qui|montrant|con|que)"
)
_ADJECTIVES: Final = r"(?:(?!(?:of|with|for|from|in|on|to|and|or|von|de|mit)\b)[\w-]+\s+){0,4}?"
_MAKE: Final = re.compile(
    rf"{_POLITE}(?:generate|create|make|produce|render|design|erzeuge|generiere|erstelle|mach|mache|"
    rf"entwirf|g[eé]n[eè]re[z]?|cr[eé]e[z]?|fais|genera(?:me)?|crea(?:me)?|haz(?:me)?){_ME}"
    rf"\s+(?:{_ONE}\s+)(?P<style>{_ADJECTIVES})(?P<noun>{_PICTURE})"
    rf"(?:\s*[:,]\s*(?P<said>.+)|\s+(?P<shows>{_FOR}(?:\b|(?<=')).+)|\W*\Z)",
    re.I | re.S,
)
_A_PICTURE: Final = re.compile(
    rf"{_ONE}\s+(?P<style>{_ADJECTIVES}){_PICTURE}(?:\s*[:,]\s*|\s+(?:of|showing|depicting|von|de)\s+|"
    rf"\s+(?=with\b|that\b|which\b|where\b|in\b)|\W*\Z)(?P<what>.*)",
    re.I | re.S,
)
_OF: Final = re.compile(r"(?:of|showing|depicting|that shows|which shows|von|de|d')\s*", re.I)
_ABSTRACT: Final = frozenset(
    words(
        "conclusion inference comparison distinction parallel analogy line lesson attention blank "
        "boundary contrast consequence connection link deduction breath crowd salary argument lot "
        "summary outline contract plan schluss fazit vergleich grenze conclusión ligne"
    )
)
_DATA: Final = frozenset(
    words(
        "chart graph plot diagram table histogram timeline flowchart matrix curve spreadsheet "
        "schema scheme blueprint heatmap infographic map dashboard diagramm tabelle kurve "
        "graphique tableau gráfico grafico tabla"
    )
)
_OF_FILES: Final = re.compile(
    r"\b(?:pages?|figures?|slides?|fig\.|seite|abbildung)\s+\d"
    r"|\b(?:this|that|the|these|those)\s+(?:page|document|file|pdf|report|table|figure|scan|slide|"
    r"screenshot|recording|photo|picture|image)s?\b",
    re.I,
)
_HEAD_ENDS: Final = re.compile(
    r"\s+(?:of|from|between|for|in|on|with|that|which|who|to|about|by|at|as|under|over|near|and|"
    r"von|mit|aus|de|du|en|con|where|while|showing|based|using)\b|[,.:;!?]",
    re.I,
)
_COURTESY: Final = re.compile(
    r"[\s,]*\b(?:please|for me|for us|bitte|thanks|thank you|por favor|merci)\s*[.!?]*\s*\Z", re.I
)


def picture_asked(question: str) -> PictureRequest | None:
    """The first picture that the question asks for, and what it asks beside all of them."""
    masked = _QUOTED.sub(lambda quoted: _hidden(quoted.group()), question)
    prompts: list[str] = []
    kept, last = "", 0
    for start, end in _clauses(masked):
        prompt = _prompt(masked[start:end], question[start:end])
        if prompt is not None:
            prompts.append(prompt)
            kept, last = kept + question[last:start], end
    if not prompts:
        return None
    return PictureRequest(prompts[0][:LONGEST], _rest(kept + question[last:]))


def _hidden(quoted: str) -> str:
    """As long as before, with no word left but its quotation marks."""
    return quoted[0] + "x" * (len(quoted) - 2) + quoted[-1] if len(quoted) > 1 else quoted


def _clauses(text: str) -> Iterator[tuple[int, int]]:
    """Sentences, and parts of one behind a comma that may be requests of their own."""
    for sentence in _SENTENCE.finditer(text):
        start = sentence.start() + len(sentence.group()) - len(sentence.group().lstrip())
        for joint in _JOINT.finditer(text, start, sentence.end()):
            if not _SUBJECT.search(text[start : joint.start()]):
                yield start, joint.end()
                start = joint.end()
        yield start, sentence.end()


def _prompt(clause: str, said: str) -> str | None:
    """What is to be drawn, as `said`; None where nothing is asked to be drawn."""
    joined = _JOINT.sub("", clause) if _JOINT.match(clause) else clause
    offset = len(clause) - len(joined)
    found = _MAKE.match(joined) or _DRAW.match(joined)
    if found is None:
        return None
    parts = {name: found.span(name) for name, text in found.groupdict().items() if text is not None}
    start, end = next(
        (parts[name] for name in ("said", "shows", "object", "bare") if name in parts), (0, 0)
    )
    told = _COURTESY.sub("", said[offset + start : offset + end]).strip(" \n\t.!?;,:")
    style = found.groupdict()["style"] if "style" in parts else ""
    if "shows" in parts:
        told = _OF.sub("", told, count=1) if _OF.match(told) else told
    elif (picture := _A_PICTURE.fullmatch(told)) is not None:
        style, told = picture["style"], picture["what"]
    told = ", ".join(filter(None, (told.strip(), style.strip())))
    told = re.sub(r"\A(?:it|them|that|this|one|something)\Z", "", told, flags=re.I)
    told = re.sub(r"\A[“\"„«](.*)[”\"“»]\Z", r"\1", told, flags=re.S).strip()
    return None if _is_no_picture(told) else told


def _is_no_picture(told: str) -> bool:
    """A conclusion is drawn otherwise, and a chart of data is not made up."""
    head = _HEAD_ENDS.split(told, maxsplit=1)[0].split()
    last = head[-1].lower() if head else ""
    singular = last[:-1] if last.endswith("s") and not last.endswith("ss") else last
    named = _ABSTRACT | _DATA
    return bool({last, singular} & named or _OF_FILES.search(told))


def _rest(text: str) -> str:
    rest = " ".join(text.split()).strip(" ,;:–-")
    rest = re.sub(r"\s*,?\s*\b(?:and|then|also|und|et|y)\s*\Z", "", rest, flags=re.I)
    return rest if len(wanted(rest)) >= 1 and len(rest.split()) >= 3 else ""
