"""The model store: a folder per model, used only where its bytes are those of the manifest."""

from __future__ import annotations

import contextlib
import hashlib
import json
import threading
from pathlib import Path
from typing import Any, Literal, cast

from pincite import config
from pincite.errors import MissingModel, WrongHash
from pincite.models.manifest import Manifest, Model, ModelFile, builtin

State = Literal["ready", "missing", "damaged"]
BLOCK = 1 << 20

Stamp = dict[str, tuple[int, int]]
"""File name to (size, mtime in ns) as they were when the bytes were hashed."""


def file_sha256(path: Path) -> str:
    """Of the file's bytes; about 0.5 s per GB where the processor has SHA instructions."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


class ModelStore:
    """Finds weights and vouches for them; thread-safe, and never fetches anything itself.

    A model is hashed the first time it is asked for; after that its sizes and times stand for its
    bytes until they change. `verify` hashes again.
    """

    def __init__(self, settings: config.ModelStore, manifest: Manifest | None = None) -> None:
        self._settings = settings
        self._manifest = manifest
        self._lock = threading.Lock()
        self._verified: dict[str, Stamp] = {}

    @property
    def settings(self) -> config.ModelStore:
        return self._settings

    @property
    def dir(self) -> Path:
        return self._settings.dir.expanduser()

    @property
    def manifest(self) -> Manifest:
        if self._manifest is None:
            self._manifest = builtin()
        return self._manifest

    def folder(self, name: str) -> Path:
        """Where the model is, or would be; says nothing about its bytes."""
        return self.dir / self.manifest.model(name).name

    def path(self, name: str) -> Path:
        """The folder of a verified model.

        Raises:
            BadSettings: the manifest has no model of this name.
            MissingModel: not in the store, or not completely.
            WrongHash: a file differs from the manifest.
        """
        model = self.manifest.model(name)
        folder = self.dir / name
        stamp = _stamp(folder, model)
        if stamp is None:
            raise MissingModel(model.role, name)
        with self._lock:
            if self._remembered(name) != stamp:
                self._hash_all(model, folder)
                self._remember(name, stamp)
        return folder

    def main_file(self, name: str) -> Path:
        """The file with the weights. Raises like `path`."""
        return self.path(name) / self.manifest.model(name).main

    def sha256(self, name: str) -> str:
        """Of the model's main weight file, as the manifest pins it. Raises BadSettings."""
        return self.manifest.model(name).sha256

    def has(self, name: str) -> bool:
        """Whether `path` would succeed."""
        return self.state(name) == "ready"

    def state(self, name: str) -> State:
        """Raises BadSettings for an unknown name, nothing else."""
        try:
            self.path(name)
        except MissingModel:
            return "missing"
        except (WrongHash, OSError):
            return "damaged"
        return "ready"

    def verify(self, name: str) -> Path:
        """Hash every byte again; raises like `path`."""
        self.forget(name)
        return self.path(name)

    def forget(self, name: str) -> None:
        """Trust nothing that was found out earlier; the next question hashes again."""
        with self._lock:
            self._verified.pop(name, None)
            with contextlib.suppress(OSError):
                self._note(name).unlink(missing_ok=True)

    def _hash_all(self, model: Model, folder: Path) -> None:
        for file in model.files:
            if file_sha256(folder / file.name) != file.sha256:
                raise WrongHash(
                    f"{file.name} of the model {model.name!r} differs from the manifest; "
                    f"run: pincite models pull {model.name}"
                )

    def _note(self, name: str) -> Path:
        return self.dir / ".verified" / f"{name}.json"

    def _remembered(self, name: str) -> Stamp | None:
        if name not in self._verified:
            read = _read_note(self._note(name), self.manifest.model(name))
            if read is not None:
                self._verified[name] = read
        return self._verified.get(name)

    def _remember(self, name: str, stamp: Stamp) -> None:
        self._verified[name] = stamp
        note = self._note(name)
        content = {"of": _fingerprint(self.manifest.model(name)), "files": stamp}
        try:
            note.parent.mkdir(exist_ok=True)
            partial = note.with_suffix(".partial")
            partial.write_text(json.dumps(content), encoding="utf-8")
            partial.replace(note)
        except OSError:
            # A store on a read-only or full disk works too; the next process hashes again.
            return


def _stamp(folder: Path, model: Model) -> Stamp | None:
    """None where a file is missing."""
    stamp: Stamp = {}
    for file in model.files:
        try:
            status = (folder / file.name).stat()
        except OSError:
            return None
        stamp[file.name] = (status.st_size, status.st_mtime_ns)
    return stamp


def _fingerprint(model: Model) -> str:
    """Changes when the manifest pins other bytes."""

    def line(file: ModelFile) -> str:
        return f"{file.name} {file.sha256}"

    return hashlib.sha256("\n".join(map(line, model.files)).encode()).hexdigest()


def _read_note(path: Path, model: Model) -> Stamp | None:
    try:
        content = cast("dict[str, Any]", json.loads(path.read_text(encoding="utf-8")))
        if content["of"] != _fingerprint(model):
            return None
        return {name: (size, mtime) for name, (size, mtime) in content["files"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
