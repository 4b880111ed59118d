"""The smallest sound XLSX: sheets of texts, numbers and days (ECMA-376), nothing that is run.

Texts are inline strings, which a spreadsheet shows as they are and never takes for a formula.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Final
from xml.sax.saxutils import escape, quoteattr

Content = str | Decimal | int | float | date | None
_EPOCH: Final = date(1899, 12, 30)
_LONGEST: Final = 32_767
"""Characters that a cell may hold."""
_NOT_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OPEN: Final = "http://schemas.openxmlformats.org"
_MAIN: Final = f"{_OPEN}/spreadsheetml/2006/main"
_RELATED: Final = f"{_OPEN}/officeDocument/2006/relationships"
_DAY, _BOLD = 1, 2
"""Places of the styles below."""
_STYLES: Final = (
    f'{_HEAD}<styleSheet xmlns="{_MAIN}">'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    "<borders><border><left/><right/><top/><bottom/><diagonal/></border></borders>"
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="14" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>"
)


def workbook(sheets: Mapping[str, Sequence[Sequence[Content]]]) -> bytes:
    """An XLSX file; the first row of each sheet is its head. Names have at most 31 characters."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in _fixed(list(sheets)).items():
            _put(packed, name, text)
        for number, rows in enumerate(sheets.values(), 1):
            _put(packed, f"xl/worksheets/sheet{number}.xml", _sheet(rows))
    return out.getvalue()


def _put(packed: zipfile.ZipFile, name: str, text: str) -> None:
    """With a fixed time, so that the same table gives the same bytes."""
    entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    packed.writestr(entry, text.encode("utf-8"))


def _fixed(names: Sequence[str]) -> dict[str, str]:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    numbers = range(1, len(names) + 1)
    parts = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{kind}.worksheet+xml"/>'
        for n in numbers
    )
    listed = "".join(
        f'<sheet name={quoteattr(name[:31])} sheetId="{n}" r:id="rId{n}"/>'
        for n, name in enumerate(names, 1)
    )
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{_RELATED}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in numbers
    )
    package = f"{_OPEN}/package/2006"
    return {
        "[Content_Types].xml": f'{_HEAD}<Types xmlns="{package}/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{kind}.styles+xml"/>{parts}</Types>',
        "_rels/.rels": f'{_HEAD}<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="rId1" Type="{_RELATED}/officeDocument" Target="xl/workbook.xml"/>'
        "</Relationships>",
        "xl/workbook.xml": f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_RELATED}">'
        f"<sheets>{listed}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'{_HEAD}<Relationships xmlns="{package}/relationships">'
        f'{links}<Relationship Id="rId{len(names) + 1}" Type="{_RELATED}/styles" '
        'Target="styles.xml"/></Relationships>',
        "xl/styles.xml": _STYLES,
    }


def _sheet(rows: Sequence[Sequence[Content]]) -> str:
    lines = "".join(
        f'<row r="{number}">'
        + "".join(
            _cell(value, f"{_letters(place)}{number}", is_head=number == 1)
            for place, value in enumerate(row)
        )
        + "</row>"
        for number, row in enumerate(rows, 1)
    )
    frozen = (
        '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" '
        'activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
    )
    return f'{_HEAD}<worksheet xmlns="{_MAIN}">{frozen}<sheetData>{lines}</sheetData></worksheet>'


def _cell(value: Content, at: str, *, is_head: bool) -> str:
    match value:
        case None | "":
            return ""
        case date():
            return f'<c r="{at}" s="{_DAY}"><v>{(value - _EPOCH).days}</v></c>'
        case str():
            text = escape(_NOT_XML.sub("\ufffd", value)[:_LONGEST])
            style = f' s="{_BOLD}"' if is_head else ""
            return (
                f'<c r="{at}"{style} t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
            )
        case _:
            return f'<c r="{at}"><v>{value}</v></c>'


def _letters(place: int) -> str:
    """`A` for 0, `AA` for 26."""
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
