"""Files and folders that are offered → sources that wait to be read, or one sentence why not."""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from ingestion.library import Library
from ingestion.media import Sniffed, sniff
from ingestion.report import Accepted
from pincite.config import Ingestion
from pincite.drawing.marks import refuse_generated
from pincite.elements import Content, Medium, Source, SourceId
from pincite.errors import CorruptSource, UserError
from pincite.values import Value


class Offer(Value):
    """One file."""

    path: Path
    """Where its bytes are now."""
    name: str
    """As the user knows it."""
    origin: str
    """Where it came from. Other bytes from the same place are a new version of it; a bare name is
    no place, so two letters called `scan.pdf` never replace each other."""


# --- walking -------------------------------------------------------------------------------------


def walk(paths: Sequence[Path], *, apart_from: Path | None = None) -> Iterator[Offer | Accepted]:
    """Every file in order of name; what is passed over is named with its reason.

    Hidden files count only where they are named themselves. `apart_from` is the data folder.
    """
    own = apart_from.resolve() if apart_from else None
    for path in paths:
        yield from _walk(path, path.resolve(), own)


def _walk(path: Path, root: Path, own: Path | None) -> Iterator[Offer | Accepted]:
    try:
        mode = path.stat().st_mode
    except OSError as exc:
        yield _refused(path, f"{path} cannot be opened: {exc.strerror or exc}")
        return
    if stat.S_ISDIR(mode):
        yield from _walk_folder(path, root, own)
    elif stat.S_ISREG(mode):
        yield Offer(path=path, name=_shown(path.name), origin=_shown(str(path.resolve())))
    else:
        yield _refused(path, f"{path} is neither a file nor a folder")


def _walk_folder(folder: Path, root: Path, own: Path | None) -> Iterator[Offer | Accepted]:
    if folder.resolve() == own:
        yield _refused(folder, f"{folder} is the library's own data folder")
        return
    try:
        with os.scandir(folder) as entries:
            names = sorted(entries, key=lambda entry: entry.name)
    except OSError as exc:
        yield _refused(folder, f"the folder {folder} cannot be read: {exc.strerror or exc}")
        return
    for entry in names:
        path = Path(entry.path)
        if entry.name.startswith("."):
            yield _refused(path, f"{path} is hidden; name it itself to add it")
        elif entry.is_symlink():
            yield from _follow(path, root)
        else:
            yield from _walk(path, root, own)


def _follow(link: Path, root: Path) -> Iterator[Accepted]:
    """A link to something in the tree needs no word: it is walked where it lies."""
    target = link.resolve()
    if not target.is_relative_to(root):
        yield _refused(link, f"{link} is a link that leads out of the folder; name {target} itself")


def _refused(path: Path, why: str) -> Accepted:
    return Accepted(name=_shown(path.name or str(path)), outcome="refused", why=_shown(why))


def _shown(text: str) -> str:
    """Names on disk are bytes; what is no UTF-8 in them is replaced."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


# --- taking in -----------------------------------------------------------------------------------


def admitted(offer: Offer, limits: Ingestion) -> Sniffed:
    """What the file is. Raises as `sniff` does, and UserError for a picture that we generated."""
    found = sniff(offer.path, name=offer.name, max_mib=limits.max_file_mib)
    if found.medium is Medium.IMAGE:
        refuse_generated(offer.path, offer.name)
    return found


class Intake:
    """Makes sources of offers. Methods block: call them in a thread."""

    def __init__(self, library: Library, limits: Ingestion) -> None:
        self._library = library
        self._limits = limits

    def take(self, offer: Offer, *, collection: str, readers: frozenset[str]) -> Accepted:
        """Store the bytes and note that they wait to be read.

        The same bytes in the same collection with the same readers are one source: offering them
        again tries again what failed, and nothing else.

        Raises:
            DiskFull: and nothing of this file is kept.
        """
        try:
            found = admitted(offer, self._limits)
            content, size = self._library.blobs.put_file(offer.path)
        except (UserError, CorruptSource) as exc:
            return Accepted(name=offer.name, outcome="refused", why=str(exc))
        except OSError as exc:
            why = f"{offer.name} cannot be read: {exc.strerror or exc}"
            return Accepted(name=offer.name, outcome="refused", why=why)
        with self._library.lock:
            there = self._library.texts.same_upload(content, collection, readers)
            if there is not None:
                self._library.texts.also_from(there.id, offer.origin)
                self._library.ledger.retry(there.id)
                return Accepted(name=offer.name, outcome="already_there", source=there.id)
            if not self._library.blobs.path(content).exists():
                content, size = self._library.blobs.put_file(offer.path)
            source = self._add(
                Content(id=content, size=size, media_type=found.media_type, medium=found.medium),
                offer,
                collection=collection,
                readers=readers,
            )
        return Accepted(name=offer.name, outcome="added", source=source.id)

    def _add(
        self, content: Content, offer: Offer, *, collection: str, readers: frozenset[str]
    ) -> Source:
        is_place = offer.origin != offer.name
        versions = self._library.texts.versions(offer.origin, collection, readers)
        before = max((each.version for each in versions), default=0) if is_place else 0
        source = Source(
            id=SourceId(secrets.token_hex(10)),
            content=content.id,
            name=offer.name,
            origin=offer.origin,
            medium=content.medium,
            collection=collection,
            readers=readers,
            version=1 + before,
            added_at=datetime.now(UTC),
            dated=changed_on(offer.path),
        )
        self._library.texts.add_content(content)
        self._library.texts.add_source(source)
        self._library.ledger.add(source.id, content.id)
        return source


def changed_on(path: Path) -> date | None:
    """The day of a file's last change, in UTC; None where it is gone or its clock was off."""
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC).date()
    except (OSError, OverflowError, ValueError):
        return None
