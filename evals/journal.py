"""Finished work of a suite, kept line by line, so that a run that was cut can be resumed."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import platformdirs

from evals.results import Kept
from pincite.errors import UserError
from pincite.values import Value

V = TypeVar("V", bound=Value)


class Journal:
    """One JSON line per finished piece of work; without a file it only remembers."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._known: dict[str, str] = {}

    @classmethod
    def open(cls, file: Path, *, made_by: str, resume: bool) -> Journal:
        """Start `file` anew, or go on where it ends; a last line that was cut is dropped.

        Raises:
            UserError: to be resumed, but written by another version, sample or configuration.
        """
        journal = cls(file)
        if resume and file.is_file():
            journal._recall(file.read_text(encoding="utf-8"), made_by)
        file.parent.mkdir(parents=True, exist_ok=True)
        if not resume:
            shutil.rmtree(_folder_of(file), ignore_errors=True)
        kept = [Kept(key=key, value=value) for key, value in journal._known.items()]
        lines = [Kept(key="", value=made_by), *kept]
        file.write_text("".join(line.model_dump_json() + "\n" for line in lines), "utf-8")
        return journal

    @property
    def folder(self) -> Path | None:
        """For what is too big for a line; outside the report's folder, None without a file."""
        return None if self._file is None else _folder_of(self._file)

    def _recall(self, text: str, made_by: str) -> None:
        lines = [Kept.model_validate(json.loads(line)) for line in _whole_lines(text)]
        if lines and lines[0].value != made_by:
            raise UserError(
                f"{self._file} holds work of another version or with other options; "
                "run again without --resume, or with another --out"
            )
        self._known = {line.key: line.value for line in lines[1:]}

    def once(self, kind: type[V], key: str, make: Callable[[], V]) -> V:
        """What `make` gives, or what it gave before under this key; errors are not kept."""
        if key in self._known:
            return kind.model_validate_json(self._known[key])
        made = make()
        self._known[key] = made.model_dump_json()
        if self._file is not None:
            line = Kept(key=key, value=self._known[key]).model_dump_json()
            with self._file.open("a", encoding="utf-8") as end:
                end.write(line + "\n")
        return made


def _folder_of(file: Path) -> Path:
    name = hashlib.sha256(str(file.resolve()).encode()).hexdigest()[:16]
    return Path(platformdirs.user_cache_dir("pincite")) / "eval" / name


def _whole_lines(text: str) -> list[str]:
    """Every line that was written to its end."""
    return text.split("\n")[:-1]
