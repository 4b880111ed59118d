"""Whisper by faster-whisper: CTranslate2 in int8 on the processor, from the model store only."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from faster_whisper import BatchedInferencePipeline, WhisperModel
from faster_whisper.transcribe import Segment

from pincite.config import Speech
from pincite.errors import BadSettings
from pincite.models.ports import SpokenSegment, SpokenWord
from pincite.models.sound import RATE, Samples, stretch_of
from pincite.models.spoken_sentences import segments_of
from pincite.models.store import ModelStore

_DECODING: dict[str, Any] = {
    "beam_size": 5,
    # One 30 s window at a time: on two cores a larger batch is slower and takes more memory.
    "batch_size": 1,
    "without_timestamps": True,
    "word_timestamps": True,
    "temperature": [0.0],
    "vad_filter": True,
}
_RECIPE = "b5"
"""Names the settings above in `id`; change it with them."""
_REPEATING = 2.8
"""Compression above which a window repeats itself: a chorus, or a decoder in a loop."""
_LOOPED_S = 0.03
"""Words of a loop have no sound left to stand on; spoken ones are longer."""
_UNSURE = 0.4
"""Confidence that words of a window which repeats itself get at most."""
_NO_SPEECH = 0.8
_IMPROBABLE = -1.0
"""Mean log probability of a window's tokens."""
_UNSPACED = frozenset({"zh", "ja", "th", "lo", "my", "yue"})

logging.getLogger("faster_whisper").setLevel(logging.ERROR)


class WhisperTranscriber:
    """A Whisper model of the store; one instance may serve several threads.

    Decoding is greedy in temperature and seeded by nothing, so that the same sound gives the same
    words on one machine.
    """

    def __init__(self, settings: Speech, store: ModelStore) -> None:
        """Raises BadSettings where the model does not know the language that was set."""
        if settings.model.endswith(".en") and settings.language not in {None, "en"}:
            raise BadSettings(
                f"the speech model {settings.model!r} knows English only, not "
                f"{settings.language!r}; set PINCITE_SPEECH__MODEL=whisper-base"
            )
        self._settings = settings
        self._store = store
        self._model: WhisperModel | None = None
        self._lock = threading.Lock()

    @property
    def id(self) -> str:
        name, language = self._settings.model, self._settings.language or "auto"
        return f"{name}@{self._store.sha256(name)[:12]}/{language}/{_RECIPE}"

    def transcribe(
        self, recording: Path, *, start_s: float, end_s: float
    ) -> Iterator[SpokenSegment]:
        sound = stretch_of(recording, start_s=start_s, end_s=end_s).samples
        words, language = self._words(sound, start_s=start_s)
        yield from segments_of(words, spaced=language not in _UNSPACED)

    def _words(self, sound: Samples, *, start_s: float) -> tuple[list[SpokenWord], str]:
        if not len(sound):
            return [], "en"
        # The pipeline keeps the time of the last word in itself: one per call.
        segments, info = BatchedInferencePipeline(self._loaded()).transcribe(  # pyright: ignore[reportUnknownMemberType]
            sound, language=self._settings.language, **_DECODING
        )
        length_s = len(sound) / RATE
        words = [
            word
            for segment in segments
            if _is_speech(segment)
            for word in _spoken(segment, start_s=start_s, length_s=length_s)
        ]
        return words, info.language

    def _loaded(self) -> WhisperModel:
        with self._lock:
            if self._model is None:
                self._model = WhisperModel(
                    str(self._store.path(self._settings.model)),
                    device="cpu",
                    compute_type="int8",
                    # As many as OMP_NUM_THREADS says, else up to four.
                    cpu_threads=0,
                    local_files_only=True,
                )
            return self._model


def _is_speech(segment: Segment) -> bool:
    """Whisper invents words for noise; such windows give themselves away."""
    return segment.no_speech_prob <= _NO_SPEECH or segment.avg_logprob >= _IMPROBABLE


def _spoken(segment: Segment, *, start_s: float, length_s: float) -> Iterator[SpokenWord]:
    repeating = segment.compression_ratio > _REPEATING
    for word in segment.words or ():
        text = word.word.strip()
        first = min(max(0.0, float(word.start)), length_s)
        last = min(max(first, float(word.end)), length_s)
        if not text or (repeating and last - first < _LOOPED_S):
            continue
        yield SpokenWord(
            text=text,
            start_s=round(start_s + first, 3),
            end_s=round(start_s + last, 3),
            confidence=min(_UNSURE if repeating else 1.0, max(0.0, float(word.probability))),
        )
