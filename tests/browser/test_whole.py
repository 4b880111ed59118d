"""The page over the whole system (stand-in model, real parsers): add a file, ask, look."""

from __future__ import annotations

import io
from collections.abc import Generator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, expect

from tests.integration.serving.library import make_files
from tests.integration.serving.process import Serving

pytestmark = pytest.mark.browser


@pytest.fixture
def whole(tmp_path: Path) -> Generator[Serving]:
    make_files(tmp_path / "files")
    running = Serving(tmp_path / "library")
    yield running
    assert running.end() == 0


def test_a_file_is_added_asked_about_and_its_words_are_outlined(
    chromium: Browser, whole: Serving, tmp_path: Path
) -> None:
    page = chromium.new_context(viewport={"width": 1440, "height": 1000}).new_page()
    page.goto(whole.page)
    expect(page.locator(".welcome h2")).to_have_text("Start with a few files")
    page.set_input_files("#files", [tmp_path / "files" / "harbour.pdf"])
    source = page.locator(".source", has_text="harbour.pdf")
    expect(source.locator(".source-state")).to_have_text("2 pages read", timeout=60_000)
    page.fill("#question", "When did the harbour of Lindwick open?")
    page.keyboard.press("Enter")
    expect(page.locator(".quote-text").first).to_contain_text("1872", timeout=30_000)
    expect(page.locator(".verdict.supported")).to_be_visible(timeout=30_000)
    page.locator(".sentence .cite").first.click()
    page.wait_for_selector(".sheet.loaded")
    region, sheet = page.locator(".region").bounding_box(), page.locator(".sheet").bounding_box()
    assert region is not None
    assert sheet is not None
    baseline = sheet["y"] + sheet["height"] * (842 - 700) / 842
    assert region["y"] < baseline < region["y"] + region["height"] + 2
    assert region["height"] < sheet["height"] * 0.05
    shot = Image.open(io.BytesIO(page.screenshot())).convert("L")
    left, top = int(region["x"]), int(region["y"])
    inside = shot.crop((left, top, left + int(region["width"]), top + int(region["height"])))
    dark = sum(inside.histogram()[:110])
    assert dark > 0.02 * inside.width * inside.height, "the outlined region holds the words"
    page.context.close()
