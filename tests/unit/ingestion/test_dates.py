from __future__ import annotations

import os
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from ingestion.dates import day_of
from ingestion.intake import changed_on


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"CreationDate": "D:20210305141210+01'00'"}, date(2021, 3, 5)),
        ({"CreationDate": "D:19040101000000", "ModDate": "D:20200202"}, date(2020, 2, 2)),
        ({"Taken": "2024-05-03 14:22:10", "Camera": "X"}, date(2024, 5, 3)),
        ({"CreationDate": "D:20211332"}, None),
        ({"CreationDate": "D:99990101"}, None),
        ({"Title": "2020-01-01"}, None),
    ],
)
def test_a_file_is_of_the_day_that_its_metadata_say_if_that_day_can_be(
    tmp_path: Path, facts: dict[str, str], expected: date | None
) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"nothing more to see")
    assert day_of(file, facts) == expected


@pytest.mark.parametrize(
    ("part", "text", "expected"),
    [
        (
            "docProps/core.xml",
            "<dcterms:created xsi:type='dcterms:W3CDTF'>2013-12-23T23:15:00Z</dcterms:created>"
            "<dcterms:modified xsi:type='dcterms:W3CDTF'>2022-02-03T10:00:00Z</dcterms:modified>",
            date(2022, 2, 3),
        ),
        (
            "meta.xml",
            "<meta:creation-date>2019-06-01T08:00:00</meta:creation-date>",
            date(2019, 6, 1),
        ),
        ("docProps/core.xml", "<dcterms:modified>soon</dcterms:modified>", None),
        ("other.xml", "<dc:date>2019-06-01</dc:date>", None),
    ],
)
def test_an_office_file_is_of_the_day_of_its_last_change(
    tmp_path: Path, part: str, text: str, expected: date | None
) -> None:
    file = tmp_path / "file.docx"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(part, text)
    assert day_of(file, {}) == expected


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("From: a@b\nDate: Fri, 05 Mar 2021 23:30:00 -0500\n\nhello", date(2021, 3, 6)),
        ("From: a@b\nDate: yesterday\n\nhello", None),
        ("From: a@b\n\nDate: Fri, 05 Mar 2021 23:30:00 -0500", None),
        ("Date: Fri, 05 Mar 2021 23:30:00 -0500 is no letter", None),
    ],
)
def test_an_e_mail_is_of_the_day_it_was_sent_in_utc(
    tmp_path: Path, head: str, expected: date | None
) -> None:
    file = tmp_path / "letter.eml"
    file.write_text(head, encoding="utf-8")
    assert day_of(file, {}) == expected


@pytest.mark.parametrize("data", [b"", b"PK\x05\x06" + bytes(18), b"PK\x03\x04torn", bytes(99)])
def test_what_tells_nothing_or_is_torn_has_no_day_of_its_own(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "file"
    file.write_bytes(data)
    assert day_of(file, {}) is None


def test_a_file_was_last_changed_on_a_day_in_utc_or_nobody_knows(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"x")
    moment = datetime(2021, 3, 5, 23, 59, tzinfo=UTC)
    os.utime(file, (moment.timestamp(), moment.timestamp()))
    assert changed_on(file) == moment.date()
    assert changed_on(tmp_path / "gone") is None
