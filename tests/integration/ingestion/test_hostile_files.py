"""Files made to do harm, offered to the real readers in their confined children."""

from __future__ import annotations

import struct
import threading
import zipfile
import zlib
from collections.abc import AsyncGenerator, Callable, Generator
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from docx import Document as new_letter  # noqa: N813
from openpyxl import Workbook
from pptx import Presentation as new_slides  # noqa: N813

from ingestion.messages import REGISTRY
from ingestion.pipeline import Ingestor
from ingestion.report import SourceStatus
from tests.unit.ingestion.library import EVERYTHING, accepted, found, ingested, opened

MIB = 1 << 20


@pytest.fixture
async def ingestor(tmp_path: Path) -> AsyncGenerator[Ingestor, None]:
    async with opened(tmp_path / "data", registry=REGISTRY) as one:
        yield one


async def read(ingestor: Ingestor, path: Path) -> SourceStatus:
    """What became of a file that was taken in."""
    (one,) = accepted(await ingested(ingestor, path))
    assert one.source is not None, one.why
    return await ingestor.status(one.source, EVERYTHING)


# --- bombs ----------------------------------------------------------------------------------------


def letter(path: Path) -> None:
    document = new_letter()
    document.add_paragraph("An honest paragraph.")
    document.save(str(path))


def workbook(path: Path) -> None:
    book = Workbook()
    book.active.append(["An honest cell."])  # pyright: ignore[reportOptionalMemberAccess]
    book.save(path)


def slides(path: Path) -> None:
    show = new_slides()
    show.slides.add_slide(show.slide_layouts[6])
    show.save(str(path))


def repacked(path: Path, change: Callable[[str, bytes], bytes]) -> Path:
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name, change(name, data))
    return path


OFFICE = [
    ("a.docx", letter, "word/document.xml"),
    ("a.xlsx", workbook, "xl/worksheets/sheet1.xml"),
    ("a.pptx", slides, "ppt/slides/slide1.xml"),
]


@pytest.mark.parametrize(("name", "make", "part"), OFFICE)
async def test_a_zip_bomb_is_refused_once_and_has_no_units(
    ingestor: Ingestor, tmp_path: Path, name: str, make: Callable[[Path], None], part: str
) -> None:
    path = tmp_path / name
    make(path)
    repacked(path, lambda at, data: b" " * (150 * MIB) if at == part else data)
    assert path.stat().st_size < MIB
    status = await read(ingestor, path)
    assert (status.state, status.units_total, status.units) == ("failed", 0, ())
    assert "as a zip bomb does; it was not opened" in (status.why or "")


@pytest.mark.parametrize(("name", "make", "part"), OFFICE)
async def test_entities_that_multiply_are_refused_once_and_have_no_units(
    ingestor: Ingestor, tmp_path: Path, name: str, make: Callable[[Path], None], part: str
) -> None:
    path = tmp_path / name
    make(path)
    lol = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><x>&b;</x>'
    # Large enough for several units, were it read.
    body = lol + b"<!--" + bytes(range(97, 123)) * 100_000 + b"-->"
    repacked(path, lambda at, data: body if at == part else data)
    status = await read(ingestor, path)
    assert (status.state, status.units_total, status.units) == ("failed", 0, ())
    assert "declares XML entities" in (status.why or "")


async def test_a_picture_of_too_many_pixels_is_refused_undecoded(
    ingestor: Ingestor, tmp_path: Path
) -> None:
    """A PNG that says it is 60 000 pixels wide and high, and unpacks to ten gigabytes."""
    path = tmp_path / "a.png"
    size = struct.pack(">II5B", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", size), (b"IDAT", zlib.compress(bytes(MIB))), (b"IEND", b""))
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n"
        + b"".join(
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
            for name, data in chunks
        )
    )
    status = await read(ingestor, path)
    assert status.state == "failed"
    assert "pixels" in (status.why or "")


async def test_a_pdf_whose_stream_unpacks_without_end_costs_one_file_and_no_memory_of_ours(
    ingestor: Ingestor, tmp_path: Path
) -> None:
    bomb = zlib.compress(b"BT /F 9 Tf (ha) Tj ET\n" * (8 * MIB), 9)
    path = pdf(
        tmp_path / "a.pdf",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R >>",
        stream(bomb, "/Filter /FlateDecode"),
    )
    honest = tmp_path / "b.txt"
    honest.write_text("An honest paragraph.", encoding="utf-8")
    states = {
        one.source.name: one.state
        for report in await ingested(ingestor, path, honest)
        for one in report.finished
    }
    assert states.keys() == {"a.pdf", "b.txt"}
    assert states["b.txt"] == "complete"


# --- nesting --------------------------------------------------------------------------------------


def stream(data: bytes, more: str = "") -> bytes:
    return f"<< /Length {len(data)} {more} >>\nstream\n".encode() + data + b"\nendstream"


def pdf(path: Path, *objects: str | bytes, catalog: str = "") -> Path:
    """Object 3 is the only page; what else there is follows."""
    head = (
        f"<< /Type /Catalog /Pages 2 0 R {catalog} >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    )
    body, places = b"%PDF-1.7\n", list[int]()
    for number, one in enumerate((*head, *objects), 1):
        places.append(len(body))
        data = one.encode() if isinstance(one, str) else one
        body += f"{number} 0 obj\n".encode() + data + b"\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    count = len(places) + 1
    end = f"xref\n0 {count}\n0000000000 65535 f \n{table}trailer\n"
    end += f"<< /Size {count} /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF\n"
    path.write_bytes(body + end.encode())
    return path


PAGE = (
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Contents 4 0 R "
    "/Resources << /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>"
)
TEXT = stream(b"BT /F 12 Tf 40 200 Td (An honest paragraph of the page.) Tj ET")


@pytest.mark.parametrize("deep", ["arrays", "pages", "forms"])
async def test_a_pdf_nested_without_end_is_read_or_refused_and_stops_nothing(
    ingestor: Ingestor, tmp_path: Path, deep: str
) -> None:
    objects: dict[str, tuple[str | bytes, ...]] = {
        "arrays": (PAGE, TEXT, "[" * 100_000 + "]" * 100_000),
        "pages": ("<< /Type /Pages /Parent 2 0 R /Kids [2 0 R 3 0 R] /Count 9 >>",),
        "forms": (
            PAGE.replace("/Font", "/XObject << /X 5 0 R >> /Font", 1),
            stream(b"/X Do BT /F 12 Tf 40 200 Td (An honest paragraph of the page.) Tj ET"),
            stream(
                b"/X Do",
                "/Type /XObject /Subtype /Form /BBox [0 0 9 9] "
                "/Resources << /XObject << /X 5 0 R >> >>",
            ),
        ),
    }
    status = await read(ingestor, pdf(tmp_path / "a.pdf", *objects[deep]))
    assert status.state in {"complete", "incomplete", "failed"}
    if status.state == "failed":
        assert status.why


async def test_markup_nested_without_end_is_read(ingestor: Ingestor, tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(
        "<div>" * 200_000 + "An honest paragraph." + "</div>" * 200_000, encoding="utf-8"
    )
    status = await read(ingestor, path)
    assert status.state == "complete"
    assert found(ingestor, "honest") == ["An honest paragraph."]


async def test_an_archive_in_an_office_file_is_not_opened(
    ingestor: Ingestor, tmp_path: Path
) -> None:
    path = tmp_path / "a.docx"
    letter(path)
    inner = tmp_path / "inner.zip"
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", b"SECRET" * 1000)
    with zipfile.ZipFile(path, "a") as package:
        package.write(inner, "word/embeddings/oleObject1.bin")
        package.write(inner, "word/embeddings/inner.docx")
    status = await read(ingestor, path)
    assert status.state == "complete"
    assert everything(ingestor, status) == "An honest paragraph."


async def test_a_mail_in_a_mail_in_a_mail_is_named_and_not_opened(
    ingestor: Ingestor, tmp_path: Path
) -> None:
    inner = EmailMessage()
    inner["Subject"] = "SECRET inner"
    inner.set_content("SECRET body")
    outer = EmailMessage()
    outer["Subject"], outer["From"] = "Honest", "ann@example.org"
    outer.set_content("An honest paragraph.")
    outer.add_attachment(inner)
    path = tmp_path / "a.eml"
    path.write_bytes(outer.as_bytes())
    text = everything(ingestor, await read(ingestor, path))
    assert "An honest paragraph." in text
    assert "Attachment: (without a name) (message/rfc822)" in text
    assert "SECRET" not in text


async def test_a_mail_nested_without_end_is_one_sentence(
    ingestor: Ingestor, tmp_path: Path
) -> None:
    depth = 3000
    parts = "".join(
        f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n' for n in range(depth)
    )
    path = tmp_path / "a.eml"
    path.write_text(f"Subject: Deep\nFrom: a@example.org\n{parts}\nText.\n", encoding="utf-8")
    status = await read(ingestor, path)
    assert status.state in {"complete", "failed"}
    assert status.state == "complete" or "nested" in (status.why or "")


# --- what must not run, open or be fetched --------------------------------------------------------


async def test_scripts_and_attachments_of_a_pdf_are_ignored(
    ingestor: Ingestor, tmp_path: Path
) -> None:
    path = pdf(
        tmp_path / "a.pdf",
        PAGE,
        TEXT,
        "<< /S /JavaScript /JS (app.alert\\('SECRET'\\); this.exportDataObject\\(\\);) >>",
        "<< /Type /Filespec /F (secret.txt) /EF << /F 7 0 R >> >>",
        stream(b"SECRET attachment", "/Type /EmbeddedFile"),
        catalog="/OpenAction 5 0 R /Names << /EmbeddedFiles << /Names [(secret.txt) 6 0 R] >> >>",
    )
    status = await read(ingestor, path)
    assert status.state == "complete"
    assert everything(ingestor, status) == "An honest paragraph of the page."


@pytest.fixture
def lure() -> Generator[tuple[str, list[str]]]:
    """A web server of this machine, and what was asked of it."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


async def test_nothing_that_a_file_points_at_is_fetched(
    ingestor: Ingestor, tmp_path: Path, lure: tuple[str, list[str]]
) -> None:
    url, asked = lure
    page = tmp_path / "a.html"
    page.write_text(
        f'<link rel=stylesheet href="{url}/css"><p>An honest paragraph.<img src="{url}/img">'
        f'<iframe src="{url}/frame"></iframe><object data="{url}/object"></object>'
        f'<style>@import "{url}/import"; p {{ background: url({url}/back) }}</style>',
        encoding="utf-8",
    )
    office = tmp_path / "b.docx"
    letter(office)
    outside = (
        '<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        f'relationships/image" Target="{url}/docx" TargetMode="External"/></Relationships>'
    )
    drawing = (
        '<w:p><w:r><w:drawing><a:blip xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/'
        'main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
        'r:link="rId99"/></w:drawing></w:r></w:p></w:body>'
    )
    changes = {
        "word/_rels/document.xml.rels": (b"</Relationships>", outside.encode()),
        "word/document.xml": (b"</w:body>", drawing.encode()),
    }
    repacked(office, lambda name, data: data.replace(*changes[name]) if name in changes else data)
    script = tmp_path / "c.pdf"
    pdf(script, PAGE, TEXT, f"<< /S /URI /URI ({url}/pdf) >>", catalog="/OpenAction 5 0 R")
    for path in (page, office, script):
        status = await read(ingestor, path)
        assert status.state == "complete", status
        assert "honest" in everything(ingestor, status)
    assert asked == []


@pytest.mark.parametrize("where", ["word/document.xml", "word/_rels/document.xml.rels"])
async def test_an_outside_entity_is_not_resolved(
    ingestor: Ingestor, tmp_path: Path, lure: tuple[str, list[str]], where: str
) -> None:
    url, asked = lure
    path = tmp_path / "a.docx"
    letter(path)
    xxe = (
        f'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd"><!ENTITY % b SYSTEM "{url}/xxe"> %b;'
    ).encode()
    xxe += b"]>"
    repacked(
        path,
        lambda name, data: data.replace(b"?>", b"?>" + xxe, 1) if name == where else data,
    )
    status = await read(ingestor, path)
    assert (status.state, status.units_total) == ("failed", 0)
    assert "declares XML entities" in (status.why or "")
    assert asked == []


def everything(ingestor: Ingestor, status: SourceStatus) -> str:
    """All text of a source, flagged or not."""
    texts = ingestor._library.texts
    return "\n".join(
        element.text
        for unit in range(1, status.units_total + 1)
        for element in texts.elements_on(status.source.id, unit)
    )
