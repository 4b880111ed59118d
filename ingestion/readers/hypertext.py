"""HTML → flow, by Python's own tolerant parser: no script runs and nothing is fetched."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser

from ingestion.readers.flow import Flag, Flow
from ingestion.readers.grids import Box
from ingestion.readers.markup_table import MarkupTable
from ingestion.readers.styling import Look, Sheets, hides, sheets_in
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
_HIDDEN: frozenset[Flag] = frozenset({"hidden_text"})
_BREAK = "\u2028"
"""Stands for `<br>` until a block ends; line feeds of the source are blanks."""
_DEEPEST = 400
"""Elements inside each other; of what is deeper only the text counts."""
_MOST_SPAN = 100


def read_html(markup: str, flow: Flow) -> str:
    """Put the content of a page into `flow`; its title, which is in no element, is returned."""
    parser = _Page(flow, sheets_in(markup))
    parser.feed(_tamed(markup))
    parser.close()
    parser.finish()
    if parser.hidden_parts:
        flow.warnings.append(
            f"{parser.hidden_parts} part(s) that a reader of the page does not see were flagged"
        )
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
class _Tag:
    """An open element."""

    name: str
    hides: bool
    look: Look
    spans: tuple[int, int]


class _Page(HTMLParser):
    def __init__(self, flow: Flow, sheets: Sheets) -> None:
        super().__init__(convert_charrefs=True)
        self._flow = flow
        self._sheets = sheets
        self._open: list[_Tag] = []
        self._run: list[str] = []
        self._unseen: list[str] = []
        """What a person does not see of the run, or of the table around it."""
        self._grids: list[MarkupTable] = []
        self._hidden = 0
        self._dropping = 0
        self.title: list[str] = []
        self.hidden_parts = 0

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
        style = self._sheets.style_of(tag, known)
        hidden = "hidden" in known or hides(style)
        look = (self._open[-1].look if self._open else Look()).with_style(style)
        spans = (_span(known, "rowspan"), _span(known, "colspan"))
        self._open.append(_Tag(tag, hidden, look, spans))
        self._hidden += hidden
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
            (self._unseen if self._is_unseen else self._run).append(data)
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
            (self._unseen if self._is_unseen else self._run).append(_BREAK)

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
            self._grids.append(MarkupTable())
        elif tag == "tr" and grid is not None:
            grid.next_row()
        elif tag in _CELLS and grid is not None and not grid.is_layout:
            # Text between cells stands before the table, as in a browser.
            self._flow.text(_flat("".join(self._run)))
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

    def _end_cell(self, tag: _Tag, grid: MarkupTable) -> None:
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

    def _only_arranges(self, grid: MarkupTable) -> None:
        """What it held so far is text, and its cells are blocks from now on."""
        grid.is_layout = True
        for text in (grid.caption, *grid.rows()):
            self._flow.text(text)
        grid.boxes.clear()
        grid.caption = ""

    def _end_table(self, grid: MarkupTable) -> None:
        if len({box.column for box in grid.boxes}) > 1:
            self._flow.table(grid.boxes, caption=grid.caption)
            return
        # One column is a page frame of the old days, not a table.
        for text in (grid.caption, *grid.rows()):
            self._flow.text(text)

    # --- text ------------------------------------------------------------------------------------

    @property
    def _is_unseen(self) -> bool:
        return self._hidden > 0 or bool(self._open and self._open[-1].look.is_faint)

    def _end_run(self) -> None:
        """What was read since the last block begins or ends becomes an element."""
        if self._grids and not self._grids[-1].is_layout:
            (self._unseen if self._is_unseen else self._run).append(" ")
            return
        self._end_visible_run()
        unseen = _flat("".join(self._unseen))
        self._unseen.clear()
        if unseen.strip():
            self._flow.text(unseen, flags=_HIDDEN)
            self.hidden_parts += 1

    def _end_visible_run(self) -> None:
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
        if heading is not None:
            self._flow.heading(text, level=int(heading[1]))
            return
        kind = next((_KINDS[name] for name in reversed(names) if name in _KINDS), Kind.TEXT)
        if "nav" in names:
            kind = Kind.HEADER
        elif "footer" in names and "article" not in names:
            kind = Kind.FOOTER
        self._flow.text(text, kind=kind)


def _flat(raw: str) -> str:
    """Blanks as a browser shows them; only `<br>` breaks a line."""
    return "\n".join(filter(None, (" ".join(line.split()) for line in raw.split(_BREAK))))


def _span(attributes: dict[str, str | None], name: str) -> int:
    value = (attributes.get(name) or "").strip()
    return max(1, min(int(value), _MOST_SPAN)) if value.isascii() and value.isdigit() else 1
