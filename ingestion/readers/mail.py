"""E-mail files (.eml) by the standard library: subject, who and when, body; attachments by name."""

from __future__ import annotations

import email
import email.policy
from email.errors import MessageError
from email.message import EmailMessage
from pathlib import Path

from ingestion.encodings import decode
from ingestion.readers.documents import Document, Format
from ingestion.readers.flow import Flow
from ingestion.readers.hypertext import read_html
from ingestion.readers.plain import read_text, text_bytes
from pincite.elements import Kind
from pincite.errors import CorruptSource, PasswordNeeded

_FIELDS = ("From", "To", "Cc", "Date")
_ENCRYPTED = frozenset(
    {"multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime"}
)


def parse_mail(path: Path) -> Document:
    """Raises PasswordNeeded, CorruptSource."""
    try:
        return _parsed(path)
    except RecursionError as exc:
        raise CorruptSource(
            "this message has parts nested deeper than any mail program writes"
        ) from exc


def _parsed(path: Path) -> Document:
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    if message.get_content_type() in _ENCRYPTED:
        raise PasswordNeeded("this message is encrypted; save it decrypted and add it again")
    flow = Flow()
    subject = _field(message, "Subject")
    write_head(flow, subject=subject, fields={name: _field(message, name) for name in _FIELDS})
    _write_body(message, flow)
    attached = [_described(part) for part in message.iter_attachments()]
    write_attachments(flow, attached)
    if not subject and len(flow) == 1:
        raise CorruptSource("this message has neither a subject nor a sender nor any text")
    return Document(flow.elements, tuple(flow.warnings))


def write_head(flow: Flow, *, subject: str, fields: dict[str, str]) -> None:
    """The subject as the heading of all, then one element that says who and when."""
    flow.heading(subject or "(no subject)", level=1, title=True)
    flow.text(
        "\n".join(f"{name}: {value}" for name, value in fields.items() if value), kind=Kind.FIELD
    )


def write_attachments(flow: Flow, attached: list[str]) -> None:
    """They are named, so that they can be asked about, and not opened."""
    for name in attached:
        flow.text(f"Attachment: {name}", kind=Kind.LIST_ITEM)
    if attached:
        flow.warnings.append(
            f"{len(attached)} attachment(s) were not opened: save them and add them as files"
        )


def _field(message: EmailMessage, name: str) -> str:
    """A header as text; what cannot be parsed is given as it stands."""
    try:
        value = str(message.get(name, ""))
    except (MessageError, ValueError, IndexError, AttributeError):
        value = next(
            (str(raw) for key, raw in message.raw_items() if key.lower() == name.lower()), ""
        )
    return " ".join(value.split())


def _write_body(message: EmailMessage, flow: Flow) -> None:
    """The plain text where there is some, else the HTML."""
    for kind in ("plain", "html"):
        body = message.get_body(preferencelist=(kind,))
        text = _content(body) if isinstance(body, EmailMessage) else ""
        if text.strip():
            (read_text if kind == "plain" else read_html)(text, flow)
            return


def _content(part: EmailMessage) -> str:
    data = part.get_payload(decode=True)
    return decode(data, declared=part.get_content_charset()) if isinstance(data, bytes) else ""


def _described(part: EmailMessage) -> str:
    name = part.get_filename() or "(without a name)"
    return f"{' '.join(name.split())} ({part.get_content_type()})"


MAIL = Format("mail-2", text_bytes, parse_mail)
