"""The day a document is of, as its own metadata say. Runs in a parser child: bytes are untrusted.

A PDF's date of making, else of change; the moment a photo was taken; an e-mail's `Date`; an office
file's last change, for its date of making is often that of its template.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from email.parser import BytesHeaderParser
from email.policy import compat32
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Final

_HEAD: Final = 65_536
"""Bytes of a message, or of a metadata file, that are looked at."""
_EARLIEST: Final = date(1971, 1, 1)
"""Before that, clocks were not set."""
_DAY: Final = re.compile(r"(\d{4})[-:.]?(\d\d)[-:.]?(\d\d)")
_FACTS: Final = ("CreationDate", "ModDate", "Taken")
_PARTS: Final = {
    "docProps/core.xml": ("dcterms:modified", "dcterms:created"),
    "meta.xml": ("dc:date", "meta:creation-date"),
}


def day_of(path: Path, facts: Mapping[str, str]) -> date | None:
    """`facts` are those of the file's outline. None where the file says nothing sensible."""
    told = (_day(facts[name]) for name in _FACTS if name in facts)
    return next(filter(None, told), None) or next(filter(None, _stated(path)), None)


def _stated(path: Path) -> Iterator[date | None]:
    ask: Callable[[Path], Iterator[date | None]] = _office if zipfile.is_zipfile(path) else _mail
    if path.stat().st_size:
        yield from ask(path)


def _office(path: Path) -> Iterator[date | None]:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            for part in _PARTS.keys() & names:
                with archive.open(part) as stream:
                    text = stream.read(_HEAD).decode("utf-8", "replace")
                for tag in _PARTS[part]:
                    found = re.search(rf"<{tag}\b[^>]*>([^<]*)<", text)
                    yield _day(found[1].strip()) if found else None
    except (zipfile.BadZipFile, zlib.error, OSError, NotImplementedError, RuntimeError, EOFError):
        return  # damaged, encrypted or packed in a way of its own: the reader will say so


def _mail(path: Path) -> Iterator[date | None]:
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    if not re.search(rb"^(?:From|Received|Message-ID|Return-Path):", head, re.M | re.I):
        return
    try:
        headers = BytesHeaderParser(policy=compat32).parsebytes(head)
        sent = parsedate_to_datetime(str(headers["Date"]))
    except (ValueError, TypeError, IndexError, OverflowError):
        return
    yield _sensible((sent.astimezone(UTC) if sent.tzinfo else sent).date())


def _day(text: str) -> date | None:
    found = _DAY.match(text.removeprefix("D:"))
    try:
        return _sensible(date(*map(int, found.groups()))) if found else None
    except ValueError:
        return None


def _sensible(day: date) -> date | None:
    tomorrow = datetime.now(UTC).date() + timedelta(1)
    return day if _EARLIEST <= day <= tomorrow else None
