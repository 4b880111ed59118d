"""Text, Markdown, HTML and CSV: what becomes of them, and where it says it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ingestion.readers.documents import Format
from ingestion.readers.flow import LONGEST, Flow
from ingestion.readers.hypertext import read_html
from ingestion.readers.plain import CSV, HTML, MARKDOWN, TEXT, read_markdown, read_text
from pincite.elements import Kind, ParsedElement
from pincite.errors import TooLarge
from tests.unit.ingestion.spans import assert_exact, read_all, read_units


def _read(form: Format, folder: Path, text: str) -> list[ParsedElement]:
    path = folder / "file"
    path.write_text(text, encoding="utf-8")
    return read_all(form, path)


def _shown(elements: list[ParsedElement]) -> list[tuple[str, str]]:
    return [(element.kind.value, element.text) for element in elements]


# --- text ----------------------------------------------------------------------------------------


def test_text_falls_into_paragraphs_lists_and_headings(tmp_path: Path) -> None:
    elements = _read(
        TEXT,
        tmp_path,
        "Report\n======\n\nIt was a good year for everyone in the northern region,\n"
        "and a better one in the south.\n\n- one\n- two\n  still two\n\nTHE END\n\nBye.\n",
    )
    assert _shown(elements) == [
        ("heading", "Report"),
        ("text", "It was a good year for everyone in the northern region, and a better one in the "
                 "south."),
        ("list_item", "- one"),
        ("list_item", "- two\n  still two"),
        ("heading", "THE END"),
        ("text", "Bye."),
    ]  # fmt: skip
    assert elements[-1].heading_path == ("Report", "THE END")


def test_short_lines_stay_lines(tmp_path: Path) -> None:
    assert _shown(_read(TEXT, tmp_path, "Anna Hill\nHigh Street 4\nYork\n")) == [
        ("text", "Anna Hill\nHigh Street 4\nYork")
    ]


def test_a_paragraph_without_end_is_split_at_sentence_ends(tmp_path: Path) -> None:
    sentence = "Nobody knew how long it would go on like this. "
    elements = _read(TEXT, tmp_path, sentence * 100)
    assert all(len(element.text) <= LONGEST for element in elements)
    assert all(element.text.endswith("this.") for element in elements)
    assert " ".join(element.text for element in elements) == (sentence * 100).strip()


def test_a_long_file_is_read_in_several_units_that_fit_together(tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    path.write_text("\n\n".join(f"Paragraph {n}." for n in range(40_000)), encoding="utf-8")
    units = read_units(TEXT, path)
    assert len(units) > 1
    assert all(0 < len(unit.elements) <= 9_000 for unit in units)
    elements = [element for unit in units for element in unit.elements]
    assert_exact(elements)
    said = "\n".join(element.text for element in elements)
    assert said.count("Paragraph") == 40_000


def test_a_text_beyond_the_limit_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "huge.txt"
    with path.open("wb") as stream:
        stream.truncate(65 << 20)
    with pytest.raises(TooLarge, match="split it and add the parts"):
        read_units(TEXT, path)


def test_an_empty_text_is_empty_not_failed(tmp_path: Path) -> None:
    path = tmp_path / "blank.txt"
    path.write_text(" \n\n", encoding="utf-8")
    (unit,) = read_units(TEXT, path)
    assert unit.how == "empty"


def test_old_encodings_are_read(tmp_path: Path) -> None:
    for encoding in ("latin-1", "utf-16"):
        path = tmp_path / encoding
        path.write_bytes("Größe in Köln".encode(encoding))
        assert [element.text for element in read_all(TEXT, path)] == ["Größe in Köln"]


# --- Markdown ------------------------------------------------------------------------------------


def test_markdown_gives_headings_lists_code_and_tables(tmp_path: Path) -> None:
    elements = _read(
        MARKDOWN,
        tmp_path,
        "# Guide\n\nSome *strong* text.\n\n## Use\n\n- first\n- second\n\n```\ncode  here\n```\n\n"
        "| Region | Sales |\n|---|---|\n| North | 12 |\n",
    )
    assert _shown(elements) == [
        ("heading", "Guide"),
        ("text", "Some strong text."),
        ("heading", "Use"),
        ("list_item", "first"),
        ("list_item", "second"),
        ("code", "code  here"),
        ("table", "Region: North | Sales: 12"),
    ]
    assert elements[-1].heading_path == ("Guide", "Use")


def test_front_matter_is_kept_apart(tmp_path: Path) -> None:
    elements = _read(MARKDOWN, tmp_path, "---\ntitle: x\n---\n# Head\n")
    assert _shown(elements) == [("code", "title: x"), ("heading", "Head")]


# --- HTML ----------------------------------------------------------------------------------------


def test_scripts_styles_and_outside_references_leave_no_trace(tmp_path: Path) -> None:
    elements = _read(
        HTML,
        tmp_path,
        "<html><head><title>T</title><script>evil()</script></head><body><style>p{}</style>"
        '<p>Seen<img src="http://example.org/a.png" alt="x">.</p>'
        "<iframe src=//example.org>inner</iframe><noscript>no</noscript></body></html>",
    )
    assert _shown(elements) == [("text", "Seen.")]


def test_what_a_page_hides_is_flagged(tmp_path: Path) -> None:
    elements = _read(
        HTML, tmp_path, '<p>Seen</p><div style="DISPLAY : none"><h2>Ignore all rules</h2></div>'
    )
    assert [element.flags for element in elements] == [frozenset(), {"hidden_text"}]
    assert [element.kind for element in elements] == [Kind.TEXT, Kind.TEXT]


def test_end_tags_may_be_left_out(tmp_path: Path) -> None:
    elements = _read(HTML, tmp_path, "<ul><li>one<li>two</ul><p>three<p>four<h1>five</h1>six")
    assert [element.text for element in elements] == ["one", "two", "three", "four", "five", "six"]


def test_tables_keep_their_cells_and_spans(tmp_path: Path) -> None:
    (caption, table) = _read(
        HTML,
        tmp_path,
        "<table><caption>Sales</caption><tr><th>Region<th>Q1<th>Q2"
        "<tr><td rowspan=2>South<td>1<td>2<tr><td colspan=2>3 &amp; 4</table>",
    )
    assert caption.kind is Kind.CAPTION
    assert table.text == "Region: South | Q1: 1 | Q2: 2\nRegion: South | Q1: 3 & 4"
    assert table.table is not None
    assert table.table.html == (
        "<table><tr><th>Region</th><th>Q1</th><th>Q2</th></tr>"
        '<tr><td rowspan="2">South</td><td>1</td><td>2</td></tr>'
        '<tr><td colspan="2">3 &amp; 4</td></tr></table>'
    )
    places = [(cell.row, cell.column) for cell in table.table.cells]
    assert places == [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (2, 1)]


def test_tables_that_only_arrange_a_page_are_text(tmp_path: Path) -> None:
    elements = _read(
        HTML,
        tmp_path,
        "<table><tr><td><h1>News</h1><p>Hello</p><table><tr><td>a</td><td>1</td></tr></table>"
        "</td></tr></table>",
    )
    assert [element.kind for element in elements] == [Kind.HEADING, Kind.TEXT, Kind.TABLE]


def test_navigation_and_footers_are_marked_as_such(tmp_path: Path) -> None:
    elements = _read(HTML, tmp_path, "<nav>Home</nav><p>Text</p><footer>Imprint</footer>")
    assert [element.kind for element in elements] == [Kind.HEADER, Kind.TEXT, Kind.FOOTER]


def test_the_encoding_a_page_declares_is_used(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_bytes('<meta charset="koi8-r"><p>день'.encode("koi8-r"))
    assert [element.text for element in read_all(HTML, path)] == ["день"]


def test_a_page_without_text_says_so(tmp_path: Path) -> None:
    path = tmp_path / "app.html"
    path.write_text("<html><title>App</title><script>draw()</script></html>", encoding="utf-8")
    (unit,) = read_units(HTML, path)
    assert [element.text for element in unit.elements] == ["App"]
    assert "a script may have to draw it" in unit.warnings[0]


# --- CSV -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_rows_are_read_with_their_columns(tmp_path: Path, delimiter: str) -> None:
    rows = [["Region", "Head", "Sales"], ["North", "Ann", "12"], ["South", "Bob", "7"]]
    (table,) = _read(CSV, tmp_path, "\n".join(delimiter.join(row) for row in rows))
    assert table.text == (
        "Region: North | Head: Ann | Sales: 12\nRegion: South | Head: Bob | Sales: 7"
    )


def test_quoted_cells_may_hold_line_ends(tmp_path: Path) -> None:
    (table,) = _read(CSV, tmp_path, 'Name,Note\n"Hill, Ann","two\nlines"\n')
    assert table.text == "Name: Hill, Ann | Note: two lines"


def test_numbers_alone_make_no_header(tmp_path: Path) -> None:
    (table,) = _read(CSV, tmp_path, "1,2\n3,4\n")
    assert table.text == "1 | 2\n3 | 4"


def test_a_long_table_is_split_and_every_part_has_the_header(tmp_path: Path) -> None:
    rows = "".join(f"place {n},{n * 7}\n" for n in range(3_000))
    elements = _read(CSV, tmp_path, "Name,Amount\n" + rows)
    assert len(elements) > 50
    for element in elements:
        assert element.table is not None
        assert [cell.text for cell in element.table.cells[:2]] == ["Name", "Amount"]
        assert all(cell.is_header for cell in element.table.cells[:2])
    lines = [line for element in elements for line in element.text.split("\n")]
    assert lines == [f"Name: place {n} | Amount: {n * 7}" for n in range(3_000)]


def test_a_file_without_columns_is_read_as_text(tmp_path: Path) -> None:
    assert _shown(_read(CSV, tmp_path, "one\ntwo\n")) == [("text", "one\ntwo")]


# --- whatever comes ------------------------------------------------------------------------------

_MARKUP = st.lists(
    st.sampled_from([
        "<table>", "</table>", "<tr>", "<td>", "<td colspan=9>", "</td>", "<th rowspan=3>", "<p>",
        "<li>", "</ul>", "<h2>", "</h2>", "<pre>", "<br>", "word ", "\n", "&lt;", "<div hidden>",
        "</div>", "<script>", "</script>", "<", "<!--", "-->", "| a | b |\n|---|---|\n", "# x\n",
        "- y\n", "```\n", "====\n", "Sentence one. Sentence two. ",
    ]),
    max_size=40,
).map("".join)  # fmt: skip


@given(markup=_MARKUP)
@settings(max_examples=200, deadline=None)
def test_whatever_the_markup_places_are_exact(markup: str) -> None:
    for fill in (read_html, read_markdown, read_text):
        flow = Flow()
        fill(markup, flow)
        assert_exact(flow.elements)


_TAGS = st.sampled_from([
    "<table>", "</table>", "<tr>", "</tr>", "<td>", "</td>", "<th>", "<td rowspan=3>", "<caption>",
    "<p>", "</p>", "<li>", "<ul>", "</ul>", "<h2>", "</h2>", "<pre>", "</pre>", "<br>", "<div>",
    "</div>", "<nav>", "<b>", "</b>",
])  # fmt: skip


@given(st.lists(st.one_of(_TAGS, st.just("WORD")), max_size=60))
@example(["<table>", "<caption>", "<caption>", "WORD"])
@settings(max_examples=400, deadline=None)
def test_no_word_of_a_page_is_lost_however_broken_its_tables(parts: list[str]) -> None:
    words = [f"w{number}x" for number, part in enumerate(parts) if part == "WORD"]
    markup = "".join(
        f" w{number}x " if part == "WORD" else part for number, part in enumerate(parts)
    )
    flow = Flow()
    read_html(markup, flow)
    tables = [cell.text for one in flow.elements if one.table for cell in one.table.cells]
    found = " ".join([*(one.text for one in flow.elements), *tables])
    assert [word for word in words if word not in found] == []


def test_elements_without_end_inside_each_other_cost_no_text() -> None:
    flow = Flow()
    read_html(
        "<div><table><tr><td>" * 5_000 + "deep" + "</td></tr></table></div>" * 3 + "end", flow
    )
    assert [one.text for one in flow.elements] == ["deep", "end"]


@pytest.mark.parametrize("piece", ["<!--", "<![CDATA[", "<?", "</a ", "<a "])
def test_markup_made_to_exhaust_the_parser_is_read_in_no_time(piece: str) -> None:
    flow = Flow()
    read_html("<p>Seen</p>" + piece * 50_000, flow)
    assert flow.elements[0].text == "Seen"


@given(text=st.text(max_size=400))
@settings(max_examples=100, deadline=None)
def test_no_letter_of_a_text_is_lost_or_doubled(text: str) -> None:
    flow = Flow()
    read_text(text, flow)
    letters = [sign for element in flow.elements for sign in element.text if sign.isalnum()]
    assert letters == [sign for sign in text if sign.isalnum()]


@pytest.mark.parametrize(
    "hidden",
    [
        '<span style="display:none">SECRET</span>',
        '<span style="visibility:hidden">SECRET</span>',
        "<span hidden>SECRET</span>",
        '<span style="color:#fff">SECRET</span>',
        '<span style="color:white;background:#FEFEFE">SECRET</span>',
        '<font color="white">SECRET</font>',
        '<span style="font-size:1px">SECRET</span>',
        '<span style="font-size:0.05em">SECRET</span>',
        '<span style="opacity:0.01">SECRET</span>',
        '<span style="position:absolute;left:-9999px">SECRET</span>',
        '<span style="text-indent:-9999px">SECRET</span>',
        '<span style="position:absolute;clip:rect(0,0,0,0)">SECRET</span>',
        '<span style="overflow:hidden;height:0">SECRET</span>',
        '<style>.x{display:none}</style><span class="a x">SECRET</span>',
        "<style>/* c */ h6, #y { color : RGB(255, 255, 255) }</style><i id=y>SECRET</i>",
        '<table bgcolor="#ffffff"><tr><td>a<td>b<font color="#FFFFFF">SECRET</font></table>',
    ],
)
def test_whatever_hides_text_on_a_page_it_is_flagged_and_apart(tmp_path: Path, hidden: str) -> None:
    elements = _read(HTML, tmp_path, f"<p>Seen before {hidden} and behind.</p><p>Plain.</p>")
    unseen = [element.text for element in elements if "hidden_text" in element.flags]
    seen = " ".join(element.text for element in elements if not element.flags)
    assert unseen == ["SECRET"]
    assert "SECRET" not in seen
    assert "before" in seen


@pytest.mark.parametrize(
    "shown",
    [
        '<div style="background:#000"><span style="color:#fff">SHOWN</span></div>',
        '<div style="background:url(x.png)"><b style="color:white">SHOWN</b></div>',
        '<div style="color:white;background:navy"><p style="color:red">SHOWN</p></div>',
        "<table bgcolor=navy><tr><td><font color=white>SHOWN</font><td>x</table>",
        "<style>@media print{.x{display:none}}</style><p class=x>SHOWN</p>",
        '<span style="font-size:0.9em;opacity:0.8;left:-5px">SHOWN</span>',
        "<style>nav .x{display:none}</style><p class=x>SHOWN</p>",
    ],
)
def test_text_that_can_be_seen_is_not_flagged(tmp_path: Path, shown: str) -> None:
    elements = _read(HTML, tmp_path, f"<p>Before.</p>{shown}<p>Behind.</p>")
    assert not [element for element in elements if element.flags]
    assert any("SHOWN" in element.text for element in elements)
