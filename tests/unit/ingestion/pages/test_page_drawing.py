import io

import numpy as np
from PIL import Image

from ingestion.page_drawing import drawn
from pincite.elements import How, Kind, ParsedElement
from pincite.locators import PageBox, TextSpan


def test_each_place_is_outlined_in_the_color_of_its_kind() -> None:
    out = io.BytesIO()
    Image.new("RGB", (200, 400), "white").save(out, "PNG")
    box = PageBox(page=1, left=10, top=20, right=50, bottom=60, page_width=100, page_height=200)
    elements = [
        ParsedElement(kind=Kind.TEXT, text="a", locators=(box,), how=How.TEXT_LAYER),
        ParsedElement(
            kind=Kind.TEXT, text="b", locators=(TextSpan(start=0, end=1),), how=How.TEXT_LAYER
        ),
    ]
    with Image.open(io.BytesIO(drawn(out.getvalue(), elements))) as picture:
        pixels = np.asarray(picture.convert("RGB"))
    assert pixels.shape == (400, 200, 3)
    assert tuple(pixels[80, 17]) == (0x2E, 0x6F, 0x95)
    assert tuple(pixels[80, 60]) == (255, 255, 255)
