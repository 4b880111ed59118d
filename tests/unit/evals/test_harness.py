"""What suites lean on: samples, peers, the words of a read page, who was measured."""

from __future__ import annotations

from pathlib import Path

import pytest

from evals import product
from evals.peers_ocr import words_in_table
from evals.shipped import marked_texts, read_elements
from evals.suites import SUITES, Context, suite
from ingestion.readers.ports import UnitRead
from pincite.config import FakeEncoder, ModelStore, Settings
from pincite.elements import FormField, How, Kind, ParsedElement, Word
from pincite.errors import UserError
from pincite.locators import ImageBox


def context(tmp_path: Path, **more: object) -> Context:
    fields = {"settings": Settings(), "data": tmp_path, "scratch": tmp_path} | more
    return Context(**fields)  # pyright: ignore[reportArgumentType]


def test_profiles_nest_and_a_limit_caps_each(tmp_path: Path) -> None:
    items = [f"item {n}" for n in range(50)]

    def chosen(**more: object) -> list[str]:
        return context(tmp_path, **more).sample(items, str, standard=20)

    smoke, standard, full = (chosen(profile=name) for name in ("smoke", "standard", "full"))
    assert (len(smoke), len(standard), len(full)) == (4, 20, 50)
    assert standard[:4] == smoke
    assert full[:20] == standard
    assert chosen(profile="full", limit=7) == full[:7]
    assert chosen(seed=1) != standard


def test_a_suite_names_the_data_it_reads(tmp_path: Path) -> None:
    (tmp_path / "funsd").mkdir()
    assert context(tmp_path).dataset("funsd") == tmp_path / "funsd"
    assert context(tmp_path).dataset("sroie") is None
    with pytest.raises(KeyError, match="KNOWN"):
        context(tmp_path).dataset("holiday_photos")


def test_an_unknown_suite_is_named_with_those_that_are() -> None:
    with pytest.raises(UserError, match="ocr, parse"):
        suite("dancing")
    assert all(callable(suite(name)) for name in SUITES)


def box(left: float) -> ImageBox:
    return ImageBox(left=left, top=0, right=left + 9, bottom=9, image_width=99, image_height=99)


def element(text: str, kind: Kind = Kind.TEXT, how: How = How.OCR, **more: object) -> ParsedElement:
    return ParsedElement.model_validate(
        {"kind": kind, "text": text, "locators": (box(0),), "how": how, **more}
    )


def test_words_are_taken_where_a_reader_kept_them_and_nothing_is_counted_twice() -> None:
    words = (Word(text="two", locator=box(10)), Word(text="words", locator=box(30)))
    field = FormField(name="total", value="9.00", value_locators=(box(0),))
    read = UnitRead(
        elements=(
            element("two words", words=words),
            element("whole"),
            element("", Kind.PHOTO),
            element("9.00", Kind.FIELD, field=field),
            element("a ship", Kind.PHOTO, How.MACHINE_CAPTION),
        ),
        how="ocr",
    )
    seen = [(text.text, text.left) for text in marked_texts(read)]
    assert seen == [("two", 10), ("words", 30), ("whole", 0)]
    assert [e.text for e in read_elements(read)] == ["two words", "whole"]


def test_the_words_of_tesseract_are_read_from_its_table() -> None:
    rows = (
        "level page block par line word left top width height conf text",
        "4 1 1 1 1 0 10 20 90 12 -1 ",
        "5 1 1 1 1 1 10 20 30 12 96.5 Date:",
    )
    (word,) = words_in_table("\n".join(rows).replace(" ", "\t"))
    assert (word.text, word.left, word.top, word.right, word.bottom) == ("Date:", 10, 20, 40, 32)


def test_a_report_names_version_commit_and_weights(tmp_path: Path) -> None:
    settings = Settings(models=ModelStore(dir=tmp_path), encoder=FakeEncoder())
    told = product.product(settings)
    assert len(told.config_sha256) == 64
    assert told != product.product(Settings())
    weights = product.models(settings)
    assert {"ocr", "layout"} == {model.role for model in weights}, "those that packages carry"
    assert all(len(model.sha256) == 64 for model in weights)
    assert product.machine().cores >= 1
