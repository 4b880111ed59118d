"""Questions that accounts answer: which measure, of which years, and in what way. Rules only."""

from __future__ import annotations

import re
from typing import Final, Literal, NamedTuple

from agent.accounts.measures import measure_of
from agent.accounts.ratios import Measure
from pincite.grounding.words import content, folded
from retrievers.wording import asked_for, periods_written_out

Way = Literal["value", "growth", "mean", "trend", "sign"]
_YEAR: Final = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_FIGURE: Final = re.compile(
    r"\b(?:what(?:'s| is| was| were| are)|how (?:much|does|did|do|has|have|is|was)|calculate|"
    r"compute|does|did|do|is|are|was|were|has|have)\b",
    re.IGNORECASE,
)
_OTHER: Final = re.compile(
    r"\b(?:why|drove|driv(?:es|en|ers?|ing)|reasons?|because|caused?|due to|which|who|explain|"
    r"segments?|guidance|expect\w*|forecast\w*|quarters?|Q[1-4]|adjusted|organic|excluding|exclude|outlook|"
    r"categor\w+|product|region\w*|per employee|largest|biggest)\b",
    re.IGNORECASE,
)
"""Words of a question that the lines of statements do not answer, or not of a whole year."""
_GROWTH: Final = re.compile(r"\bgrowth(?: rate)?\b|\bgrew\b.*\bpercent|\bcagr\b", re.IGNORECASE)
_MEAN: Final = re.compile(
    r"\baverage of\b|\b(?:two|three|five|\d)[- ]year average\b", re.IGNORECASE
)
_TREND: Final = re.compile(
    r"\b(?:improv\w*|chang\w*|increas\w*|decreas\w*|gr[eo]w\w*|ris\w*|rose|fall|fell|declin\w*|"
    r"drop\w*|compar\w*|consistent|fluctuat\w*|trend)\b",
    re.IGNORECASE,
)
_SIGN: Final = re.compile(r"\b(?:positive|negative)\b", re.IGNORECASE)
_DECIMALS: Final = re.compile(
    r"\b(one|two|three|four|[1-4])[- ](?:decimal|digits? after)", re.IGNORECASE
)
_COUNTS: Final = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    **{str(count): count for count in range(1, 5)},
}
_NAME: Final = re.compile(r"\b[A-Z][\w&]+")
MOST_YEARS: Final = 5
_ASIDE: Final = re.compile(r"\([^)]*\)")
_PLAIN: Final = frozenset(
    content(
        "fiscal year years annual end ended ending close data based profile amount figure value "
        "level total net rate usd us dollar dollars million millions billion billions thousand "
        "thousands percent percentage points unit units unadjusted reported company statement "
        "statements cash flow income balance sheet financial position details shown using "
        "between compared compare versus change changed changing improve improved improving "
        "improvement increase increased increasing decrease decreased decreasing grow grew "
        "growing growth rise rose rising fall fell falling decline declined declining drop "
        "dropped any positive negative average two three five historically consistent "
        "consistently fluctuating roughly each trend calculate compute what how much generate "
        "generated spend spent corporation inc plc group co report filing according ratio "
        "margin there answer following question best ability abilities activities january "
        "february march april may june july august september october november december round "
        "decimal decimals place places your tax after have"
    )
)
"""Stems of what such a question may hold beside its measure, its years and the company."""


class Reckoned(NamedTuple):
    """What is to be reckoned."""

    measure: Measure
    way: Way
    years: tuple[int, ...]
    """As the question names them, ascending; none where it names none."""
    question: str
    """Without how the answer is to be written."""
    decimals: int | None = None
    """To which it is to be rounded; None where that is not said."""


def reckoned(question: str) -> Reckoned | None:
    """None where something else is asked for."""
    text, _, more = asked_for(question).partition("? ")
    if "?" in more or not _FIGURE.search(text) or _OTHER.search(text):
        return None
    measure = measure_of(text)
    if measure is None:
        return None
    named = sorted({int(year) for year in _YEAR.findall(periods_written_out(text))})
    if len(named) > MOST_YEARS:
        return None
    told = _DECIMALS.search(question)
    decimals = _COUNTS.get(told[1].casefold()) if told else None
    return Reckoned(measure, _way(text), tuple(named), text, decimals)


def is_whole(wanted: Reckoned, file: str, said: str = "") -> bool:
    """Whether the question asks for nothing beside the measure of the company of `file`.

    The company is named in the name of the file, or as a name in `said`, which is text of it.
    """
    text = _ASIDE.sub(" ", wanted.measure.asked.sub(" ", periods_written_out(wanted.question)))
    squeezed = re.sub(r"[\W_]+", "", folded(file))
    names = {stem for name in _NAME.findall(said) for stem in content(name)}
    return all(
        stem in _PLAIN
        or stem[0].isdigit()
        or stem in squeezed
        or (word[0].isupper() and stem in names)
        for word in text.split()
        for stem in content(word)
    )


def _way(text: str) -> Way:
    for way, pattern in _WAYS:
        if pattern.search(text):
            return way
    return "value"


_WAYS: Final[tuple[tuple[Way, re.Pattern[str]], ...]] = (
    ("mean", _MEAN),
    ("growth", _GROWTH),
    ("trend", _TREND),
    ("sign", _SIGN),
)
