"""How soon one may ask after starting to add 300 mixed files: text, PDF, pictures, recordings."""

from __future__ import annotations

import asyncio
import math
import struct
import wave
from collections.abc import Iterator
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

from PIL import Image, ImageDraw

from evals.results import Result, measured, missing
from evals.suites import Context
from pincite.config import Settings
from pincite.elements import Scope
from pincite.events import Quotes
from serving.bootstrap import services
from serving.service import Query, Service

FILES = {"smoke": 30, "standard": 300, "full": 300}
LONGEST_S = 180.0
_LOOK_S = 0.5
_WORDS = [
    "pump",
    "quay",
    "crane",
    "rope",
    "hull",
    "keel",
    "mast",
    "tide",
    "buoy",
    "dock",
    "ferry",
    "cargo",
    "pilot",
    "harbour",
]


@dataclass
class Seen:
    """Seconds from the start of `ingest`."""

    listed: float | None = None
    """All files are taken in."""
    first_evidence: float | None = None
    quotes: float | None = None
    """A whole question was answered with quotes."""
    every_text: float | None = None
    """The first page of every file with text of its own can be found."""
    texts: int = 0
    found: set[str] = field(default_factory=set[str])


def measure(context: Context) -> Iterator[Result]:
    """Seconds until one may ask, and until all text can be found; pictures and sound come later."""
    folder = context.scratch / "first"
    folder.mkdir()
    number = FILES[context.profile]
    texts = write_files(folder / "files", number)
    settings = context.settings.model_copy(update={"data_dir": folder / "library"})
    seen = asyncio.run(_watched(settings, folder / "files", texts))
    figures = {
        "all_files_listed_s": seen.listed,
        "first_evidence_s": seen.first_evidence,
        "question_answered_with_quotes_s": seen.quotes,
        "every_text_findable_s": seen.every_text,
    }
    name = f"first_question_{number}_files"
    for metric, value in figures.items():
        if value is None:
            why = f"not within {LONGEST_S:g} s; {len(seen.found)} of {len(texts)} texts were found"
            yield missing("speed", name, metric, why, status="failed")
        else:
            yield measured(
                "speed", name, metric, value, unit="s", higher_is_better=False, n=1, n_total=1
            )


async def _watched(settings: Settings, files: Path, texts: list[str]) -> Seen:
    seen = Seen(texts=len(texts))
    async with services(settings) as opened:
        await asyncio.to_thread(opened.encoder.warm_up)
        began = perf_counter()
        total = await asyncio.to_thread(lambda: len(list(files.iterdir())))
        reading = asyncio.create_task(_ingest(opened.service, files, total, seen, began))
        try:
            while perf_counter() - began < LONGEST_S and seen.every_text is None:
                await _look(opened.service, texts, seen, began)
                await asyncio.sleep(_LOOK_S)
        finally:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)
    return seen


async def _ingest(service: Service, files: Path, total: int, seen: Seen, began: float) -> None:
    reports = service.ingest([files], collection="default", readers=frozenset({"local"}))
    offered = 0
    async with aclosing(reports):
        async for report in reports:
            offered += len(report.accepted)
            if offered == total and seen.listed is None:
                seen.listed = perf_counter() - began


async def _look(service: Service, texts: list[str], seen: Seen, began: float) -> None:
    """Ask for a few of the names that are not found yet: of those read first and of the last."""
    missing = [text for text in texts if text not in seen.found]
    for marker in dict.fromkeys((*missing[:2], *reversed(missing[-6:]))):
        asked = Query(question=f"What does {marker} say?")
        found = await service.search(asked, Scope(), keep=3)
        if any(marker in one.passage.text for one in found.evidence):
            seen.found.add(marker)
    if seen.found and seen.first_evidence is None:
        seen.first_evidence = perf_counter() - began
        await _ask(service, next(iter(seen.found)), seen, began)
    if len(seen.found) == len(texts):
        seen.every_text = perf_counter() - began


async def _ask(service: Service, marker: str, seen: Seen, began: float) -> None:
    events = service.ask(f"What does {marker} say about the pump?", Scope())
    async with aclosing(events):
        async for event in events:
            if isinstance(event, Quotes) and event.quotes:
                seen.quotes = perf_counter() - began
                return


# --- files ----------------------------------------------------------------------------------------


def write_files(folder: Path, number: int) -> list[str]:
    """Three fifths text and PDF, the rest pictures and sound; the words that one text has alone."""
    folder.mkdir()
    markers: list[str] = []
    for index in range(number):
        marker = f"marker{index:03}x"
        name = folder / f"{index:03}"
        text = [f"{marker} says that line {n} of the {_WORDS[(index + n) % 14]} holds pump {n}."
                for n in range(40)]  # fmt: skip
        match index % 10:
            case 0 | 1:
                name.with_suffix(".txt").write_text("\n\n".join(text), encoding="utf-8")
            case 2:
                page = "".join(f"<p>{line}</p>" for line in text)
                name.with_suffix(".html").write_text(page, encoding="utf-8")
            case 3 | 4 | 5:
                _pdf(name.with_suffix(".pdf"), [text] * 5)
            case 6 | 7 | 8:
                _picture(name.with_suffix(".png"), text[:12])
                continue
            case _:
                _tone(name.with_suffix(".wav"))
                continue
        markers.append(marker)
    return markers


def _pdf(path: Path, pages: list[list[str]]) -> None:
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", ""]
    font = "<< /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>"
    kids: list[str] = []
    for lines in pages:
        shown = "".join(f"({line}) Tj 0 -16 Td " for line in lines)
        body = f"BT /F 11 Tf 72 760 Td {shown}ET"
        number = len(objects) + 1
        kids.append(f"{number} 0 R")
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {number + 1} 0 R "
            f"/Resources {font} >>",
            f"<< /Length {len(body)} >>\nstream\n{body}\nendstream",
        ]
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    data, places = "%PDF-1.7\n", list[int]()
    for number, one in enumerate(objects, 1):
        places.append(len(data))
        data += f"{number} 0 obj\n{one}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    count = len(objects) + 1
    end = f"xref\n0 {count}\n0000000000 65535 f \n{table}trailer\n<< /Size {count} /Root 1 0 R >>\n"
    path.write_text(f"{data}{end}startxref\n{len(data)}\n%%EOF\n", encoding="ascii")


def _picture(path: Path, lines: list[str]) -> None:
    picture = Image.new("RGB", (1240, 900), "white")
    draw = ImageDraw.Draw(picture)
    for row, line in enumerate(lines):
        draw.text((80, 60 + 60 * row), line, fill="black", font_size=28)
    picture.save(path)


def _tone(path: Path) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        samples = (int(3000 * math.sin(at / 11)) for at in range(16_000 * 20))
        file.writeframes(b"".join(struct.pack("<h", one) for one in samples))
