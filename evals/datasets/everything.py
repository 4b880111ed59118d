"""Every document, picture and recording of every data set, whatever its annotations look like."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterator
from pathlib import Path

from ingestion.media import sniff
from pincite.elements import Medium
from pincite.errors import CorruptSource, UserError
from pincite.values import Value

_ANNOTATIONS = frozenset({Medium.TEXT, Medium.EMAIL})
"""In data sets plain text (JSON, XML, CSV, transcripts, licences) says what is in the others."""
_BY_NAME = {
    "application/pdf": Medium.PDF,
    "image": Medium.IMAGE,
    "audio": Medium.AUDIO,
    "video": Medium.VIDEO,
}


class DataFile(Value):
    id: str
    """Path below the data folder, with `/`."""
    dataset: str
    """The folder in which it lies there."""
    file: Path
    medium: Medium


def files(data: Path) -> Iterator[DataFile]:
    """In order of their names; hidden ones are passed over.

    A file that its content does not show to be anything (empty, damaged) counts by its name.
    """
    for file in sorted(data.rglob("*")):
        below = file.relative_to(data)
        if len(below.parts) < 2 or any(part.startswith(".") for part in below.parts):
            continue
        medium = _medium(file) if file.is_file() else None
        if medium is not None and medium not in _ANNOTATIONS:
            yield DataFile(id=below.as_posix(), dataset=below.parts[0], file=file, medium=medium)


def _medium(file: Path) -> Medium | None:
    try:
        return sniff(file).medium
    except (CorruptSource, UserError):
        named = mimetypes.guess_type(file.name)[0] or ""
        return _BY_NAME.get(named) or _BY_NAME.get(named.partition("/")[0])
