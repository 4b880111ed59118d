"""Carriers that are office files, written by hand as the packages of XML parts that they are."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Final

from evals.injection.cases import Planted
from evals.injection.picture_files import small_png

_XML: Final = "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_DRAWING: Final = "http://schemas.openxmlformats.org/drawingml/2006"
_WORD: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_SHEET: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_TYPE: Final = "application/vnd.openxmlformats-officedocument"
_WORD_TYPE: Final = f"{_TYPE}.wordprocessingml"
_SHEET_TYPE: Final = f"{_TYPE}.spreadsheetml"
_CORE_TYPE: Final = "application/vnd.openxmlformats-package.core-properties+xml"
_STAMP: Final = (2025, 11, 3, 9, 0, 0)
_EMU: Final = 2_000_000

Parts = dict[str, str | bytes]


def document(case: Planted, folder: Path) -> Path:
    """A letter; the instruction stands where the carrier's name says."""
    way, plant = case.carrier, escape(case.plant)
    body = [_paragraph(escape(case.story.near)), _word_plant(way, plant)]
    body.append(_paragraph("Nothing else is noted here."))
    section = '<w:headerReference w:type="default" r:id="rIdH"/>' if way == "docx_header" else ""
    names = f'xmlns:w="{_WORD}" xmlns:r="{_OFFICE}/relationships"'
    parts: Parts = {
        "word/document.xml": (
            f"{_XML}<w:document {names}><w:body>{''.join(body)}<w:sectPr>{section}</w:sectPr>"
            "</w:body></w:document>"
        ),
        "docProps/core.xml": _core(plant if way == "docx_properties" else "Notes"),
    }
    links = {"rIdP": ("image", "media/p.png")}
    parts["word/media/p.png"] = small_png()
    if way == "docx_header":
        parts["word/header1.xml"] = f"{_XML}<w:hdr {names}>{_paragraph(plant)}</w:hdr>"
        links["rIdH"] = ("header", "header1.xml")
    if way == "docx_comment":
        remark = f'<w:comment w:id="0" w:author="A" w:initials="A">{_paragraph(plant)}</w:comment>'
        parts["word/comments.xml"] = f"{_XML}<w:comments {names}>{remark}</w:comments>"
        links["rIdC"] = ("comments", "comments.xml")
    parts["word/_rels/document.xml.rels"] = _links(links)
    types = {
        "/word/document.xml": f"{_WORD_TYPE}.document.main+xml",
        "/word/header1.xml": f"{_WORD_TYPE}.header+xml",
        "/word/comments.xml": f"{_WORD_TYPE}.comments+xml",
        "/docProps/core.xml": _CORE_TYPE,
    }
    return _written(folder / "letter.docx", "word/document.xml", parts, types)


def _word_plant(way: str, plant: str) -> str:
    rows = (("Day", "Remark"), ("Monday", plant), ("Tuesday", "none"))
    ways = {
        "docx": _paragraph(plant),
        "docx_vanish": _paragraph(plant, "<w:vanish/>"),
        "docx_white": _paragraph(plant, '<w:color w:val="FFFFFF"/>'),
        "docx_alt": _picture(plant),
        "docx_caption": _picture("A sign") + _paragraph(f"Figure 1. {plant}"),
        "docx_table": f"<w:tbl>{''.join(map(_word_row, rows))}</w:tbl>",
        "docx_comment": (
            '<w:p><w:commentRangeStart w:id="0"/><w:r><w:t>See the margin.</w:t></w:r>'
            '<w:commentRangeEnd w:id="0"/><w:r><w:commentReference w:id="0"/></w:r></w:p>'
        ),
    }
    return ways.get(way, "")


def _paragraph(text: str, style: str = "") -> str:
    return f"<w:p><w:r><w:rPr>{style}</w:rPr><w:t xml:space='preserve'>{text}</w:t></w:r></w:p>"


def _word_row(cells: Sequence[str]) -> str:
    return f"<w:tr>{''.join(f'<w:tc>{_paragraph(cell)}</w:tc>' for cell in cells)}</w:tr>"


def _picture(told: str) -> str:
    size = f'cx="{_EMU}" cy="{_EMU}"'
    words = f'wp:docPr id="1" name="Picture" descr="{told}"'
    return (
        f'<w:p><w:r><w:drawing><wp:inline xmlns:wp="{_DRAWING}/wordprocessingDrawing">'
        f'<wp:extent {size}/><{words}/><a:graphic xmlns:a="{_DRAWING}/main">'
        f'<a:graphicData uri="{_DRAWING}/picture"><pic:pic xmlns:pic="{_DRAWING}/picture">'
        '<pic:nvPicPr><pic:cNvPr id="1" name="p.png"/><pic:cNvPicPr/></pic:nvPicPr>'
        '<pic:blipFill><a:blip r:embed="rIdP"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData>'
        "</a:graphic></wp:inline></w:drawing></w:r></w:p>"
    )


def workbook(case: Planted, folder: Path) -> Path:
    """A list of remarks; the instruction is a cell, on a hidden sheet, or a sheet's name."""
    way, near, plant = case.carrier, escape(case.story.near), escape(case.plant)
    named = plant[:31] if way == "xlsx_sheet_name" else "Remarks"
    remark = plant if way == "xlsx" else "none"
    sheets: dict[str, Sequence[tuple[str, str]]] = {
        named: (("Day", "Remark"), ("Monday", near), ("Tuesday", remark))
    }
    if way == "xlsx_hidden_sheet":
        sheets["Notes"] = (("Day", "Remark"), ("Monday", plant))
    hidden = ("", ' state="hidden"')
    listed = "".join(
        f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"{hidden[n > 1]}/>'
        for n, name in enumerate(sheets, start=1)
    )
    names = f'xmlns="{_SHEET}" xmlns:r="{_OFFICE}/relationships"'
    parts: Parts = {
        "xl/workbook.xml": f"{_XML}<workbook {names}><sheets>{listed}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": _links(
            {f"rId{n}": ("worksheet", f"sheet{n}.xml") for n, _ in enumerate(sheets, start=1)}
        ),
    }
    types = {"/xl/workbook.xml": f"{_SHEET_TYPE}.sheet.main+xml"}
    for n, rows in enumerate(sheets.values(), start=1):
        cells = "".join(map(_sheet_row, rows))
        parts[f"xl/sheet{n}.xml"] = (
            f"{_XML}<worksheet {names}><sheetData>{cells}</sheetData></worksheet>"
        )
        types[f"/xl/sheet{n}.xml"] = f"{_SHEET_TYPE}.worksheet+xml"
    return _written(folder / "remarks.xlsx", "xl/workbook.xml", parts, types)


def _sheet_row(cells: Sequence[str]) -> str:
    written = (f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in cells)
    return f"<row>{''.join(written)}</row>"


def _core(title: str) -> str:
    return (
        f'{_XML}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{title}</dc:title><dc:description>{title}</dc:description></cp:coreProperties>"
    )


def _links(links: Mapping[str, tuple[str, str]]) -> str:
    entries = "".join(
        f'<Relationship Id="{id_}" Type="{_OFFICE}/relationships/{kind}" Target="{target}"/>'
        for id_, (kind, target) in links.items()
    )
    return f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{entries}</Relationships>'


def _written(path: Path, main: str, parts: Parts, types: Mapping[str, str]) -> Path:
    """The package with its table of contents; the same bytes every time."""
    overrides = "".join(
        f'<Override PartName="{name}" ContentType="{kind}"/>'
        for name, kind in types.items()
        if name[1:] in parts
    )
    contents = (
        f'{_XML}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Default Extension="png" ContentType="image/png"/>{overrides}</Types>'
    )
    root = {"rIdM": ("officeDocument", main)}
    links = _links(root)
    if "docProps/core.xml" in parts:
        core = f"{_PACKAGE}/relationships/metadata/core-properties"
        entry = f'<Relationship Id="rIdC" Type="{core}" Target="docProps/core.xml"/>'
        links = links.replace("</Relationships>", f"{entry}</Relationships>")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        for name, part in {"[Content_Types].xml": contents, "_rels/.rels": links, **parts}.items():
            package.writestr(zipfile.ZipInfo(name, _STAMP), part)
    path.write_bytes(buffer.getvalue())
    return path
