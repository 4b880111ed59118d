"""Outlook messages (.msg) by python-oxmsg, on which `unstructured` (extra `office`) rests."""

from __future__ import annotations

import struct
from datetime import datetime
from pathlib import Path

from ingestion.readers.documents import Document, Format
from ingestion.readers.flow import Flow
from ingestion.readers.hypertext import read_html
from ingestion.readers.mail import write_attachments, write_head
from ingestion.readers.plain import read_text, text_bytes
from pincite.errors import CorruptSource, MissingExtra, PasswordNeeded

try:
    from oxmsg import Message
except ModuleNotFoundError as exc:
    if (exc.name or "").partition(".")[0] not in {"oxmsg", "olefile"}:
        raise
    raise MissingExtra("python-oxmsg", extra="office") from exc

_BROKEN = (OSError, ValueError, KeyError, IndexError, TypeError, AttributeError, struct.error)


def _parse(path: Path) -> Document:
    flow = Flow()
    try:
        message = Message.load(str(path))
        _fill(message, flow)
    except _BROKEN as exc:
        raise CorruptSource("this Outlook message is damaged and cannot be read") from exc
    return Document(flow.elements, tuple(flow.warnings))


def _fill(message: Message, flow: Flow) -> None:
    headers = message.message_headers
    if "encrypted" in headers.get("Content-Type", ""):
        raise PasswordNeeded("this message is encrypted; save it decrypted and add it again")
    people = (f"{person.name} <{person.email_address}>" for person in message.recipients)
    write_head(
        flow,
        subject=" ".join((message.subject or "").split()),
        fields={
            "From": message.sender or "",
            "To": ", ".join(people),
            "Cc": headers.get("Cc", ""),
            "Date": _shown(message.sent_date),
        },
    )
    if (message.body or "").strip():
        read_text((message.body or "").replace("\r\n", "\n"), flow)
    elif message.html_body:
        read_html(message.html_body, flow)
    write_attachments(
        flow,
        [f"{one.file_name or '(without a name)'} ({one.mime_type})" for one in message.attachments],
    )


def _shown(moment: datetime | None) -> str:
    return moment.isoformat(sep=" ", timespec="minutes") if moment else ""


OUTLOOK = Format("msg-2", text_bytes, _parse)
