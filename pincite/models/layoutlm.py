"""Regions of a page from its words and their places: LayoutLM, LiLT and LayoutLMv3.

Token classification by `transformers` (extra `layoutlm`): LayoutLM (arXiv 1912.13318) and LiLT
(arXiv 2202.13669) read words and boxes, LayoutLMv3 (arXiv 2204.08387) the picture too. What this
module computes is what the library computes when its processor and model are called the plain way.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, NamedTuple, cast

import numpy as np
import numpy.typing as npt
from PIL import Image

from pincite import config
from pincite.errors import BadSettings
from pincite.models.checkpoints import Checkpoint, checkpoint
from pincite.models.ports import Picture, RecognizedWord, Region, TextRecognizer
from pincite.models.region_labels import kinds_for
from pincite.models.torch_library import device_of, torch_library, transformers_library
from pincite.models.word_regions import regions_of, verdicts_of
from pincite.models.word_windows import (
    SCALE,
    Floats,
    Ints,
    Window,
    first_tokens,
    per_word,
    scaled_boxes,
    windows_of,
)

LONGEST = 512
"""Tokens of a window with its two special ones, where the model's positions allow them."""
FAMILIES = ("layoutlm", "lilt", "layoutlmv3")
_OFFSET_POSITIONS = {"lilt", "layoutlmv3"}
"""Families after RoBERTa, whose positions begin behind that of the padding."""


class WordPage(NamedTuple):
    """A page as the model takes it."""

    picture: Picture
    words: Sequence[RecognizedWord]


class _Cut(NamedTuple):
    """A page cut into tokens and windows."""

    ids: Ints
    boxes: Ints
    first: Ints
    windows: list[Window]
    pixels: Any
    """Tensor of shape (3, height, width), or None for a model that sees no picture."""


class LayoutLMModel:
    """Words are labelled, then joined into regions. Weights load at the first page and stay."""

    def __init__(
        self, settings: config.LayoutLM, recognizer: Callable[[], TextRecognizer] | None = None
    ) -> None:
        """`recognizer` is called at the first picture that comes without words."""
        self._settings = settings
        self._recognizer = recognizer
        self._lock = threading.Lock()

    @property
    def id(self) -> str:
        return self._id

    @cached_property
    def _id(self) -> str:
        found = self._checkpoint
        return f"{found.family}-{found.fingerprint()}"

    @property
    def labels(self) -> tuple[str, ...]:
        """As the model names them, in the order of its output."""
        with self._lock:
            return self._loaded.labels

    def warm_up(self) -> None:
        with self._lock:
            _ = self._loaded

    def regions(self, picture: Picture, words: Sequence[RecognizedWord] = ()) -> list[Region]:
        """See `LayoutModel.regions`.

        Raises:
            MissingExtra: torch or transformers is not installed.
            BadSettings, UnsafeWeights: see `pincite.models.checkpoints.checkpoint`.
        """
        words = [word for word in words or self._recognized(picture) if word.text.strip()]
        if not words:
            return []
        [sure] = self.label_words([WordPage(picture, words)])
        labels = self.labels
        return regions_of(words, verdicts_of(sure, words, labels), kinds_for(labels))

    def label_words(self, pages: Sequence[WordPage]) -> list[Floats]:
        """Probability of each label, shape (words, labels) per page.

        A word that the tokenizer drops has zeros only.
        """
        with self._lock:
            return self._loaded.label_words(pages)

    def _recognized(self, picture: Picture) -> list[RecognizedWord]:
        if self._recognizer is None:
            return []
        lines = self._recognizer().recognize(picture)
        whole = [
            (RecognizedWord(text=x.text, quad=x.quad, confidence=x.confidence),) for x in lines
        ]
        return [word for line, own in zip(lines, whole, strict=True) for word in line.words or own]

    @cached_property
    def _checkpoint(self) -> Checkpoint:
        return checkpoint(
            self._settings.checkpoint,
            setting="PINCITE_LAYOUT__CHECKPOINT",
            accept_non_commercial=self._settings.accept_non_commercial,
        )

    @cached_property
    def _loaded(self) -> _Loaded:
        return _Loaded(self._checkpoint, self._settings)


class _Loaded:
    """Model, tokenizer and how pictures are prepared."""

    def __init__(self, found: Checkpoint, settings: config.LayoutLM) -> None:
        if found.family not in FAMILIES:
            raise BadSettings(
                f"{found.folder} is of the family {found.family or 'unknown'!r}; "
                f"these are read: {', '.join(FAMILIES)}"
            )
        self._torch = torch_library()
        self._settings = settings
        self._family = found.family
        self._model = _classifier(found).to(device_of(settings.device)).eval()
        tokenizers = transformers_library().AutoTokenizer
        self._tokenizer: Any = tokenizers.from_pretrained(found.folder, local_files_only=True)
        facts = self._model.config
        sees = self._family == "layoutlmv3" and facts.visual_embed
        self._prepare = _Preparation(found, int(facts.input_size)) if sees else None
        names = cast("dict[int, str]", facts.id2label)
        self.labels = tuple(names[index] for index in sorted(names))

    def label_words(self, pages: Sequence[WordPage]) -> list[Floats]:
        cuts = [self._cut(page) for page in pages]
        todo = [(cut, window) for cut in cuts for window in cut.windows]
        size = self._settings.batch
        said = [
            each
            for start in range(0, len(todo), size)
            for each in self._run(todo[start : start + size])
        ]
        left = iter(said)
        return [
            per_word([next(left) for _ in cut.windows], cut.windows, cut.first, len(self.labels))
            for cut in cuts
        ]

    def _cut(self, page: WordPage) -> _Cut:
        height, width = page.picture.shape[:2]
        backend = self._tokenizer.backend_tokenizer
        backend.no_truncation()
        backend.no_padding()
        texts = [word.text for word in page.words]
        coded = backend.encode(texts, is_pretokenized=True, add_special_tokens=False)
        of_word = np.array(coded.word_ids, dtype=np.int64)
        boxes = scaled_boxes([word.quad for word in page.words], width, height)
        return _Cut(
            ids=np.array(coded.ids, dtype=np.int64),
            boxes=boxes[of_word],
            first=first_tokens(coded.word_ids, len(page.words)),
            windows=windows_of(len(of_word), self._longest() - 2, self._settings.overlap),
            pixels=self._prepare and self._torch.from_numpy(self._prepare(page.picture)),
        )

    def _longest(self) -> int:
        facts = self._model.config
        shift = facts.pad_token_id + 1 if self._family in _OFFSET_POSITIONS else 0
        return min(LONGEST, int(facts.max_position_embeddings) - shift)

    def _run(self, todo: Sequence[tuple[_Cut, Window]]) -> list[Floats]:
        """Probabilities of each window's own tokens, shape (tokens, labels)."""
        torch = self._torch
        longest = max(window.end - window.start for _, window in todo) + 2
        ids = np.full((len(todo), longest), self._tokenizer.pad_token_id, dtype=np.int64)
        boxes = np.zeros((len(todo), longest, 4), dtype=np.int64)
        mask = np.zeros((len(todo), longest), dtype=np.int64)
        for row, (cut, window) in enumerate(todo):
            self._fill(ids[row], boxes[row], cut, window)
            mask[row, : window.end - window.start + 2] = 1
        device = self._model.device
        fed = {"input_ids": ids, "bbox": boxes, "attention_mask": mask}
        given = {name: torch.from_numpy(array).to(device) for name, array in fed.items()}
        if self._prepare:
            given["pixel_values"] = torch.stack([cut.pixels for cut, _ in todo]).to(device)
        with torch.inference_mode():
            sure = self._model(**given).logits.double().softmax(-1).cpu().numpy()
        return [sure[row, 1 : w.end - w.start + 1] for row, (_, w) in enumerate(todo)]

    def _fill(self, ids: Ints, boxes: Ints, cut: _Cut, window: Window) -> None:
        end = window.end - window.start + 1
        boxes[0], boxes[end] = special_boxes(self._family, self._tokenizer)
        ids[0], ids[end] = self._tokenizer.cls_token_id, self._tokenizer.sep_token_id
        ids[1:end] = cut.ids[window.start : window.end]
        boxes[1:end] = cut.boxes[window.start : window.end]


def special_boxes(family: str, tokenizer: Any) -> tuple[Sequence[int], Sequence[int]]:
    """Boxes of a window's first and last token: the tokenizer's own, where it has them."""
    last = SCALE if family == "layoutlm" else 0
    return (
        getattr(tokenizer, "cls_token_box", [0] * 4),
        getattr(tokenizer, "sep_token_box", [last] * 4),
    )


class _Preparation:
    """A page picture → what LayoutLMv3 sees: small and square, values around 0."""

    def __init__(self, found: Checkpoint, side: int) -> None:
        self._side = side
        said = found.folder / "preprocessor_config.json"
        facts: dict[str, Any] = json.loads(said.read_text("utf-8")) if said.is_file() else {}
        self._mean = np.float32(facts.get("image_mean", (0.5, 0.5, 0.5)))
        self._std = np.float32(facts.get("image_std", (0.5, 0.5, 0.5)))

    def __call__(self, picture: Picture) -> npt.NDArray[np.float32]:
        """Shape (3, side, side)."""
        side = (self._side, self._side)
        small = Image.fromarray(picture).resize(side, Image.Resampling.BILINEAR)
        values = np.asarray(small, dtype=np.float32) / np.float32(255)
        scaled = ((values - self._mean) / self._std).astype(np.float32)
        return np.ascontiguousarray(scaled.transpose(2, 0, 1))


def _classifier(found: Checkpoint) -> Any:
    """Raises BadSettings for a checkpoint whose classifier was never trained."""
    model, told = transformers_library().AutoModelForTokenClassification.from_pretrained(
        found.folder, local_files_only=True, use_safetensors=True, output_loading_info=True
    )
    if lacking := sorted(name for name in told["missing_keys"] if name.startswith("classifier")):
        raise BadSettings(
            f"{found.folder} has no trained weights for {lacking[0]}: it is a base model; "
            "fine-tune it for token classification first"
        )
    return model
