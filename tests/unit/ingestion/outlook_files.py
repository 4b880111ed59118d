"""Writes the smallest Outlook messages that there can be: an OLE container of short streams."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from pathlib import Path

Tree = Mapping[str, "bytes | Tree"]
_SECTOR, _MINI = 512, 64
_NONE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def write_message(
    path: Path, *, subject: str, sender: str, body: str, attachment: str = ""
) -> Path:
    """One recipient, `bob@example.org`; an attachment where it has a name."""
    tree: dict[str, bytes | Tree] = dict(
        _properties({0x0037: subject, 0x0C1A: "Ann Hill", 0x0C1F: sender, 0x1000: body}, header=32)
    )
    tree["__recip_version1.0_#00000000"] = _properties(
        {0x3001: "Bob", 0x3003: "bob@example.org"}, header=8
    )
    if attachment:
        tree["__attach_version1.0_#00000000"] = _properties(
            {0x3707: attachment, 0x370E: "application/pdf"}, header=8
        )
    path.write_bytes(_container(tree))
    return path


def _properties(texts: Mapping[int, str], *, header: int) -> dict[str, bytes]:
    """Strings in UTF-16, and the list that says they are there."""
    index = bytes(header)
    streams: dict[str, bytes] = {}
    for number, text in texts.items():
        data = text.encode("utf-16-le")
        streams[f"__substg1.0_{number:04X}001F"] = data
        index += struct.pack("<HHIII", 0x001F, number, 6, len(data) + 2, 0)
    return {"__properties_version1.0": index, **streams}


def _container(tree: Tree) -> bytes:
    entries: list[bytearray] = []
    mini = bytearray()
    chain: list[int] = []

    def add(name: str, kind: int) -> int:
        wide = name.encode("utf-16-le")
        entry = bytearray(128)
        entry[: len(wide)] = wide
        struct.pack_into("<HBBIII", entry, 64, len(wide) + 2, kind, 1, _NONE, _NONE, _NONE)
        entries.append(entry)
        return len(entries) - 1

    def fill(parent: int, branch: Tree) -> None:
        before = None
        for name in sorted(branch, key=lambda text: (len(text), text.upper())):
            held = branch[name]
            number = add(name, 2 if isinstance(held, bytes) else 1)
            struct.pack_into("<I", entries[parent if before is None else before],
                             76 if before is None else 72, number)  # fmt: skip
            before = number
            if isinstance(held, bytes):
                count = -(-len(held) // _MINI)
                start = len(chain) if count else _END
                chain.extend([*range(len(chain) + 1, len(chain) + count), _END][:count])
                mini.extend(held.ljust(count * _MINI, b"\0"))
                struct.pack_into("<IQ", entries[number], 116, start, len(held))
            else:
                fill(number, held)

    fill(add("Root Entry", 5), tree)
    return _assembled(entries, bytes(mini), chain)


def _assembled(entries: list[bytearray], mini: bytes, chain: list[int]) -> bytes:
    """Sector 0 is the table of sectors; then directory, table of mini sectors, mini sectors."""
    minifat = struct.pack(f"<{len(chain)}I", *chain)
    directory_size = -(-len(entries) * 128 // _SECTOR)
    minifat_size, mini_size = (-(-len(data) // _SECTOR) for data in (minifat, mini))
    first_minifat = 1 + directory_size
    first_mini = first_minifat + minifat_size
    struct.pack_into("<IQ", entries[0], 116, first_mini, len(mini))
    fat = [_FAT]
    for first, size in (
        (1, directory_size),
        (first_minifat, minifat_size),
        (first_mini, mini_size),
    ):
        fat += [*range(first + 1, first + size), _END]
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<IIIII", 0, 1, 1, 0, 4096)
    header += struct.pack("<IIII", first_minifat, minifat_size, _END, 0)
    header += struct.pack("<I", 0) + b"\xff" * (108 * 4)
    directory = b"".join(entries).ljust(directory_size * _SECTOR, b"\0")
    sectors = struct.pack(f"<{len(fat)}I", *fat).ljust(_SECTOR, b"\xff")
    return (
        header
        + sectors
        + directory
        + minifat.ljust(minifat_size * _SECTOR, b"\xff")
        + mini.ljust(mini_size * _SECTOR, b"\0")
    )
