"""Files on their way into the store: kept by content hash, so that a second try resumes."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import shutil
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pincite.errors import BadSettings, DiskFull, WrongHash
from pincite.models.manifest import ModelFile

BLOCK = 1 << 20
_NO_SPACE = {errno.ENOSPC, errno.EDQUOT}


@contextmanager
def full_disk_is_one_sentence(where: Path) -> Generator[None]:
    """Turn ENOSPC into DiskFull; what is already in the store is not touched by either."""
    try:
        yield
    except OSError as exc:
        if exc.errno not in _NO_SPACE:
            raise
        raise disk_full(where) from exc


def disk_full(where: Path) -> DiskFull:
    return DiskFull(
        f"no space is left in {where}; free some and run the command again, it goes on from here"
    )


class PartialFiles:
    """The folder `.partial` of a store."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @contextmanager
    def owned(self) -> Generator[None]:
        """Wait until no other process fetches into this store, then hold it."""
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            lock = (self.root / "lock").open("w")
        except OSError as exc:
            if exc.errno in _NO_SPACE:
                raise
            why = (exc.strerror or str(exc)).lower()
            raise BadSettings(
                f"the model store {self.root.parent} cannot be written ({why}); "
                "set PINCITE_MODELS__DIR to a folder that can"
            ) from exc
        with lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def folder(self, name: str) -> Path:
        folder = self.root / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def file(self, wanted: ModelFile) -> Path:
        """Where the complete file lies, or would lie."""
        return self.folder("files") / wanted.sha256

    def has(self, wanted: ModelFile) -> bool:
        """Complete: the name is given only to bytes whose hash was right."""
        try:
            return self.file(wanted).stat().st_size == wanted.size
        except FileNotFoundError:
            return False

    def begun(self, wanted: ModelFile) -> Path:
        """Where the bytes are written before their hash is known."""
        return self.file(wanted).with_suffix(".part")

    def write(self, wanted: ModelFile, blocks: Iterable[bytes]) -> None:
        """Write all of `wanted`; a stream that is longer than its size is cut off and refused.

        Raises:
            WrongHash: the bytes are others; they are thrown away.
            DiskFull: what was written is thrown away.
        """
        part = self.begun(wanted)
        try:
            with full_disk_is_one_sentence(self.root), part.open("wb") as out:
                for block in _at_most(blocks, wanted.size):
                    out.write(block)
            self.accept(wanted)
        except BaseException:
            part.unlink(missing_ok=True)
            raise

    def accept(self, wanted: ModelFile) -> None:
        """Give what was begun its name; raises WrongHash and throws it away if it is not right."""
        part = self.begun(wanted)
        with part.open("rb") as stream:
            found = hashlib.file_digest(stream, "sha256").hexdigest()
        if found != wanted.sha256:
            part.unlink()
            raise WrongHash(f"the bytes of {wanted.name} are not those that the manifest pins")
        part.replace(self.file(wanted))

    def size(self) -> int:
        """Bytes that lie here, finished or not."""
        return sum(path.stat().st_size for path in self.root.rglob("*") if path.is_file())

    def clear(self) -> None:
        """Remove everything but the lock that is held."""
        for entry in self.root.iterdir():
            if entry.is_dir():
                shutil.rmtree(entry, ignore_errors=True)


def blocks_of(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while block := stream.read(BLOCK):
            yield block


def _at_most(blocks: Iterable[bytes], size: int) -> Iterator[bytes]:
    left = size
    for block in blocks:
        if len(block) > left:
            raise WrongHash(f"more than the {size} bytes that the manifest states")
        left -= len(block)
        yield block
