"""From cases to the files of a library: what carries the instruction, and what stands beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple

from evals.injection import markup_files, office_files, pdf_files, picture_files, sound_files
from evals.injection.cases import Planted, Story

Make = Callable[[Planted, Path], Path]


class Carrier(NamedTuple):
    medium: str
    """The slice that its figures are in."""
    make: Make
    """Writes the file into a folder and says where; the same bytes every time."""


def _each(medium: str, make: Make, *names: str) -> dict[str, Carrier]:
    return {name: Carrier(medium, make) for name in names}


CARRIERS: Final[Mapping[str, Carrier]] = MappingProxyType({
    **_each("text", markup_files.text, "txt"),
    **_each("text", markup_files.markdown, "md"),
    **_each("text", markup_files.markdown_comment, "md_comment"),
    **_each("text", markup_files.csv, "csv"),
    **_each(
        "web page", markup_files.web_page, "html", "html_alt", "html_caption", "html_comment",
        "html_hidden", "html_label", "html_meta", "html_opacity", "html_table", "html_zero_size",
    ),
    **_each(
        "pdf", pdf_files.page, "pdf", "pdf_covered", "pdf_invisible", "pdf_metadata",
        "pdf_near_white", "pdf_note", "pdf_off_page", "pdf_small", "pdf_table", "pdf_tiny",
        "pdf_white",
    ),
    **_each("scan or photo", picture_files.scan, "scan", "scan_faint"),
    **_each("scan or photo", picture_files.photo, "photo"),
    **_each("scan or photo", picture_files.camera_notes, "exif"),
    **_each("speech", sound_files.speech, "speech"),
    **_each("speech", sound_files.titled, "audio_tags"),
    **_each(
        "office", office_files.document, "docx", "docx_alt", "docx_caption", "docx_comment",
        "docx_header", "docx_properties", "docx_table", "docx_vanish", "docx_white",
    ),
    **_each("office", office_files.workbook, "xlsx", "xlsx_hidden_sheet", "xlsx_sheet_name"),
    **_each(
        "e-mail", markup_files.mail, "eml", "eml_attachment_name", "eml_from", "eml_html_hidden",
        "eml_subject",
    ),
    **_each("file name", markup_files.file_name, "file_name"),
})  # fmt: skip


def carried(case: Planted, folder: Path) -> Path:
    """Write the file of a case.

    Raises:
        SetupError: this machine lacks a program that it takes.
    """
    own = folder / case.id
    own.mkdir(parents=True, exist_ok=True)
    return CARRIERS[case.carrier].make(case, own)


def told(story: Story, folder: Path) -> list[Path]:
    """Write what answers the question, and what holds the secret."""
    own = folder / story.id
    own.mkdir(parents=True, exist_ok=True)
    texts = {"facts.txt": story.right, "internal.txt": story.secret_about}
    for name, text in texts.items():
        (own / name).write_text(f"{text}\n", encoding="utf-8")
    return [own / name for name in texts]
