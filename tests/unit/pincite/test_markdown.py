from pincite.elements import Cell, How, Kind, ParsedElement, Table
from pincite.locators import PageBox
from pincite.markdown import markdown, table_markdown

HERE = PageBox(page=1, left=0, top=0, right=9, bottom=9, page_width=10, page_height=10)


def element(kind: Kind, text: str, **more: object) -> ParsedElement:
    return ParsedElement.model_validate(
        {"kind": kind, "text": text, "locators": (HERE,), "how": How.TEXT_LAYER, **more}
    )


def test_headings_lists_and_formulas_are_marked() -> None:
    page = markdown(
        [
            element(Kind.TITLE, "Report"),
            element(Kind.HEADING, "Part", heading_path=("Report",)),
            element(Kind.TEXT, "One line."),
            element(Kind.LIST_ITEM, "• first"),
            element(Kind.LIST_ITEM, "2. second"),
            element(Kind.FORMULA, "a^{2}"),
        ]
    )
    assert page == ("# Report\n\n### Part\n\nOne line.\n\n- first\n- 2. second\n\n$$\na^{2}\n$$")


def test_margins_come_when_asked_for_and_hidden_text_never() -> None:
    elements = [
        element(Kind.HEADER, "Journal"),
        element(Kind.TEXT, "Body"),
        element(Kind.TEXT, "white", flags=frozenset({"hidden_text"})),
        element(Kind.FOOTER, "7"),
    ]
    assert markdown(elements) == "Body"
    assert markdown(elements, with_margins=True) == "Journal\n\nBody\n\n7"


def test_a_table_is_piped_unless_cells_span() -> None:
    plain = Table(
        cells=(Cell(row=0, column=0, text="a|b"), Cell(row=1, column=1, text="c")), html="h"
    )
    assert table_markdown(plain) == "| a\\|b |  |\n| --- | --- |\n|  | c |"
    wide = Table(cells=(Cell(row=0, column=0, column_span=2, text="a"),), html="<table></table>")
    assert table_markdown(wide) == "<table></table>"
