"""Elements of scans against what people marked inside their boxes."""

from __future__ import annotations

from collections.abc import Iterator

from evals.datasets.marked import MarkedPage, MarkedText
from evals.read_back import LEAST_LETTERS, ReadBack, mark, text_of
from evals.scorers.alike import likeness
from evals.scorers.words import marked_lines, single_words
from evals.shipped import box_of, read_elements, reader_of
from evals.sketches import Mark
from evals.suites import Context
from ingestion.readers.ports import UnitRead
from pincite.errors import PinciteError
from pincite.locators import ImageBox, PageBox
from pincite.values import Value


class ScanRead(Value):
    """The elements of one scan."""

    elements: tuple[ReadBack, ...]
    failed: str = ""


def read_scan(context: Context, page: MarkedPage) -> ScanRead:
    """Read a scan as it ships, and compare each element with the words marked in its boxes."""
    try:
        read = reader_of(context, page.image).read(page.image, 1, slow=True)
    except PinciteError as exc:
        return ScanRead(elements=(), failed=str(exc))
    return ScanRead(elements=tuple(_compared(page, read)) if isinstance(read, UnitRead) else ())


def _compared(page: MarkedPage, read: UnitRead) -> Iterator[ReadBack]:
    words = [word for text in page.texts for word in single_words(text)]
    for number, element in enumerate(read_elements(read)):
        text = text_of(element)
        boxes = [box for box in map(box_of, element.locators) if box is not None]
        if sum(map(str.isalnum, text)) < LEAST_LETTERS or not boxes:
            continue
        inside = [word for word in words if any(_holds(box, word) for box in boxes)]
        marked = " ".join(word.text for line in marked_lines(inside) for word in line)
        yield ReadBack(
            id=f"{page.split}/{page.image.name}:{number}",
            expected=marked,
            got=text,
            likeness=likeness(marked, text),
            marks=(*map(mark, boxes), *map(_marked, inside)),
        )


def _holds(box: PageBox | ImageBox, word: MarkedText) -> bool:
    across, down = (word.left + word.right) / 2, (word.top + word.bottom) / 2
    return box.left <= across <= box.right and box.top <= down <= box.bottom


def _marked(word: MarkedText) -> Mark:
    return Mark(left=word.left, top=word.top, right=word.right, bottom=word.bottom, tone="expected")
