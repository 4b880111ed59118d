"""An index as one file: every point with its vectors, and what made them.

The file is a line of JSON that says what it is, then frames as the index process takes them, then
a last frame with the number of points and the SHA-256 of all bytes before it. It is written under
another name and renamed when it is whole; it is read twice, first for its hash, so that nothing
of a damaged file is ever written to an index. Both ways hold a few hundred points in memory.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, Final

from pydantic import ValidationError

from pincite.errors import DiskFull, IncompatibleData
from pincite.index import edge_frames, frames
from pincite.index.folder import Made, difference
from pincite.index.frames import Frame
from pincite.index.ports import ElementIndex, Movable
from pincite.values import Value

FORMAT: Final = "pincite-index"
VERSION: Final = 1
_LONGEST_HEAD: Final = 1 << 20
_CHUNK: Final = 1 << 20
_BATCH: Final = 256
_MOST: Final = 1 << 28
"""Bytes of one part of a frame; more is a torn number, not a length."""


class Head(Value):
    """The first line."""

    format: str = FORMAT
    version: int = VERSION
    made: Made


Progress = Callable[[int], None]
"""Hears how many points are done."""


def export_points(index: Movable, made: Made, file: Path, progress: Progress) -> int:
    """Write a file that `import_points` reads; how many points it holds.

    Raises:
        DiskFull: and no file is left.
    """
    partial = file.with_name(f"{file.name}.partial")
    try:
        with partial.open("wb") as stream:
            count = _write(index, made, stream, progress)
            stream.flush()
            os.fsync(stream.fileno())
        partial.replace(file)
    except OSError as exc:
        partial.unlink(missing_ok=True)
        raise DiskFull(f"{file} could not be written: {exc.strerror or exc}") from exc
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    return count


def _write(index: Movable, made: Made, stream: BinaryIO, progress: Progress) -> int:
    digest, count = hashlib.sha256(), 0

    def put(data: bytes) -> None:
        digest.update(data)
        stream.write(data)

    put(Head(made=made).model_dump_json().encode() + b"\n")
    for points in index.points():
        for start in range(0, len(points), _BATCH):
            batch = points[start : start + _BATCH]
            put(frames.encode(edge_frames.upsert_frame(batch)))
            count += len(batch)
        progress(count)
    stream.write(frames.encode(Frame({"points": count, "sha256": digest.hexdigest()})))
    return count


def read_head(file: Path) -> Head:
    """What a file says it is, before a look at the rest.

    Raises:
        IncompatibleData: it is no such file, or one of another version.
    """
    try:
        with file.open("rb") as stream:
            return Head.model_validate(_head(stream, file))
    except OSError as exc:
        raise IncompatibleData(f"{file} cannot be read: {exc.strerror or exc}") from exc
    except ValidationError as exc:
        raise _damaged(file) from exc


def import_points(index: ElementIndex, made: Made, file: Path, progress: Progress) -> int:
    """Add the points of a file to an index; how many. What was cut short is simply run again.

    Raises:
        IncompatibleData: the file is damaged or cut off, or was made otherwise than the index;
            the index was not touched.
    """
    head = read_head(file)
    if head.made != made:
        found = head.made.model_dump(mode="json")
        told = difference(found, made).replace("the settings say", "this index has")
        raise IncompatibleData(f"{file} was made {told}; nothing was imported")
    total, count = _checked(file), 0
    for frame in _frames(file):
        index.upsert(edge_frames.points(frame, _dimensions(made)))
        count += len(frame.header["rows"])
        progress(count)
    if count != total:
        raise _damaged(file)
    return count


def _dimensions(made: Made) -> dict[str, int]:
    return {name: space.dimensions for name, space in made.spaces.items()}


def _checked(file: Path) -> int:
    """Hash the file without taking it in; the number of points it says it has."""
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        digest.update(stream.readline(_LONGEST_HEAD))
        while True:
            lengths = stream.read(frames.LENGTHS.size)
            head, body = _lengths(lengths, file)
            text = stream.read(head)
            if body == 0 and b'"sha256"' in text:
                return _sealed(text, digest.hexdigest(), stream, file)
            digest.update(lengths + text)
            _pass_over(stream, body, digest.update, file)


def _sealed(text: bytes, found: str, stream: BinaryIO, file: Path) -> int:
    try:
        seal = json.loads(text)
        if seal["sha256"] == found and not stream.read(1):
            return int(seal["points"])
    except (ValueError, KeyError, TypeError):
        pass
    raise _damaged(file)


def _pass_over(stream: BinaryIO, size: int, take: Callable[[bytes], None], file: Path) -> None:
    while size:
        data = stream.read(min(size, _CHUNK))
        if not data:
            raise _damaged(file)
        take(data)
        size -= len(data)


def _frames(file: Path) -> Iterator[Frame]:
    """Of a file that was checked, without the last."""
    with file.open("rb") as stream:
        stream.readline(_LONGEST_HEAD)
        while True:
            head, body = _lengths(stream.read(frames.LENGTHS.size), file)
            frame = Frame(json.loads(stream.read(head)), stream.read(body))
            if "rows" not in frame.header:
                return
            yield frame


def _lengths(data: bytes, file: Path) -> tuple[int, int]:
    if len(data) == frames.LENGTHS.size:
        head, body = frames.LENGTHS.unpack(data)
        if head <= _MOST and body <= _MOST:
            return head, body
    raise _damaged(file)


def _head(stream: BinaryIO, file: Path) -> object:
    try:
        found = json.loads(stream.readline(_LONGEST_HEAD))
        told = (found["format"], found["version"])
    except (ValueError, KeyError, TypeError) as exc:
        raise IncompatibleData(
            f"{file} is no index file; one is written by: pincite index export"
        ) from exc
    if told != (FORMAT, VERSION):
        raise IncompatibleData(
            f"{file} has format {told[0]} {told[1]}, not {FORMAT} {VERSION}; "
            "export it again with this version of Pincite"
        )
    return found


def _damaged(file: Path) -> IncompatibleData:
    return IncompatibleData(
        f"{file} is damaged or was cut off; nothing of it is to be trusted, export it again"
    )
