"""What ships, as the suites use it: the reader of a file, and the words it found with boxes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from evals.datasets.marked import MarkedText
from evals.suites import Context
from ingestion.media import sniff
from ingestion.readers.ports import Reader, UnitRead
from ingestion.readers.registry import reader_for
from pincite import config
from pincite.elements import ParsedElement
from pincite.locators import ImageBox, Locator, PageBox
from pincite.models.store import ModelStore
from pincite.values import Value


class KeptRead(Value):
    """What one unit gave, without its crops; None where it waits for a slower pass."""

    read: UnitRead | None


def reader_of(context: Context, file: Path) -> Reader:
    """The shipped reader of this kind of file."""
    return reader_for(
        sniff(file).media_type, context.settings, _store(context.settings.models.model_dump_json())
    )


@cache
def _store(settings: str) -> ModelStore:
    """One for all files, as readers keep the models that they loaded by it."""
    return ModelStore(config.ModelStore.model_validate_json(settings))


def read_once(context: Context, file: Path, unit: int = 1) -> UnitRead | None:
    """What the shipped reader gives, OCR allowed; a run that is resumed reads no unit again.

    Crops are left out.

    Raises:
        PinciteError: the unit cannot be read; tried again where a run is resumed.
    """

    def make() -> KeptRead:
        read = reader_of(context, file).read(file, unit, slow=True)
        if not isinstance(read, UnitRead):
            return KeptRead(read=None)
        return KeptRead(read=read.model_copy(update={"crops": {}}))

    return context.once(KeptRead, f"{file}#{unit}", make).read


def read_elements(read: UnitRead) -> Iterator[ParsedElement]:
    """Elements with text of their own, not found among that of others nor written by a machine."""
    for element in read.elements:
        if element.text and element.field is None and element.how.may_support:
            yield element


def marked_texts(read: UnitRead) -> list[MarkedText]:
    """Words where the reader kept them, else whole elements; in the unit of their locators."""
    return [marked for element in read_elements(read) for marked in _marked(element)]


def _marked(element: ParsedElement) -> Iterator[MarkedText]:
    places = [(word.text, word.locator) for word in element.words] or [
        (element.text, element.locators[0])
    ]
    for text, locator in places:
        box = box_of(locator)
        if box is not None:
            yield MarkedText(
                text=text, left=box.left, top=box.top, right=box.right, bottom=box.bottom
            )


def box_of(locator: Locator) -> PageBox | ImageBox | None:
    return locator if isinstance(locator, PageBox | ImageBox) else None
