"""Text, Markdown, HTML and CSV: read by the standard library, so that they need no extra."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from markdown_it import MarkdownIt

from ingestion.encodings import decode
from ingestion.readers.documents import Document, Format
from ingestion.readers.flow import Flow
from ingestion.readers.grids import boxes_of
from ingestion.readers.hypertext import read_html
from pincite.elements import Kind
from pincite.errors import CorruptSource, TooLarge

MAX_MIB = 64
"""Text files are held in memory; 64 MiB are about 30 000 pages."""
_SAMPLE = 1 << 14
_ITEM = re.compile(r"\s*(?:[-*•‣◦–]|\(?\d{1,3}[.)]|\(?[a-z][.)])\s+\S")
_RULE = re.compile(r"[-=_*~#\s]{3,}")
_UNDERLINE = re.compile(r"\s*(={3,}|-{3,})\s*")
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_WRAPPED_AT = 45
"""Lines that are all at least this long are one wrapped paragraph; shorter ones stay lines."""
_CSV_DELIMITERS = ",;\t|"
_CSV_ROWS = 2_000
"""Rows that are looked at together; a header row is repeated for each stretch."""


def text_bytes(path: Path) -> int:
    """Raises TooLarge, so that a huge file is refused before it is read."""
    size = path.stat().st_size
    if size > MAX_MIB << 20:
        raise TooLarge(
            f"this text file has {size >> 20:,} MiB, more than the {MAX_MIB} MiB that are read; "
            "split it and add the parts"
        )
    return size


def _format(name: str, fill: Callable[[bytes, Flow], None]) -> Format:
    def parse(path: Path) -> Document:
        flow = Flow()
        fill(path.read_bytes(), flow)
        return Document(flow.elements, tuple(flow.warnings))

    return Format(name, text_bytes, parse)


# --- text ----------------------------------------------------------------------------------------


def read_text(text: str, flow: Flow) -> None:
    """Paragraphs, list items, and headings that are underlined or all in capitals."""
    for lines in _paragraphs(text):
        first = 0
        while first < len(lines):
            first = _put_next(lines, first, flow)


def _paragraphs(text: str) -> Iterator[list[str]]:
    """Lines up to a blank one; a form feed is the end of a page of a printout."""
    lines = text.replace("\f", "\n\n").split("\n")
    for blank, group in itertools.groupby(lines, key=lambda line: not line.strip()):
        if not blank:
            yield [line.rstrip() for line in group]


def _put_next(lines: Sequence[str], first: int, flow: Flow) -> int:
    """Put the element that begins at a line of a paragraph; the line behind it."""
    line = lines[first]
    if first + 1 < len(lines) and _UNDERLINE.fullmatch(lines[first + 1]) and len(line) < 120:
        flow.heading(line, level=1 if "=" in lines[first + 1] else 2)
        return first + 2
    if len(lines) == 1 and _is_capitals(line):
        flow.heading(line, level=2)
        return first + 1
    if _RULE.fullmatch(line):
        return first + 1
    last = first + 1
    while last < len(lines) and not _begins_anew(lines, last):
        last += 1
    kind = Kind.LIST_ITEM if _ITEM.match(line) else Kind.TEXT
    flow.text(_unwrapped(lines[first:last]), kind=kind)
    return last


def _begins_anew(lines: Sequence[str], number: int) -> bool:
    line = lines[number]
    underlined = number + 1 < len(lines) and _UNDERLINE.fullmatch(lines[number + 1]) is not None
    return underlined or _ITEM.match(line) is not None or _RULE.fullmatch(line) is not None


def _is_capitals(line: str) -> bool:
    letters = [sign for sign in line if sign.isalpha()]
    return len(letters) >= 4 and len(line) <= 80 and all(sign.isupper() for sign in letters)


def _unwrapped(lines: Sequence[str]) -> str:
    wrapped = all(len(line) >= _WRAPPED_AT for line in lines[:-1])
    if wrapped and not any("\t" in line or "   " in line.strip() for line in lines):
        return " ".join(line.strip() for line in lines)
    return "\n".join(lines)


# --- Markdown and HTML ---------------------------------------------------------------------------


def read_markdown(text: str, flow: Flow) -> None:
    """As HTML: raw HTML inside is then treated as such."""
    front, body = _front_matter(text)
    flow.text(front, kind=Kind.CODE)
    markdown = MarkdownIt("commonmark", {"maxNesting": 50}).enable(["table", "strikethrough"])
    read_html(markdown.render(body), flow)


def _front_matter(text: str) -> tuple[str, str]:
    """The `---` block of settings that some Markdown files begin with."""
    found = re.match(r"---\n(.*?)\n(?:---|\.\.\.)\n", text, re.DOTALL)
    return (found[1], text[found.end() :]) if found else ("", text)


def read_page(data: bytes, flow: Flow) -> None:
    declared = _CHARSET.search(data[:4096])
    flow_before = len(flow)
    title = read_html(
        decode(data, declared=declared[1].decode("ascii") if declared else None), flow
    )
    if len(flow) == flow_before:
        flow.text(title, kind=Kind.TITLE)
        flow.warnings.append("this page holds no text of its own; a script may have to draw it")


# --- CSV -----------------------------------------------------------------------------------------


def read_csv(text: str, flow: Flow) -> None:
    """Rows under their header; a file in which no delimiter is found is read as text."""
    dialect = _dialect(text[:_SAMPLE])
    if dialect is None:
        read_text(text, flow)
        return
    csv.field_size_limit(MAX_MIB << 20)
    try:
        rows = [row for row in csv.reader(io.StringIO(text, newline=""), dialect) if any(row)]
    except csv.Error as exc:
        raise CorruptSource(f"this CSV file cannot be read: {exc}") from exc
    for stretch in _stretches(rows):
        flow.table(boxes_of(stretch))


def _stretches(rows: Sequence[Sequence[str]]) -> Iterable[Sequence[Sequence[str]]]:
    if len(rows) <= _CSV_ROWS:
        return [rows]
    header, body = rows[0], rows[1:]
    return ([header, *body[at : at + _CSV_ROWS]] for at in range(0, len(body), _CSV_ROWS))


def _dialect(sample: str) -> type[csv.Dialect] | None:
    """The delimiter that gives most lines the same number of fields."""
    lines = sample.splitlines()[:50]
    best: tuple[int, str] = (0, "")
    for delimiter in _CSV_DELIMITERS:
        counts = [len(row) for row in csv.reader(lines, delimiter=delimiter)]
        usual = max(set(counts), key=counts.count, default=1)
        if usual > 1:
            best = max(best, (counts.count(usual), delimiter))
    if not best[0]:
        return None

    class Found(csv.excel):
        delimiter = best[1]

    return Found


def _fill_text(data: bytes, flow: Flow) -> None:
    read_text(decode(data), flow)


def _fill_markdown(data: bytes, flow: Flow) -> None:
    read_markdown(decode(data), flow)


def _fill_csv(data: bytes, flow: Flow) -> None:
    read_csv(decode(data), flow)


TEXT = _format("text-1", _fill_text)
MARKDOWN = _format("markdown-2", _fill_markdown)
HTML = _format("html-2", read_page)
CSV = _format("csv-1", _fill_csv)
