"""What a style sheet hides from a person: a small part of CSS, enough for what files do in earnest.

Rules for one tag, class or id count; combined selectors, media queries and scripts do not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

Colour = tuple[int, int, int]
WHITE: Colour = (255, 255, 255)
_MOST_CSS = 400_000
"""Characters of style sheets that are looked at."""
_LEAST_CONTRAST = 24
"""Between text and what lies behind it, in the most different of the three colours."""
_TINY_PX = 2.0
_FAR_PX = 500.0
_NAMED: dict[str, Colour] = {
    "white": WHITE, "black": (0, 0, 0), "snow": (255, 250, 250), "ivory": (255, 255, 240),
    "whitesmoke": (245, 245, 245), "ghostwhite": (248, 248, 255), "red": (255, 0, 0),
    "green": (0, 128, 0), "blue": (0, 0, 255), "yellow": (255, 255, 0), "gray": (128, 128, 128),
    "grey": (128, 128, 128), "silver": (192, 192, 192), "navy": (0, 0, 128),
}  # fmt: skip
_LENGTH = re.compile(r"(-?\d*\.?\d+)(px|pt|em|rem|%|vw|vh|in|cm|mm)?")
_PIXELS = {"px": 1.0, "": 1.0, "pt": 4 / 3, "em": 16, "rem": 16, "%": 0.16, "vw": 12, "vh": 8,
           "in": 96, "cm": 38, "mm": 3.8}  # fmt: skip
_RULE = re.compile(r"([^{}]{1,500})\{([^{}]{0,2000})\}")
_SELECTOR = re.compile(r"([a-z][a-z0-9]*|\*)?(?:([.#])([\w-]+))?", re.IGNORECASE)
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
Declarations = dict[str, str]


class Look(NamedTuple):
    """How text inside an element looks."""

    ink: Colour | None = None
    """None for the colour that text has by itself."""
    backdrop: Colour | None = WHITE
    """None where it is unknown: a picture, say."""

    @property
    def is_faint(self) -> bool:
        if self.ink is None or self.backdrop is None:
            return False
        pairs = zip(self.ink, self.backdrop, strict=True)
        return max(abs(one - other) for one, other in pairs) < _LEAST_CONTRAST

    def with_style(self, style: Declarations) -> Look:
        """Of an element inside."""
        ink, backdrop = self.ink, self.backdrop
        if "color" in style:
            ink = colour_of(style["color"])
        for name in ("background", "background-color", "background-image"):
            if name in style:
                backdrop = _backdrop_of(style[name], backdrop)
        return Look(ink, backdrop)


def declarations(style: str) -> Declarations:
    """`a: b; c: d` with names and values in small letters; later ones win."""
    found: Declarations = {}
    for part in style.split(";"):
        name, colon, value = part.partition(":")
        if colon:
            found[name.strip().lower()] = value.replace("!important", "").strip().lower()
    return found


def hides(style: Declarations) -> bool:
    """Whether what is inside is not drawn, or nowhere that a person looks."""
    return (
        style.get("display") == "none"
        or style.get("visibility") in {"hidden", "collapse"}
        or _is_below(style.get("opacity"), 0.05)
        or _is_below(style.get("font-size"), _TINY_PX)
        or style.get("color") == "transparent"
        or _is_clipped(style)
        or _is_far_out(style)
    )


def colour_of(value: str) -> Colour | None:
    """None where it is none that we know."""
    value = value.strip().lower()
    if value in _NAMED:
        return _NAMED[value]
    if re.fullmatch(r"#?[0-9a-f]{6}(?:[0-9a-f]{2})?", value):
        digits = value.removeprefix("#")
        return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)
    if re.fullmatch(r"#[0-9a-f]{3,4}", value):
        return int(value[1] * 2, 16), int(value[2] * 2, 16), int(value[3] * 2, 16)
    if value.startswith("rgb"):
        numbers = [min(255, int(number)) for number in re.findall(r"\d{1,4}", value)[:3]]
        return (numbers[0], numbers[1], numbers[2]) if len(numbers) == 3 else None
    return None


def _backdrop_of(value: str, behind: Colour | None) -> Colour | None:
    if value in {"none", "transparent", "inherit", "initial", "unset"}:
        return behind
    return colour_of(value.split()[0]) if value and "url(" not in value else None


def _pixels(value: str | None) -> float | None:
    found = _LENGTH.fullmatch((value or "").strip())
    return float(found[1]) * _PIXELS[found[2] or ""] if found else None


def _is_below(value: str | None, least: float) -> bool:
    number = _pixels(value)
    return number is not None and number < least


def _is_far_out(style: Declarations) -> bool:
    if style.get("position") in {"absolute", "fixed", "relative"}:
        places = [_pixels(style.get(name)) for name in ("left", "top", "right", "bottom")]
        if any(place is not None and place <= -_FAR_PX for place in places):
            return True
    indent = _pixels(style.get("text-indent"))
    return indent is not None and indent <= -_FAR_PX


def _is_clipped(style: Declarations) -> bool:
    if re.match(r"rect\(\s*[01](?:px)?[\s,]+[01](?:px)?[\s,]+[01](?:px)?", style.get("clip", "")):
        return True
    if re.match(r"inset\(\s*(?:50|100)%", style.get("clip-path", "")):
        return True
    sides = [_pixels(style.get(name)) for name in ("width", "height", "max-height")]
    return style.get("overflow") == "hidden" and any(s is not None and s <= 1 for s in sides)


class Sheets:
    """The style sheets of one page."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._rules: dict[tuple[str, str, str], Declarations] = {}
        """By tag, `.` or `#`, and name; the tag is empty where any will do."""
        css = _COMMENT.sub("", "\n".join(texts)[:_MOST_CSS])
        for selectors, body in _RULE.findall(_without_at_rules(css)):
            style = declarations(body)
            for selector in selectors.split(","):
                found = _SELECTOR.fullmatch(selector.strip())
                if found and selector.strip():
                    tag = (found[1] or "").lower().replace("*", "")
                    key = (tag, found[2] or "", found[3] or "")
                    self._rules[key] = self._rules.get(key, {}) | style

    def style_of(self, tag: str, attributes: dict[str, str | None]) -> Declarations:
        """Of one element: what the sheets say, then what it says itself."""
        style: Declarations = {}
        if self._rules:
            names = [(".", name) for name in (attributes.get("class") or "").split()[:50]]
            if attributes.get("id"):
                names.append(("#", str(attributes["id"]).strip()))
            for sign, name in [("", ""), *names]:
                for of in ("", tag):
                    style |= self._rules.get((of, sign, name), {})
        if attributes.get("bgcolor"):
            style["background-color"] = str(attributes["bgcolor"]).lower()
        if tag == "font" and attributes.get("color"):
            style["color"] = str(attributes["color"]).lower()
        return style | declarations(attributes.get("style") or "")


def _without_at_rules(css: str) -> str:
    """Without `@media print {…}` and the like, which hold for some readers only."""
    kept: list[str] = []
    at = 0
    while (start := css.find("@", at)) >= 0:
        kept.append(css[at:start])
        at = _end_of_rule(css, start)
    kept.append(css[at:])
    return "".join(kept)


def _end_of_rule(css: str, start: int) -> int:
    depth = 0
    for found in re.compile(r"[{};]").finditer(css, start):
        if found[0] == "{":
            depth += 1
        elif found[0] == "}":
            depth -= 1
        if depth <= 0:
            return found.end()
    return len(css)


def sheets_in(markup: str) -> Sheets:
    """The texts between `<style>` and `</style>`."""
    texts: list[str] = []
    small, at = markup.lower(), 0
    while (start := small.find("<style", at)) >= 0:
        begin = small.find(">", start)
        end = small.find("</style", begin)
        if begin < 0 or end < 0:
            break
        texts.append(markup[begin + 1 : end])
        at = end + 1
    return Sheets(texts)
