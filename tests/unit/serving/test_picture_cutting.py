from __future__ import annotations

import io

import pytest
from PIL import Image

from agent.views import View
from pincite.locators import ImageBox, PageBox
from serving.element_pictures import level
from serving.picture_cutting import cut

RED, BLUE = (255, 0, 0), (0, 0, 255)


def png(size: tuple[int, int] = (600, 800)) -> bytes:
    """White, with a red and a blue half in the rectangle from (300, 400) to (500, 500)."""
    picture = Image.new("RGB", size, "white")
    picture.paste(RED, (300, 400, 400, 500))
    picture.paste(BLUE, (400, 400, 500, 500))
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def box(left: float, top: float, right: float, bottom: float) -> PageBox:
    """Of a page of 300 × 400 points: half as many as pixels."""
    return PageBox(
        left=left, top=top, right=right, bottom=bottom, page=1, page_width=300, page_height=400
    )


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB")


def test_a_page_is_shrunk_to_what_the_model_sees() -> None:
    [page] = cut(png(), [box(150, 200, 250, 250)], View("page", 200))
    assert opened(page).size == (150, 200)


def test_a_place_is_cut_out_with_a_little_around_it() -> None:
    [place] = cut(png(), [box(150, 200, 250, 250)], View("place", 500))
    picture = opened(place)
    assert 200 < picture.width < 240
    assert 100 < picture.height < 140
    middle = picture.height // 2
    assert picture.getpixel((picture.width // 4, middle)) == RED
    assert picture.getpixel((3 * picture.width // 4, middle)) == BLUE


def test_parts_come_row_by_row_and_overlap_a_little() -> None:
    left, right = map(opened, cut(png(), [box(150, 200, 250, 250)], View("place", 500, columns=2)))
    middle = left.height // 2
    assert left.getpixel((left.width // 2, middle)) == RED
    assert left.getpixel((left.width - 2, middle)) == BLUE
    assert right.getpixel((right.width // 2, middle)) == BLUE
    assert right.getpixel((1, middle)) == RED


def test_a_place_at_the_edge_stays_within_the_page() -> None:
    [place] = cut(png(), [box(0, 0, 0, 0)], View("place", 500))
    assert min(opened(place).size) >= 8


def test_several_boxes_are_shown_together() -> None:
    [place] = cut(png(), [box(0, 0, 10, 10), box(280, 390, 300, 400)], View("place", 2000))
    assert opened(place).size == (600, 800)


@pytest.mark.parametrize(
    ("side", "columns", "expected"), [(64, 1, 75), (200, 1, 150), (400, 1, 300), (400, 2, 300)]
)
def test_a_page_is_drawn_no_finer_than_needed(side: int, columns: int, expected: int) -> None:
    assert level(box(150, 200, 250, 250), View("place", side, columns=columns)) == expected


def test_a_picture_file_is_opened_as_large_as_needed() -> None:
    whole = ImageBox(left=0, top=0, right=900, bottom=600, image_width=900, image_height=600)
    corner = whole.model_copy(update={"right": 90, "bottom": 60})
    assert level(whole, View("place", 1000)) == 75
    assert level(corner, View("place", 1000)) == 300
