"""CLIP and SigLIP of the library `open_clip` (extra `openclip`): any architecture, local weights.

CLIP is arXiv 2103.00020, SigLIP arXiv 2303.15343. What this module computes is what the library's
own `encode_image` and `encode_text` compute; nothing is ever fetched.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple, cast

import numpy as np
import numpy.typing as npt
from PIL import Image

from pincite import config
from pincite.errors import BadSettings, UnsafeWeights
from pincite.models.checkpoints import local_folder, refuse_non_commercial
from pincite.models.formats import refuse_other_format, refuse_unsafe
from pincite.models.joint_space import TEMPLATES, ensembled, mark_of, not_embedded, unit_length
from pincite.models.optional_package import optional_package
from pincite.models.ports import Calibration, Modality, Picture, Vectors, Wave
from pincite.models.store import file_sha256

SETTING = "PINCITE_IMAGES__CHECKPOINT"
_EXTRA = "openclip"
_CONFIG = "open_clip_config.json"
_WEIGHTS = (
    "open_clip_model.safetensors",
    "open_clip_pytorch_model.safetensors",
    "model.safetensors",
)
"""In the order in which the library itself looks for them."""


class OpenClipEncoder:
    """Implements `JointEncoder`. Weights load at the first text or picture and stay."""

    modalities: frozenset[Modality] = frozenset({"text", "picture"})
    degraded = ""

    def __init__(self, settings: config.OpenClipImages) -> None:
        self._settings = settings
        self._templates = settings.templates or TEMPLATES
        self._lock = threading.Lock()

    @property
    def id(self) -> str:
        return self._id

    @cached_property
    def _id(self) -> str:
        found = self._checkpoint
        weights = file_sha256(found.weights)[:12]
        return f"open_clip-{found.name}-{weights}-{mark_of(self._templates)}"

    @property
    def dimensions(self) -> int:
        return int(self._checkpoint.facts["embed_dim"])

    @property
    def calibration(self) -> Calibration:
        """SigLIP's own scale and bias, or CLIP's scale."""
        model = self._ready().model
        bias = getattr(model, "logit_bias", None)
        return Calibration(
            scale=float(model.logit_scale.exp().item()),
            bias=None if bias is None else float(bias.item()),
        )

    def embed_texts(self, texts: Sequence[str]) -> Vectors:
        """See `JointEncoder.embed_texts`.

        Raises:
            MissingExtra: open_clip is not installed.
            BadSettings, UnsafeWeights: see `checkpoint_of`.
        """
        if not texts:
            return np.zeros((0, self.dimensions), dtype=np.float32)
        return ensembled(texts, self._templates, self._ready().texts)

    def embed_pictures(self, pictures: Sequence[Picture]) -> Vectors:
        """See `JointEncoder.embed_pictures`. Raises like `embed_texts`."""
        if not pictures:
            return np.zeros((0, self.dimensions), dtype=np.float32)
        return unit_length(self._ready().pictures(pictures))

    def embed_sounds(self, sounds: Sequence[Wave]) -> Vectors:
        raise not_embedded(self.id, "sound")

    def warm_up(self) -> None:
        self._ready()

    @cached_property
    def _checkpoint(self) -> _Checkpoint:
        return checkpoint_of(self._settings)

    def _ready(self) -> _Loaded:
        with self._lock:
            return self._loaded

    @cached_property
    def _loaded(self) -> _Loaded:
        return _Loaded(self._checkpoint, self._settings)


class _Checkpoint(NamedTuple):
    folder: Path
    weights: Path
    name: str
    facts: dict[str, Any]
    """The architecture, as open_clip configures it."""
    built_in: bool
    """Whether the architecture is one that the library knows by name."""


def checkpoint_of(settings: config.OpenClipImages) -> _Checkpoint:
    """What the settings name, looked at but not loaded.

    Raises:
        BadSettings: it is not on this machine, its architecture is not known, or its licence is
            not accepted.
        UnsafeWeights: it has no weights in safetensors format.
    """
    folder = local_folder(settings.checkpoint, SETTING)
    if not settings.accept_non_commercial:
        refuse_non_commercial(folder, settings.checkpoint, SETTING)
    weights = next((folder / name for name in _WEIGHTS if (folder / name).is_file()), None)
    if weights is None:
        raise UnsafeWeights(
            f"{settings.checkpoint} has no {_WEIGHTS[0]}; only safetensors are loaded, since "
            "pickles can run code: ask its publisher for them, or convert it where you trust it"
        )
    refuse_unsafe(weights, weights.name)
    refuse_other_format(weights, weights.name, "safetensors")
    if settings.architecture:
        return _Checkpoint(
            folder, weights, settings.architecture, _built_in(settings.architecture), built_in=True
        )
    try:
        facts = json.loads((folder / _CONFIG).read_text(encoding="utf-8"))["model_cfg"]
    except (OSError, ValueError, KeyError, TypeError) as exc:
        raise BadSettings(
            f"{SETTING}: {folder} has no readable {_CONFIG}; set PINCITE_IMAGES__ARCHITECTURE to "
            "the name of its architecture, such as ViT-B-32"
        ) from exc
    return _Checkpoint(folder, weights, folder.name, cast("dict[str, Any]", facts), built_in=False)


def _built_in(architecture: str) -> dict[str, Any]:
    facts = optional_package("open_clip", extra=_EXTRA).get_model_config(architecture)
    if facts is None:
        raise BadSettings(
            f"open_clip knows no architecture {architecture!r}; PINCITE_IMAGES__ARCHITECTURE takes "
            "a name of open_clip.list_models()"
        )
    return cast("dict[str, Any]", facts)


class _Loaded:
    """Model, tokenizer and how pictures are prepared."""

    def __init__(self, found: _Checkpoint, settings: config.OpenClipImages) -> None:
        library = optional_package("open_clip", extra=_EXTRA)
        self._torch = optional_package("torch", extra=_EXTRA)
        self._batch = settings.batch
        self._device = device_of(self._torch, settings.device)
        _stay_offline()
        name = found.name if found.built_in else f"local-dir:{found.folder}"
        weights = str(found.weights) if found.built_in else None
        try:
            self.model, self._prepare = library.create_model_from_pretrained(
                name, pretrained=weights, device=self._device
            )
        except OSError as exc:  # the tower of another model, whose configuration lies on a hub
            raise BadSettings(f"{SETTING}: {found.folder} cannot be loaded offline: {exc}") from exc
        self.model.eval()
        self._tokenizer = _tokenizer(library, found)

    def texts(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        def run(batch: Sequence[str]) -> Any:
            return self.model.encode_text(self._tokenizer(list(batch)).to(self._device))

        return self._rows(texts, run)

    def pictures(self, pictures: Sequence[Picture]) -> npt.NDArray[np.float32]:
        def run(batch: Sequence[Picture]) -> Any:
            prepared = [self._prepare(Image.fromarray(picture)) for picture in batch]
            return self.model.encode_image(self._torch.stack(prepared).to(self._device))

        return self._rows(pictures, run)

    def _rows(self, items: Sequence[Any], run: Any) -> npt.NDArray[np.float32]:
        with self._torch.inference_mode():
            parts = [run(batch).float().cpu().numpy() for batch in _batches(items, self._batch)]
        return np.concatenate(parts)


def _tokenizer(library: Any, found: _Checkpoint) -> Any:
    """CLIP's own, or the one beside the weights with the length and cleaning that it asks for.

    SigLIP's asks for 64 tokens, padded to the end, of lower-case words without punctuation.
    """
    text = cast("dict[str, Any]", found.facts.get("text_cfg", {}))
    wanted = dict(cast("dict[str, Any]", text.get("tokenizer_kwargs", {})))
    length = int(text.get("context_length", 77))
    if not text.get("hf_tokenizer_name"):
        return library.tokenizer.SimpleTokenizer(context_length=length, **wanted)
    if not any((found.folder / name).is_file() for name in ("tokenizer.json", "tokenizer.model")):
        raise BadSettings(
            f"{SETTING}: {found.folder} lacks the tokenizer of {text['hf_tokenizer_name']}; put "
            "its tokenizer.json and tokenizer_config.json beside the weights"
        )
    return library.tokenizer.HFTokenizer(
        str(found.folder),
        context_length=length,
        tokenizer_mode=text.get("tokenizer_mode"),
        local_files_only=True,
        **wanted,
    )


def _stay_offline() -> None:
    """The library asks a hub for towers that are other models; what is not here is not fetched."""
    constants: Any = optional_package("huggingface_hub.constants", extra=_EXTRA)
    constants.HF_HUB_OFFLINE = True


def device_of(torch: Any, wanted: str) -> str:
    """`cpu` or `cuda`. Raises BadSettings: a graphics card is asked for and torch finds none."""
    there = bool(torch.cuda.is_available())
    if wanted == "cuda" and not there:
        raise BadSettings("device cuda: torch finds no graphics card on this machine; use auto")
    return "cuda" if there and wanted != "cpu" else "cpu"


def _batches(items: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
