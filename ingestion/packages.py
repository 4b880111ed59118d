"""Office files are zip archives: what they are, and whether it is safe to unpack them.

Everything here reads names, sizes and raw bytes; nothing is parsed before it passed.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from pincite.errors import CorruptSource, PasswordNeeded, TooLarge, UnsupportedMedia

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

MAX_UNPACKED_MIB = 1024
"""All parts of a package together."""
MAX_XML_MIB = 192
"""Its XML parts together; a parser needs many times their size."""
MAX_RATIO = 250
"""Unpacked to packed size of one large part; real office XML stays below 100."""
_MIB = 1 << 20
_LARGE = 4 * _MIB
_MAX_PARTS = 20_000
_MAX_DIRECTORY = 16 * _MIB
_END = b"PK\x05\x06"
_END64 = b"PK\x06\x06"

_PARTS = (
    ("word/document.xml", DOCX),
    ("ppt/presentation.xml", PPTX),
    ("xl/workbook.xml", XLSX),
)
_ENTITY = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_BLOCK = 1 << 18


def package_type(path: Path, name: str) -> str:
    """Media type of a zip archive by what is in it.

    Raises:
        UnsupportedMedia: an archive that is no office file.
        CorruptSource: its table of contents cannot be read.
        TooLarge: its table of contents is absurdly long.
    """
    with _opened(path, name) as archive:
        names = set(archive.namelist())
        found = next((media for part, media in _PARTS if part in names), None)
        if found is None and "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
            found = archive.read("mimetype").decode("ascii", "replace").strip()
    if found is None:
        raise UnsupportedMedia(
            f"{name} is a zip archive, and archives are not opened: unpack it and add the files"
        )
    return found


def check_package(path: Path, name: str) -> int:
    """Unpack every part once, without keeping it; the bytes of its XML.

    Sizes are checked as they are declared before anything is unpacked.

    Raises:
        TooLarge: it would unpack to more than the limits, as a zip bomb does.
        PasswordNeeded: its parts are encrypted.
        CorruptSource: a part is damaged, or declares XML entities.
    """
    with _opened(path, name) as archive:
        parts = archive.infolist()
        _check_sizes(parts, name)
        for part in parts:
            if part.flag_bits & 1:
                raise PasswordNeeded(f"{name} is encrypted; remove its password and add it again")
        xml = [part for part in parts if _is_xml(part.filename)]
        for part in xml:
            _check_xml(archive, part, name)
    return sum(part.file_size for part in xml)


def xml_bytes(path: Path, within: str = "") -> int:
    """Declared size of the XML parts whose name begins with `within`; nothing is unpacked.

    Raises:
        TooLarge: the declared sizes are over the limits.
        CorruptSource: the table of contents cannot be read.
    """
    name = "this file"
    with _opened(path, name) as archive:
        _check_sizes(archive.infolist(), name)
        parts = (part for part in archive.infolist() if part.filename.startswith(within))
        return sum(part.file_size for part in parts if _is_xml(part.filename))


def _is_xml(name: str) -> bool:
    return name.lower().endswith((".xml", ".rels", ".vml", ".xhtml", ".html"))


def _check_sizes(parts: list[zipfile.ZipInfo], name: str) -> None:
    total = sum(part.file_size for part in parts)
    if total > MAX_UNPACKED_MIB * _MIB:
        raise TooLarge(_bomb(name, total, MAX_UNPACKED_MIB))
    xml = sum(part.file_size for part in parts if _is_xml(part.filename))
    if xml > MAX_XML_MIB * _MIB:
        raise TooLarge(_bomb(name, xml, MAX_XML_MIB))
    for part in parts:
        ratio = part.file_size // max(part.compress_size, 1)
        if part.file_size > _LARGE and ratio > MAX_RATIO:
            raise TooLarge(
                f"{name} holds a part that unpacks to {ratio:,} times its size, as a zip bomb "
                "does; it was not opened"
            )


def _bomb(name: str, size: int, limit_mib: int) -> str:
    return (
        f"{name} unpacks to {size / _MIB:,.0f} MiB, more than the limit of {limit_mib} MiB; "
        "it was not opened"
    )


def _check_xml(archive: zipfile.ZipFile, part: zipfile.ZipInfo, name: str) -> None:
    """Reading yields no more than the declared size, and the checksum is compared at the end."""
    tail = b""
    try:
        with archive.open(part) as stream:
            while block := stream.read(_BLOCK):
                # UTF-16 parts: without the zero bytes they read as ASCII.
                seen = tail + block.replace(b"\x00", b"")
                if _ENTITY.search(seen):
                    raise CorruptSource(
                        f"{name} declares XML entities, which no office program writes; "
                        "it was not opened"
                    )
                tail = seen[-16:]
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as exc:
        raise CorruptSource(f"{name} is damaged: {part.filename} cannot be unpacked") from exc


@contextmanager
def _opened(path: Path, name: str) -> Generator[zipfile.ZipFile]:
    _check_directory(path, name)
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as exc:
        raise CorruptSource(
            f"{name} is damaged: its table of contents cannot be read (cut off?)"
        ) from exc
    with archive:
        if len(archive.filelist) > _MAX_PARTS:
            raise TooLarge(f"{name} holds more than {_MAX_PARTS} parts; it was not opened")
        yield archive


def _check_directory(path: Path, name: str) -> None:
    """The table of contents is read into memory as a whole, so its length is looked at first."""
    with path.open("rb") as stream:
        size = stream.seek(0, 2)
        stream.seek(max(0, size - 66_000))
        tail = stream.read()
    lengths = [_number(tail, tail.rfind(_END) + 12, "<I")] if _END in tail else []
    if _END64 in tail:
        lengths = [_number(tail, tail.rfind(_END64) + 40, "<Q")]
    if any(length > _MAX_DIRECTORY for length in lengths):
        raise TooLarge(f"{name} has a table of contents of absurd length; it was not opened")


def _number(data: bytes, at: int, kind: str) -> int:
    field = data[at : at + struct.calcsize(kind)]
    return int(struct.unpack(kind, field)[0]) if len(field) == struct.calcsize(kind) else 0
