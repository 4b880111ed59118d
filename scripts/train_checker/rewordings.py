"""Ways to say the same in other words or less of it: what was true stays true."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random
from typing import Final

from pincite.grounding.numerals import SMALL
from scripts.train_checker.lists import words

Rewording = Callable[[Random, str], "str | None"]

_ASIDE: Final = re.compile(
    r" \([^()]{3,80}\)|, (?:who|which) [^,.;]{5,80}(?=,)|, which [^.;]{5,90}(?=\.)"
)
_LEAD: Final = re.compile(
    r"\A((?:In|On|At|After|Before|During|Since|For|With|By|As of|According to) [^,.;]{3,60}), "
    r"(\S.*?)(\.?)\Z"
)
_TRAIL: Final = re.compile(r"\A(\S.{20,}?),? ((?:in|on|after|during|since|by) [^,.;]{3,40})\.\Z")
_ATTRIBUTED: Final = (
    "According to the text, {}",
    "The source says that {}",
    "The document states that {}",
    "It is stated that {}",
    "The passage mentions that {}",
    "As described, {}",
    "Based on the information given, {}",
    "Overall, {}",
    "Additionally, {}",
    "However, {}",
)
_SAME: Final = dict(
    entry.split(":")
    for entry in words(
        "about:approximately approximately:about large:big big:large buy:purchase "
        "purchased:bought bought:purchased show:demonstrate shows:demonstrates "
        "showed:demonstrated help:assist helps:assists start:begin started:began began:started "
        "begins:starts ended:finished use:utilize used:utilized uses:utilizes need:require "
        "needs:requires said:stated says:states stated:said told:informed near:close_to "
        "often:frequently however:nevertheless also:additionally killed:dead_because_of "
        "many:numerous children:kids kids:children happy:glad quickly:rapidly usually:typically "
        "typically:usually several:multiple receive:get received:got get:receive provides:offers "
        "offers:provides provide:offer offer:provide located:situated because:since "
        "important:significant but:yet people:individuals movie:film film:movie car:vehicle "
        "doctor:physician job:position house:home company:firm firm:company city:town "
        "wrote:authored shut:closed whole:entire entire:whole roughly:around around:roughly "
        "discovered:found found:discovered choose:select create:make creates:makes created:made "
        "keep:maintain allows:lets"
    )
)
_WORDS: Final = {number: word for word, number in SMALL.items() if 2 <= number <= 20}
_FULL: Final = re.compile(r"(?<![\w.,$-])(\d{1,3}),(\d{3})(?:,(\d{3}))?(?![\w,.-])")
_ONE: Final = re.compile(r"(?<![\w.,:$/-])(\d{1,2})(?= [a-z])")
_CLOCK: Final = re.compile(r"(?<![\w:.-])(1[0-9]|2[0-3]):([0-5]\d)(?![\d:])(?!\s*[AaPp])")
_SHORT: Final = (
    ("is not", "isn't"), ("are not", "aren't"), ("was not", "wasn't"), ("does not", "doesn't"),
    ("did not", "didn't"), ("do not", "don't"), ("cannot", "can't"), ("will not", "won't"),
    ("it is", "it's"), ("percent", "%"),
)  # fmt: skip


def shorter(rng: Random, claim: str) -> str | None:
    """Without something that stands in brackets or between commas."""
    places = list(_ASIDE.finditer(claim))
    if not places:
        return None
    chosen = rng.choice(places)
    rest = claim[: chosen.start()] + claim[chosen.end() :].removeprefix(
        "," if chosen.group()[0] == "," else ""
    )
    return rest if len(rest) > 30 else None


def moved(_: Random, claim: str) -> str | None:
    """What stands first at the end, or the other way round."""
    if found := _LEAD.match(claim):
        lead, rest, stop = found.groups()
        return f"{_up(rest)} {lead[0].lower()}{lead[1:]}{stop}"
    if found := _TRAIL.match(claim):
        rest, tail = found.groups()
        inner = _inside(rest)
        return f"{_up(tail)}, {inner}." if inner else None
    return None


def attributed(rng: Random, claim: str) -> str | None:
    inner = _inside(claim)
    return rng.choice(_ATTRIBUTED).format(inner) if inner else None


def synonym(rng: Random, claim: str) -> str | None:
    """Up to two words in place of others that mean the same."""
    places = [m for m in re.finditer(r"[a-z]+", claim) if m.group() in _SAME]
    if not places:
        return None
    for chosen in sorted(rng.sample(places, min(2, len(places))), key=lambda m: -m.start()):
        said = _SAME[chosen.group()].replace("_", " ")
        claim = claim[: chosen.start()] + said + claim[chosen.end() :]
    return claim


def number_rewritten(rng: Random, claim: str) -> str | None:
    """The same number written in another way."""
    changed = claim
    for pattern, write in ((_FULL, _full), (_ONE, _in_words), (_CLOCK, _twelve)):
        found = pattern.search(changed)
        if found and (said := write(found, rng)):
            changed = changed[: found.start()] + said + changed[found.end() :]
    for long, short in _SHORT:
        changed = re.sub(rf"(?<=\d) {long}\b" if short == "%" else rf"\b{long}\b", short, changed)
    return changed if changed != claim else None


REWORDINGS: Final[dict[str, Rewording]] = {
    "shorter": shorter,
    "moved": moved,
    "attributed": attributed,
    "synonym": synonym,
    "number-rewritten": number_rewritten,
}


def joined(rng: Random, first: str, second: str) -> str:
    """Two statements as one sentence."""
    by = rng.choice([", and ", ", while ", " and "])
    inner = _inside(second)
    return f"{first.rstrip(' .')}{by}{inner}" if inner else f"{first.rstrip(' .')}; {second}"


def _full(found: re.Match[str], rng: Random) -> str:
    whole = "".join(part for part in found.groups() if part)
    if len(whole) >= 7 and whole.endswith("00000"):
        return f"{int(whole) / 1e6:g} million"
    return whole if rng.random() < 0.5 else f"about {found.group()}"


def _in_words(found: re.Match[str], _: Random) -> str:
    return _WORDS.get(int(found.group(1)), "")


def _twelve(found: re.Match[str], _: Random) -> str:
    """`17:30` as `5:30 PM`."""
    hour, minute = int(found.group(1)), int(found.group(2))
    half = "PM" if hour >= 12 else "AM"
    return f"{hour % 12 or 12}:{minute:02} {half}"


def _inside(text: str) -> str:
    """As it stands within a sentence; empty where it is not known whether a name comes first."""
    first, _, rest = text.partition(" ")
    if first.casefold() in _STARTERS:
        return text[0].lower() + text[1:]
    return text if rest[:1].isupper() and first[:1].isupper() else ""


def _up(text: str) -> str:
    return text[0].upper() + text[1:]


_STARTERS: Final = frozenset(
    words(
        "the a an this that these those it he she they we you there his her their its in on at "
        "after before during since for with by as if when while some many most all each every one "
        "two three no both several other such over even then whether although because our your my "
        "people also another more there under within without according between from"
    )
)
