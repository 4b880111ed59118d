"""What Word and PowerPoint files hold that a person does not see: taken out before they are read.

A copy without it is read as usual, so that nothing unseen hides in a paragraph, a table or a
header; the unseen texts are returned apart. Only for packages that `check_package` let through.
"""

from __future__ import annotations

import re
import tempfile
import zipfile
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree as ET

from ingestion.readers.styling import Look, colour_of

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_WORD_PARTS = re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes|comments)\.xml")
_SLIDES = re.compile(r"ppt/slides/slide\d+\.xml")
_TINY_HALF_POINTS = 4
_TINY_HUNDREDTHS = 200
_OFF = frozenset({"0", "false", "off"})
_PLAIN = frozenset({"", "auto", "FFFFFF", "ffffff"})
_DEEPEST_STYLE = 20
_SHAPES = frozenset({f"{_P}sp", f"{_P}pic", f"{_P}graphicFrame", f"{_P}grpSp", f"{_P}cxnSp"})

Strip = Callable[[zipfile.ZipFile], "Stripped"]


class Stripped(NamedTuple):
    """What was taken out, and the parts that are other ones without it."""

    texts: list[str]
    parts: dict[str, bytes]


@contextmanager
def without_unseen(path: Path, strip: Strip) -> Generator[tuple[Path, list[str]]]:
    """The file, or a copy without what is unseen, and the unseen texts.

    Raises ParseError, BadZipFile where the file is damaged.
    """
    with zipfile.ZipFile(path) as package:
        found = strip(package)
        if not found.parts:
            yield path, []
            return
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / path.name
            with zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target:
                for part in package.infolist():
                    kept = found.parts.get(part.filename)
                    target.writestr(part.filename, package.read(part) if kept is None else kept)
            yield copy, found.texts


def _stripped(
    package: zipfile.ZipFile, names: re.Pattern[str], take_out: Callable[[ET.Element], list[str]]
) -> Stripped:
    texts: list[str] = []
    parts: dict[str, bytes] = {}
    for name in package.namelist():
        if not names.fullmatch(name):
            continue
        root = ET.fromstring(package.read(name))  # noqa: S314
        taken = take_out(root)
        if taken:
            texts += taken
            parts[name] = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return Stripped([text for text in texts if text], parts)


# --- Word ----------------------------------------------------------------------------------------


def strip_word(package: zipfile.ZipFile) -> Stripped:
    """Runs marked as hidden, of type below 2 points, or in the colour of the paper."""
    styles: dict[str, ET.Element] = {}
    if "word/styles.xml" in package.namelist():
        root = ET.fromstring(package.read("word/styles.xml"))  # noqa: S314
        styles = {style.get(f"{_W}styleId", ""): style for style in root.iter(f"{_W}style")}

    def take_out(root: ET.Element) -> list[str]:
        on_paper = root.find(f"{_W}background") is None
        return list(_from_word(root, [], styles, on_paper=on_paper))

    return _stripped(package, _WORD_PARTS, take_out)


def _from_word(
    parent: ET.Element,
    inherited: list[ET.Element],
    styles: Mapping[str, ET.Element],
    *,
    on_paper: bool,
) -> Iterator[str]:
    """Takes the unseen runs out; their texts, a paragraph at a time.

    `inherited` are the run properties of the styles that hold here, nearest first.
    """
    taken: list[str] = []
    for child in list(parent):
        if child.tag == f"{_W}r":
            own = child.find(f"{_W}rPr")
            looks = [*_styled(own, f"{_W}rStyle", styles), *inherited]
            looks = [own, *looks] if own is not None else looks
            if _is_unseen(looks, on_paper=on_paper):
                taken.append(_words(child, f"{_W}t"))
                parent.remove(child)
                continue
        below = inherited
        if child.tag == f"{_W}p":
            below = _styled(child.find(f"{_W}pPr"), f"{_W}pStyle", styles)
        # White letters on a coloured cell or in a drawn box can be seen.
        plain = on_paper and child.tag != f"{_W}txbxContent" and not _is_shaded(child)
        yield from _from_word(child, below, styles, on_paper=plain)
    if text := " ".join("".join(taken).split()):
        yield text


def _styled(
    properties: ET.Element | None, reference: str, styles: Mapping[str, ET.Element]
) -> list[ET.Element]:
    named = properties.find(reference) if properties is not None else None
    style = styles.get(named.get(f"{_W}val", "")) if named is not None else None
    found: list[ET.Element] = []
    for _ in range(_DEEPEST_STYLE):
        if style is None:
            break
        if (own := style.find(f"{_W}rPr")) is not None:
            found.append(own)
        based = style.find(f"{_W}basedOn")
        style = styles.get(based.get(f"{_W}val", "")) if based is not None else None
    return found


def _is_unseen(looks: list[ET.Element], *, on_paper: bool) -> bool:
    """By the nearest property of each kind."""
    vanish = _nearest(looks, "vanish")
    if vanish is not None and vanish.get(f"{_W}val", "1") not in _OFF:
        return True
    size = _nearest(looks, "sz")
    value = size.get(f"{_W}val", "") if size is not None else ""
    if value.isdigit() and int(value) < _TINY_HALF_POINTS:
        return True
    ink = _nearest(looks, "color")
    marked = any(_nearest(looks, name) is not None for name in ("shd", "highlight"))
    if ink is None or marked or not on_paper:
        return False
    return Look(colour_of(ink.get(f"{_W}val", ""))).is_faint


def _nearest(looks: list[ET.Element], name: str) -> ET.Element | None:
    return next((one for look in looks if (one := look.find(f"{_W}{name}")) is not None), None)


def _is_shaded(element: ET.Element) -> bool:
    """A cell or paragraph with a colour of its own, or a table whose style may give it one."""
    if element.tag == f"{_W}tbl":
        return element.find(f"{_W}tblPr/{_W}tblStyle") is not None
    for name in ("tcPr", "pPr"):
        shade = element.find(f"{_W}{name}/{_W}shd")
        if shade is not None and shade.get(f"{_W}fill", "") not in _PLAIN:
            return True
    return False


# --- PowerPoint ----------------------------------------------------------------------------------


def strip_slides(package: zipfile.ZipFile) -> Stripped:
    """Slides that are not shown, shapes that are hidden or lie beside the slide, tiny type."""
    width, height = _slide_size(package)

    def take_out(root: ET.Element) -> list[str]:
        is_shown = root.get("show", "1") not in _OFF
        return list(_from_slide(root, width, height, is_shown=is_shown))

    return _stripped(package, _SLIDES, take_out)


def _slide_size(package: zipfile.ZipFile) -> tuple[int, int]:
    root = ET.fromstring(package.read("ppt/presentation.xml"))  # noqa: S314
    size = root.find(f"{_P}sldSz")
    return _numbers(size, "cx", "cy") or (1 << 40, 1 << 40)


def _from_slide(parent: ET.Element, width: int, height: int, *, is_shown: bool) -> Iterator[str]:
    for child in list(parent):
        is_shape, is_run = child.tag in _SHAPES, child.tag == f"{_A}r"
        unseen = (is_shape and (not is_shown or _is_out(child, width, height))) or (
            is_run and _is_tiny(child)
        )
        if unseen:
            parent.remove(child)
            yield " ".join(_words(child, f"{_A}t", between=" ").split())
        else:
            yield from _from_slide(child, width, height, is_shown=is_shown)


def _is_out(shape: ET.Element, width: int, height: int) -> bool:
    named = next(shape.iter(f"{_P}cNvPr"), None)
    if named is not None and named.get("hidden", "0") not in _OFF:
        return True
    frame = shape.find(f"{_P}spPr/{_A}xfrm")
    frame = shape.find(f"{_P}xfrm") if frame is None else frame
    if frame is None:
        return False
    place = _numbers(frame.find(f"{_A}off"), "x", "y")
    size = _numbers(frame.find(f"{_A}ext"), "cx", "cy")
    if place is None or size is None:
        return False
    left, top = place
    return left >= width or top >= height or left + size[0] <= 0 or top + size[1] <= 0


def _is_tiny(run: ET.Element) -> bool:
    look = run.find(f"{_A}rPr")
    size = look.get("sz", "") if look is not None else ""
    return size.isdigit() and int(size) < _TINY_HUNDREDTHS


def _numbers(element: ET.Element | None, one: str, other: str) -> tuple[int, int] | None:
    if element is None:
        return None
    found = [element.get(name, "") for name in (one, other)]
    if not all(re.fullmatch(r"-?\d{1,12}", value) for value in found):
        return None
    return int(found[0]), int(found[1])


def _words(element: ET.Element, tag: str, *, between: str = "") -> str:
    return between.join(node.text or "" for node in element.iter(tag))
