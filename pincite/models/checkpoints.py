"""Checkpoints in the format of `transformers` that lie on this machine; nothing is ever fetched."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, cast

from pincite import config
from pincite.errors import BadSettings, UnsafeWeights
from pincite.models.formats import refuse_other_format, refuse_unsafe
from pincite.models.store import file_sha256
from pincite.values import Value

NON_COMMERCIAL_FAMILIES = {"layoutlmv2", "layoutlmv3", "layoutxlm"}
"""All weights that are published under these names are CC BY-NC-SA 4.0; see decision 9."""
_HUB_NAME = re.compile(r"[\w.-]+/[\w.-]+(?:@[\w./-]+)?")
_LICENSE = re.compile(r"^license:\s*[\"']?([\w.-]+)", re.MULTILINE)
_NOT_FOR_TRADE = re.compile(r"(?:^|-)nc(?:-|$)|non-?commercial", re.IGNORECASE)


class Checkpoint(Value):
    """A folder with `config.json`, safetensors weights and what its processor needs."""

    folder: Path
    family: str
    """As `model_type` of its configuration names it, e.g. `layoutlm`, `lilt`."""
    facts: dict[str, Any]
    """Its configuration."""

    @property
    def weights(self) -> list[Path]:
        return sorted(self.folder.glob("*.safetensors"))

    def fingerprint(self) -> str:
        """Of the configuration and the weights; reads every byte, 0.5 s per GB."""
        files = [self.folder / "config.json", *self.weights]
        return "-".join(file_sha256(file)[:12] for file in files)


def checkpoint(name: str, *, setting: str, accept_non_commercial: bool) -> Checkpoint:
    """Find a checkpoint and look at its licence and format.

    Args:
        name: a folder, or `owner/name` or `owner/name@commit` in the hub's cache.
        setting: the variable that names it, for messages.
        accept_non_commercial: whether such weights may be used.

    Raises:
        BadSettings: it is not on this machine, no checkpoint, or of a licence not accepted.
        UnsafeWeights: it has no weights in safetensors format.
    """
    folder = local_folder(name, setting)
    facts = _json(folder / "config.json")
    if facts is None:
        raise BadSettings(
            f"{setting}: {folder} has no readable config.json, so it is no checkpoint"
        )
    found = Checkpoint(folder=folder, family=str(facts.get("model_type", "")), facts=facts)
    if not accept_non_commercial:
        _refuse_non_commercial(found, name, setting)
    if not found.weights:
        raise UnsafeWeights(
            f"{name} has no weights in safetensors format; only these are loaded, since pickles "
            "can run code: ask its publisher for them, or convert it where you trust it"
        )
    for file in found.weights:
        refuse_unsafe(file, file.name)
        refuse_other_format(file, file.name, "safetensors")
    return found


def weight_places(*settings: config.Layout | config.Fields) -> tuple[Path, ...]:
    """Folders and files that a process kept from all others needs for these settings."""
    places: list[Path] = []
    for chosen in settings:
        match chosen:
            case config.LayoutLM() | config.Donut():
                folder = Path(chosen.checkpoint).expanduser()
                places.append(folder if folder.is_dir() else _hub_cache())
            case config.LayoutParser():
                places += [chosen.config, chosen.weights]
            case config.RapidLayout() | config.RuleFields():
                pass
    return tuple(place.resolve() for place in places if place.exists())


def _hub_cache() -> Path:
    from huggingface_hub.constants import HF_HUB_CACHE

    return Path(HF_HUB_CACHE)


def local_folder(name: str, setting: str) -> Path:
    """A folder, or the one of `owner/name` in the hub's cache. Raises BadSettings."""
    folder = Path(name).expanduser()
    if folder.is_dir():
        return folder
    if not _HUB_NAME.fullmatch(name):
        raise BadSettings(f"{setting}: there is no folder {name}")
    import huggingface_hub
    from huggingface_hub.errors import LocalEntryNotFoundError

    repository, _, revision = name.partition("@")
    find = cast("Any", huggingface_hub).snapshot_download
    try:
        return Path(find(repository, revision=revision or None, local_files_only=True))
    except LocalEntryNotFoundError as exc:
        at = f" --revision {revision}" if revision else ""
        raise BadSettings(
            f"{setting}: {name} is not on this machine; run: hf download {repository}{at}"
        ) from exc


def refuse_non_commercial(folder: Path, name: str, setting: str) -> None:
    """Raises BadSettings where the model card in `folder` names a licence for no commercial use."""
    _refuse_non_commercial(Checkpoint(folder=folder, family="", facts={}), name, setting)


def _refuse_non_commercial(found: Checkpoint, name: str, setting: str) -> None:
    licence = "cc-by-nc-sa-4.0" if found.family in NON_COMMERCIAL_FAMILIES else _licence(found)
    if _NOT_FOR_TRADE.search(licence):
        switch = f"{setting.rpartition('__')[0]}__ACCEPT_NON_COMMERCIAL"
        raise BadSettings(
            f"{name} ({found.family}) is licensed {licence}, which forbids commercial use; "
            f"if your use is allowed, set {switch}=true"
        )


def _licence(found: Checkpoint) -> str:
    """As its model card says; empty where it does not."""
    try:
        card = (found.folder / "README.md").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    said = _LICENSE.search(card.partition("\n---")[0])
    return said.group(1) if said else ""


def _json(path: Path) -> dict[str, Any] | None:
    try:
        read = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return cast("dict[str, Any]", read) if isinstance(read, dict) else None
