import subprocess
import sys
from pathlib import Path

import pypdfium2 as pdfium
import pytest

from evals import peers_parse
from evals.peers_parse import MarkdownRead, Peer, cut, how_to_install, scan_of
from pincite.errors import ParserFailed
from tests.unit.ingestion.pages.drawn import PROSE, Pen, draw, paragraph


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    def page(pen: Pen) -> None:
        paragraph(pen, PROSE, 72, 120, 400)

    path = tmp_path / "two.pdf"
    draw(path, page, page)
    return path


def pages_of(file: Path) -> int:
    document = pdfium.PdfDocument(file)
    try:
        return len(document)
    finally:
        document.close()


def test_a_peer_gets_only_the_pages_that_are_asked_for(pdf: Path) -> None:
    with cut(pdf, range(2, 3)) as part:
        assert part != pdf
        assert pages_of(part) == 1
    with cut(pdf, range(1, 3)) as whole:
        assert whole == pdf


def test_a_scan_of_a_page_has_no_text(pdf: Path) -> None:
    with scan_of(pdf, [1]) as scan:
        document = pdfium.PdfDocument(scan)
        text = document[0].get_textpage()
        assert text.count_chars() == 0
        text.close()
        document.close()


def test_a_program_that_is_not_there_is_named_with_the_command_that_installs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def nowhere(_: str) -> None:
        return None

    monkeypatch.setattr(peers_parse, "find_spec", nowhere)
    monkeypatch.setattr(peers_parse.shutil, "which", nowhere)
    assert how_to_install("markitdown") == "pip install -e '.[office,peers]'"
    assert how_to_install("tesseract") == "apt-get install tesseract-ocr"


def test_a_peer_whose_process_ends_is_an_error_and_not_a_hang(pdf: Path) -> None:
    with Peer("no such program") as peer, pytest.raises(ParserFailed, match="ended while it read"):
        peer.read(pdf)


def test_a_peer_answers_on_a_line_of_its_own_and_cannot_reach_the_network(pdf: Path) -> None:
    """In a process of its own, as the ban on connections cannot be taken back."""
    code = (
        "import socket, sys; from evals import peers_parse as p\n"
        "def read(file):\n"
        "    print('chatter')\n"
        "    if file.name == 'net.pdf': socket.create_connection(('127.0.0.1', 9))\n"
        "    return file.name\n"
        "p._MAKERS['fake'] = lambda: read\n"
        "p.serve('fake')\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code],
        input='"a.pdf"\n"net.pdf"\n',
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(peers_parse.__file__).parents[1],
    )
    first, second = map(MarkdownRead.model_validate_json, ran.stdout.splitlines())
    assert (first.markdown, first.failed) == ("a.pdf", "")
    assert second.failed == "ConnectionRefusedError: peers are measured offline"
