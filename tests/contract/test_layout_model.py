import numpy as np
import pytest
from PIL import Image, ImageDraw

from pincite.models.rapid_layout import RapidLayoutModel

pytestmark = pytest.mark.real


def test_a_page_of_text_has_regions_inside_the_picture_best_first() -> None:
    page = Image.new("RGB", (800, 1000), "white")
    draw = ImageDraw.Draw(page)
    draw.text((80, 60), "A short report about pumps", fill="black", font_size=36)
    for line in range(12):
        words = "The pump was taken out, cleaned and put back on the same day."
        draw.text((80, 160 + 26 * line), words, fill="black", font_size=20)
    regions = RapidLayoutModel().regions(np.asarray(page))
    assert regions
    assert all(0 <= r.left <= r.right <= 800 and 0 <= r.top <= r.bottom <= 1000 for r in regions)
    assert [r.confidence for r in regions] == sorted((r.confidence for r in regions), reverse=True)
