"""The ZIP around a dossier. One that is opened is untrusted: nothing of it touches the disk."""

from __future__ import annotations

import hashlib
import re
import struct
import zipfile
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import IO, Final

from pincite.errors import TooLarge, UserError
from serving.dossier.contents import DOSSIER, HASHES, PAGE

MOST_MIB: Final = 256
"""Of the ZIP, and of what is in it."""
MOST_FILES: Final = 1_000
_MOST_DIRECTORY: Final = 1 << 18
"""Bytes of the list of files, which is read whole before anything is known of it."""
_NAME: Final = re.compile(
    r"(?:dossier\.(?:json|html)|hashes\.txt|evidence/\w{1,40}\.[a-z0-9]{1,5})"
)
_LINE: Final = re.compile(r"([0-9a-f]{64})  (\S+)")
_END: Final = struct.Struct("<4s4H2LH")
_MARK: Final = b"PK\x05\x06"
_MARK_64: Final = b"PK\x06\x07"
_LOCATOR_64: Final = 20
_READ_AT_ONCE: Final = 1 << 20
_COMPRESSED: Final = {"png", "jpg"}
_BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OverflowError,
    ValueError,
)


def packed(files: Mapping[str, bytes], at: datetime) -> bytes:
    """A ZIP of the files and of their hashes; the same for the same files and time."""
    out = BytesIO()
    moment = at.astimezone(UTC).timetuple()[:6]
    with zipfile.ZipFile(out, "w") as package:
        for name, content in sorted({**files, HASHES: hashes(files)}.items()):
            entry = zipfile.ZipInfo(name, moment)
            entry.external_attr = 0o600 << 16
            ending = name.rpartition(".")[2]
            how = zipfile.ZIP_STORED if ending in _COMPRESSED else zipfile.ZIP_DEFLATED
            package.writestr(entry, content, how)
    return out.getvalue()


def hashes(files: Mapping[str, bytes]) -> bytes:
    """As `sha256sum --check` takes them."""
    lines = (f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files))
    return "".join(lines).encode()


def damages(files: Mapping[str, bytes]) -> list[str]:
    """One sentence for each file that is not what the list of hashes says."""
    lines = files[HASHES].decode("utf-8", "replace").splitlines()
    found = [_LINE.fullmatch(line) for line in lines]
    known = {match[2]: match[1] for match in found if match}
    wrong = [] if all(found) else [f"{HASHES} has lines that are no hashes."]
    for name in sorted(known.keys() | files.keys() - {HASHES}):
        if name not in files:
            wrong.append(f"{name} is missing.")
        elif name not in known:
            wrong.append(f"{name} is not in the list of hashes.")
        elif hashlib.sha256(files[name]).hexdigest() != known[name]:
            wrong.append(f"{name} was changed: its hash is not the one in {HASHES}.")
    return wrong


def unpacked(path: Path) -> dict[str, bytes]:
    """The files of a dossier, in memory.

    Raises:
        UserError: it is none, is damaged, or holds what no dossier holds.
        TooLarge: over `MOST_MIB` or `MOST_FILES`.
    """
    if not path.is_file():
        raise UserError(f"{path} is no file; give a ZIP that `pincite dossier` made")
    try:
        with path.open("rb") as file:
            _look_at_end(path, file)
            with zipfile.ZipFile(file) as package:
                return _contents(path, package)
    except _BROKEN as exc:
        raise _broken(path, "the ZIP is damaged") from exc
    except OSError as exc:
        raise UserError(f"{path} cannot be read: {exc.strerror}") from exc


def _look_at_end(path: Path, file: IO[bytes]) -> None:
    """How much the ZIP says it holds, before anything is made of it."""
    size = path.stat().st_size
    if size > MOST_MIB << 20:
        raise TooLarge(f"{path.name} has more than {MOST_MIB} MiB; no dossier is that large")
    file.seek(max(0, size - _END.size - _LOCATOR_64))
    tail = file.read()
    end = tail[-_END.size :]
    if not zipfile.is_zipfile(file) or len(end) < _END.size or not end.startswith(_MARK):
        raise _broken(path, "it is no ZIP, or its end is missing")
    _, _, _, _, count, length, _, _ = _END.unpack(end)
    if tail.startswith(_MARK_64) or count > MOST_FILES or length > _MOST_DIRECTORY:
        raise TooLarge(f"{path.name} holds more than {MOST_FILES:,} files; no dossier does")


def _contents(path: Path, package: zipfile.ZipFile) -> dict[str, bytes]:
    entries = package.infolist()
    left = MOST_MIB << 20
    files: dict[str, bytes] = {}
    for entry in entries:
        if not _NAME.fullmatch(entry.filename) or entry.filename in files:
            raise _broken(path, "it holds a file that no dossier holds")
        if entry.flag_bits & 1 or entry.compress_type not in {0, zipfile.ZIP_DEFLATED}:
            raise _broken(path, f"{entry.filename} is packed in a way that no dossier is")
        files[entry.filename] = _content(path, package, entry, left)
        left -= len(files[entry.filename])
    if missing := sorted({DOSSIER, PAGE, HASHES} - files.keys()):
        raise _broken(path, f"{missing[0]} is missing")
    return files


def _content(path: Path, package: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int) -> bytes:
    """At most `left` bytes, whatever the entry says of its size."""
    out = BytesIO()
    try:
        with package.open(entry) as file:
            while piece := file.read(_READ_AT_ONCE):
                out.write(piece)
                if out.tell() > left:
                    raise TooLarge(f"{path.name} unpacks to more than {MOST_MIB} MiB")
    except _BROKEN as exc:
        raise _broken(path, f"{entry.filename} is damaged") from exc
    return out.getvalue()


def _broken(path: Path, why: str) -> UserError:
    return UserError(f"{path.name} is no dossier that can be checked: {why}")
