"""Whisper by faster-whisper: CTranslate2 in int8 on the processor, from the model store only."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from pincite.config import Speech
from pincite.errors import BadSettings
from pincite.models.ports import SpokenSegment, SpokenWord
from pincite.models.sound import RATE, Samples, stretch_of
from pincite.models.speech_windows import Window, windows_of
from pincite.models.spoken_sentences import segments_of
from pincite.models.store import ModelStore
from pincite.models.whisper_engine import RECIPE, UNSPACED, Heard, TimedText, WhisperEngine

ANY_LANGUAGE: Final = "whisper-base"
"""Names the language, and reads what is not English, where the chosen model knows English only."""
_SURE: Final = 0.4
"""Probability below which a guess at the language is not followed."""
_FOREIGN: Final = 0.2
"""Probability of English above which English is assumed of a model that knows only that."""
_ASKED: Final = 3
"""Windows of a stretch, the longest ones, that are asked for their language."""
_LOOPED_S: Final = 0.03
"""Words of a loop have no sound left to stand on; spoken ones are longer."""
_UNSURE: Final = 0.4
"""Confidence that words of a window which repeats itself get at most."""
_NO_SPEECH: Final = 0.8
_IMPROBABLE: Final = -1.0
"""Mean log probability of a window's tokens."""
_ENGLISH: Final = "en"

logging.getLogger("faster_whisper").setLevel(logging.ERROR)


class WhisperTranscriber:
    """A Whisper model of the store; one instance may serve several threads, one at a time.

    The language is found anew in every stretch, so that a recording may change it. Decoding is
    greedy in temperature and seeded by nothing, so that the same sound gives the same words on one
    machine.
    """

    def __init__(self, settings: Speech, store: ModelStore) -> None:
        """Raises BadSettings where the model does not know the language that was set."""
        self._english_only = settings.model.endswith(".en")
        if self._english_only and settings.language not in {None, _ENGLISH}:
            raise BadSettings(
                f"the speech model {settings.model!r} knows English only, not "
                f"{settings.language!r}; set PINCITE_SPEECH__MODEL={ANY_LANGUAGE}"
            )
        self._settings = settings
        self._store = store
        self._engines: dict[str, WhisperEngine] = {}
        self._lock = threading.Lock()

    @property
    def id(self) -> str:
        name, language = self._settings.model, self._settings.language or "auto"
        helped = f"+{ANY_LANGUAGE}" if self._names_languages else ""
        return f"{name}@{self._store.sha256(name)[:12]}{helped}/{language}/{RECIPE}"

    def transcribe(
        self, recording: Path, *, start_s: float, end_s: float
    ) -> Iterator[SpokenSegment]:
        sound = stretch_of(recording, start_s=start_s, end_s=end_s).samples
        windows = windows_of(sound)
        if not windows:
            return
        with self._lock:
            language, known = self._language(sound, windows)
            engine = self._reader_of(language)
            words = [
                word
                for window in windows
                for word in _spoken(
                    engine.hear(_cut(sound, window), language), window, start_s=start_s
                )
            ]
        yield from segments_of(
            words, spaced=language not in UNSPACED, language=language if known else None
        )

    @property
    def _names_languages(self) -> bool:
        """Whether another model is asked for the language."""
        return (
            self._english_only and self._settings.language is None and self._store.has(ANY_LANGUAGE)
        )

    def _language(self, sound: Samples, windows: Sequence[Window]) -> tuple[str, bool]:
        """The language to read in, and whether it is known to be spoken."""
        if self._settings.language:
            return self._settings.language, True
        if self._english_only and not self._names_languages:
            return _ENGLISH, False
        judge = self._engine(ANY_LANGUAGE if self._english_only else self._settings.model)
        longest = sorted(windows, key=lambda window: -window.seconds)[:_ASKED]
        found, probability, english = _mean(
            [judge.languages(_cut(sound, window)) for window in longest]
        )
        if self._english_only and english > _FOREIGN:
            return _ENGLISH, english >= _SURE
        known = probability >= _SURE
        return found if known or not self._english_only else _ENGLISH, known

    def _reader_of(self, language: str) -> WhisperEngine:
        other = self._english_only and language != _ENGLISH
        return self._engine(ANY_LANGUAGE if other else self._settings.model)

    def _engine(self, name: str) -> WhisperEngine:
        if name not in self._engines:
            self._engines[name] = WhisperEngine(self._store.path(name))
        return self._engines[name]


def _mean(guesses: Sequence[dict[str, float]]) -> tuple[str, float, float]:
    """The likeliest language over several windows, its probability, and that of English."""
    mean = {
        code: sum(guess.get(code, 0.0) for guess in guesses) / len(guesses) for code in guesses[0]
    }
    best = max(mean, key=lambda code: mean[code])
    return best, mean[best], mean.get(_ENGLISH, 0.0)


def _cut(sound: Samples, window: Window) -> Samples:
    return sound[window.start : window.end]


def _spoken(heard: Heard, window: Window, *, start_s: float) -> Iterator[SpokenWord]:
    """Words with times of the recording; none where only noise was heard."""
    if heard.no_speech > _NO_SPEECH and heard.log_probability < _IMPROBABLE:
        return
    for word in heard.words:
        first = min(max(0.0, word.start_s), window.seconds)
        last = min(max(first, word.end_s), window.seconds)
        text = word.text.strip()
        if not text or (heard.repeats and last - first < _LOOPED_S):
            continue
        begin_s = start_s + window.start / RATE
        yield SpokenWord(
            text=text,
            start_s=round(begin_s + first, 3),
            end_s=round(begin_s + last, 3),
            confidence=_confidence(word, heard),
        )


def _confidence(word: TimedText, heard: Heard) -> float:
    return min(_UNSURE if heard.repeats else 1.0, max(0.0, word.probability))
