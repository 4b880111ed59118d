"""Outlook messages read like any other mail."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingestion.media import sniff
from ingestion.readers.outlook import OUTLOOK
from pincite.elements import Medium
from pincite.errors import CorruptSource
from tests.unit.ingestion.outlook_files import write_message
from tests.unit.ingestion.spans import read_all, read_units


def _message(folder: Path) -> Path:
    return write_message(
        folder / "a.msg",
        subject="Oranges",
        sender="ann@example.org",
        body="The crates arrive on Friday.\r\n",
        attachment="bill.pdf",
    )


def test_an_outlook_message_says_who_what_and_what_was_attached(tmp_path: Path) -> None:
    path = _message(tmp_path)
    assert sniff(path) == ("application/vnd.ms-outlook", Medium.EMAIL)
    (unit,) = read_units(OUTLOOK, path)
    assert [element.text for element in unit.elements] == [
        "Oranges",
        'From: "Ann Hill" <ann@example.org>\nTo: Bob <bob@example.org>',
        "The crates arrive on Friday.",
        "Attachment: bill.pdf (application/pdf)",
    ]
    assert "not opened" in unit.warnings[0]


def test_a_truncated_message_is_damaged(tmp_path: Path) -> None:
    path = _message(tmp_path)
    path.write_bytes(path.read_bytes()[:1_200])
    with pytest.raises(CorruptSource, match="this Outlook message is damaged"):
        read_all(OUTLOOK, path)
