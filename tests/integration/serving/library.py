"""A small library of a PDF and a text, and settings that need no weights."""

from __future__ import annotations

from pathlib import Path

from reportlab.pdfgen.canvas import Canvas

from pincite.config import FakeChat, FakeEncoder, Index, NoChat, NoImages, Settings

SENTENCE = "The harbour of Lindwick opened in 1872."
MARKER = "zanzibarquux"


def make_files(folder: Path) -> Path:
    folder.mkdir()
    canvas = Canvas(str(folder / "harbour.pdf"), pagesize=(595, 842))
    for page, text in ((1, "Contents of this report"), (2, SENTENCE)):
        canvas.setFont("Helvetica", 14)
        canvas.drawString(72, 700, text)
        canvas.drawString(72, 60, f"Page {page}")
        canvas.showPage()
    canvas.save()
    (folder / "crane.txt").write_text(f"The crane {MARKER} lifts forty tonnes.\n", encoding="utf-8")
    return folder


def settings(folder: Path, *, chat: bool = True) -> Settings:
    return Settings(
        data_dir=folder,
        chat=FakeChat() if chat else NoChat(),
        encoder=FakeEncoder(),
        images=NoImages(),
        index=Index(kind="edge"),
    )


def environment(folder: Path) -> dict[str, str]:
    return {
        "PINCITE_DATA_DIR": str(folder),
        "PINCITE_CHAT__KIND": "fake",
        "PINCITE_ENCODER__KIND": "fake",
        "PINCITE_IMAGES__KIND": "none",
    }
