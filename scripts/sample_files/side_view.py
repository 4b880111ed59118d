"""A drawing of the ferry with labels in the picture, for the last page of the report."""

from __future__ import annotations

from PIL import Image, ImageDraw, ImageFont

SIZE = (1500, 600)
LABELS = (
    ("WHEELHOUSE", (760, 60), (760, 150)),
    ("FORWARD RAMP", (1250, 130), (1330, 300)),
    ("AFT RAMP", (140, 130), (150, 300)),
    ("ENGINE ROOM", (620, 545), (640, 420)),
    ("STERN TUBE", (240, 545), (300, 440)),
    ("BILGE PUMPS", (950, 545), (930, 430)),
)


def side_view() -> Image.Image:
    picture = Image.new("RGB", SIZE, "#f4f7fa")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 400, *SIZE), fill="#d6e6f2")
    hull = [(90, 300), (1410, 300), (1310, 455), (230, 455)]
    draw.polygon(hull, fill="#34506b", outline="#1d2b3a", width=4)
    draw.rectangle((320, 220, 1180, 300), fill="#ffffff", outline="#1d2b3a", width=4)
    draw.polygon([(660, 220), (690, 140), (850, 140), (880, 220)], fill="#ffffff")
    draw.line([(660, 220), (690, 140), (850, 140), (880, 220)], fill="#1d2b3a", width=4)
    for left in range(350, 1150, 80):
        draw.rectangle((left, 242, left + 50, 278), fill="#9fc3dd", outline="#1d2b3a")
    draw.line([(1410, 300), (1330, 300), (1450, 210)], fill="#1d2b3a", width=8)
    draw.line([(90, 300), (170, 300), (50, 210)], fill="#1d2b3a", width=8)
    draw.rectangle((560, 360, 760, 440), outline="#f0b429", width=4)
    draw.line([(220, 445), (560, 425)], fill="#f0b429", width=6)
    _label(draw)
    return picture


def _label(draw: ImageDraw.ImageDraw) -> None:
    font = ImageFont.load_default(30)
    for words, place, target in LABELS:
        draw.line([place, target], fill="#b3541e", width=3)
        left, top, right, bottom = draw.textbbox(place, words, font=font, anchor="mm")
        draw.rectangle((left - 8, top - 6, right + 8, bottom + 6), fill="#ffffff")
        draw.text(place, words, font=font, fill="#1d2b3a", anchor="mm")
