"""A copy of the store for machines without a network: a plain folder, MODEL/FILE."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

from pincite.errors import BadSettings
from pincite.models.fetching import FolderMirror, Progress
from pincite.models.manifest import Model
from pincite.models.partial import full_disk_is_one_sentence
from pincite.models.pull import PullReport, pull
from pincite.models.store import ModelStore

SUMS = "SHA256SUMS"


def export_models(store: ModelStore, names: Iterable[str], to: Path) -> None:
    """Copy verified models and a `SHA256SUMS` that `sha256sum -c` reads.

    Raises:
        MissingModel, WrongHash: a model is not fit to be passed on.
        DiskFull: the copy is not complete and its sums are not written.
    """
    models = [store.manifest.model(name) for name in dict.fromkeys(names)]
    for model in models:
        store.verify(model.name)
    with full_disk_is_one_sentence(to):
        for model in models:
            _copy(store.folder(model.name), to / model.name, model)
        _write_sums(store, to)


def import_models(
    store: ModelStore,
    folder: Path,
    names: Iterable[str] = (),
    *,
    accept: bool = False,
    progress: Progress | None = None,
) -> PullReport:
    """Install from a folder that `export_models` wrote; without names, all that it holds.

    Raises:
        BadSettings: the folder holds no model of the manifest.
    """
    chosen = list(names) or [name for name in store.manifest.models if (folder / name).is_dir()]
    if not chosen:
        raise BadSettings(
            f"{folder} holds no model; it must be a folder that pincite models export wrote"
        )
    return pull(store, chosen, accept=accept, progress=progress, sources=[FolderMirror(folder)])


def _copy(source: Path, target: Path, model: Model) -> None:
    """A reader of the target never sees half a file."""
    for file in model.files:
        final = target / file.name
        final.parent.mkdir(parents=True, exist_ok=True)
        partial = final.with_name(f"{final.name}.partial")
        shutil.copyfile(source / file.name, partial)
        partial.replace(final)


def _write_sums(store: ModelStore, to: Path) -> None:
    """Of everything in the folder, so that a second export adds to the first."""
    lines = [
        f"{file.sha256}  {name}/{file.name}\n"
        for name, model in store.manifest.models.items()
        if (to / name).is_dir()
        for file in model.files
    ]
    (to / SUMS).write_text("".join(lines), encoding="utf-8")
