"""Tables and records of things that do not exist, with true and false statements about them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import Any, Final, NamedTuple

from pincite.elements import Cell, Element, How, Kind, SourceId, Table, element_id
from pincite.grounding.spots import spots_of
from pincite.locators import TextSpan
from scripts.train_checker.examples import (
    CONTRADICTED,
    SUPPORTED,
    UNSUPPORTED,
    Example,
    Text,
    example,
    text_of,
)
from scripts.train_checker.names_made_up import (
    BUSINESSES,
    CITIES,
    COLUMNS,
    FEATURES,
    FORM_LABELS,
    KINDS,
    PEOPLE,
    PRODUCTS,
    STREETS,
    WEEK,
)


class _Said(NamedTuple):
    """A statement whose value is put where `{}` stands."""

    form: str
    right: str
    wrong: str
    kind: str


def table(rng: Random, group: str) -> Iterator[Example]:
    """Statements about cells: right, with the value of another row or column, and with none."""
    rows = rng.sample(PEOPLE if rng.random() < 0.4 else PRODUCTS + CITIES, rng.randint(3, 8))
    columns = rng.sample(COLUMNS, rng.randint(2, 5))
    values = [[value(rng) for _, value, _ in columns] for _ in rows]
    text = _tabled(group, ["Name", *(head for head, _, _ in columns)], [
        [label, *line] for label, line in zip(rows, values, strict=True)
    ])  # fmt: skip
    for _ in range(3):
        row, column = rng.randrange(len(rows)), rng.randrange(len(columns))
        head, _, forms = columns[column]
        wrong_row = values[rng.choice([n for n in range(len(rows)) if n != row])][column]
        others = [n for n in range(len(columns)) if n != column]
        wrong = values[row][rng.choice(others)] if rng.random() < 0.35 else wrong_row
        form = rng.choice(forms).replace("{row}", rows[row]).replace("{head}", head.lower())
        said = _Said(form, values[row][column], wrong, "table")
        yield from _both(rng, text, said)


def comparison(rng: Random, group: str) -> Iterator[Example]:
    """Which of two rows has more."""
    rows = rng.sample(PRODUCTS + CITIES, rng.randint(3, 6))
    head = rng.choice(["Revenue", "Visitors", "Orders", "Employees", "Output", "Members"])
    values = rng.sample(range(120, 9_900), len(rows))
    text = _tabled(
        group,
        ["Name", head],
        [[row, f"{value:,}"] for row, value in zip(rows, values, strict=True)],
    )
    ranked = sorted(zip(values, rows, strict=True), reverse=True)
    a, b = sorted(rng.sample(range(len(rows)), 2))
    form = f"{{}} had more {head.lower()} than "
    more, less = ranked[a][1], ranked[b][1]
    yield example(
        text, "synthetic-table-more", f"{more} had more {head.lower()} than {less}.", SUPPORTED
    )
    wrong = form.format(less) + more + "."
    yield example(text, "synthetic-table-more", wrong, CONTRADICTED, ((0, len(wrong)),))
    most = f"The most {head.lower()} were recorded for {{}}."
    yield from _both(rng, text, _Said(most, ranked[0][1], rng.choice(ranked[1:])[1], "table-most"))


def record(rng: Random, group: str) -> Iterator[Example]:
    """A business as a JSON record, as systems hand it to language models."""
    kinds = rng.sample(KINDS, rng.randint(1, 4))
    opens = {day: rng.choice(["8:0-17:0", "11:0-22:0", "17:30-23:0", "9:0-21:0"]) for day in WEEK}
    if rng.random() < 0.4:
        opens = dict.fromkeys(WEEK, rng.choice(["7:0-15:0", "10:0-20:0", "11:30-22:30"]))
    closed = rng.choice(WEEK) if rng.random() < 0.3 else ""
    features = rng.sample(FEATURES, rng.randint(4, 9))
    states = {key: rng.choice([True, False, None]) for key, _, _ in features}
    place = rng.choice(CITIES)
    told: dict[str, Any] = {
        "name": rng.choice(BUSINESSES),
        "address": f"{rng.randint(1, 990)} {rng.choice(STREETS)}",
        "city": place,
        "categories": ", ".join(kinds),
        "hours": {day: hours for day, hours in opens.items() if day != closed},
        "attributes": states,
        "business_stars": rng.choice([2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5.0]),
    }
    text = text_of(group, [json.dumps(told, indent=1)])
    for key, has, lacks in features:
        yield from _feature(rng, text, (states[key], has, lacks), told["name"])
    yield from _facts(rng, text, told)
    yield from _hours(rng, text, told, closed)


def form(rng: Random, group: str) -> Iterator[Example]:
    """A form or receipt: lines of label and value."""
    labels = rng.sample(FORM_LABELS, rng.randint(5, 10))
    lines = [(label, value(rng)) for label, value, _ in labels]
    text = text_of(group, ["\n\n".join(f"{label}: {value}" for label, value in lines)])
    for _ in range(2):
        at = rng.randrange(len(labels))
        _, value, says = labels[at]
        wrong = value(rng)
        if wrong != lines[at][1]:
            yield from _both(rng, text, _Said(rng.choice(says), lines[at][1], wrong, "form"))


def _feature(
    rng: Random, text: Text, feature: tuple[bool | None, str, str], name: str
) -> Iterator[Example]:
    state, has, lacks = feature
    if rng.random() < 0.45:
        return
    affirmed = rng.random() < 0.6
    subject = rng.choice([name, "It", "The restaurant", "The business", "The establishment"])
    said = has if affirmed else lacks
    label = UNSUPPORTED if state is None else (SUPPORTED if state is affirmed else CONTRADICTED)
    claim = f"{subject} {said}."
    marks = () if label == SUPPORTED else ((len(subject) + 1, len(claim) - 1),)
    yield example(text, "synthetic-record-feature", claim, label, marks)


def _facts(rng: Random, text: Text, told: dict[str, Any]) -> Iterator[Example]:
    name, city = told["name"], told["city"]
    stars = f"{told['business_stars']:g}"
    other = f"{rng.choice([1.5, 2.5, 3.5, 4.5, 5.0, 3.0]):g}"
    facts = [
        _Said(f"{name} is located in {{}}.", city, rng.choice(CITIES), "record-city"),
        _Said(f"{name}, located at {{}} in {city}, welcomes its guests.", told["address"],
              f"{rng.randint(1, 990)} {rng.choice(STREETS)}", "record-address"),
        _Said(f"{name} has a rating of {{}} stars.", stars, other, "record-stars"),
        _Said(f"{name} falls under the category of {{}}.", told["categories"].split(", ")[0],
              rng.choice(KINDS), "record-kind"),
    ]  # fmt: skip
    for said in rng.sample(facts, 2):
        if said.right != said.wrong and said.wrong not in told["categories"]:
            yield from _both(rng, text, said)


def _hours(rng: Random, text: Text, told: dict[str, Any], closed: str) -> Iterator[Example]:
    hours: dict[str, str] = told["hours"]
    day = rng.choice(list(hours))
    others = [h for h in ("8:0-17:0", "12:0-20:0", "16:0-23:30", "9:0-14:0") if h != hours[day]]
    write = rng.choice([_twelve, _twenty_four])
    said = rng.choice([
        f"On {day}, it is open from {{}}.", f"The opening hours on {day} are {{}}.",
        f"It operates from {{}} on {day}s.",
    ])  # fmt: skip
    yield from _both(
        rng, text, _Said(said, write(hours[day]), write(rng.choice(others)), "record-hours")
    )
    claim = "It is open every day of the week."
    label = UNSUPPORTED if closed else SUPPORTED
    marks = ((11, 32),) if closed else ()
    yield example(text, "synthetic-record-week", claim, label, marks)
    if len(set(hours.values())) == 1 and not closed:
        every = write(next(iter(hours.values())))
        yield example(text, "synthetic-record-week", f"It is open daily from {every}.", SUPPORTED)


def _twenty_four(hours: str) -> str:
    start, end = (_clock(part) for part in hours.split("-"))
    return f"{start[0]}:{start[1]:02} to {end[0]}:{end[1]:02}"


def _twelve(hours: str) -> str:
    def said(clock: tuple[int, int]) -> str:
        hour, minute = clock
        return f"{hour % 12 or 12}:{minute:02} {'PM' if hour >= 12 else 'AM'}"

    start, end = (_clock(part) for part in hours.split("-"))
    return f"{said(start)} to {said(end)}"


def _clock(part: str) -> tuple[int, int]:
    hour, _, minute = part.partition(":")
    return int(hour), int(minute)


def _both(rng: Random, text: Text, said: _Said) -> Iterator[Example]:
    """The right statement and the wrong one, in any order."""
    made = [example(text, f"synthetic-{said.kind}", said.form.format(said.right), SUPPORTED)]
    if said.wrong != said.right:
        at = said.form.index("{}")
        marks = ((at, at + len(said.wrong)),)
        claim = said.form.format(said.wrong)
        made.append(example(text, f"synthetic-{said.kind}", claim, CONTRADICTED, marks))
    rng.shuffle(made)
    yield from made


def _tabled(group: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Text:
    cells = [Cell(row=0, column=n, text=head, is_header=True) for n, head in enumerate(heads)]
    for row, line in enumerate(rows, 1):
        cells += [Cell(row=row, column=n, text=text) for n, text in enumerate(line)]
    lines = "\n".join(" ".join(line) for line in (heads, *rows))
    element = Element(
        id=element_id(SourceId(group), 1),
        source=SourceId(group),
        kind=Kind.TABLE,
        text=lines,
        locators=(TextSpan(start=0, end=len(lines)),),
        how=How.TEXT_LAYER,
        table=Table(cells=tuple(cells), html=""),
    )
    return Text(group, tuple(spots_of(element)))


Maker = Callable[[Random, str], Iterator[Example]]
MAKERS: Final[tuple[tuple[Maker, float], ...]] = (
    (table, 0.35),
    (comparison, 0.1),
    (record, 0.35),
    (form, 0.2),
)
"""With how often each is asked for."""
