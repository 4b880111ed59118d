"""A workbook, two e-mails and a notice. One of the e-mails tries to give the assistant orders."""

# pyright: reportUnknownMemberType=false

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, date, datetime
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import docx
import openpyxl
from openpyxl.styles import Font

from scripts.sample_files import office_text as text

WRITTEN = datetime(2025, 12, 15, 8, 0, tzinfo=UTC)


def write_costs(path: Path) -> None:
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.worksheets[0])
    for name, rows in text.SHEETS.items():
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append([_cell(cell) for cell in row])
        for cell in sheet[1]:
            cell.font = Font(bold=True)
        for column in "ABCDEF":
            sheet.column_dimensions[column].width = 24
    buffer = io.BytesIO()
    workbook.save(buffer)
    path.write_bytes(_repacked(buffer.getvalue()))


def _cell(cell: str | float) -> str | float | date:
    if isinstance(cell, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", cell):
        return date.fromisoformat(cell)
    return cell


def write_reply(path: Path) -> None:
    _write_mail(
        path,
        sender="Jonas Reimer <dispatch@nordhavn-bearings.example>",
        to="Dilys Okafor <stores@tolland-slipway.example>",
        subject="Re: Delivery note 4471",
        when="Mon, 17 Nov 2025 09:12:00 +0100",
        body=text.REPLY,
    )


def write_coating(path: Path) -> None:
    _write_mail(
        path,
        sender="Sales desk <sales@corran-paints.example>",
        to="Imogen Vance <vance@brackwater-ferries.example>",
        subject="Your hull coating: terms and warranty",
        when="Wed, 26 Nov 2025 15:40:00 +0000",
        body=text.COATING,
    )


def _write_mail(path: Path, *, sender: str, to: str, subject: str, when: str, body: str) -> None:
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"], mail["Date"] = sender, to, subject, when
    mail["Message-ID"] = f"<{path.stem}@{sender.rpartition('@')[2]}"
    mail.set_content(body)
    path.write_bytes(mail.as_bytes())


def write_notice(path: Path) -> None:
    document = docx.Document()
    document.core_properties.author = "Imogen Vance"
    document.core_properties.created = document.core_properties.modified = WRITTEN
    document.add_heading(text.NOTICE_TITLE, level=0)
    for heading, blocks in text.NOTICE.items():
        document.add_heading(heading, level=1)
        for block in blocks:
            if block.startswith("- "):
                document.add_paragraph(block[2:], style="List Bullet")
            else:
                document.add_paragraph(block)
    table = document.add_table(rows=0, cols=len(text.TIMETABLE[0]), style="Table Grid")
    for row in text.TIMETABLE:
        for cell, value in zip(table.add_row().cells, row, strict=True):
            cell.text = value
    buffer = io.BytesIO()
    document.save(buffer)
    path.write_bytes(_repacked(buffer.getvalue()))


def _repacked(package: bytes) -> bytes:
    """The same package with the clock taken out of it."""
    stamp = WRITTEN.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.infolist():
            part = old.read(entry)
            if entry.filename == "docProps/core.xml":
                part = re.sub(rb"\d{4}-\d\d-\d\dT[\d:]+Z", stamp, part)
            fixed = zipfile.ZipInfo(entry.filename, WRITTEN.timetuple()[:6])
            fixed.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(fixed, part)
    return out.getvalue()
