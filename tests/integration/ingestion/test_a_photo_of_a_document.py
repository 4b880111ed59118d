"""A sheet of paper, photographed askew in bad light, is read in its order."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from ingestion.readers.ports import UnitRead
from ingestion.readers.registry import reader_for
from pincite.config import Settings
from pincite.locators import ImageBox
from pincite.models.store import ModelStore

SHEET = (1240, 900)
SEEN = ((180, 140), (1180, 60), (1290, 1000), (40, 900))
"""Where the sheet's corners are in the photo."""
LINES = (
    "The harbour of Lindwick opened in 1872 and was",
    "rebuilt after the storm of 1911. Two cranes lift",
    "forty tonnes each. The mole is 310 metres long.",
)


def _photo() -> Image.Image:
    sheet = Image.new("RGB", SHEET, "white")
    pen = ImageDraw.Draw(sheet)
    for number, line in enumerate(LINES):
        pen.text((120, 260 + 60 * number), line, fill="black", font=ImageFont.load_default(30))
    width, height = SHEET
    corners = ((0, 0), (width, 0), (width, height), (0, height))
    rows: list[list[float]] = []
    for (x, y), (u, v) in zip(SEEN, corners, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y])
    wanted = np.array(corners, dtype=float).reshape(-1)
    bend = tuple(np.linalg.solve(np.array(rows), wanted).tolist())
    photo = sheet.transform(
        (1400, 1100),
        Image.Transform.PERSPECTIVE,
        bend,
        Image.Resampling.BICUBIC,
        fillcolor=(92, 70, 50),
    )
    light = (0.55 + 0.45 * np.linspace(0, 1, 1400))[None, :, None]
    grain = np.random.default_rng(0).normal(0, 6, (1100, 1400, 3))
    return Image.fromarray((np.asarray(photo) * light + grain).clip(0, 255).astype(np.uint8))


def test_a_sheet_that_lies_askew_is_read_in_its_order(tmp_path: Path) -> None:
    _photo().save(tmp_path / "photo.jpg", quality=85)
    settings = Settings()
    reader = reader_for("image/jpeg", settings, ModelStore(settings.models))
    read = reader.read(tmp_path / "photo.jpg", 1, slow=True)
    assert isinstance(read, UnitRead)
    texts = [element for element in read.elements if element.text]
    assert " ".join(element.text for element in texts) == " ".join(LINES)
    place = texts[0].locators[0]
    assert isinstance(place, ImageBox)
    assert 150 < place.left < 350
    assert 250 < place.top < 450
