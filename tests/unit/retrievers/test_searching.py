from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pincite.config import OnnxReranker, Retrieval
from pincite.elements import (
    Content,
    ContentId,
    How,
    Kind,
    Medium,
    ParsedElement,
    ParsedPassage,
    Scope,
    Source,
    SourceId,
    Word,
)
from pincite.errors import ModelUnavailable, UnknownSource, UserError
from pincite.evidence import Evidence, Findings
from pincite.index.memory import MemoryIndex
from pincite.index.ports import TEXT, Point
from pincite.index.words import Bm25Words
from pincite.locators import PageBox, TimeSpan
from pincite.models.fake_text import FakeTextEncoder
from pincite.models.ports import Modality
from pincite.texts import TextStore
from retrievers.asking.values import Named
from retrievers.filters import filtered, split
from retrievers.hybrid import HybridRetriever
from retrievers.reranked import RerankStage
from retrievers.searching import Searching

ENCODER, WORDS = FakeTextEncoder(), Bm25Words()
LOCAL = Scope(collections=frozenset())
TODAY = date(2026, 11, 20)


class Library:
    """Files of one page after another, a passage a page."""

    def __init__(self, folder: Path) -> None:
        self.texts = TextStore(folder / "texts.sqlite")
        self.index = MemoryIndex()
        self.hybrid = HybridRetriever(self.index, ENCODER, WORDS, self.texts, Retrieval())

    def find(self, question: str, scope: Scope = LOCAL, keep: int = 8, **more: object) -> Findings:
        wanted = Retrieval.model_validate(more)
        searching = Searching(self.hybrid, self.index, self.texts, wanted)
        return searching.find(question, scope, keep=keep)

    def add(
        self,
        name: str,
        *pages: str,
        kind: Kind = Kind.TEXT,
        medium: Medium = Medium.PDF,
        reader: str = "local",
    ) -> None:
        content = ContentId(name.ljust(64, "0"))
        self.texts.add_content(Content(id=content, size=1, media_type="x/y", medium=medium))
        source = Source(
            id=SourceId(name.replace(".", "-")),
            content=content,
            name=name,
            origin=f"/{name}",
            medium=medium,
            readers=frozenset({reader}),
            added_at=datetime(2025, 1, 1, tzinfo=UTC),
        )
        self.texts.add_source(source)
        elements = [parsed(kind, text, page) for page, text in enumerate(pages, 1)]
        passages = [
            ParsedPassage(elements=(n,), text=text, page=n + 1) for n, text in enumerate(pages)
        ]
        self.texts.put_unit(content, "test", 1, elements, passages)
        found = self.texts.passages_of(source.id, 1)
        vectors = ENCODER.embed_documents(pages)
        points = [
            Point(
                passage=passage.id,
                source=source.id,
                collection=source.collection,
                readers=source.readers,
                medium=medium,
                page=passage.page,
                vectors={TEXT: vector},
                words=sparse,
                kinds=frozenset({kind}),
            )
            for passage, vector, sparse in zip(
                found, vectors, WORDS.embed_documents(pages), strict=True
            )
        ]
        self.index.upsert(points)


def parsed(kind: Kind, text: str, page: int) -> ParsedElement:
    if kind is not Kind.SPEECH:
        box = PageBox(page=page, left=1, top=1, right=9, bottom=9, page_width=10, page_height=10)
        return ParsedElement(kind=kind, text=text, locators=(box,), how=How.TEXT_LAYER)
    words = [
        Word(text=word, locator=TimeSpan(start_s=10 * page + n, end_s=10 * page + n + 0.5))
        for n, word in enumerate(text.split())
    ]
    span = TimeSpan(start_s=10 * page, end_s=10 * page + len(words))
    return ParsedElement(kind=kind, text=text, locators=(span,), how=How.SPEECH, words=tuple(words))


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    made = Library(tmp_path)
    made.add("budget.pdf", "The crane costs 4 million.", "The pump costs 2 million.", "Thanks.")
    made.add("harbour report.pdf", "The crane was late.", "The bilge pump failed in May.")
    made.add("call.mp3", "we saw the bilge pump fail at noon", "bye", kind=Kind.SPEECH)
    made.add("plan.pdf", "Costs of the crane: 4 5 6", kind=Kind.TABLE)
    made.add("bobs.pdf", "The crane of Bob costs a lot.", reader="bob")
    yield made
    made.texts.close()


def names(found: Findings) -> list[str]:
    return [item.source.name for item in found.evidence]


def test_a_named_file_and_page_are_all_that_is_searched(library: Library) -> None:
    found = library.find("what costs what on page 2 of budget.pdf?")
    assert [(item.source.name, item.passage.page) for item in found.evidence] == [("budget.pdf", 2)]
    assert found.decisions == ("only budget.pdf", "only page 2")


def test_a_page_that_is_not_there_is_no_filter(library: Library) -> None:
    found = library.find("what costs what on page 77 of budget.pdf?")
    assert set(names(found)) == {"budget.pdf"}
    assert "nothing is in page 77, so that is no filter" in found.decisions


def test_another_persons_file_is_neither_found_nor_hinted_at(library: Library) -> None:
    found = library.find("the crane in bobs.pdf")
    assert "bobs.pdf" not in names(found)
    assert not any("bobs" in decision for decision in found.decisions)


def test_a_table_comes_forward_where_one_is_asked_for(library: Library) -> None:
    assert names(library.find("costs of the crane"))[0] != "call.mp3"
    found = library.find("the table with the costs of the crane")
    assert names(found)[0] == "plan.pdf"
    assert "table" in found.evidence[0].found_by
    assert "tables first" in found.decisions


def test_a_phrase_comes_first_and_a_missing_one_is_told(library: Library) -> None:
    found = library.find('did the "crane was late" cost 4 million')
    assert names(found)[0] == "harbour report.pdf"
    assert "phrase" in found.evidence[0].found_by
    found = library.find('did the "pumps failed" cost 4 million')
    assert "“pumps failed” with other endings" in found.decisions
    found = library.find('did the "tide was out" cost 4 million')
    assert "nothing has “tide was out”" in found.decisions
    assert found.evidence


def test_where_something_is_said_is_answered_to_the_second(library: Library) -> None:
    found = library.find("Where is the bilge pump mentioned in the recording?")
    assert names(found) == ["call.mp3"]
    assert found.evidence[0].spots == (TimeSpan(start_s=12, end_s=14.5),)
    assert "spoken" in found.evidence[0].found_by


def test_a_question_in_another_script_says_so(library: Library) -> None:
    assert "nothing found is written in Cyrillic letters" in library.find("кран 4").decisions
    assert not library.find("crane").decisions


def test_without_understanding_the_question_is_searched_as_it_is(library: Library) -> None:
    found = library.find("page 2 of budget.pdf", understand=False)
    assert found.searched == "page 2 of budget.pdf"
    assert not found.decisions


def test_near_duplicates_are_shown_once_and_a_file_can_be_kept_short(library: Library) -> None:
    rules = "The harbour master may close the quay when the wind is stronger than nine"
    library.add("rules.pdf", f"{rules} knots.", f"{rules} bft.", "The quay is closed at night.")
    library.add("other.pdf", "The quay is open.")
    two = [item.passage.text for item in library.find("may the quay be closed", keep=20).evidence]
    assert sum(text.startswith(rules) for text in two) == 1
    first = names(library.find("may the quay be closed", per_source=1))
    assert first[:2].count("rules.pdf") == 1
    named = names(library.find("may the quay be closed in rules.pdf", per_source=1))
    assert named.count("rules.pdf") == 2


def test_a_picture_without_a_model_that_sees_is_one_sentence(library: Library) -> None:
    searching = Searching(library.hybrid, library.index, library.texts, Retrieval())
    with pytest.raises(UserError, match="no model that sees pictures"):
        searching.find("", LOCAL, keep=3, picture=b"png")


class Sees:
    """Sees a pump in every picture."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def search_all(self, words: str, scope: Scope, *, keep: int) -> list[Evidence]:
        found = self._library.hybrid.search("pump", LOCAL, keep=keep)
        named = [item for item in found if item.source.id in scope.sources]
        return [item.model_copy(update={"found_by": ("pictures",)}) for item in named]

    def search_picture(
        self, picture: bytes, words: str, scope: Scope, *, keep: int
    ) -> list[Evidence]:
        assert picture == b"png"
        found = self._library.hybrid.search(f"pump {words}", scope, keep=keep)
        return [item.model_copy(update={"found_by": ("picture",)}) for item in found]


def test_a_photo_without_words_is_found_by_the_name_of_its_file(library: Library) -> None:
    library.add("harbour.jpg", "pump", medium=Medium.IMAGE)
    searching = Searching(
        NoTexts(), library.index, library.texts, Retrieval(), pictures=Sees(library)
    )
    for question, found_by in (
        ("what is to be seen on harbour.jpg?", ("pictures",)),
        ("what is to be seen on the harbour?", ("pictures", "file name")),
    ):
        (best, *_) = searching.find(question, LOCAL, keep=3).evidence
        assert (best.source.name, best.found_by) == ("harbour.jpg", found_by)


class NoTexts:
    def search(self, question: str, scope: Scope, *, keep: int) -> list[Evidence]:
        return []


def test_a_picture_alone_and_with_words_is_a_question(library: Library) -> None:
    searching = Searching(
        library.hybrid, library.index, library.texts, Retrieval(), pictures=Sees(library)
    )
    alone = searching.find("", LOCAL, keep=3, picture=b"png")
    assert "pump" in alone.evidence[0].passage.text
    assert alone.evidence[0].found_by == ("picture",)
    both = searching.find("costs in budget.pdf", LOCAL, keep=3, picture=b"png")
    assert set(names(both)) == {"budget.pdf"}
    assert both.evidence[0].found_by == ("dense", "words", "picture")


PIECES = (
    "crane cost bobs.pdf page 1 2 in of the table recording “crane of Bob” where is said Bob pump "
    "million budget.pdf first"
)
QUESTIONS = st.lists(st.sampled_from(PIECES.split()), max_size=8).map(" ".join)


@given(QUESTIONS)
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_nothing_of_another_person_leaks_whatever_is_asked(library: Library, question: str) -> None:
    found = library.find(question, keep=30)
    assert "bobs.pdf" not in names(found)
    assert not any("bobs" in decision and "bobs" not in question for decision in found.decisions)
    alone = [item.passage.id for item in found.evidence]
    library.texts.delete_source(SourceId("bobs-pdf"))
    library.index.delete(SourceId("bobs-pdf"))
    without = library.find(question, keep=30)
    assert [item.passage.id for item in without.evidence] == alone
    assert without.decisions == found.decisions
    library.add("bobs.pdf", "The crane of Bob costs a lot.", reader="bob")


# --- reranking ------------------------------------------------------------------------------------


class LastWord:
    """Likes what ends like the question; fails when told to."""

    id = "last word"
    modalities: frozenset[Modality] = frozenset({"text"})
    fails = False

    def scores(self, question: str, items: Sequence[str | bytes]) -> list[float]:
        if self.fails:
            raise ModelUnavailable("it is asleep")
        last = question.split()[-1]
        return [float(str(item).rstrip(".").endswith(last)) for item in items]

    def warm_up(self) -> None: ...


def reranking(library: Library, model: LastWord, *, top: int = 10) -> Searching:
    wanted = OnnxReranker(folder="x", top=top)
    stage = RerankStage(model, wanted)
    return Searching(library.hybrid, library.index, library.texts, Retrieval(), rerank=stage)


def test_the_rerankers_order_counts_and_is_told(library: Library) -> None:
    found = reranking(library, LastWord()).find("crane crane late", LOCAL, keep=3)
    assert found.evidence[0].passage.text == "The crane was late."
    assert found.evidence[0].found_by[-1] == "rerank"
    assert [item.rank for item in found.evidence] == [1, 2, 3]


def test_what_is_beyond_the_top_keeps_its_order_behind_it(library: Library) -> None:
    found = reranking(library, LastWord(), top=1).find("crane crane late", LOCAL, keep=3)
    assert ["rerank" in item.found_by for item in found.evidence] == [True, False, False]


def test_a_reranker_that_fails_costs_the_order_only(library: Library) -> None:
    model = LastWord()
    model.fails = True
    plain = library.find("crane late", keep=3)
    assert reranking(library, model).find("crane late", LOCAL, keep=3).evidence == plain.evidence


# --- filters --------------------------------------------------------------------------------------

FILES = [Named(SourceId("s1"), "budget.pdf"), Named(SourceId("s2"), "notes.md")]


def narrow(*filters: str) -> Scope | None:
    return filtered(LOCAL, [split(each) for each in filters], FILES, TODAY)


def test_filters_narrow_a_scope() -> None:
    scope = narrow("kind=table", "kind=figure", "pages=3-5", "source=*.PDF", "language=de")
    assert scope is not None
    assert scope.kinds == {Kind.TABLE, Kind.FIGURE}
    assert scope.pages == (3, 5)
    assert scope.sources == {"s1"}
    assert scope.languages == {"de"}
    dated = narrow("date=2020..2021-06")
    assert dated is not None
    assert dated.dates == (date(2020, 1, 1), date(2021, 6, 30))
    assert narrow("name=s2", "medium=pdf", "page=7") is not None


def test_open_ended_dates() -> None:
    since = narrow("date=2020-05-05..")
    assert since is not None
    assert since.dates == (date(2020, 5, 5), date.max)


@pytest.mark.parametrize(
    ("filters", "said"),
    [
        (["colour=red"], "no filter is called 'colour'; these are: collection, source, kind"),
        (["kind=tabel"], "no kind is called 'tabel'; these are: title, heading"),
        (["medium=paper"], "no medium is called 'paper'; these are: pdf, image"),
        (["pages=x"], "'x' are no pages; write pages=3 or pages=3-5"),
        (["pages=5-3"], "'5-3' are no pages"),
        (["pages=1", "pages=2"], "only one filter pages can be set"),
        (["date=soon"], "'soon' is no date"),
        (["language=Deutsch!"], "is no language"),
    ],
)
def test_an_unknown_filter_lists_the_known_ones(filters: list[str], said: str) -> None:
    with pytest.raises(UserError) as raised:
        narrow(*filters)
    assert said in str(raised.value)


def test_an_unknown_file_is_told_like_a_hidden_one() -> None:
    with pytest.raises(UnknownSource, match=r"no file is called secret.pdf"):
        narrow("source=secret.pdf")
