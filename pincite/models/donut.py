"""Fields as a Donut model (arXiv 2111.15664) writes them, looked up among the words of the page.

The model sees the picture only and writes a tagged text; its values have no places. Here each value
is looked for among the recognized words: what is found there is a field with a place, and what is
not is marked unlocated. Runs through `transformers` (extra `layoutlm`).
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, NamedTuple, cast

from pincite import config
from pincite.errors import BadSettings
from pincite.models.anchoring import anchored
from pincite.models.checkpoints import Checkpoint, checkpoint
from pincite.models.ports import Picture, ReadField, RecognizedWord
from pincite.models.torch_library import device_of, torch_library, transformers_library

FAMILY = "vision-encoder-decoder"


class Written(NamedTuple):
    """What the model wrote about a picture."""

    tokens: tuple[int, ...]
    """With the prompt."""
    text: str
    """Without it, and without the tokens that end and pad a text."""
    confidence: float
    """Mean probability of the tokens it chose."""


class DonutFieldReader:
    """A `VisionEncoderDecoder` checkpoint. Weights load at the first page and stay."""

    def __init__(self, settings: config.Donut) -> None:
        self._settings = settings
        self._lock = threading.Lock()

    @property
    def id(self) -> str:
        return self._id

    @cached_property
    def _id(self) -> str:
        return f"donut-{self._checkpoint.fingerprint()}-{self._settings.prompt}"

    def fields(self, picture: Picture, words: Sequence[RecognizedWord]) -> list[ReadField]:
        """See `FieldReader.fields`; labels are those of the model's schema, as `menu.price`.

        Raises:
            MissingExtra: torch or transformers is not installed.
            BadSettings, UnsafeWeights: see `pincite.models.checkpoints.checkpoint`.
        """
        written = self.write(picture)
        said = self._loaded.processor.token2json(written.text)
        return placed(list(leaves(said)), words, written.confidence)

    def write(self, picture: Picture) -> Written:
        """Generate greedily, so that the same picture gives the same text."""
        with self._lock:
            return self._loaded.write(picture, self._settings.prompt, self._settings.max_tokens)

    @cached_property
    def _checkpoint(self) -> Checkpoint:
        found = checkpoint(
            self._settings.checkpoint,
            setting="PINCITE_FIELDS__CHECKPOINT",
            accept_non_commercial=self._settings.accept_non_commercial,
        )
        if found.family != FAMILY:
            raise BadSettings(f"{found.folder} is of the family {found.family!r}, not {FAMILY!r}")
        return found

    @cached_property
    def _loaded(self) -> _Loaded:
        return _Loaded(self._checkpoint, self._settings)


class _Loaded:
    def __init__(self, found: Checkpoint, settings: config.Donut) -> None:
        library = transformers_library()
        model = library.VisionEncoderDecoderModel.from_pretrained(
            found.folder, local_files_only=True, use_safetensors=True
        )
        self._model = model.to(device_of(settings.device)).eval()
        self.processor: Any = library.DonutProcessor.from_pretrained(
            found.folder, local_files_only=True
        )

    def write(self, picture: Picture, prompt: str, most: int) -> Written:
        torch, tokenizer, model = torch_library(), self.processor.tokenizer, self._model
        pixels = self.processor(picture, return_tensors="pt").pixel_values
        begun = tokenizer(prompt, add_special_tokens=False, return_tensors="pt").input_ids
        room = int(model.decoder.config.max_position_embeddings) - begun.shape[1]
        with torch.inference_mode():
            said = model.generate(
                pixels.to(model.device),
                decoder_input_ids=begun.to(model.device),
                max_new_tokens=min(most, room),
                do_sample=False,
                num_beams=1,
                use_cache=True,
                pad_token_id=tokenizer.pad_token_id,
                eos_token_id=tokenizer.eos_token_id,
                bad_words_ids=[[tokenizer.unk_token_id]],
                return_dict_in_generate=True,
                output_logits=True,
            )
        tokens = tuple(int(token) for token in said.sequences[0])
        new = tokens[begun.shape[1] :]
        unknown = tokenizer.unk_token_id
        sure = [
            _chosen(step[0], token, unknown) for step, token in zip(said.logits, new, strict=True)
        ]
        ends = {tokenizer.eos_token_id, tokenizer.pad_token_id}
        text = tokenizer.decode([token for token in new if token not in ends])
        return Written(tokens, text, sum(sure) / len(sure) if sure else 0.0)


def _chosen(logits: Any, token: int, unknown: int) -> float:
    """Probability of a token before any was forced, where the unknown one may not be chosen."""
    allowed = logits.clone()
    allowed[unknown] = -float("inf")
    return float(allowed.softmax(-1)[token])


def leaves(said: object, path: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    """Label and value of everything in the nested lists and maps that Donut writes, in order."""
    if isinstance(said, dict):
        for key, inner in cast("dict[str, object]", said).items():
            yield from leaves(inner, (*path, key))
    elif isinstance(said, list):
        for inner in cast("list[object]", said):
            yield from leaves(inner, path)
    elif isinstance(said, str) and said.strip():
        yield ".".join(path), said.strip()


def placed(
    pairs: Sequence[tuple[str, str]], words: Sequence[RecognizedWord], confidence: float
) -> list[ReadField]:
    """Fields with the words that spell their values; without words where none do.

    A located field is as sure as the model was, times how alike the spellings are.
    """
    anchors = anchored([value for _, value in pairs], [word.text for word in words])
    return [
        ReadField(
            label=label,
            value=value,
            value_words=anchor.words,
            confidence=min(1.0, confidence * (anchor.likeness if anchor.words else 1.0)),
        )
        for (label, value), anchor in zip(pairs, anchors, strict=True)
    ]
