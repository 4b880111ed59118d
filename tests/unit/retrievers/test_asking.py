from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pincite.elements import ContentId, Kind, Medium, Scope, Source, SourceId
from retrievers.asking import Asked, Known, Named, understand
from retrievers.narrowing import Part, narrowed

TODAY = date(2026, 11, 20)
NAMES = (
    "budget.pdf",
    "3M_2018_10K.pdf",
    "3M_2022_10K.pdf",
    "BESTBUY_2023_10K.pdf",
    "harbour report.pdf",
    "lease.docx",
    "call.mp3",
)
FILES = {name: SourceId(f"s{n}") for n, name in enumerate(NAMES)}
EVERYTHING = Scope()


def asked(question: str, scope: Scope = EVERYTHING, *, empty: bool = False) -> Asked:
    def has(part: Scope) -> bool:
        return bool(part.principals) and not empty

    names = [Named(source, name) for name, source in FILES.items()]
    return understand(question, scope, Known(names, TODAY, has))


def first(question: str) -> list[str]:
    return list(dict.fromkeys(leaning.why for leaning in asked(question).leanings))


@pytest.mark.parametrize(
    ("question", "words", "files", "pages"),
    [
        ("pages 3–5 of budget.pdf about costs", "about costs", ["budget.pdf"], (3, 5)),
        ("What does page two of 'budget.pdf' say of cranes?", None, ["budget.pdf"], (2, 2)),
        ("Was steht auf Seite 4 von budget.pdf über Kosten?", None, ["budget.pdf"], (4, 4)),
        ("Costs in the harbour report, first page", None, ["harbour report.pdf"], (1, 1)),
        ("Who signed lease.docx?", "Who signed ?", ["lease.docx"], None),
    ],
)
def test_a_named_file_and_its_pages_are_filters(
    question: str, words: str | None, files: list[str], pages: tuple[int, int] | None
) -> None:
    found = asked(question)
    assert found.scope.sources == {FILES[name] for name in files}
    assert found.scope.pages == pages
    assert found.names_one_file
    assert "budget" not in found.words
    if words is not None:
        assert found.words == words
    assert found.decisions[0] == f"only {files[0]}"


def test_a_page_without_a_file_only_comes_first() -> None:
    """Questions name the number that is printed on a page, which is another one as a rule."""
    found = asked("How many cats are there on page 12?")
    assert found.scope == EVERYTHING
    assert [leaning.scope.pages for leaning in found.leanings] == [(12, 12)]
    assert first("How many cats are there on page 12?") == ["page 12 first"]


@pytest.mark.parametrize(
    ("question", "file"),
    [
        ("What is the FY2018 capital expenditure for 3M?", "3M_2018_10K.pdf"),
        ("What did 3M spend in 2022?", "3M_2022_10K.pdf"),
        ("What is Best Buy's gross margin?", "BESTBUY_2023_10K.pdf"),
    ],
)
def test_what_a_file_is_called_after_brings_it_forward(question: str, file: str) -> None:
    [leaning] = asked(question).leanings
    assert leaning.name == "file name"
    assert leaning.scope.sources == {FILES[file]}


@pytest.mark.parametrize(
    "question", ["How did revenue grow in 2018?", "What does the report say of 10k runs?", "a"]
)
def test_years_and_general_words_name_no_file(question: str) -> None:
    assert not asked(question).leanings


@pytest.mark.parametrize(
    ("question", "phrases", "labels"),
    [
        ("the clause “force majeure” in it", ("force majeure",), ()),
        ('say "the pump  failed."', ("the pump failed",), ()),
        ("« le pont est fermé »", ("le pont est fermé",), ()),
        ("„die Pumpe steht“", ("die Pumpe steht",), ()),
        ("it's the captain's log", (), ()),
        ("What is a 'pier'?", (), ("pier",)),
        ("See Table 2 and Fig. 5b", (), ("Table 2", "Figure 5b")),
        ('Answer as a list like ["2006", "2007 a"]', (), ()),
        ("an item a day", (), ()),
    ],
)
def test_quotation_marks_and_numbered_things(
    question: str, phrases: tuple[str, ...], labels: tuple[str, ...]
) -> None:
    found = asked(question)
    assert (found.phrases, found.labels) == (phrases, labels)


@pytest.mark.parametrize(
    ("question", "dates"),
    [
        ("emails from March 2021 about the lease", (date(2021, 3, 1), date(2021, 3, 31))),
        ("documents added since 5 May 2020", (date(2020, 5, 5), date.max)),
        ("files sent last week", (date(2026, 11, 9), date(2026, 11, 15))),
        ("Dateien vom 03.02.2024", (date(2024, 2, 3), date(2024, 2, 3))),
        (
            "documents between 2020-01-02 and 2020-02-03",
            (date(2020, 1, 2), date(2020, 2, 3)),
        ),
        ("photos taken before 2019", (date.min, date(2018, 12, 31))),
        ("revenue in 2019", None),
        ("documents from 31 February 2020", None),
        ("the annual report of 2018", None),
    ],
)
def test_days_filter_where_they_are_said_of_files(
    question: str, dates: tuple[date, date] | None
) -> None:
    assert asked(question).scope.dates == dates


def test_the_language_of_files_filters_and_a_word_about_a_language_does_not() -> None:
    assert asked("the German documents about Haftung").scope.languages == {"de"}
    assert asked("letters written in French on the lease").scope.languages == {"fr"}
    assert not asked("What is house in German?").scope.languages


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("which chart shows unemployment", ["figures first"]),
        ("Tabelle der Kosten", ["tables first"]),
        ("¿Qué muestra el gráfico?", ["figures first"]),
        ("la photo du pont", ["pictures first"]),
        ("the receipt from the hotel", ["pictures first"]),
        ("the voice note about delivery", ["recordings first"]),
        ("the email about delivery", ["e-mails first"]),
        ("how to chart a course", []),
        ("He tables a motion", []),
    ],
)
def test_nouns_for_kinds_bring_them_forward(question: str, said: list[str]) -> None:
    assert first(question) == said


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ('Where does the foreman say "the pump failed" in the recording?', "the pump failed"),
        ("where is the bilge pump mentioned", "the bilge pump"),
        ("the place where he talks about the crane", "the crane"),
        ("At which second is the bilge pump mentioned?", "the bilge pump"),
        ("When does she say that the pier is closed in the call?", "the pier is closed"),
        ("Wo sagt der Kapitän, dass die Pumpe steht?", "die Pumpe steht"),
        ("où dit-on que le pont est fermé ?", "le pont est fermé"),
        ("¿Dónde dice que el puente está cerrado?", "el puente está cerrado"),
        ("Where is it said that “the pump failed”?", "the pump failed"),
        ("where is the harbour", ""),
        ("What does the report say?", ""),
    ],
)
def test_words_whose_second_is_asked_for(question: str, words: str) -> None:
    assert asked(question).spoken == words


def test_a_recording_that_is_named_as_the_place_is_a_filter() -> None:
    assert asked("where is the pump mentioned in the recording").scope.kinds == {Kind.SPEECH}
    assert not asked("where is the pump mentioned").scope.kinds


def test_a_filter_that_leaves_nothing_is_dropped_and_told() -> None:
    found = asked("What is on page 6985 of budget.pdf about cats?", empty=True)
    assert found.scope == EVERYTHING
    assert found.decisions == ("nothing is in budget.pdf, so that is no filter",)


def test_what_contradicts_the_askers_own_filter_is_dropped_and_told() -> None:
    mine = Scope(sources=frozenset({FILES["lease.docx"]}))
    found = asked("the rent in budget.pdf", mine)
    assert found.scope == mine
    assert found.decisions == ("nothing is in budget.pdf, so that is no filter",)


def test_a_question_of_markers_alone_keeps_its_words() -> None:
    assert asked("page 3 of budget.pdf").words


# --- never more than the asker may see ------------------------------------------------------------

WORDS = (
    "what page pages 3 12 – 5 of in the from budget.pdf lease harbour report 3M 2018 chart table "
    "photo recording “the pump” 'x' emails since March 2021 German documents where is said before "
    "files last week Seite gráfico Table first cover BESTBUY"
)
PIECES = st.sampled_from(WORDS.split())
QUESTIONS = st.lists(PIECES, max_size=12).map(" ".join) | st.text(max_size=80)
SUBSET = {
    "collections": st.frozensets(st.sampled_from(["default", "legal"])),
    "sources": st.frozensets(st.sampled_from(sorted(FILES.values()))),
    "media": st.frozensets(st.sampled_from(list(Medium))),
    "kinds": st.frozensets(st.sampled_from(list(Kind))),
    "languages": st.frozensets(st.sampled_from(["en", "de"])),
}
PAGES = st.none() | st.tuples(st.integers(1, 9), st.integers(0, 9)).map(lambda p: (p[0], sum(p)))
DATES = st.none() | st.just((date(2020, 1, 1), date(2021, 6, 1)))
SCOPES = st.builds(
    Scope, principals=st.just(frozenset({"anna"})), pages=PAGES, dates=DATES, **SUBSET
)


def is_part(part: Scope, whole: Scope) -> bool:
    """Whether everything that `part` admits, `whole` admits; empty sets stand for everything."""
    sets = ("collections", "sources", "media", "kinds", "languages")
    inside = all(
        not getattr(whole, name)
        or (getattr(part, name) and getattr(part, name) <= getattr(whole, name))
        for name in sets
    )
    spans = all(
        getattr(whole, name) is None
        or (
            getattr(part, name) is not None
            and getattr(whole, name)[0] <= getattr(part, name)[0]
            and getattr(part, name)[1] <= getattr(whole, name)[1]
        )
        for name in ("pages", "dates")
    )
    return part.principals == whole.principals and inside and spans


@settings(deadline=None)
@given(QUESTIONS, SCOPES, st.booleans())
def test_whatever_is_asked_the_scope_is_a_part_of_the_askers(
    question: str, scope: Scope, empty: bool
) -> None:
    found = asked(question, scope, empty=empty)
    parts = [found.scope, *(leaning.scope for leaning in found.leanings)]
    parts += [found.speech] if found.speech else []
    assert all(is_part(part, scope) for part in parts)


@given(SCOPES, st.builds(Part, pages=PAGES, dates=DATES, **SUBSET))
def test_a_narrowed_scope_admits_what_both_admit_and_nothing_else(scope: Scope, part: Part) -> None:
    both = narrowed(scope, part)
    if both is None:
        return
    assert is_part(both, scope)
    assert is_part(both, Scope(principals=scope.principals, **dict(part)))


@given(SCOPES, st.builds(Part, pages=PAGES, dates=DATES, **SUBSET), st.sampled_from(list(Medium)))
def test_no_source_comes_in_by_narrowing(scope: Scope, part: Part, medium: Medium) -> None:
    source = Source(
        id=SourceId("s1"),
        content=ContentId("0" * 64),
        name="x",
        origin="/x",
        medium=medium,
        readers=frozenset({"anna"}),
        added_at=datetime(2025, 1, 1, tzinfo=UTC),
    )
    both = narrowed(scope, part)
    assert both is None or not both.admits(source) or scope.admits(source)


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_text_can_be_asked(question: str) -> None:
    assert asked(question).words == asked(question).words


def test_a_long_hostile_question_is_understood_in_time() -> None:
    for piece in ("in the ", "“a ", "page 1 to ", "where is said ", "files from ", "a-", "Table "):
        asked((piece * 4_000)[:4_000])


@pytest.mark.parametrize(
    "question",
    ["Who won the final?", "What is the black market worth?", "How does steam escape?"],
)
def test_a_word_of_asking_or_half_a_name_names_no_file(question: str) -> None:
    files = ("Doctor_Who.txt", "Black_Death.txt", "Steam_engine.txt")
    names = [Named(SourceId(name), name) for name in files]

    def has(part: Scope) -> bool:
        return bool(part.principals)

    known = Known(names, TODAY, has)
    assert not any(each.scope.sources for each in understand(question, EVERYTHING, known).leanings)
