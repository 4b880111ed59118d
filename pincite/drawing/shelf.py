"""Where generated pictures are kept: a folder of their own, apart from the blobs of sources."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from pincite.database import full_or_forbidden, private_folder
from pincite.elements import Scope
from pincite.errors import UnknownPicture
from pincite.generated import GeneratedId, GeneratedPicture

FOLDER = "generated"
"""In the data folder."""
_ID = re.compile(r"[0-9a-f]{20}")


def new_id() -> GeneratedId:
    return GeneratedId(secrets.token_hex(10))


class Shelf:
    """`<id>.png`, and beside it `<id>.json`, which is written last: without it there is no picture.

    Thread-safe. A scope sees what one of its principals asked for; its collections do not matter.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, picture: GeneratedPicture, png: bytes) -> None:
        """Raises DiskFull; then nothing is kept."""
        private_folder(self._root)
        try:
            self._write(f"{picture.id}.png", png)
            self._write(f"{picture.id}.json", picture.model_dump_json().encode())
        except OSError as exc:
            self._remove(picture.id)
            raise full_or_forbidden(exc, self._root) from exc

    def pictures(self, scope: Scope) -> list[GeneratedPicture]:
        """The newest first."""
        seen = [each for each in self._all() if each.readers & scope.principals]
        return sorted(seen, key=lambda each: each.made_at, reverse=True)

    def png(self, picture: GeneratedId, scope: Scope) -> bytes:
        """Raises UnknownPicture."""
        self._find(picture, scope)
        try:
            return self._path(picture, "png").read_bytes()
        except FileNotFoundError as exc:
            raise _unknown(picture) from exc

    def delete(self, picture: GeneratedId, scope: Scope) -> None:
        """Raises UnknownPicture."""
        self._find(picture, scope)
        self._remove(picture)

    def _find(self, picture: GeneratedId, scope: Scope) -> GeneratedPicture:
        found = self._read(self._path(picture, "json")) if _ID.fullmatch(picture) else None
        if found is None or not found.readers & scope.principals:
            raise _unknown(picture)
        return found

    def _all(self) -> Iterator[GeneratedPicture]:
        for path in self._root.glob("*.json"):
            if (found := self._read(path)) is not None:
                yield found

    def _read(self, path: Path) -> GeneratedPicture | None:
        try:
            return GeneratedPicture.model_validate_json(path.read_bytes())
        except (FileNotFoundError, ValidationError):
            return None

    def _write(self, name: str, data: bytes) -> None:
        temporary = self._root / f".{name}.{secrets.token_hex(4)}"
        try:
            flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC
            with os.fdopen(os.open(temporary, flags, 0o600), "wb") as target:
                target.write(data)
            temporary.replace(self._root / name)
        finally:
            temporary.unlink(missing_ok=True)

    def _remove(self, picture: GeneratedId) -> None:
        for suffix in ("json", "png"):
            with contextlib.suppress(FileNotFoundError):
                self._path(picture, suffix).unlink()

    def _path(self, picture: GeneratedId, suffix: str) -> Path:
        return self._root / f"{picture}.{suffix}"


def _unknown(picture: GeneratedId) -> UnknownPicture:
    return UnknownPicture(f"there is no generated picture {picture}")
