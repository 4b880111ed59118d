"""The data folder: whose it is, who may read it, who uses it now."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from ingestion.re_embedding import NOTE, Filling
from pincite.config import Settings
from serving.diagnosis.findings import Finding
from serving.owner import current_owner

AREA = "data folder"
OTHERS = stat.S_IRWXG | stat.S_IRWXO
LOOK_AT = 20_000
"""Files whose permissions are read, so that a large library costs a second, not a minute."""


def folder(settings: Settings) -> Iterator[Finding]:
    path = settings.data_dir
    try:
        status = path.stat()
    except FileNotFoundError:
        yield Finding(area=AREA, state="works", says=f"{path} does not exist yet; ingest makes it")
        return
    if not stat.S_ISDIR(status.st_mode):
        yield _broken(f"{path} is not a folder", "set PINCITE_DATA_DIR to another one")
        return
    if status.st_uid != os.geteuid():
        yield _broken(f"{path} belongs to another user", f"sudo chown -R {os.geteuid()} {path}")
        return
    if not os.access(path, os.R_OK | os.W_OK | os.X_OK):
        yield _broken(f"{path} cannot be read and written", f"chmod 700 {path}")
        return
    yield _privacy(path, status.st_mode)
    yield from _owner(path)
    yield from _filling(path / NOTE)


def _filling(note: Path) -> Iterator[Finding]:
    """Another encoder was chosen and not everything is embedded with it yet."""
    try:
        filling = Filling.model_validate_json(note.read_text(encoding="utf-8"))
    except (OSError, ValidationError):
        return
    mend = "leave `pincite serve` running until it is done"
    yield Finding(area="index", state="degraded", says=filling.sentence, mend=mend)


def _privacy(path: Path, mode: int) -> Finding:
    if mode & OTHERS:
        says = f"{path} can be entered by other users of this machine ({stat.S_IMODE(mode):04o})"
        return _broken(says, f"chmod 700 {path} (or PINCITE_DATA_DIR, a folder of its own)")
    open_files = _open_to_others(path)
    if open_files:
        says = f"{len(open_files)} files are readable by others, e.g. {open_files[0]}"
        return Finding(area=AREA, state="degraded", says=says, mend=f"chmod -R go= {path}")
    return Finding(area=AREA, state="works", says=f"{path}, for its user alone (0700)")


def _open_to_others(path: Path) -> list[Path]:
    """The folder itself is closed, so this only matters once it is moved or copied."""
    found: list[Path] = []
    looked = 0
    for parent, _, names in os.walk(path):
        for name in names:
            file = Path(parent) / name
            looked += 1
            if looked > LOOK_AT:
                return found
            try:
                if file.lstat().st_mode & OTHERS and not file.is_symlink():
                    found.append(file)
            except FileNotFoundError:
                continue
    return found


def _owner(path: Path) -> Iterator[Finding]:
    owner = current_owner(path)
    if owner is None:
        yield Finding(area=AREA, state="works", says="no process uses it now")
    elif owner.is_service:
        yield Finding(area=AREA, state="works", says=f"a service uses it: {owner.url}")
    else:
        says = f"`{owner.command}` (process {owner.pid}) uses it now; other commands wait for it"
        yield Finding(area=AREA, state="works", says=says)


def _broken(says: str, mend: str) -> Finding:
    return Finding(area=AREA, state="broken", says=says, mend=mend)
