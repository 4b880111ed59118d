"""HTML → flow, by Python's own tolerant parser: no script runs and nothing is fetched."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from ingestion.readers.flow import Flag, Flow
from ingestion.readers.grids import Box
from pincite.elements import Kind

_DROPPED = frozenset({
    "script", "style", "title", "template", "noscript", "iframe", "object", "svg", "math", "head",
    "select", "textarea", "audio", "video", "canvas",
})  # fmt: skip
_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "dialog", "div",
    "dl", "dt", "fieldset", "figure", "footer", "form", "header", "hr", "html", "legend", "main",
    "nav", "ol", "p", "section", "summary", "ul",
})  # fmt: skip
_KINDS = {"li": Kind.LIST_ITEM, "dt": Kind.LIST_ITEM, "dd": Kind.LIST_ITEM, "pre": Kind.CODE,
          "figcaption": Kind.CAPTION}  # fmt: skip
_CELLS = frozenset({"td", "th", "caption"})
_HEADING = re.compile(r"h([1-6])")
_VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta",
                   "source", "track", "wbr"})  # fmt: skip
_ENDS_ITSELF = {
    "p": frozenset({"p"}), "li": frozenset({"li"}), "dt": frozenset({"dt", "dd"}),
    "dd": frozenset({"dt", "dd"}), "tr": frozenset({"tr", "td", "th"}),
    "td": frozenset({"td", "th"}), "th": frozenset({"td", "th"}),
    "option": frozenset({"option"}),
}  # fmt: skip
"""Elements whose end tag may be left out, and the next of which ends them."""
_HIDDEN_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d]*[1-9])|opacity\s*:\s*0(?![.\d]*[1-9])",
    re.IGNORECASE,
)
_HIDDEN: frozenset[Flag] = frozenset({"hidden_text"})
_BREAK = "\u2028"
"""Stands for `<br>` until a block ends; line feeds of the source are blanks."""
_DEEPEST = 400
"""Elements inside each other; of what is deeper only the text counts."""
_MOST_SPAN = 100


def read_html(markup: str, flow: Flow) -> str:
    """Put the content of a page into `flow`; its title, which is in no element, is returned."""
    parser = _Page(flow)
    parser.feed(_tamed(markup))
    parser.close()
    parser.finish()
    return " ".join("".join(parser.title).split())


def _tamed(markup: str) -> str:
    """Without what makes the parser look through the rest of a page again and again."""
    kept: list[str] = []
    at = 0
    while (start := markup.find("<!--", at)) >= 0:
        kept.append(markup[at:start])
        end = markup.find("-->", start + 2)
        at = len(markup) if end < 0 else end + 3
    kept.append(markup[at:])
    text = "".join(kept).replace("<![", "<!")
    return f"{text}>" if text.rfind("<") > text.rfind(">") else text


@dataclass
class _Grid:
    """A table that is being read."""

    boxes: list[Box] = field(default_factory=list[Box])
    row: int = -1
    column: int = 0
    taken: dict[int, int] = field(default_factory=dict[int, int])
    """Column to the last row that a span from above covers."""
    caption: str = ""
    is_layout: bool = False
    """Whether it holds a table or a heading: then it only arranges the page."""

    def rows(self) -> list[str]:
        """Its cells' texts, a line per row."""
        lines: dict[int, list[str]] = {}
        for box in self.boxes:
            lines.setdefault(box.row, []).append(box.text)
        return [" | ".join(filter(None, line)) for line in lines.values()]

    def next_row(self) -> None:
        self.row += 1
        self.column = 0

    def place(self, row_span: int, column_span: int) -> int:
        """The column of the next cell, which is then taken."""
        while self.taken.get(self.column, -1) >= self.row:
            self.column += 1
        first = self.column
        for column in range(first, first + column_span):
            self.taken[column] = self.row + row_span - 1
        self.column += column_span
        return first


@dataclass
class _Tag:
    """An open element."""

    name: str
    hides: bool
    spans: tuple[int, int] = (1, 1)


class _Page(HTMLParser):
    def __init__(self, flow: Flow) -> None:
        super().__init__(convert_charrefs=True)
        self._flow = flow
        self._open: list[_Tag] = []
        self._run: list[str] = []
        self._grids: list[_Grid] = []
        self._hidden = 0
        self._dropping = 0
        self.title: list[str] = []

    # --- what the parser calls -------------------------------------------------------------------

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _VOID:
            self._void(tag)
            return
        self._end_left_open(tag)
        if len(self._open) >= _DEEPEST and tag not in _DROPPED:
            self._end_run()
            return
        if not self._dropping:
            self._begin(tag)
        known = dict(attrs)
        hides = "hidden" in known or bool(_HIDDEN_STYLE.search(known.get("style") or ""))
        self._open.append(_Tag(tag, hides, (_span(known, "rowspan"), _span(known, "colspan"))))
        self._hidden += hides
        self._dropping += tag in _DROPPED

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if any(open_tag.name == tag for open_tag in self._open):
            while self._close() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not self._dropping:
            self._run.append(data)
        elif self._open[-1].name == "title":
            self.title.append(data)

    def finish(self) -> None:
        while self._open:
            self._close()
        self._end_run()

    # --- opening and closing ---------------------------------------------------------------------

    def _void(self, tag: str) -> None:
        if self._dropping:
            return
        if tag == "hr":
            self._end_run()
        elif tag == "br":
            self._run.append(_BREAK)

    def _end_left_open(self, tag: str) -> None:
        """`<p>` ends an open `<p>`, `<td>` a `<td>`; never across a table, list or cell."""
        ended = _ENDS_ITSELF.get(tag)
        if tag in _BLOCKS or _HEADING.fullmatch(tag):
            ended = (ended or frozenset()) | {"p"}
        while ended and self._open and self._open[-1].name in ended:
            self._close()

    def _begin(self, tag: str) -> None:
        grid = self._grids[-1] if self._grids else None
        if grid is not None and (tag == "table" or _HEADING.fullmatch(tag)):
            self._only_arranges(grid)
        if tag == "table":
            self._end_run()
            self._grids.append(_Grid())
        elif tag == "tr" and grid is not None:
            grid.next_row()
        elif tag in _CELLS and grid is not None and not grid.is_layout:
            # Text between cells stands before the table, as in a browser.
            self._flow.text(_flat("".join(self._run)), flags=self._flags)
            self._run.clear()
        elif tag in _CELLS or tag in _BLOCKS or tag in _KINDS or _HEADING.fullmatch(tag):
            self._end_run()

    def _close(self) -> str:
        tag = self._open[-1]
        if not self._dropping:
            self._end(tag)
        self._open.pop()
        self._hidden -= tag.hides
        self._dropping -= tag.name in _DROPPED
        return tag.name

    def _end(self, tag: _Tag) -> None:
        grid = self._grids[-1] if self._grids else None
        if tag.name == "table" and grid is not None:
            self._end_run()
            self._grids.pop()
            self._end_table(grid)
        elif tag.name in _CELLS and grid is not None and not grid.is_layout:
            self._end_cell(tag, grid)
        elif (
            tag.name in _CELLS
            or tag.name in _BLOCKS
            or tag.name in _KINDS
            or _HEADING.fullmatch(tag.name)
        ):
            self._end_run()

    def _end_cell(self, tag: _Tag, grid: _Grid) -> None:
        text = " ".join("".join(self._run).split())
        self._run.clear()
        if tag.name == "caption":
            grid.caption = f"{grid.caption} {text}".strip()
            return
        if grid.row < 0:
            grid.next_row()
        rows, columns = tag.spans
        column = grid.place(rows, columns)
        grid.boxes.append(Box(grid.row, column, text, tag.name == "th", rows, columns))

    def _only_arranges(self, grid: _Grid) -> None:
        """What it held so far is text, and its cells are blocks from now on."""
        grid.is_layout = True
        for text in (grid.caption, *grid.rows()):
            self._flow.text(text, flags=self._flags)
        grid.boxes.clear()
        grid.caption = ""

    def _end_table(self, grid: _Grid) -> None:
        if len({box.column for box in grid.boxes}) > 1:
            self._flow.table(grid.boxes, caption=grid.caption, flags=self._flags)
            return
        # One column is a page frame of the old days, not a table.
        for text in (grid.caption, *grid.rows()):
            self._flow.text(text, flags=self._flags)

    # --- text ------------------------------------------------------------------------------------

    @property
    def _flags(self) -> frozenset[Flag]:
        return _HIDDEN if self._hidden else frozenset()

    def _end_run(self) -> None:
        """What was read since the last block begins or ends becomes an element."""
        if self._grids and not self._grids[-1].is_layout:
            self._run.append(" ")
            return
        raw = "".join(self._run)
        self._run.clear()
        names = [tag.name for tag in self._open]
        text = raw.replace(_BREAK, "\n").strip("\n") if "pre" in names else _flat(raw)
        if text.strip():
            self._put(text, names)

    def _put(self, text: str, names: list[str]) -> None:
        heading = next(
            (found for name in reversed(names) if (found := _HEADING.fullmatch(name))), None
        )
        if heading is not None and not self._hidden:
            self._flow.heading(text, level=int(heading[1]))
            return
        kind = next((_KINDS[name] for name in reversed(names) if name in _KINDS), Kind.TEXT)
        if "nav" in names:
            kind = Kind.HEADER
        elif "footer" in names and "article" not in names:
            kind = Kind.FOOTER
        self._flow.text(text, kind=kind, flags=self._flags)


def _flat(raw: str) -> str:
    """Blanks as a browser shows them; only `<br>` breaks a line."""
    return "\n".join(filter(None, (" ".join(line.split()) for line in raw.split(_BREAK))))


def _span(attributes: dict[str, str | None], name: str) -> int:
    value = (attributes.get(name) or "").strip()
    return max(1, min(int(value), _MOST_SPAN)) if value.isascii() and value.isdigit() else 1
