"""What a file is: decided by its content. A name only breaks ties between kinds of plain text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path, PurePath
from types import MappingProxyType
from typing import NamedTuple

from ingestion.encodings import encoding_of
from ingestion.packages import DOCX, PPTX, XLSX, package_type
from ingestion.signatures import HEAD, binary_type, ole_type
from pincite.elements import Medium
from pincite.errors import CorruptSource, PasswordNeeded, TooLarge, UnsupportedMedia


class Sniffed(NamedTuple):
    """What a file is, to a reader and to a person."""

    media_type: str
    medium: Medium


class _Type(NamedTuple):
    medium: Medium
    spoken: str
    """What a person calls it."""


def _types(medium: Medium, **spoken: str) -> dict[str, _Type]:
    prefix = f"{medium.value}/"
    return {prefix + name.replace("_", "-"): _Type(medium, text) for name, text in spoken.items()}


SUPPORTED: Mapping[str, _Type] = MappingProxyType({
    "application/pdf": _Type(Medium.PDF, "PDF"),
    **_types(
        Medium.IMAGE, png="PNG", jpeg="JPEG", tiff="TIFF", webp="WebP", gif="GIF", bmp="BMP"
    ),
    **_types(
        Medium.AUDIO, wav="WAV", mpeg="MP3", mp4="M4A", aac="AAC", ogg="Ogg/Opus", flac="FLAC",
        webm="WebM", aiff="AIFF", amr="AMR", x_matroska="MKA", x_caf="CAF", x_ms_wma="WMA",
    ),
    **_types(
        Medium.VIDEO, mp4="MP4", quicktime="MOV", webm="WebM", ogg="Ogg", x_matroska="MKV",
        x_msvideo="AVI", x_ms_asf="WMV",
    ),
    DOCX: _Type(Medium.OFFICE, "Word (.docx)"),
    PPTX: _Type(Medium.OFFICE, "PowerPoint (.pptx)"),
    XLSX: _Type(Medium.OFFICE, "Excel (.xlsx)"),
    "text/plain": _Type(Medium.TEXT, "text"),
    "text/markdown": _Type(Medium.TEXT, "Markdown"),
    "text/html": _Type(Medium.TEXT, "HTML"),
    "text/csv": _Type(Medium.TEXT, "CSV"),
    "message/rfc822": _Type(Medium.EMAIL, "e-mail (.eml)"),
    "application/vnd.ms-outlook": _Type(Medium.EMAIL, "Outlook message (.msg)"),
})  # fmt: skip
"""Every media type that has a reader."""

SUPPORTED_WORDS = (
    "PDF, pictures (PNG, JPEG, TIFF, WebP, GIF, BMP), sound and video, Word, PowerPoint, Excel, "
    "HTML, Markdown, text, CSV and e-mail"
)

_INSTEAD = {
    "application/msword": ("an old Word file (.doc)", "save it as .docx"),
    "application/vnd.ms-excel": ("an old Excel file (.xls)", "save it as .xlsx"),
    "application/vnd.ms-powerpoint": ("an old PowerPoint file (.ppt)", "save it as .pptx"),
    "application/rtf": ("an RTF file", "save it as .docx"),
    "application/vnd.oasis.opendocument.text": ("an OpenDocument text", "save it as .docx or PDF"),
    "application/vnd.oasis.opendocument.spreadsheet": ("an OpenDocument table", "save it as .xlsx"),
    "application/vnd.oasis.opendocument.presentation": ("OpenDocument slides", "save it as .pptx"),
    "application/epub+zip": ("an e-book (EPUB)", "convert it to PDF or HTML"),
    "application/gzip": ("a compressed archive", "unpack it and add the files"),
    "application/vnd.rar": ("a compressed archive", "unpack it and add the files"),
    "application/x-7z-compressed": ("a compressed archive", "unpack it and add the files"),
    "image/heic": ("a HEIC picture", "save it as JPEG or PNG"),
    "image/heif": ("a HEIF picture", "save it as JPEG or PNG"),
    "image/avif": ("an AVIF picture", "save it as JPEG or PNG"),
    "image/svg+xml": ("an SVG drawing", "save it as PNG or PDF"),
    "application/postscript": ("a PostScript file", "convert it to PDF"),
}


def sniff(path: Path, *, name: str | None = None, max_mib: int | None = None) -> Sniffed:
    """Say what a file is; reads its beginning, and the table of contents of an office file.

    Args:
        path: Where the bytes are.
        name: The name the user knows it by, where that is not the path's.
        max_mib: `config.Ingestion.max_file_mib`.

    Raises:
        CorruptSource: empty, or damaged beyond telling what it is.
        PasswordNeeded: an encrypted office file.
        UnsupportedMedia: no reader for it; the sentence names what there is.
        TooLarge: more than `max_mib`.
    """
    known_as = name or path.name
    size = path.stat().st_size
    if size == 0:
        raise CorruptSource(f"{known_as} is empty")
    if max_mib is not None and size > max_mib << 20:
        raise TooLarge(
            f"{known_as} has {size / (1 << 20):,.0f} MiB, more than the limit of {max_mib} MiB "
            "(setting ingestion.max_file_mib)"
        )
    with path.open("rb") as stream:
        head = stream.read(HEAD)
    media_type = _media_type(path, head, known_as)
    found = SUPPORTED.get(media_type)
    if found is None:
        raise UnsupportedMedia(_refusal(known_as, media_type))
    return Sniffed(media_type, found.medium)


def _media_type(path: Path, head: bytes, name: str) -> str:
    found = binary_type(path, head)
    if found == "application/zip":
        return package_type(path, name)
    if found == "application/x-ole-storage":
        found = ole_type(path)
        if found == "application/x-encrypted-office":
            raise PasswordNeeded(f"{name} is encrypted; remove its password and add it again")
    return found or text_type(head, name) or "application/octet-stream"


def _refusal(name: str, media_type: str) -> str:
    if media_type in _INSTEAD:
        what, instead = _INSTEAD[media_type]
        return f"{name} is {what}, which is not read: {instead}"
    return f"{name} is no kind of file that is read; these are: {SUPPORTED_WORDS}"


# --- kinds of plain text -------------------------------------------------------------------------

_HTML_START = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b",
                         re.IGNORECASE | re.DOTALL)  # fmt: skip
_HTML_TAG = re.compile(r"<(?:head|body|div|p|table|h[1-6]|span|br|a)\b[^>]*>", re.IGNORECASE)
_SVG_START = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?(?:<!(?:--|DOCTYPE).*?>\s*)*<svg\b",
                        re.IGNORECASE | re.DOTALL)  # fmt: skip
_MAIL_FIELD = re.compile(r"([A-Za-z][A-Za-z0-9-]*):(?: |\t|$)")
_MAIL_FIELDS = frozenset({
    "from", "to", "cc", "subject", "date", "received", "message-id", "mime-version",
    "return-path", "delivered-to", "content-type", "reply-to", "in-reply-to",
})  # fmt: skip
_BY_NAME = {
    ".md": "text/markdown",
    ".markdown": "text/markdown",
    ".csv": "text/csv",
    ".tsv": "text/csv",
}


def text_type(head: bytes, name: str) -> str | None:
    """Which kind of text a file is by its beginning; None where it is not text."""
    encoding = encoding_of(head)
    if encoding is None:
        return None
    text = head.decode(encoding, errors="replace").lstrip("\ufeff")
    suffix = PurePath(name).suffix.lower()
    if _is_mail(text, named=suffix == ".eml"):
        return "message/rfc822"
    if suffix not in {".md", ".markdown"} and _SVG_START.match(text):
        return "image/svg+xml"
    if _is_html(text, suffix):
        return "text/html"
    return _BY_NAME.get(suffix, "text/plain")


def _is_html(text: str, suffix: str) -> bool:
    if suffix in {".html", ".htm", ".xhtml"}:
        return bool(_HTML_START.match(text) or _HTML_TAG.search(text))
    return suffix not in {".md", ".markdown"} and bool(_HTML_START.match(text))


def _is_mail(text: str, *, named: bool) -> bool:
    """A block of header lines at the very top, with enough of the fields that mails have."""
    fields: set[str] = set()
    for number, line in enumerate(text.lstrip("\n").splitlines()[:200]):
        if not line.strip():
            break
        if line[0] in " \t" or (number == 0 and line.startswith("From ")):
            continue
        field = _MAIL_FIELD.match(line)
        if field is None:
            return False
        fields.add(field[1].lower())
    known = fields & _MAIL_FIELDS
    sure = known & {"received", "message-id", "mime-version", "return-path"}
    return len(known) >= (2 if named else 3) and (named or bool(sure))
