"""One process owns a data folder: a lock that dies with it, and a note that says who it is.

`owner.lock` is held by flock, so kill −9 releases it; `owner.json` is only read while the lock is
held, so a stale note misleads nobody. A service adds its address and its token to the note (mode
0600): whoever may read the folder may use the service.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import time
from collections.abc import Generator
from pathlib import Path
from typing import IO, Self

from pydantic import SecretStr, ValidationError

from pincite.errors import DataFolderBusy, SetupError
from pincite.values import Value

LOCK = "owner.lock"
NOTE = "owner.json"
_NOTE_APPEARS_S = 2.0
"""A process writes its note right after it took the lock; how long to wait for it."""


class Owner(Value):
    """Who holds a data folder."""

    pid: int
    command: str
    """What was typed, e.g. `pincite ingest`, for the sentence that others get to read."""
    url: str | None = None
    """Of a service; None for a command, which nobody can talk to."""
    token: SecretStr | None = None

    @property
    def is_service(self) -> bool:
        return self.url is not None and self.token is not None

    def to_json(self) -> str:
        secret = self.token.get_secret_value() if self.token else None
        return json.dumps({**self.model_dump(exclude={"token"}), "token": secret})


def private_folder(folder: Path) -> Path:
    """Make the folder for its user alone (0700).

    Raises:
        SetupError: it cannot be made, or not be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder.chmod(0o700)
    except OSError as exc:
        raise SetupError(
            f"the data folder {folder} cannot be used ({exc.strerror}); "
            f"set PINCITE_DATA_DIR to a folder you may write"
        ) from exc
    if not os.access(folder, os.W_OK | os.X_OK):
        raise SetupError(f"the data folder {folder} is not writable; set PINCITE_DATA_DIR")
    return folder


def keep_private() -> None:
    """From now on whatever this process and its children create is for its user alone."""
    os.umask(0o077)


def current_owner(folder: Path) -> Owner | None:
    """The live owner, or None where nobody holds the folder now.

    Raises:
        DataFolderBusy: the lock is held, but its holder left no note within two seconds.
    """
    deadline = time.monotonic() + _NOTE_APPEARS_S
    while _is_locked(folder / LOCK):
        owner = _read_note(folder / NOTE)
        if owner is not None and _is_alive(owner.pid):
            return owner
        if time.monotonic() > deadline:
            raise DataFolderBusy(f"the data folder {folder} is in use by another process; wait")
        time.sleep(0.02)
    return None


def busy(folder: Path, owner: Owner) -> DataFolderBusy:
    return DataFolderBusy(
        f"the data folder {folder} is in use by `{owner.command}` (process {owner.pid}); "
        f"wait until it ends, or stop it"
    )


class Ownership:
    """The lock on a data folder, held until `release`."""

    def __init__(self, folder: Path, lock: IO[str], owner: Owner) -> None:
        self._folder = folder
        self._lock = lock
        self._owner = owner

    @classmethod
    def take(cls, folder: Path, command: str) -> Self:
        """Become the owner.

        Raises:
            DataFolderBusy: somebody else is; the message says who.
            SetupError: the folder cannot be used.
        """
        private_folder(folder)
        lock = _open_lock(folder / LOCK)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            owner = current_owner(folder)
            if owner is None:  # it ended in between
                return cls.take(folder, command)
            raise busy(folder, owner) from None
        ownership = cls(folder, lock, Owner(pid=os.getpid(), command=command))
        ownership._write()
        return ownership

    def announce(self, url: str, token: SecretStr) -> None:
        """Let commands of the same user find and use this service."""
        self._owner = self._owner.model_copy(update={"url": url, "token": token})
        self._write()

    def release(self) -> None:
        (self._folder / NOTE).unlink(missing_ok=True)
        self._lock.close()

    def _write(self) -> None:
        draft = self._folder / f".{NOTE}.{os.getpid()}"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(self._owner.to_json())
        draft.replace(self._folder / NOTE)


@contextlib.contextmanager
def owning(folder: Path, command: str) -> Generator[Ownership]:
    """Own the folder for the length of a block."""
    ownership = Ownership.take(folder, command)
    try:
        yield ownership
    finally:
        ownership.release()


def _open_lock(path: Path) -> IO[str]:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    lock = os.fdopen(descriptor, "w", encoding="utf-8")
    # A forked child must not keep the folder locked after its parent was killed.
    os.register_at_fork(after_in_child=lock.close)
    return lock


def _is_locked(path: Path) -> bool:
    try:
        with path.open("r", encoding="utf-8") as probe:
            fcntl.flock(probe, fcntl.LOCK_SH | fcntl.LOCK_NB)
            return False
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True


def _read_note(path: Path) -> Owner | None:
    try:
        return Owner.model_validate_json(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValidationError):
        return None


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
