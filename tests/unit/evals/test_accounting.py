"""What a file holds by another library, and what of it is lost."""

from __future__ import annotations

import wave
from pathlib import Path

import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from evals.accounting import judged
from evals.datasets.everything import files
from evals.recount import recount
from evals.report.page import html
from evals.results import Case, Machine, ProductInfo, Report, Run, measured
from evals.speed.memory import write_scan
from ingestion.report import UnitState
from pincite.elements import Medium
from serving.service import UnitStatus


def pdf(path: Path, *pages: str) -> Path:
    canvas = Canvas(str(path))
    for text in pages:
        canvas.drawString(72, 700, text)
        canvas.showPage()
    canvas.save()
    return path


def test_files_are_found_by_their_content_and_annotations_left_out(tmp_path: Path) -> None:
    (tmp_path / "forms/img").mkdir(parents=True)
    pdf(tmp_path / "forms/a.pdf", "One.")
    Image.new("RGB", (9, 9)).save(tmp_path / "forms/img/b.gif")
    for name in ("forms/a.json", "forms/key.csv", "forms/LICENSE", "README.md"):
        (tmp_path / name).write_text('{"text": "annotation"}', encoding="utf-8")
    (tmp_path / "forms/torn.pdf").touch()
    (tmp_path / "forms/.hidden.pdf").write_bytes((tmp_path / "forms/a.pdf").read_bytes())
    found = {one.id: (one.dataset, one.medium) for one in files(tmp_path)}
    assert found == {
        "forms/a.pdf": ("forms", Medium.PDF),
        "forms/img/b.gif": ("forms", Medium.IMAGE),
        "forms/torn.pdf": ("forms", Medium.PDF),
    }


def test_units_are_counted_without_the_readers(tmp_path: Path) -> None:
    found = recount(pdf(tmp_path / "a.pdf", "The ferry, 2 masts.", " "), Medium.PDF)
    assert (found.units, found.letters) == (2, (14, 0))
    assert [found.raw(unit) for unit in (1, 2, 3)] == [14, 0, 0]

    frames = [Image.new("RGB", (9, 9), colour) for colour in ("red", "blue", "green")]
    frames[0].save(tmp_path / "b.tiff", save_all=True, append_images=frames[1:])
    assert recount(tmp_path / "b.tiff", Medium.IMAGE).units == 3

    with wave.open(str(tmp_path / "c.wav"), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(1000)
        sound.writeframes(bytes(1000 * 300))
    assert recount(tmp_path / "c.wav", Medium.AUDIO).units == 2

    torn = tmp_path / "torn"
    torn.write_bytes(b"%PDF-1.7 and nothing else")
    for medium in (Medium.PDF, Medium.IMAGE, Medium.AUDIO):
        assert recount(torn, medium).units == 0


@pytest.mark.parametrize(
    ("state", "raw", "kept", "fate"),
    [
        ("done", 900, 880, "done"),
        ("done", 900, 0, "lost"),
        ("done", 19, 0, "done"),
        ("low_confidence", 0, 30, "low_confidence"),
        ("low_confidence", 50, 0, "lost"),
        ("skipped", 900, 0, "skipped"),
        ("failed", 900, 0, "failed"),
        ("quarantined", 900, 0, "failed"),
        ("pending", 0, 0, "lost"),
        ("reading", 0, 0, "lost"),
    ],
)
def test_what_the_ledger_says_is_believed_unless_something_is_missing(
    state: UnitState, raw: int, kept: int, fate: str
) -> None:
    assert judged(UnitStatus(unit=1, state=state), raw, kept).fate == fate


def test_the_page_shows_every_case_that_must_be_seen() -> None:
    report = Report(
        schema="pincite-eval/1",
        product=ProductInfo(version="1", commit="", config_sha256=""),
        models=(),
        machine=Machine(cores=2, memory_gib=4),
        run=Run(
            command="x", seed=0, profile="smoke", started="", seconds=1, status="ok", network="open"
        ),
        summary={},
        results=(measured("s", "d", "m", 1.0, unit="pages", higher_is_better=False),),
    )
    cases = [Case(input=f"case-{n:02}", score=n / 20, shown=n >= 12) for n in range(16)]
    shown = html(report, {"s.d": cases})
    seen = [n for n in range(16) if f"case-{n:02}" in shown]
    assert seen == [0, 1, 2, 3, 12, 13, 14, 15]


def test_a_scan_has_as_many_pages_as_it_is_to_have_and_no_text(tmp_path: Path) -> None:
    pictures = [tmp_path / f"{n}.png" for n in range(2)]
    for path in pictures:
        Image.new("RGB", (100, 140), "white").save(path)
    write_scan(tmp_path / "scan.pdf", pictures, 5)
    assert recount(tmp_path / "scan.pdf", Medium.PDF).letters == (0,) * 5
