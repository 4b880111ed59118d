"""The closing report: a digital PDF with headings, ruled tables, two columns and two figures."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from reportlab.graphics.charts.lineplots import LinePlot
from reportlab.graphics.shapes import Drawing, String
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle, getSampleStyleSheet
from reportlab.lib.units import mm
from reportlab.platypus import (
    BaseDocTemplate,
    Frame,
    FrameBreak,
    Image,
    ListFlowable,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)

from scripts.sample_files import report_text as text
from scripts.sample_files.side_view import side_view

WIDTH, HEIGHT = A4
MARGIN = 22 * mm
INK = colors.HexColor("#1d2b3a")

_STYLES = getSampleStyleSheet()
BODY = ParagraphStyle("body", parent=_STYLES["BodyText"], fontSize=10, leading=14, spaceAfter=6)
HEADING = ParagraphStyle("heading", parent=_STYLES["Heading2"], fontSize=13, textColor=INK)
SMALL_HEADING = ParagraphStyle("small", parent=_STYLES["Heading3"], fontSize=11, textColor=INK)
TITLE = ParagraphStyle("title", parent=_STYLES["Title"], fontSize=20, leading=24, alignment=0)
CAPTION = ParagraphStyle("caption", parent=BODY, fontName="Helvetica-Oblique", fontSize=9)


def write(path: Path) -> None:
    frame = Frame(MARGIN, MARGIN, WIDTH - 2 * MARGIN, HEIGHT - 2 * MARGIN - 8 * mm, id="one")
    column = (WIDTH - 2 * MARGIN - 8 * mm) / 2
    columns = [
        Frame(MARGIN + n * (column + 8 * mm), MARGIN, column, HEIGHT - 2 * MARGIN - 8 * mm)
        for n in range(2)
    ]
    document = BaseDocTemplate(
        str(path),
        pagesize=A4,
        title=text.TITLE,
        author="Imogen Vance",
        subject="Closing report",
        invariant=1,
    )
    document.addPageTemplates(
        [
            PageTemplate("one", [frame], onPage=_edges),
            PageTemplate("two", columns, onPage=_edges),
        ]
    )
    document.build([*_first_page(), *_columns(), *_trial(), *_last_page()])


def _edges(canvas: Any, document: Any) -> None:
    """Header and footer of every page."""
    canvas.saveState()
    canvas.setFont("Helvetica", 8)
    canvas.setFillColor(colors.HexColor("#5a6a7a"))
    canvas.drawString(MARGIN, HEIGHT - 14 * mm, "Brackwater Ferries · Fleet")
    canvas.drawRightString(WIDTH - MARGIN, HEIGHT - 14 * mm, "Report 2025-31")
    canvas.drawCentredString(WIDTH / 2, 12 * mm, f"Page {document.page} of 4")
    canvas.restoreState()


def _paragraphs(blocks: tuple[str, ...]) -> list[Any]:
    return [Paragraph(block, BODY) for block in blocks]


def _table(rows: tuple[tuple[str, ...], ...], widths: list[float], *, total: bool) -> Table:
    style = [
        ("GRID", (0, 0), (-1, -1), 0.6, INK),
        ("BACKGROUND", (0, 0), (-1, 0), colors.HexColor("#dfe7ee")),
        ("FONTNAME", (0, 0), (-1, 0), "Helvetica-Bold"),
        ("FONTSIZE", (0, 0), (-1, -1), 9),
        ("ALIGN", (1, 0), (-1, -1), "RIGHT"),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
    ]
    if total:
        style.append(("FONTNAME", (0, -1), (-1, -1), "Helvetica-Bold"))
    return Table([list(row) for row in rows], colWidths=widths, style=TableStyle(style))


def _first_page() -> list[Any]:
    costs = _table(text.COSTS, [52 * mm, 26 * mm, 26 * mm, 30 * mm, 30 * mm], total=True)
    return [
        Paragraph(text.TITLE, TITLE),
        Paragraph(text.BYLINE, CAPTION),
        Paragraph("1 Summary", HEADING),
        *_paragraphs(text.SUMMARY),
        Paragraph("2 Cost and duration", HEADING),
        *_paragraphs(text.COST_TEXT),
        Paragraph(text.COSTS_CAPTION, CAPTION),
        costs,
        Spacer(1, 6 * mm),
        *_paragraphs(text.COST_REMARK),
        NextPageTemplate("two"),
        PageBreak(),
    ]


def _columns() -> list[Any]:
    story: list[Any] = [Paragraph("3 What was done", HEADING)]
    for heading, blocks in text.WORK.items():
        if heading == text.SECOND_COLUMN:
            story.append(FrameBreak())
        story += [Paragraph(heading, SMALL_HEADING), *_paragraphs(blocks)]
    return [*story, NextPageTemplate("one"), PageBreak()]


def _trial() -> list[Any]:
    trial = _table(text.TRIAL, [36 * mm, 36 * mm, 40 * mm, 44 * mm], total=False)
    return [
        Paragraph("4 Sea trial", HEADING),
        *_paragraphs(text.TRIAL_TEXT),
        Paragraph(text.TRIAL_CAPTION, CAPTION),
        trial,
        Spacer(1, 6 * mm),
        *_paragraphs(text.TRIAL_REMARK),
        _chart(),
        Paragraph(text.CHART_CAPTION, CAPTION),
        PageBreak(),
    ]


def _chart() -> Drawing:
    """Fuel per nautical mile over speed, from the rows of the trial table."""
    rows = [(float(row[1]), float(row[2]) / float(row[1])) for row in text.TRIAL[1:]]
    drawing = Drawing(150 * mm, 62 * mm)
    plot = LinePlot()
    plot.x, plot.y, plot.width, plot.height = 34, 30, 370, 125
    plot.data = [rows]
    plot.lines[0].strokeColor = colors.HexColor("#b3541e")
    plot.lines[0].strokeWidth = 2
    plot.xValueAxis.valueMin, plot.xValueAxis.valueMax, plot.xValueAxis.valueStep = 5, 11, 1
    plot.yValueAxis.valueMin, plot.yValueAxis.valueMax, plot.yValueAxis.valueStep = 2, 6, 1
    drawing.add(plot)
    drawing.add(String(404, 8, "speed in knots", fontSize=8, textAnchor="end"))
    drawing.add(String(8, 163, "litres per nautical mile", fontSize=8))
    return drawing


def _last_page() -> list[Any]:
    picture = io.BytesIO()
    side_view().save(picture, format="PNG")
    points = [Paragraph(point, BODY) for point in text.OPEN_POINTS]
    return [
        Paragraph("5 Open points", HEADING),
        ListFlowable(points, bulletType="1", bulletFontSize=10),
        Paragraph("6 Next docking", HEADING),
        *_paragraphs(text.NEXT_DOCKING),
        Image(picture, width=150 * mm, height=150 * mm * 0.4),
        Paragraph(text.VIEW_CAPTION, CAPTION),
        Spacer(1, 8 * mm),
        *_paragraphs(text.SIGNED),
    ]
