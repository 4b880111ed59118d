"""Bytes on disk under keys: the originals by their hash, and pictures made from them.

`<root>/<first two digits>/<hash>/original` is the file as it came; what was made from it lies
beside it under the name in its key, so that deleting a content is deleting one folder.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import secrets
import shutil
from collections.abc import Generator, Iterator
from pathlib import Path

from pincite.database import full_or_forbidden, private_folder
from pincite.elements import BlobKey, ContentId
from pincite.errors import UserError

_CONTENT = re.compile(r"[0-9a-f]{64}")
_KEY = re.compile(r"[0-9a-f]{64}/(?!original$)[A-Za-z0-9_-][A-Za-z0-9._-]{0,120}")
_CHUNK = 1 << 20


class BlobStore:
    """Thread-safe. A blob is seen whole or not at all; files are readable by their owner only.

    Raises (all methods that write):
        DiskFull: nothing was stored, nothing older is harmed.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._incoming = root / "incoming"
        private_folder(self._incoming)
        private_folder(root)

    def put_file(self, path: Path) -> tuple[ContentId, int]:
        """Copy a file into the store; its hash and its size in bytes.

        The hash is of the bytes that were stored, even if the file changes meanwhile.
        """
        digest, size = hashlib.sha256(), 0
        try:
            source = path.open("rb")
        except OSError as exc:
            raise UserError(f"{path.name} cannot be opened: {exc.strerror or exc}") from exc
        with source, self._new_file() as (target, temporary):
            while chunk := source.read(_CHUNK):
                digest.update(chunk)
                size += len(chunk)
                _write_all(target, chunk)
            content = ContentId(digest.hexdigest())
            self._move(temporary, self.path(content))
        return content, size

    def put(self, key: BlobKey, data: bytes) -> None:
        """Store or replace."""
        with self._new_file() as (target, temporary):
            _write_all(target, data)
            self._move(temporary, self.path(key))

    def get(self, key: BlobKey) -> bytes:
        """Raises FileNotFoundError where there is none."""
        return self.path(key).read_bytes()

    def path(self, key: ContentId | BlobKey) -> Path:
        """Where a blob lies, or would. Raises ValueError for what is no key."""
        if _CONTENT.fullmatch(key):
            return self._folder(key) / "original"
        if not _KEY.fullmatch(key):
            raise ValueError(f"not a blob key: {key!r}")
        content, _, name = key.partition("/")
        return self._folder(content) / name

    def delete(self, content: ContentId) -> None:
        """Remove the original and all that was made from it; no error where there is nothing."""
        folder = self.path(content).parent
        with contextlib.suppress(FileNotFoundError):
            shutil.rmtree(folder)
        with contextlib.suppress(OSError):
            folder.parent.rmdir()

    def contents(self) -> Iterator[ContentId]:
        """Every content that has blobs, in no order; for repair."""
        for folder in self._root.glob("[0-9a-f][0-9a-f]/*"):
            if _CONTENT.fullmatch(folder.name):
                yield ContentId(folder.name)

    def sweep(self) -> None:
        """Remove what a killed process left half-written. Only for the owner of the folder."""
        for leftover in self._incoming.iterdir():
            leftover.unlink(missing_ok=True)

    def _folder(self, content: str) -> Path:
        return self._root / content[:2] / content

    @contextlib.contextmanager
    def _new_file(self) -> Generator[tuple[int, Path], None, None]:
        """A descriptor to write to and its path; the file is gone after the block unless moved."""
        temporary = self._incoming / secrets.token_hex(16)
        try:
            target = os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600)
            try:
                yield target, temporary
            finally:
                os.close(target)
        except OSError as exc:
            raise full_or_forbidden(exc, self._root) from exc
        finally:
            temporary.unlink(missing_ok=True)

    def _move(self, temporary: Path, final: Path) -> None:
        """Give a complete file its name. `delete` may take the folder away in between."""
        for _ in range(3):
            with contextlib.suppress(FileNotFoundError):
                final.parent.parent.mkdir(exist_ok=True, mode=0o700)
                final.parent.mkdir(exist_ok=True, mode=0o700)
                temporary.replace(final)
                return
        raise FileNotFoundError(2, "the folder vanished", str(final))


def _write_all(target: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(target, rest) :]
