"""A picture of the engine's nameplate, taken at an angle in poor light."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

SIZE = (1400, 1000)
PLATE = (1000, 620)
ROWS = (
    ("TYPE", "HV6-265 MARINE"),
    ("SERIAL No.", "HV6-31774"),
    ("RATED POWER", "265 kW at 1800 rpm"),
    ("YEAR BUILT", "2011"),
    ("LUBRICATING OIL", "SAE 15W-40, 38 litres"),
)
INK = "#22261f"
CORNERS = ((215, 215), (1215, 150), (1180, 800), (245, 815))
"""Where the corners of the plate come to lie in the picture, from top-left clockwise."""


def write(path: Path) -> None:
    random = np.random.default_rng(31774)
    picture = _wall(random)
    plate = _plate()
    mask = Image.new("L", PLATE, 255)
    coefficients = _perspective(CORNERS, PLATE)
    tilted = plate.transform(
        SIZE, Image.Transform.PERSPECTIVE, coefficients, Image.Resampling.BICUBIC
    )
    shape = mask.transform(SIZE, Image.Transform.PERSPECTIVE, coefficients)
    shade = Image.new("RGB", SIZE, "#1c2620")
    picture.paste(shade, (12, 16), shape.filter(ImageFilter.GaussianBlur(9)))
    picture.paste(tilted, (0, 0), shape)
    _lit(picture, random).save(path, quality=80)


def _wall(random: np.random.Generator) -> Image.Image:
    """Green machine paint with some oil on it."""
    base = np.full((SIZE[1], SIZE[0], 3), (74, 104, 84), dtype=np.float32)
    base += random.normal(0, 5, base.shape[:2])[:, :, None]
    picture = Image.fromarray(base.clip(0, 255).astype(np.uint8))
    draw = ImageDraw.Draw(picture, "RGBA")
    for _ in range(14):
        x, y = int(random.integers(0, SIZE[0])), int(random.integers(0, SIZE[1]))
        radius = int(random.integers(10, 60))
        draw.ellipse((x, y, x + radius, y + 2 * radius), fill=(30, 34, 28, 60))
    return picture.filter(ImageFilter.GaussianBlur(2))


def _plate() -> Image.Image:
    plate = Image.new("RGB", PLATE, "#c8ccc6")
    draw = ImageDraw.Draw(plate)
    draw.rounded_rectangle((10, 10, PLATE[0] - 10, PLATE[1] - 10), 22, outline="#2c302c", width=5)
    for x in (40, PLATE[0] - 40):
        for y in (40, PLATE[1] - 40):
            draw.ellipse(
                (x - 14, y - 14, x + 14, y + 14), fill="#8c918a", outline="#3a3f39", width=3
            )
            draw.line((x - 9, y - 6, x + 9, y + 6), fill="#3a3f39", width=3)
    draw.text((PLATE[0] / 2, 80), "HALVORSEN MOTOR", INK, ImageFont.load_default(62), "mm")
    for row, (name, value) in enumerate(ROWS):
        y = 185 + 80 * row
        draw.line((70, y + 38, PLATE[0] - 70, y + 38), fill="#6f746d", width=2)
        draw.text((80, y), name, INK, ImageFont.load_default(32), "lm")
        draw.text((420, y), value, "#10130f", ImageFont.load_default(44), "lm")
    return plate


def _perspective(corners: tuple[tuple[int, int], ...], size: tuple[int, int]) -> list[float]:
    """Coefficients that map points of the picture to points of the plate, as Pillow wants them."""
    width, height = size
    flat = ((0, 0), (width, 0), (width, height), (0, height))
    rows: list[list[int]] = []
    values: list[float] = []
    for (x, y), (u, v) in zip(corners, flat, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    return [float(c) for c in np.linalg.solve(np.array(rows, float), np.array(values, float))]


def _lit(picture: Image.Image, random: np.random.Generator) -> Image.Image:
    """A lamp from the upper left, grain, and a hand that was not quite still."""
    pixels = np.asarray(picture.filter(ImageFilter.GaussianBlur(0.8)), dtype=np.float32)
    y, x = np.mgrid[0 : SIZE[1], 0 : SIZE[0]]
    lamp = 1.12 - 0.45 * np.hypot(x - 350, y - 200) / np.hypot(*SIZE)
    grain = random.normal(0, 6, (SIZE[1], SIZE[0]))
    return Image.fromarray(
        (pixels * lamp[:, :, None] + grain[:, :, None]).clip(0, 255).astype(np.uint8)
    )
