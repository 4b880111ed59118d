"""Plain faster-whisper with the weights that ship and the library's own way of decoding."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

from faster_whisper import WhisperModel

from evals.datasets.speech import TimedWord
from pincite.config import Speech
from pincite.models.store import ModelStore


def plain_whisper(settings: Speech, store: ModelStore) -> Callable[[Path], list[TimedWord]]:
    """Beam 5, all else as the library has it; the weights load at the first clip."""

    @cache
    def model() -> WhisperModel:
        folder = str(store.path(settings.model))
        return WhisperModel(folder, device="cpu", compute_type="int8", local_files_only=True)

    def hear(audio: Path) -> list[TimedWord]:
        segments, _ = model().transcribe(  # pyright: ignore[reportUnknownMemberType]
            str(audio), beam_size=5, word_timestamps=True
        )
        return [
            TimedWord(text=word.word.strip(), start_s=word.start, end_s=word.end)
            for segment in segments
            for word in segment.words or ()
        ]

    return hear
