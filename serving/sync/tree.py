"""Files under a folder or in a bucket: one port, over fsspec."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, cast

import fsspec
from fsspec.implementations.local import LocalFileSystem

from pincite.elements import ContentId
from pincite.errors import MissingExtra, UpstreamError, UserError

PROTOCOLS = ("file", "local", "s3", "s3a", "memory")
"""Tried and tested; others list files in ways of their own."""
_MOMENTS = ("mtime", "LastModified", "last_modified", "updated", "modified", "created")
_BLOCK = 1 << 20


class Entry(NamedTuple):
    """A file."""

    path: str
    """Below the root, with `/`."""
    size: int
    stamp: str
    """Changes when the file does, as far as the place tells."""


class Tree:
    """Everything that lies at one address.

    Raises (all methods):
        UserError: there is no such folder, or the address is of no known kind.
        UpstreamError: the place did not answer, or refuses; nothing may be concluded from that.
    """

    def __init__(self, address: str, *, apart_from: Path | None = None) -> None:
        """`apart_from` is the data folder, which is no part of any library."""
        protocol = address.partition("://")[0] if "://" in address else "file"
        if protocol not in PROTOCOLS or "::" in address:
            raise UserError(f"{address} cannot be synchronised; name a folder or s3://bucket/path")
        self.address = address
        self._fs, root = _file_system(address, protocol)
        self._is_local = isinstance(self._fs, LocalFileSystem)
        self._root = str(Path(root).resolve()) if self._is_local else root.rstrip("/")
        self._own = str(apart_from.resolve()) if apart_from else None
        self.prefix = f"{self._root}/" if self._is_local else f"{protocol}://{self._bare(root)}/"
        """What the origins of all its files begin with."""

    @staticmethod
    def _bare(root: str) -> str:
        return root.strip("/")

    def origin(self, path: str) -> str:
        """The same as `pincite ingest` writes, so that both know one file."""
        shown = path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
        return self.prefix + shown

    def entries(self) -> list[Entry]:
        """Every file but hidden ones and links, by path; takes a while for many."""
        with self._answering():
            self._fs.invalidate_cache()
            if not self._fs.isdir(self._root):
                raise UserError(f"there is no folder {self.address}")
            return sorted(self._walk())

    def _walk(self) -> Iterator[Entry]:
        found: Any = self._fs.walk(self._root, detail=True, on_error="raise")
        for folder, folders, files in found:
            for name in [*folders]:
                if _is_passed_over(name, folders[name]) or f"{folder}/{name}" == self._own:
                    del folders[name]
            below = folder[len(self._root) :].strip("/")
            for name, info in files.items():
                if name and not _is_passed_over(name, info):
                    path = f"{below}/{name}" if below else name
                    yield Entry(path, int(info.get("size") or 0), _stamp(info))

    @contextmanager
    def lent(self, entry: Entry, scratch: Path) -> Generator[Path]:
        """The file on this machine, for the length of the block; never write to it."""
        where = f"{self._root}/{entry.path}"
        if self._is_local:
            yield Path(where)
            return
        with tempfile.TemporaryDirectory(dir=scratch, prefix="sync-") as folder:
            copy = Path(folder) / "file"
            with self._answering():
                self._fs.get_file(where, str(copy))
            yield copy

    def digest(self, entry: Entry) -> ContentId:
        """Of its bytes; reads them all."""
        found = hashlib.sha256()
        with self._answering(), self._fs.open(f"{self._root}/{entry.path}", "rb") as stream:
            while block := stream.read(_BLOCK):
                found.update(block)
        return ContentId(found.hexdigest())

    @contextmanager
    def _answering(self) -> Generator[None]:
        try:
            yield
        except (UserError, UpstreamError):
            raise
        except Exception as exc:  # each kind of place raises errors of its own
            said = " ".join(str(exc).split())[:200]
            raise UpstreamError(
                f"{self.address} cannot be read ({type(exc).__name__}: {said}); nothing was changed"
            ) from exc


def _file_system(address: str, protocol: str) -> tuple[Any, str]:
    try:
        opened = cast("tuple[Any, str]", fsspec.core.url_to_fs(address))  # pyright: ignore[reportUnknownMemberType]
    except ImportError as exc:
        raise MissingExtra("s3fs", extra="s3") from exc
    except ValueError as exc:
        raise UserError(f"{address} is no address of kind {protocol}: {exc}") from exc
    return opened


def _is_passed_over(name: str, info: Mapping[str, Any]) -> bool:
    return name.startswith(".") or bool(info.get("islink"))


def _stamp(info: Mapping[str, Any]) -> str:
    tag = info.get("ETag") or next((info[key] for key in _MOMENTS if info.get(key)), "")
    return f"{info.get('size')}:{tag}"
