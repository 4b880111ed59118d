from pathlib import Path

from ingestion.layout.formulas import formula_regions
from ingestion.layout.glyphs import Glyph, latex_of
from ingestion.layout.marks import Box, Line, Rule, Word, line_of
from ingestion.readers.pdf import PdfReader
from ingestion.readers.ports import UnitRead
from pincite.config import Ingestion
from pincite.elements import Kind
from pincite.models.fakes import FakeTextRecognizer
from tests.unit.ingestion.pages.drawn import HEIGHT, PROSE, Pen, draw, paragraph


def glyph(text: str, left: float, baseline: float, size: float = 10) -> Glyph:
    """A sign as wide as half its type and as high as two thirds of it."""
    box = Box(left, baseline - 0.66 * size, left + 0.5 * size, baseline)
    return Glyph(text, box, size, baseline)


def test_small_signs_off_the_baseline_are_scripts() -> None:
    glyphs = [
        glyph("a", 0, 100),
        glyph("2", 6, 96, 7),
        glyph("i", 10, 103, 7),
        glyph("+", 16, 100)._replace(after_space=True),
    ]
    assert latex_of(glyphs) == "a_{i}^{2} +"


def test_a_drawn_line_between_signs_is_a_fraction() -> None:
    bar = Rule(horizontal=True, at=100, start=10, end=24)
    glyphs = [glyph("x", 0, 103), glyph("a", 14, 97), glyph("b", 14, 110)]
    assert latex_of(glyphs, [bar]) == "x\\frac{a}{b}"


def test_limits_stand_above_and_below_a_sum() -> None:
    total = Glyph("∑", Box(20, 90, 32, 104), 16, 101)
    glyphs = [glyph("k", 24, 88, 7), total, glyph("i", 23, 112, 7), glyph("x", 34, 101)]
    assert latex_of(glyphs) == "∑_{i}^{k}x"


def line(text: str, left: float, top: float, size: float = 10) -> Line:
    words: list[Word] = []
    for word in text.split():
        box = Box(left, top, left + 5 * len(word), top + size)
        words.append(Word(word, box, box, size))
        left = box.right + 3
    return line_of(words)


def test_only_what_stands_apart_from_running_text_is_a_formula() -> None:
    prose = line("Here we recall that this is the induced linear functional", 50, 100)
    inline = line("that x = y + z", 50, 112)
    shown = line("x = y + z", 150, 140)
    amount = line("Total = $ 1,234", 150, 300)
    assert formula_regions([prose, inline, shown, amount]) == [[shown]]


def test_a_displayed_formula_becomes_an_element_with_its_picture(tmp_path: Path) -> None:
    def page(pen: Pen) -> None:
        paragraph(pen, PROSE, 72, 100, 400)
        pen.setFont("Helvetica", 11)
        pen.drawString(220, HEIGHT - 220, "E = m c")
        pen.setFont("Helvetica", 7)
        pen.drawString(262, HEIGHT - 215, "2")
        paragraph(pen, PROSE, 72, 260, 400)

    reader = PdfReader(Ingestion(), FakeTextRecognizer)
    read = reader.read(draw(tmp_path / "a.pdf", page), 1, slow=False)
    assert isinstance(read, UnitRead)
    (formula,) = [element for element in read.elements if element.kind is Kind.FORMULA]
    assert formula.text == "E = m c^{2}"
    assert formula.crop in read.crops
