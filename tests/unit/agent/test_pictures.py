"""Which places are shown, and how closely."""

from __future__ import annotations

import pytest

from agent.pictures import Wanted, most_pictures, wanted, wordless, worth_looking
from agent.selection import Piece
from pincite.elements import Element, How, Kind, Medium, Passage, PassageId, Source
from pincite.evidence import Evidence
from pincite.locators import ImageBox, PageBox, TextSpan
from pincite.models.fakes import ScriptedChatModel
from pincite.models.ports import Numbered, Vision
from tests.unit.agent.library import MemoryLibrary, element

VISION = Vision(side=500, tokens=100, pictures=6)


def page_box(width: float = 100, height: float = 100, page: int = 1) -> PageBox:
    return PageBox(
        left=50, top=50, right=50 + width, bottom=50 + height,
        page=page, page_width=595, page_height=842,
    )  # fmt: skip


def figure(ordinal: int = 0, **more: object) -> Element:
    fields: dict[str, object] = {"kind": Kind.FIGURE, "crop": "key", "locators": (page_box(),)}
    return element("", ordinal, "s1", **{**fields, **more})


def plan(*elements: Element, most: int = 6) -> list[Wanted]:
    evidence = [Numbered(number=n, element=each) for n, each in enumerate(elements, 1)]
    return list(wanted(evidence, VISION, most))


def looks(*elements: Element, most: int = 6) -> list[tuple[int, str]]:
    return [(each.number, each.view.look) for each in plan(*elements, most=most)]


def test_text_of_a_text_layer_is_not_looked_at() -> None:
    assert looks(element("Plain text.", 0)) == []


def test_a_figure_is_shown_with_its_page_first() -> None:
    assert looks(figure()) == [(1, "page"), (1, "place")]


def test_tables_and_scans_are_looked_at_too() -> None:
    table = element("a | b", 0, kind=Kind.TABLE, locators=(page_box(),))
    scan = element("Total 12", 1, how=How.OCR, locators=(page_box(page=2),))
    assert looks(table, scan) == [(1, "page"), (2, "page"), (1, "place"), (2, "place")]


def test_a_page_is_shown_once_for_all_that_stands_on_it() -> None:
    assert looks(figure(0), figure(1)) == [(1, "page"), (1, "place"), (2, "place")]


def test_a_photo_is_shown_as_one_and_without_what_is_around_it() -> None:
    whole = ImageBox(left=0, top=0, right=4000, bottom=3000, image_width=4000, image_height=3000)
    [only] = plan(element("", 0, kind=Kind.PHOTO, crop="key", locators=(whole,)))
    assert (only.view.look, only.view.columns, only.view.rows) == ("place", 1, 1)


def test_a_place_as_large_as_its_page_is_not_shown_twice() -> None:
    assert looks(figure(0, locators=(page_box(540, 780),)), most=1) == [(1, "place")]


def test_a_large_place_is_shown_in_parts() -> None:
    [_, near] = plan(figure(0, locators=(page_box(360, 170),)))
    assert (near.view.columns, near.view.rows) == (2, 1)  # 1 000 × 472 pixels at 200 dpi


@pytest.mark.parametrize("most", [1, 2, 3, 4])
def test_no_more_pictures_than_there_is_room_for(most: int) -> None:
    views = plan(
        figure(0, locators=(page_box(500, 700),)), figure(1, locators=(page_box(),)), most=most
    )
    assert 1 <= sum(each.view.columns * each.view.rows for each in views) <= most
    assert views[-1].view.look == "place"


def test_pictures_come_before_lines_of_scans_where_there_is_little_room() -> None:
    scan = element("Total 12", 0, how=How.OCR)
    assert looks(scan, figure(1), most=1) == [(2, "place")]


def test_hidden_things_and_files_without_pages_are_not_shown() -> None:
    hidden = figure(0, flags=frozenset({"hidden_text"}))
    text = element("", 1, kind=Kind.TABLE, locators=(TextSpan(start=0, end=5),))
    assert looks(hidden, text) == []


def test_pictures_leave_half_of_the_context_to_text() -> None:
    def model(vision: Vision | None) -> ScriptedChatModel:
        return ScriptedChatModel(["x"], vision=vision)

    assert most_pictures(model(None)) == 0
    assert most_pictures(model(VISION)) == 6
    assert most_pictures(model(Vision(side=1024, tokens=1_280, pictures=6))) == 3


# --- pictures without words ----------------------------------------------------------------------


def found(*elements: Element) -> list[Evidence]:
    library = MemoryLibrary()
    source = library.source(library.add("photo.jpg", ["A caption."]))
    source = source.model_copy(update={"medium": Medium.IMAGE})
    return [evidence(source, rank, each) for rank, each in enumerate(elements, 1)]


def evidence(source: Source, rank: int, item: Element) -> Evidence:
    passage = Passage(
        id=PassageId(f"{source.id}.p{rank}"), source=source.id, elements=(item.id,), text=item.text
    )
    return Evidence(
        passage=passage, elements=(item,), source=source, score=1, rank=rank, found_by=("pictures",)
    )


def test_a_photo_without_words_becomes_evidence_under_the_next_number() -> None:
    items = found(element("Words.", 0), figure(1), figure(2))
    source = items[0].source
    read = (Piece(1, items[0].elements[0], source, "Words."),)
    new = wordless(items, read, 1)
    assert [(piece.number, piece.element.id, piece.text) for piece in new] == [
        (2, items[1].elements[0].id, "")
    ]


def test_a_picture_whose_caption_was_chosen_is_not_numbered_twice() -> None:
    items = found(figure(0))
    read = (Piece(1, items[0].elements[0], items[0].source, "A caption."),)
    assert wordless(items, read, 3) == ()


def test_only_pictures_among_the_best_are_worth_a_look_and_only_to_a_model_that_sees() -> None:
    seeing = ScriptedChatModel(["x"], vision=VISION)
    texts = [element("Words.", n) for n in range(3)]
    assert worth_looking(found(figure(0)), seeing)
    assert not worth_looking(found(figure(0)), ScriptedChatModel(["x"]))
    assert not worth_looking(found(figure(0)), None)
    assert not worth_looking(found(*texts, figure(3)), seeing)
