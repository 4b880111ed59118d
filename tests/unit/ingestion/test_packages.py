"""Office packages are looked through before a parser touches them."""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path

import pytest

from ingestion.packages import check_package, xml_bytes
from pincite.errors import CorruptSource, PasswordNeeded, TooLarge


def _package(folder: Path, parts: dict[str, bytes]) -> Path:
    path = folder / "a.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return path


def test_a_sound_package_passes(tmp_path: Path) -> None:
    path = _package(tmp_path, {"word/document.xml": b"<w/>", "word/media/a.png": b"x"})
    assert check_package(path, "this file") == 4
    assert xml_bytes(path, "word/") == 4


def test_a_part_that_unpacks_to_a_thousand_times_its_size_is_a_bomb(tmp_path: Path) -> None:
    path = _package(tmp_path, {"word/document.xml": b" " * (32 << 20)})
    with pytest.raises(TooLarge, match="times its size, as a zip bomb does"):
        check_package(path, "this Word file")


def test_xml_beyond_the_limit_is_refused_by_its_declared_size(tmp_path: Path) -> None:
    path = _package(tmp_path, {"word/document.xml": b"<w/>"})
    _declare(path, 1 << 31)
    with pytest.raises(TooLarge, match="unpacks to 2,048 MiB, more than the limit"):
        check_package(path, "this Word file")
    with pytest.raises(TooLarge, match="unpacks to 2,048 MiB"):
        xml_bytes(path)


def test_a_part_longer_than_declared_is_damage(tmp_path: Path) -> None:
    """A bomb that understates its size is cut at that size and then fails its checksum."""
    path = _package(tmp_path, {"word/document.xml": b" " * 100_000})
    _declare(path, 10)
    with pytest.raises(CorruptSource, match=r"damaged: word/document\.xml cannot be unpacked"):
        check_package(path, "this Word file")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused_in_any_encoding(tmp_path: Path, encoding: str) -> None:
    bomb = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><x>&b;</x>'
    path = _package(tmp_path, {"word/document.xml": bomb.encode(encoding)})
    with pytest.raises(CorruptSource, match="declares XML entities"):
        check_package(path, "this Word file")


def test_an_entity_is_seen_across_the_border_of_two_blocks(tmp_path: Path) -> None:
    padding = b"<!-- " + bytes(32 + n % 90 for n in range((1 << 18) - 13)) + b" -->"
    path = _package(tmp_path, {"word/document.xml": padding + b'<!ENTITY a "x">'})
    with pytest.raises(CorruptSource, match="declares XML entities"):
        check_package(path, "this Word file")


def test_encrypted_parts_need_their_password(tmp_path: Path) -> None:
    path = _package(tmp_path, {"word/document.xml": b"<w/>"})
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    with pytest.raises(PasswordNeeded, match="is encrypted"):
        check_package(path, "this Word file")


def _declare(path: Path, size: int) -> None:
    """Change the unpacked size that the table of contents states."""
    data = bytearray(path.read_bytes())
    at = data.index(b"PK\x01\x02") + 24
    data[at : at + 4] = struct.pack("<I", size)
    path.write_bytes(data)
