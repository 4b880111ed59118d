"""One Whisper model and one window of speech: words with times, or the language.

Whisper was trained on windows of 30 seconds, and its usual runtimes fill shorter ones up to that.
Here a window is filled up to `_LEAST_FRAMES` only, which takes a third of the time and reads no
worse; without enough silence behind the last word the decoder may loop, so that a window that
reads badly is read once more in full length.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple, cast

import numpy as np
from ctranslate2 import StorageView  # pyright: ignore[reportUnknownVariableType]
from faster_whisper import WhisperModel
from faster_whisper.tokenizer import Tokenizer
from faster_whisper.transcribe import get_suppressed_tokens

from pincite.models.sound import Samples

UNSPACED: Final = frozenset({"zh", "ja", "th", "lo", "my", "yue"})
"""Languages that write no blanks between words."""
RECIPE: Final = "b5w"
"""Names the constants here; change it with them."""
_BEAM: Final = 5
_FULL_FRAMES: Final = 3000
"""Of 10 ms each."""
_LEAST_FRAMES: Final = 1000
_SILENCE_FRAMES: Final = 100
"""Behind the last word."""
_REPEATING: Final = 2.4
"""Compression of the text above which it is a loop, or a chorus."""
_IMPROBABLE: Final = -1.0
"""Mean log probability of the tokens."""
_LOOP: Final = 3
"""Words that make a loop at the least."""
_SPOKEN_S: Final = 0.06
"""Nobody says a word in less, on average."""
_LONGEST_TOKENS: Final = 448
_BEFORE: Final = "\"'“¿([{-"
_BEHIND: Final = "\"'.。,，!！?？:：”)]}、"


class TimedText(NamedTuple):
    """A word and its seconds from the start of the window."""

    text: str
    start_s: float
    end_s: float
    probability: float


class Heard(NamedTuple):
    words: list[TimedText]
    log_probability: float
    """Mean of the tokens."""
    no_speech: float
    """Probability that nobody speaks."""
    repeats: bool


class _Decoded(NamedTuple):
    encoded: Any
    tokens: list[int]
    log_probability: float
    no_speech: float
    compression: float

    @property
    def is_sound(self) -> bool:
        return self.compression <= _REPEATING and self.log_probability >= _IMPROBABLE


class WhisperEngine:
    """Not safe for several threads at once."""

    def __init__(self, folder: Path) -> None:
        """Loads the weights; 0.3 to 1 s."""
        # CTranslate2 in int8; as many threads as OMP_NUM_THREADS says, else up to four.
        self._model: Any = WhisperModel(
            str(folder), device="cpu", compute_type="int8", cpu_threads=0, local_files_only=True
        )

    @property
    def is_multilingual(self) -> bool:
        return bool(self._model.model.is_multilingual)

    def hear(self, window: Samples, language: str) -> Heard:
        """What is said in a window of at most 30 s."""
        features = self._features(window)
        tokenizer = Tokenizer(
            self._model.hf_tokenizer, self.is_multilingual, task="transcribe", language=language
        )
        found = self._decoded(features, tokenizer, _short(features.shape[1]))
        if not found.is_sound:
            again = self._decoded(features, tokenizer, _FULL_FRAMES)
            found = max(found, again, key=lambda each: (each.is_sound, each.log_probability))
        return Heard(
            words=self._timed(found, tokenizer, features.shape[1]),
            log_probability=found.log_probability,
            no_speech=found.no_speech,
            repeats=found.compression > _REPEATING,
        )

    def languages(self, window: Samples) -> dict[str, float]:
        """Probability of each language by its ISO 639 code; only for multilingual models."""
        features = self._features(window)
        encoded = self._encoded(features, _short(features.shape[1]))
        (found,) = self._model.model.detect_language(encoded)
        return {str(token)[2:-2]: float(probability) for token, probability in found}

    def _features(self, window: Samples) -> Any:
        return self._model.feature_extractor(window)[:, :-1][:, :_FULL_FRAMES]

    def _encoded(self, features: Any, frames: int) -> Any:
        # Zeros, as the runtime fills: real silence behind the last word makes loops likelier.
        filled = np.pad(features, ((0, 0), (0, frames - features.shape[1])))
        storage = cast("Any", StorageView)
        return self._model.model.encode(storage.from_array(np.ascontiguousarray(filled[None])))

    def _decoded(self, features: Any, tokenizer: Tokenizer, frames: int) -> _Decoded:
        encoded = self._encoded(features, frames)
        prompt = self._model.get_prompt(tokenizer, previous_tokens=[], without_timestamps=True)
        (result,) = self._model.model.generate(
            encoded,
            [prompt],
            beam_size=_BEAM,
            max_length=_LONGEST_TOKENS,
            suppress_blank=True,
            suppress_tokens=get_suppressed_tokens(tokenizer, (-1,)),
            return_scores=True,
            return_no_speech_prob=True,
        )
        tokens = [token for token in result.sequences_ids[0] if token < tokenizer.eot]
        text = tokenizer.decode(tokens).encode()
        length = len(result.sequences_ids[0])
        return _Decoded(
            encoded=encoded,
            tokens=tokens,
            log_probability=result.scores[0] * length / (length + 1),
            no_speech=result.no_speech_prob,
            compression=len(text) / max(1, len(zlib.compress(text))),
        )

    def _timed(self, found: _Decoded, tokenizer: Tokenizer, frames: int) -> list[TimedText]:
        """Words aligned by cross-attention."""
        if not found.tokens:
            return []
        segment: dict[str, Any] = {
            "seek": 0,
            "start": 0.0,
            "end": frames / 100,
            "tokens": found.tokens,
        }
        self._model.add_word_timestamps(
            [[segment]], tokenizer, found.encoded, [frames], _BEFORE, _BEHIND, 0.0
        )
        words = [
            TimedText(
                text=str(word["word"]),
                start_s=float(word["start"]),
                end_s=float(word["end"]),
                probability=float(word["probability"]),
            )
            for word in segment["words"]
        ]
        return unlooped(words if tokenizer.language_code in UNSPACED else _whole(words))


def _whole(pieces: Sequence[TimedText]) -> list[TimedText]:
    """Words as they are written; of the pieces of one only the first begins with a blank."""
    words: list[TimedText] = []
    for piece in pieces:
        if words and not piece.text.startswith(" "):
            last = words.pop()
            probability = min(last.probability, piece.probability)
            piece = TimedText(last.text + piece.text, last.start_s, piece.end_s, probability)
        words.append(piece)
    return words


def unlooped(words: Sequence[TimedText]) -> list[TimedText]:
    """Without what a decoder says twice at the end: the second time has no sound to stand on."""
    kept = list(words)
    for count in range(len(words) // 2, _LOOP - 1, -1):
        first, second = kept[-2 * count : -count], kept[-count:]
        same = [_plain(word) for word in first] == [_plain(word) for word in second]
        if same and second[-1].end_s - second[0].start_s < count * _SPOKEN_S:
            return unlooped(kept[:-count])
    return kept


def _plain(word: TimedText) -> str:
    return "".join(filter(str.isalnum, word.text.casefold()))


def _short(frames: int) -> int:
    """Even, as the encoder halves it."""
    wanted = max(_LEAST_FRAMES, frames + _SILENCE_FRAMES)
    return min(_FULL_FRAMES, wanted + wanted % 2)
