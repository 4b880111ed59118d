"""Ways to make a true claim false: each changes a word or two and says which."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from random import Random
from typing import Final, NamedTuple

from pincite.grounding.names import names_in
from pincite.grounding.numbers import Quantity, quantities, same
from pincite.grounding.words import COMMON
from scripts.train_checker.examples import CONTRADICTED, UNSUPPORTED, Spans
from scripts.train_checker.lists import words
from scripts.train_checker.names_made_up import MONTHS, WEEK


class Changed(NamedTuple):
    kind: str
    text: str
    marks: Spans
    label: int


class Around(NamedTuple):
    """What a claim may be mixed up with."""

    own: Sequence[str]
    """Sentences of its source."""
    other: Sequence[str]
    """Sentences of other sources."""


Swap = Callable[[Random, str, Around], "Changed | None"]

_DIGITS: Final = re.compile(r"\d+(?:[.,]\d+)*")
_MONTHS: Final = re.compile(
    r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December)\b"
)
_DAYS: Final = re.compile(r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b")
_SMALL: Final = re.compile(
    r"\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty)\b"
)
_UNITS: Final = tuple(
    group.split()
    for group in (
        "million billion thousand trillion",
        "millions billions thousands",
        "minutes hours days weeks months years",
        "minute hour day week month year",
        "miles kilometers meters feet inches",
        "km miles metres",
        "pounds kilograms ounces grams",
        "kg g lbs",
        "mg g mcg",
        "percent people dollars",
        "dollars euros pounds",
        "cups tablespoons teaspoons",
        "Fahrenheit Celsius",
        "am pm",
        "a.m. p.m.",
        "AM PM",
        "calories grams",
    )
)
_OPPOSITES: Final = dict(
    pair
    for first, second in (
        entry.split(":")
        for entry in words(
            "increased:decreased increase:decrease increases:decreases rose:fell higher:lower "
            "more:less before:after first:last open:closed opened:closed always:never all:some "
            "above:below over:under large:small larger:smaller largest:smallest older:younger "
            "old:new early:late earlier:later good:bad best:worst better:worse high:low "
            "long:short hot:cold warm:cool accepted:rejected approved:denied won:lost "
            "allowed:forbidden safe:dangerous positive:negative public:private male:female "
            "man:woman father:mother son:daughter brother:sister husband:wife boy:girl "
            "north:south east:west northern:southern eastern:western left:right inside:outside "
            "with:without agreed:refused gained:lost success:failure successful:unsuccessful "
            "true:false possible:impossible easy:difficult strong:weak cheap:expensive fast:slow "
            "clean:dirty friendly:rude praised:criticized praise:criticize indoor:outdoor "
            "free:paid available:unavailable included:excluded includes:excludes added:removed "
            "maximum:minimum most:fewest only:also must:may required:optional guilty:innocent "
            "alive:dead majority:minority both:neither everyone:nobody often:rarely daily:weekly "
            "buy:sell bought:sold arrived:left began:ended started:stopped support:oppose "
            "supported:opposed confirmed:denied positive:negative satisfied:disappointed"
        )
    )
    for pair in ((first, second), (second, first))
)
_AUXILIARY: Final = re.compile(
    r"\b(?:is|are|was|were|has|have|had|can|could|will|would|should|may|does|did|do)\b"
    r"(?! (?:not|no|never|n't))",
)
_NOT: Final = re.compile(r"(?<=\w) (?:not|never)\b|(?<=\w)n't\b")
_RUN: Final = re.compile(r"[A-Z][\w'’-]*\w(?:(?: (?:of|the|de|van|&))? [A-Z][\w'’-]*\w)*")
_POSSESSIVE: Final = re.compile(r"['’]s\Z")
_TAIL: Final = re.compile(
    r",? (?:because|which|while|after|before|according to|in|on|for|with|during|through|since|"
    r"despite|due to|as part of|along with) (?:[\w'’$%-]+,? ){2,8}[\w'’%-]+(?=[.,;])"
)
_LAST: Final = "in on with of to the a an and for which by at from as that or is was were are"
_PLAIN_TAILS: Final = (
    " in order to save costs",
    ", according to officials",
    ", which surprised many people",
    " for the first time in years",
    ", making it one of the most popular in the area",
    " and is open every day",
    ", and more are expected soon",
    " at no extra charge",
    ", as experts had warned",
    " with the help of volunteers",
    ", and it is known for its friendly staff",
    " and should be repeated every few weeks",
    ", despite earlier concerns",
    " in cooperation with local authorities",
    ", leading to further improvements",
    " within the next two weeks",
)


def number(rng: Random, claim: str, around: Around) -> Changed | None:
    """Another number of the source in place of one, or one with another digit."""
    own = [q for q in quantities(claim) if not q.is_date and _DIGITS.search(q.text)]
    if not own:
        return None
    chosen = rng.choice(own)
    stated = [q for sentence in around.own for q in quantities(sentence) if not q.is_date]
    others = [
        found.group()
        for q in stated
        if q.dimension == chosen.dimension
        and not any(same(mine, q) for mine in own)
        and (found := _DIGITS.search(q.text))
    ]
    span = _DIGITS.search(claim, chosen.start)
    if span is None:
        return None
    said = rng.choice(others) if others and rng.random() < 0.5 else _other_digits(rng, span.group())
    made = _put(claim, span.span(), said)
    if any(same(q, s) for q in quantities(made.text) for s in stated if q.start == chosen.start):
        return made._replace(kind="number") if others else None
    return made._replace(kind="number")


def date(rng: Random, claim: str, _: Around) -> Changed | None:
    """Another year, month, weekday, day or hour."""
    places = [m.span() for p in (_MONTHS, _DAYS) for m in p.finditer(claim)]
    places += [m.span() for q in _dates(claim) for m in _DIGITS.finditer(claim, q.start, q.end)]
    if not places:
        return None
    start, end = rng.choice(places)
    old = claim[start:end]
    if old.isdigit():
        near = int(old) + rng.choice([-3, -2, -1, 1, 2, 3])
        return _put(claim, (start, end), str(max(near, 1)))._replace(kind="date")
    if not old[0].isalpha():
        return _put(claim, (start, end), _other_digits(rng, old))._replace(kind="date")
    pattern, names = (_MONTHS, MONTHS) if _MONTHS.match(old) else (_DAYS, WEEK)
    others = [name for name in names if name != old and pattern.match(name)]
    return _put(claim, (start, end), rng.choice(others))._replace(kind="date")


def unit(rng: Random, claim: str, _: Around) -> Changed | None:
    """Another unit behind the same number."""
    found: list[tuple[tuple[int, int], str]] = []
    for group in _UNITS:
        for word in group:
            for m in re.finditer(rf"(?<=\d)\s?(?P<unit>{re.escape(word)})(?!\w)", claim):
                others = [each for each in group if each != word]
                found.append((m.span("unit"), rng.choice(others)))
    if not found:
        return None
    span, said = rng.choice(found)
    return _put(claim, span, said)._replace(kind="unit")


def name(rng: Random, claim: str, around: Around) -> Changed | None:
    """Another name of the source, or of another one."""
    own = runs(claim)
    if not own:
        return None
    span = rng.choice(own)
    old = claim[slice(*span)]
    near = rng.random() < 0.6
    candidates = [s[a:b] for s in (around.own if near else around.other) for a, b in runs(s)]
    said = set(re.findall(r"\w+", claim.casefold()))
    fits = [c for c in candidates if not said & set(re.findall(r"\w+", c.casefold()))]
    alike = [c for c in fits if len(c.split()) == len(old.split())] or fits
    if not alike:
        return None
    return _put(claim, span, rng.choice(alike))._replace(kind="name")


def roles(rng: Random, claim: str, _: Around) -> Changed | None:
    """Two names that change places."""
    own = runs(claim)
    if len(own) < 2:
        return None
    at = rng.randrange(len(own) - 1)
    (a, b), (c, d) = own[at], own[at + 1]
    first, second, middle = claim[a:b], claim[c:d], claim[b:c]
    if first == second or re.fullmatch(r",? ?(?:and|or|,|&)? ?", middle) or b >= c:
        return None
    text = f"{claim[:a]}{second}{middle}{first}{claim[d:]}"
    marks = ((a, a + len(second)), (a + len(second) + len(middle), d))
    return Changed("roles", text, marks, CONTRADICTED)


def negation(rng: Random, claim: str, _: Around) -> Changed | None:
    """A `not` more or less."""
    if denied := _NOT.search(claim):
        text = claim[: denied.start()] + claim[denied.end() :]
        before = claim.rfind(" ", 0, denied.start()) + 1
        return Changed("negation", text, ((before, denied.start()),), CONTRADICTED)
    places = list(_AUXILIARY.finditer(claim))
    if not places:
        return None
    at = rng.choice(places).end()
    word = " never" if rng.random() < 0.15 else " not"
    text = claim[:at] + word + claim[at:]
    return Changed("negation", text, ((at + 1, at + len(word)),), CONTRADICTED)


def opposite(rng: Random, claim: str, _: Around) -> Changed | None:
    """A word in place of its opposite."""
    said = set(re.findall(r"[a-z]+", claim))
    places = [
        m
        for m in re.finditer(r"[a-z]+", claim)
        if m.group() in _OPPOSITES and _OPPOSITES[m.group()] not in said
    ]
    if not places:
        return None
    chosen = rng.choice(places)
    return _put(claim, chosen.span(), _OPPOSITES[chosen.group()])._replace(kind="opposite")


def addition(rng: Random, claim: str, around: Around) -> Changed | None:
    """Something more that no source says."""
    tails = [
        m.group()
        for sentence in rng.sample(around.other, min(len(around.other), 12))
        for m in _TAIL.finditer(sentence)
        if m.group().split()[-1] not in _LAST.split()
    ]
    tail = rng.choice(tails) if tails and rng.random() < 0.75 else rng.choice(_PLAIN_TAILS)
    bare = claim.rstrip(" .!?")
    text = f"{bare}{tail}{claim[len(bare) :]}"
    begin = len(bare) + len(tail) - len(tail.lstrip(" ,"))
    return Changed("addition", text, ((begin, len(bare) + len(tail)),), UNSUPPORTED)


SWAPS: Final[dict[str, Swap]] = {
    "number": number,
    "date": date,
    "unit": unit,
    "name": name,
    "roles": roles,
    "negation": negation,
    "opposite": opposite,
    "addition": addition,
}


def runs(text: str) -> list[tuple[int, int]]:
    """Where names stand; neighbouring name words are one, and words of a sentence's start none."""
    known = set(names_in(text))
    return [
        m.span()
        for m in _RUN.finditer(text)
        if (m.start() > 0 or " " in m.group())
        and m.group().split()[0].casefold() not in COMMON
        and all(
            _POSSESSIVE.sub("", part) in known for part in m.group().split() if part[0].isupper()
        )
    ]


def _dates(claim: str) -> list[Quantity]:
    return [q for q in quantities(claim) if q.is_date]


def _put(claim: str, span: tuple[int, int], said: str) -> Changed:
    start, end = span
    text = claim[:start] + said + claim[end:]
    return Changed("", text, ((start, start + len(said)),), CONTRADICTED)


def _other_digits(rng: Random, digits: str) -> str:
    """One digit changed; small numbers move by a few."""
    if digits.isdigit() and int(digits) < 20:
        return str(max(1, int(digits) + rng.choice([-3, -2, -1, 1, 2, 3, 10])))
    places = [n for n, character in enumerate(digits) if character.isdigit()]
    place = rng.choice(places)
    others = [d for d in "123456789" if d != digits[place]]
    return digits[:place] + rng.choice(others) + digits[place + 1 :]
