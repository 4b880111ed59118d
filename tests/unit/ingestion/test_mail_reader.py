"""E-mail files: who, when, what, and what was attached."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path

import pytest

from ingestion.media import sniff
from ingestion.readers.mail import MAIL
from pincite.elements import Kind, Medium
from pincite.errors import CorruptSource, PasswordNeeded
from tests.unit.ingestion.spans import read_all, read_units


def _message(body: str = "The crates arrive on Friday.\n") -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = "Oranges – délai"
    message["From"] = "Ann Hill <ann@example.org>"
    message["To"] = "Bob <bob@example.org>"
    message["Date"] = "Fri, 09 May 2025 10:15:00 +0200"
    message["Message-ID"] = "<1@example.org>"
    message.set_content(body)
    return message


def _file(folder: Path, message: EmailMessage) -> Path:
    path = folder / "mail.eml"
    path.write_bytes(bytes(message))
    return path


def test_a_mail_begins_with_its_subject_then_says_who_and_when(tmp_path: Path) -> None:
    path = _file(tmp_path, _message())
    assert sniff(path) == ("message/rfc822", Medium.EMAIL)
    subject, head, body = read_all(MAIL, path)
    assert (subject.kind, subject.text) == (Kind.TITLE, "Oranges – délai")
    assert head.text == (
        "From: Ann Hill <ann@example.org>\nTo: Bob <bob@example.org>\n"
        "Date: Fri, 09 May 2025 10:15:00 +0200"
    )
    assert body.text == "The crates arrive on Friday."
    assert body.heading_path == ("Oranges – délai",)


def test_plain_text_is_preferred_and_html_read_where_there_is_none(tmp_path: Path) -> None:
    both = _message("plain words\n")
    both.add_alternative("<p>marked <b>words</b></p>", subtype="html")
    assert read_all(MAIL, _file(tmp_path, both))[-1].text == "plain words"
    blank = _message("\n")
    blank.add_alternative("<p>marked <b>words</b></p>", subtype="html")
    assert read_all(MAIL, _file(tmp_path, blank))[-1].text == "marked words"


def test_attachments_are_named_and_not_opened(tmp_path: Path) -> None:
    message = _message()
    message.add_attachment(b"%PDF-", maintype="application", subtype="pdf", filename="bill.pdf")
    (unit,) = read_units(MAIL, _file(tmp_path, message))
    assert unit.elements[-1].text == "Attachment: bill.pdf (application/pdf)"
    assert unit.warnings == ("1 attachment(s) were not opened: save them and add them as files",)


def test_an_encrypted_mail_needs_to_be_decrypted_first(tmp_path: Path) -> None:
    message = EmailMessage()
    message["From"] = "a@example.org"
    message["Content-Type"] = "multipart/encrypted; boundary=x"
    with pytest.raises(PasswordNeeded, match="is encrypted"):
        read_all(MAIL, _file(tmp_path, message))


def test_a_mail_of_nothing_but_a_strange_header_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    path = tmp_path / "odd.eml"
    path.write_bytes(
        b"From: <<<\xff@@\r\nDate: yesterday\r\nSubject: =?x?q?\xff?=\r\n\r\nHello\r\n"
    )
    assert read_all(MAIL, path)[-1].text == "Hello"


def test_a_mail_cut_off_in_its_attachment_still_gives_its_text(tmp_path: Path) -> None:
    message = _message()
    message.add_attachment(b"x" * 5_000, maintype="image", subtype="png", filename="a.png")
    whole = bytes(message)
    path = tmp_path / "cut.eml"
    path.write_bytes(whole[: len(whole) - 4_000])
    assert any(one.text == "The crates arrive on Friday." for one in read_all(MAIL, path))


def test_a_mail_without_anything_is_corrupt(tmp_path: Path) -> None:
    path = tmp_path / "none.eml"
    path.write_bytes(b"MIME-Version: 1.0\r\nX-A: b\r\n\r\n")
    with pytest.raises(CorruptSource, match="neither a subject nor a sender"):
        read_all(MAIL, path)
