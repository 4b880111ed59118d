"""A file is what its bytes say; its name only breaks ties between kinds of text."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from ingestion.media import SUPPORTED, sniff
from ingestion.packages import DOCX, PPTX, XLSX
from pincite.elements import Medium
from pincite.errors import CorruptSource, PasswordNeeded, TooLarge, UnsupportedMedia
from tests.unit.ingestion.recordings import bursts, write_recording


def _file(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def _zip(*names: str, mimetype: str = "") -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        if mimetype:
            archive.writestr("mimetype", mimetype)
        for name in names:
            archive.writestr(name, "<x/>")
    return stream.getvalue()


def _picture(form: str) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (3, 3)).save(stream, form)
    return stream.getvalue()


def _ole(*streams: str) -> bytes:
    """A header and one sector of directory entries, which is where names are looked for."""
    entries = b""
    for name in streams:
        wide = name.encode("utf-16-le")
        entries += wide.ljust(64, b"\0") + (len(wide) + 2).to_bytes(2, "little") + b"\0" * 62
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\0") + entries


MAIL = b"Received: by x\r\nFrom: a@example.org\r\nTo: b@example.org\r\nSubject: Hi\r\n\r\nText\r\n"


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (b"%PDF-1.7\n%\xe2\xe3", "application/pdf"),
        (b"\n\nheader of a printer\n%PDF-1.4\n", "application/pdf"),
        (_zip("word/document.xml"), DOCX),
        (_zip("ppt/presentation.xml"), PPTX),
        (_zip("xl/workbook.xml"), XLSX),
        (_ole("Root Entry", "__properties_version1.0"), "application/vnd.ms-outlook"),
        (b"<!DOCTYPE html>\n<title>x</title>", "text/html"),
        (b"<!-- saved from the web -->\n<html><body>x", "text/html"),
        (MAIL, "message/rfc822"),
        (b"just words\n", "text/plain"),
        ("Grüße".encode("utf-16"), "text/plain"),
        ("Gr\u00fc\u00dfe aus K\u00f6ln".encode("latin-1"), "text/plain"),
        *((_picture(form), f"image/{form.lower()}")
          for form in ("PNG", "JPEG", "TIFF", "WEBP", "GIF", "BMP")),
    ],
)  # fmt: skip
def test_content_decides_whatever_the_file_is_called(
    tmp_path: Path, data: bytes, media_type: str
) -> None:
    for name in ("right.txt", "wrong.xyz", "none"):
        assert sniff(_file(tmp_path, name, data)).media_type == media_type


@pytest.mark.parametrize(
    ("name", "codec", "form", "media_type"),
    [
        ("a.wav", "pcm_s16le", None, "audio/wav"),
        ("a.mp3", "libmp3lame", None, "audio/mpeg"),
        ("raw.mp3", "libmp3lame", "mp3", "audio/mpeg"),
        ("a.m4a", "aac", None, "audio/mp4"),
        ("a.aac", "aac", "adts", "audio/aac"),
        ("a.opus", "libopus", None, "audio/ogg"),
        ("a.flac", "flac", None, "audio/flac"),
        ("a.webm", "libopus", None, "audio/webm"),
        ("a.mka", "pcm_s16le", "matroska", "audio/x-matroska"),
        ("a.aiff", "pcm_s16be", None, "audio/aiff"),
    ],
)
def test_recordings_are_known_by_their_containers(
    tmp_path: Path, name: str, codec: str, form: str | None, media_type: str
) -> None:
    path = write_recording(tmp_path / name, bursts(1, [(0, 1)]), codec=codec, form=form)
    renamed = path.rename(tmp_path / "recording.txt")
    assert sniff(renamed) == (media_type, Medium.AUDIO)


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("notes.md", "text/markdown"),
        ("table.csv", "text/csv"),
        ("table.tsv", "text/csv"),
        ("notes.txt", "text/plain"),
        ("program.py", "text/plain"),
    ],
)
def test_the_name_breaks_ties_between_kinds_of_text(
    tmp_path: Path, name: str, media_type: str
) -> None:
    assert sniff(_file(tmp_path, name, b"# a,b\n1,2\n")).media_type == media_type


def test_the_known_name_counts_not_the_name_of_the_stored_file(tmp_path: Path) -> None:
    stored = _file(tmp_path, "0f3a", b"a,b\n1,2\n")
    assert sniff(stored, name="table.csv").media_type == "text/csv"


def test_a_web_page_saved_as_csv_is_a_web_page(tmp_path: Path) -> None:
    page = _file(tmp_path, "export.csv", b"<html><table><tr><td>1</table>")
    assert sniff(page).media_type == "text/html"


def test_a_letter_that_begins_with_a_label_is_no_mail(tmp_path: Path) -> None:
    letter = _file(tmp_path, "letter.txt", b"To: all\nSubject: nothing\n\nHello\n")
    assert sniff(letter).media_type == "text/plain"


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("x.bin", bytes(range(256)) * 8, "no kind of file that is read; these are: PDF"),
        ("garbage.txt", bytes(range(256)) * 8, "no kind of file that is read; these are: PDF"),
        ("a.zip", _zip("letter.txt"), "archives are not opened"),
        ("deep.zip", _zip("a.zip", "b.zip"), "archives are not opened"),
        ("a.odt", _zip(mimetype="application/vnd.oasis.opendocument.text"), "save it as .docx"),
        ("a.doc", _ole("Root Entry", "WordDocument"), "save it as .docx"),
        ("a.xls", _ole("Root Entry", "Workbook"), "save it as .xlsx"),
        ("a.rtf", b"{\\rtf1 hello}", "save it as .docx"),
        ("a.heic", b"\0\0\0\x18ftypheic\0\0\0\0", "save it as JPEG"),
        ("a.svg", b'<?xml version="1.0"?><svg xmlns="x"></svg>', "save it as PNG"),
    ],
)
def test_what_is_not_read_is_refused_with_a_way_out(
    tmp_path: Path, name: str, data: bytes, words: str
) -> None:
    with pytest.raises(UnsupportedMedia, match=words) as refused:
        sniff(_file(tmp_path, name, data))
    assert str(refused.value).startswith(name)
    assert "\n" not in str(refused.value)


def test_an_empty_file_is_said_to_be_empty(tmp_path: Path) -> None:
    with pytest.raises(CorruptSource, match=r"^none\.pdf is empty$"):
        sniff(_file(tmp_path, "none.pdf", b""))


def test_a_file_over_the_limit_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "huge.txt"
    with path.open("wb") as stream:
        stream.truncate(3 << 20)
    with pytest.raises(TooLarge, match="3 MiB, more than the limit of 2 MiB"):
        sniff(path, max_mib=2)


def test_encrypted_office_files_need_their_password(tmp_path: Path) -> None:
    path = _file(tmp_path, "secret.docx", _ole("Root Entry", "EncryptedPackage"))
    with pytest.raises(PasswordNeeded, match=r"^secret\.docx is encrypted"):
        sniff(path)


def test_a_truncated_office_file_is_damaged(tmp_path: Path) -> None:
    whole = _zip("word/document.xml", *(f"word/part{n}.xml" for n in range(50)))
    with pytest.raises(CorruptSource, match="damaged: its table of contents"):
        sniff(_file(tmp_path, "cut.docx", whole[: len(whole) // 2]))


def test_an_absurd_table_of_contents_is_not_read_into_memory(tmp_path: Path) -> None:
    data = bytearray(_zip("word/document.xml"))
    at = data.rindex(b"PK\x05\x06")
    data[at + 12 : at + 16] = (1 << 30).to_bytes(4, "little")
    with pytest.raises(TooLarge, match="absurd length"):
        sniff(_file(tmp_path, "a.docx", bytes(data)))


def test_every_supported_type_has_a_word_for_it() -> None:
    assert all(kind.spoken for kind in SUPPORTED.values())
