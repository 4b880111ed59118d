"""Laying a file where a parser child may read it, and what it is called when that cannot be."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
from pathlib import Path

from pincite.database import full_or_forbidden
from pincite.errors import CorruptSource, DiskFull, ParserFailed, SetupError


class ParserCannotStart(SetupError):
    """No file is to blame: nothing can be read in this installation."""


def lend(original: Path, path: Path) -> None:
    """A link where the file system allows one, else a copy.

    Raises:
        CorruptSource: the original is gone.
        ParserFailed: the disk failed; it may not do so again.
        DiskFull, ParserCannotStart: as `unable` says.
    """
    try:
        with contextlib.suppress(OSError):
            os.link(original, path)
            return
        shutil.copyfile(original, path)
    except OSError as exc:
        if not original.exists():
            raise CorruptSource("its bytes are not in the data folder any more") from exc
        if exc.errno == errno.EIO:
            raise ParserFailed("the disk failed while its bytes were read") from exc
        raise unable(exc, path) from exc


def unable(exc: OSError, scratch: Path) -> SetupError:
    """No room, no right to write, no process to be had: one sentence for the operator."""
    found = full_or_forbidden(exc, scratch)
    if isinstance(found, DiskFull):
        return found
    return ParserCannotStart(
        f"no parser can be started ({exc.strerror or exc}: {exc.filename or scratch}); "
        "make that folder writable, or see: pincite doctor"
    )
