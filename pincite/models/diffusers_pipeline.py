"""A text-to-image pipeline of `diffusers` on this machine: looked at, loaded, never fetched."""

from __future__ import annotations

import hashlib
import inspect
import json
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple, cast

from pincite import config
from pincite.errors import BadSettings, UnsafeWeights
from pincite.models.checkpoints import local_folder, refuse_non_commercial
from pincite.models.formats import refuse_other_format, refuse_unsafe
from pincite.models.optional_package import optional_package
from pincite.models.store import file_sha256

SETTING = "PINCITE_IMAGE_GENERATOR__PIPELINE"
EXTRA = "diffusion"
_INDEX = "model_index.json"
_PICKLES = (".bin", ".ckpt", ".pt", ".pth", ".pkl")


class PipelineFolder(NamedTuple):
    folder: Path
    name: str
    """As a person calls it: without the place on this machine."""
    family: str
    """Class of the pipeline, e.g. `StableDiffusionPipeline`."""

    def digest(self) -> str:
        """SHA-256 over names and bytes of configuration and weights; 1 s per 2 GB."""
        whole = hashlib.sha256()
        for file in sorted(self.folder.rglob("*")):
            if file.suffix in {".json", ".safetensors"}:
                place = file.relative_to(self.folder).as_posix()
                whole.update(f"{place} {file_sha256(file)}\n".encode())
        return whole.hexdigest()


def pipeline_folder(settings: config.DiffusersImageGenerator) -> PipelineFolder:
    """Find the pipeline and look at its licence and formats; nothing is loaded.

    Raises:
        BadSettings: it is not on this machine, no pipeline, or of a licence not accepted.
        UnsafeWeights: it holds weights as pickles only, or brings code of its own.
    """
    folder = local_folder(settings.pipeline, SETTING)
    if not settings.accept_non_commercial:
        refuse_non_commercial(folder, settings.pipeline, SETTING)
    family = _family(folder)
    if code := next(folder.rglob("*.py"), None):
        raise UnsafeWeights(
            f"{folder.name} brings code of its own ({code.name}), which is not run; use a pipeline "
            "whose classes are those of diffusers"
        )
    for part in sorted({file.parent for file in folder.rglob("*") if file.suffix in _PICKLES}):
        if not any(part.glob("*.safetensors")):
            raise UnsafeWeights(
                f"{folder.name}/{part.name} has no weights in safetensors format; only these are "
                "loaded, since pickles can run code: ask the publisher for them"
            )
    for file in folder.rglob("*.safetensors"):
        refuse_unsafe(file, file.name)
        refuse_other_format(file, file.name, "safetensors")
    is_path = Path(settings.pipeline).expanduser().is_dir()
    return PipelineFolder(folder, folder.resolve().name if is_path else settings.pipeline, family)


def _family(folder: Path) -> str:
    try:
        read: Any = json.loads((folder / _INDEX).read_text(encoding="utf-8"))
        family = read["_class_name"]
    except (OSError, ValueError, KeyError, TypeError) as exc:
        raise BadSettings(
            f"{SETTING}: {folder} has no readable {_INDEX}, so it is no pipeline of diffusers"
        ) from exc
    if not isinstance(family, str):
        raise UnsafeWeights(f"{folder.name} names a pipeline class of its own, which is not run")
    return family


class LoadedPipeline:
    """Weights in memory. Use from one thread.

    Raises (constructor):
        MissingExtra: diffusers, transformers or torch is not installed.
        BadSettings: the library cannot load it.
    """

    def __init__(self, found: PipelineFolder, wanted_device: str) -> None:
        self._torch = optional_package("torch", extra=EXTRA)
        library = optional_package("diffusers", extra=EXTRA)
        for each in (library, optional_package("transformers", extra=EXTRA)):
            each.utils.logging.disable_progress_bar()
            each.utils.logging.set_verbosity_error()
        there = bool(self._torch.cuda.is_available())
        if wanted_device == "cuda" and not there:
            raise BadSettings("device cuda: torch finds no graphics card on this machine; use auto")
        device = "cuda" if there and wanted_device != "cpu" else "cpu"
        kind = self._torch.float32 if device == "cpu" else self._torch.bfloat16
        try:
            loaded = library.DiffusionPipeline.from_pretrained(
                str(found.folder), local_files_only=True, use_safetensors=True, dtype=kind
            )
        except (OSError, ValueError, AttributeError) as exc:
            raise BadSettings(f"{SETTING}: {found.name} cannot be loaded: {exc}") from exc
        self.pipe: Any = loaded.to(device)
        self.pipe.set_progress_bar_config(disable=True)

    @cached_property
    def takes(self) -> frozenset[str]:
        """Names that a call takes; they differ from pipeline to pipeline."""
        called = cast("Any", type(self.pipe)).__call__
        return frozenset(inspect.signature(called).parameters)

    def noise(self, seed: int) -> Any:
        """On the CPU whatever the device, so that a seed is the same noise everywhere."""
        return self._torch.Generator("cpu").manual_seed(seed)
