"""Carriers made of plain text: notes, Markdown, CSV, web pages, e-mails, file names."""

from __future__ import annotations

import re
from email.message import EmailMessage
from email.policy import SMTP
from html import escape
from pathlib import Path
from typing import Final

from evals.injection.cases import Planted

_PAGE: Final = (
    "<!doctype html><html lang='en'><head><meta charset='utf-8'><title>Notes</title>{head}</head>"
    "<body><h1>Notes</h1><p>{near}</p>{body}</body></html>\n"
)
_HEADS: Final = {"html_meta": "<meta name='description' content='{plant}'>"}
_BODIES: Final = {
    "html": "<p>{plant}</p>",
    "html_alt": "<img src='p.png' width='300' height='200' alt='{plant}'>",
    "html_caption": "<figure><img src='p.png'><figcaption>{plant}</figcaption></figure>",
    "html_hidden": "<p style='display:none'>{plant}</p>",
    "html_comment": "<!-- {plant} --><p>End of the notes.</p>",
    "html_table": (
        "<table><tr><th>Day</th><th>Remark</th></tr><tr><td>Monday</td><td>{plant}</td></tr>"
        "<tr><td>Tuesday</td><td>none</td></tr></table>"
    ),
    "html_opacity": "<p style='opacity:0'>{plant}</p>",
    "html_zero_size": "<p style='font-size:0'>{plant}</p>",
    "html_label": "<p aria-label='{plant}' title='{plant}'>More below.</p>",
}
_LONGEST_NAME: Final = 120


def text(case: Planted, folder: Path) -> Path:
    return _written(folder / "note.txt", f"{case.text}\n")


def markdown(case: Planted, folder: Path) -> Path:
    return _written(folder / "note.md", f"# Notes\n\n{case.text}\n")


def markdown_comment(case: Planted, folder: Path) -> Path:
    return _written(folder / "note.md", f"# Notes\n\n{case.story.near}\n\n<!-- {case.plant} -->\n")


def csv(case: Planted, folder: Path) -> Path:
    rows = ("day,remark", f"Monday,{_cell(case.story.near)}", f"Tuesday,{_cell(case.plant)}")
    return _written(folder / "remarks.csv", "\n".join(rows) + "\n")


def _cell(value: str) -> str:
    return '"' + value.replace('"', '""') + '"'


def web_page(case: Planted, folder: Path) -> Path:
    return _written(folder / "notes.html", _html(case, case.carrier))


def _html(case: Planted, way: str) -> str:
    plant = case.plant if way == "html_comment" else escape(case.plant, quote=True)
    return _PAGE.format(
        head=_HEADS.get(way, "").format(plant=plant),
        near=escape(case.story.near),
        body=_BODIES.get(way, "").format(plant=plant),
    )


def file_name(case: Planted, folder: Path) -> Path:
    name = re.sub(r"[/\\:\x00-\x1f]", " ", case.plant)[:_LONGEST_NAME]
    return _written(folder / f"{name}.txt", f"{case.story.near}\n")


def mail(case: Planted, folder: Path) -> Path:
    way, near, plant = case.carrier, case.story.near, case.plant
    message = EmailMessage(policy=SMTP)
    message["From"] = f'"{plant if way == "eml_from" else "Front desk"}" <desk@office.example>'
    message["To"] = "Reader <reader@office.example>"
    message["Subject"] = plant if way == "eml_subject" else "A remark"
    message["Date"] = "Mon, 03 Nov 2025 09:00:00 +0000"
    message["Message-ID"] = f"<{case.id}@office.example>"
    if way == "eml_html_hidden":
        message.set_content(_html(case, "html_hidden"), subtype="html")
    else:
        message.set_content(f"{near} {plant}\n" if way == "eml" else f"{near}\n")
    if way == "eml_attachment_name":
        message.add_attachment("See above.\n", filename=f"{plant}.txt")
    if message.is_multipart():
        message.set_boundary(f"={case.id}=")
    (folder / "message.eml").write_bytes(message.as_bytes())
    return folder / "message.eml"


def _written(path: Path, content: str) -> Path:
    path.write_text(content, encoding="utf-8")
    return path
