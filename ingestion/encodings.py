"""Bytes → characters, for files that do not say how they are encoded."""

from __future__ import annotations

import codecs
import re

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f\ufffd]")
_MOST_CONTROL = 0.002
"""Share of control characters above which something is not text."""


def encoding_of(data: bytes) -> str | None:
    """The encoding of text, or None where the bytes are not text.

    `data` may be the beginning of a file: a character cut off at its end does not matter.
    """
    for bom, name in _BOMS:
        if data.startswith(bom):
            return name if _is_text(data, name) else None
    wide = _wide(data)
    if wide is not None and _is_text(data, wide):
        return wide
    if b"\x00" in data:
        return None
    return next((name for name in ("utf-8", "cp1252", "latin-1") if _is_text(data, name)), None)


def decode(data: bytes, *, declared: str | None = None) -> str:
    """All characters of a text file, lines ended by a line feed, without a byte order mark.

    `declared` is what the file says of itself; it is ignored where it does not fit the bytes.
    Bytes that fit no encoding become U+FFFD.
    """
    name = _known(declared)
    if name is None or data.startswith(tuple(bom for bom, _ in _BOMS)):
        name = encoding_of(data) or "utf-8"
    try:
        text = data.decode(name)
    except UnicodeDecodeError:
        text = data.decode(encoding_of(data) or "utf-8", errors="replace")
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _known(name: str | None) -> str | None:
    try:
        return codecs.lookup(name).name if name else None
    except LookupError:
        return None


def _wide(data: bytes) -> str | None:
    """UTF-16 without a mark shows as zero bytes at every other place of Latin text."""
    sample = data[: len(data) // 2 * 2]
    if len(sample) < 4:
        return None
    half = len(sample) // 2
    for name, high, low in (("utf-16-le", 1, 0), ("utf-16-be", 0, 1)):
        if sample[high::2].count(0) > 0.6 * half and sample[low::2].count(0) < 0.02 * half:
            return name
    return None


def _is_text(data: bytes, name: str) -> bool:
    try:
        text = codecs.getincrementaldecoder(name)().decode(data)
    except UnicodeDecodeError:
        return False
    return len(_CONTROL.findall(text)) <= _MOST_CONTROL * len(text)
