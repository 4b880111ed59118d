"""Multipart uploads, written to disk as they arrive: no file is ever held in memory.

Fields come before the files they speak of: `collection`, `reader` (repeated) and `origin` (of the
next file). File names are the sender's words: kept for display, never used as a path.
"""

from __future__ import annotations

import errno
import os
import re
import secrets
from dataclasses import dataclass, field
from email.message import Message
from pathlib import Path
from typing import IO

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser
from starlette.requests import Request

from pincite.errors import DiskFull, TooLarge, UserError
from serving.service import Upload

_FIELD_BYTES = 4096
_FILES = 1000
_SEPARATORS = re.compile(r"[/\\]")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@dataclass(slots=True)
class Form:
    """What was sent."""

    uploads: list[Upload] = field(default_factory=list[Upload])
    fields: dict[str, list[str]] = field(default_factory=dict[str, list[str]])

    def first(self, name: str, default: str) -> str:
        return next(iter(self.fields.get(name, ())), default)

    def remove_files(self) -> None:
        for upload in self.uploads:
            upload.path.unlink(missing_ok=True)


def safe_name(name: str) -> str:
    """The last part of a name, without control and direction characters; never empty."""
    last = _SEPARATORS.split(name)[-1]
    return _CONTROLS.sub("", last).strip()[:200] or "unnamed"


async def receive_form(request: Request, folder: Path, *, max_bytes: int) -> Form:
    """Write every file of the request into `folder` (0600, random names).

    Raises:
        TooLarge: a file is larger than `max_bytes`; nothing of the request is kept.
        UserError: not a well-formed multipart request.
        DiskFull: nothing of the request is kept.
    """
    boundary = _boundary(request)
    sink = _Sink(folder, max_bytes)
    kept = False
    try:
        parser = MultipartParser(boundary, sink.callbacks())  # pyright: ignore[reportArgumentType]
        async for chunk in request.stream():
            parser.write(chunk)
        parser.finalize()
        kept = True
    except FormParserError as exc:
        raise UserError("the upload is not well-formed multipart/form-data") from exc
    except OSError as exc:
        if exc.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise DiskFull("no space left for the upload; nothing stored is harmed") from exc
        raise
    finally:
        sink.close()
        if not kept:
            sink.form.remove_files()
    if not sink.form.uploads:
        raise UserError("the upload holds no file")
    return sink.form


def _boundary(request: Request) -> bytes:
    header = Message()
    header["content-type"] = request.headers.get("content-type", "")
    boundary = header.get_param("boundary")
    if header.get_content_type() != "multipart/form-data" or not isinstance(boundary, str):
        raise UserError("send files as multipart/form-data")
    return boundary.encode("latin-1", "replace")


class _Sink:
    """Callbacks of the parser: one part after the other, each a field or a file."""

    def __init__(self, folder: Path, max_bytes: int) -> None:
        self.form = Form()
        self._folder = folder
        self._max_bytes = max_bytes
        self._header = (bytearray(), bytearray())
        self._disposition = Message()
        self._file: IO[bytes] | None = None
        self._bytes = 0
        self._field = bytearray()

    def callbacks(self) -> dict[str, object]:
        return {
            "on_part_begin": self._part_begins,
            "on_header_field": self._header_name,
            "on_header_value": self._header_value,
            "on_header_end": self._header_ends,
            "on_headers_finished": self._headers_end,
            "on_part_data": self._data,
            "on_part_end": self._part_ends,
        }

    def close(self) -> None:
        if self._file is not None:
            self._file.close()

    def _part_begins(self) -> None:
        self._disposition = Message()
        self._field = bytearray()
        self._bytes = 0

    def _header_name(self, data: bytes, start: int, end: int) -> None:
        self._header[0].extend(data[start:end])

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._header[1].extend(data[start:end])

    def _header_ends(self) -> None:
        name, value = (part.decode("utf-8", "replace") for part in self._header)
        if name.lower() == "content-disposition":
            self._disposition["content-disposition"] = value
        self._header = (bytearray(), bytearray())

    def _headers_end(self) -> None:
        name = self._parameter("filename")
        if name is None:
            return
        if len(self.form.uploads) >= _FILES:
            raise TooLarge(f"at most {_FILES} files in one upload")
        path = self._folder / secrets.token_hex(16)
        self._file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
        origin = self.form.fields.pop("origin", [])
        shown = safe_name(name)
        upload = Upload(
            path=path,
            name=shown,
            origin=origin[-1] if origin else shown,
            field=self._parameter("name") or "",
        )
        self.form.uploads.append(upload)

    def _data(self, data: bytes, start: int, end: int) -> None:
        self._bytes += end - start
        if self._file is None:
            if self._bytes > _FIELD_BYTES:
                raise TooLarge("a form field is too long")
            self._field.extend(data[start:end])
            return
        if self._bytes > self._max_bytes:
            most = self._max_bytes >> 20
            raise TooLarge(f"{self.form.uploads[-1].name} is larger than {most} MiB")
        self._file.write(data[start:end])

    def _part_ends(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
            return
        name = self._parameter("name")
        if name:
            value = self._field.decode("utf-8", "replace")
            self.form.fields.setdefault(name, []).append(value)

    def _parameter(self, name: str) -> str | None:
        value = self._disposition.get_param(name, header="content-disposition")
        if isinstance(value, tuple):  # RFC 2231: charset, language, text
            return value[2]
        return value
