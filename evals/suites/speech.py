"""Speech: errors in words, their times, and speed, with plain faster-whisper on the same clips."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from time import perf_counter

from evals.datasets import speech
from evals.datasets.speech import Clip, TimedWord
from evals.intervals import interval_of, mean_interval
from evals.peers_speech import plain_whisper
from evals.results import PRODUCT, Case, Result, measured, missing
from evals.scorers.sound_edges import sound_edges
from evals.scorers.spoken import spoken_words
from evals.scorers.wer import WordErrors, time_errors, word_errors
from evals.shipped import reader_of
from evals.suites import Context
from ingestion.readers.ports import UnitRead
from pincite.errors import PinciteError
from pincite.locators import TimeSpan
from pincite.models.sound import RATE, length_of, stretch_of
from pincite.models.store import ModelStore
from pincite.values import Value

SUITE, DATASET = "speech", "clips"
STANDARD = 200
METRICS = ("wer", "wer_spoken", "realtime_factor", "word_time_error", "edge_time_error")
_TIMES = "of clips that come with reference times of words; see also edge_time_error"
_EDGES = "of clips with silence around: first and last word against where sound begins and ends"
Hear = Callable[[Path], list[TimedWord]]


class ClipHeard(Value):
    """One clip as one system heard it."""

    clip: str
    errors: WordErrors
    """As written: case and punctuation do not count."""
    spoken: WordErrors
    """As spoken: nor do numbers in digits and compounds in one word or two."""
    length_s: float
    seconds: float
    """Of work, once the weights are loaded."""
    expected: str
    got: str
    time_errors: tuple[float, ...]
    """Seconds; of starts and ends of words with reference times."""
    edge_errors: tuple[float, ...]
    """Seconds; of the first word's start and the last word's end against where sound begins and
    ends."""
    failed: str = ""


def run(context: Context) -> Iterator[Result | tuple[str, Case]]:
    """Each clip through the shipped reader of recordings, and by the peer."""
    folder = context.dataset("speech")
    clips = list(speech.read(folder)) if folder else []
    if not clips:
        for metric in METRICS:
            yield missing(SUITE, DATASET, metric, "no folder speech in --data")
        return
    chosen = context.sample(clips, lambda clip: clip.id, STANDARD)
    heard: dict[str, list[ClipHeard]] = {}
    for system, clip in _heard(context, chosen):
        heard.setdefault(system, []).append(clip)
        yield DATASET, _case(system, clip)
    shared: dict[str, object] = {"n_total": len(clips)}
    if len(heard.get(PRODUCT, ())) < len(chosen):
        shared |= {"status": "partial", "reason": "the time budget was spent"}
    if not heard:
        for metric in METRICS:
            yield missing(SUITE, DATASET, metric, "the time budget was spent", "partial")
    for system, found in heard.items():
        yield from _figures(system, found, shared, context.seed)


def _heard(context: Context, clips: Sequence[Clip]) -> Iterator[tuple[str, ClipHeard]]:
    systems = _systems(context)
    warm: set[str] = set()
    for clip in clips:
        if context.out_of_time:
            return
        for system, hear in systems.items():

            def make(hear: Hear = hear, clip: Clip = clip, system: str = system) -> ClipHeard:
                if system not in warm:
                    warm.add(system)
                    _timed(hear, clip.audio)
                return _one(hear, clip)

            yield system, context.once(ClipHeard, f"{clip.id}/{system}", make)


def _systems(context: Context) -> dict[str, Hear]:
    def shipped(audio: Path) -> list[TimedWord]:
        reader = reader_of(context, audio)
        units = range(1, reader.outline(audio).units + 1)
        reads = (reader.read(audio, unit, slow=True) for unit in units)
        return [word for read in reads if isinstance(read, UnitRead) for word in _words(read)]

    systems: dict[str, Hear] = {PRODUCT: shipped}
    if context.settings.speech.kind == "whisper":
        store = ModelStore(context.settings.models)
        systems["faster-whisper, same weights"] = plain_whisper(context.settings.speech, store)
    return systems


def _words(read: UnitRead) -> Iterator[TimedWord]:
    for element in read.elements:
        for text, place in [(word.text, word.locator) for word in element.words] or [
            (element.text, element.locators[0])
        ]:
            if isinstance(place, TimeSpan):
                yield TimedWord(text=text, start_s=place.start_s, end_s=place.end_s)


def _timed(hear: Hear, audio: Path) -> tuple[list[TimedWord], float, str]:
    began, failed = perf_counter(), ""
    words: list[TimedWord] = []
    try:
        words = hear(audio)
    except PinciteError as exc:
        failed = str(exc)
    return words, perf_counter() - began, failed


def _one(hear: Hear, clip: Clip) -> ClipHeard:
    words, seconds, failed = _timed(hear, clip.audio)
    length = length_of(clip.audio).seconds
    sound = stretch_of(clip.audio, start_s=0, end_s=length).samples
    edges = sound_edges(sound, RATE)
    off = (
        (abs(words[0].start_s - edges.start_s), abs(words[-1].end_s - edges.end_s))
        if (edges and words)
        else ()
    )
    got = " ".join(word.text for word in words)
    return ClipHeard(
        clip=clip.id,
        errors=word_errors(clip.text, got),
        spoken=word_errors(clip.text, got, spoken_words),
        length_s=length,
        seconds=seconds,
        expected=clip.text,
        got=got,
        time_errors=tuple(time_errors(clip.words, words)),
        edge_errors=off,
        failed=failed,
    )


def _case(system: str, heard: ClipHeard) -> Case:
    errors = heard.errors
    return Case(
        input=heard.clip,
        system=system,
        expected=heard.expected,
        got=heard.got,
        score=round(max(0.0, 1 - errors.errors / max(1, errors.words)), 4),
        why=heard.failed
        or f"{errors.errors} errors in {errors.words} words; "
        f"{heard.length_s:.1f} s of sound in {heard.seconds:.2f} s",
    )


def _figures(
    system: str, heard: Sequence[ClipHeard], shared: Mapping[str, object], seed: int
) -> Iterator[Result]:
    shared = {
        **shared,
        "system": system,
        "n": len(heard),
        "n_failed": sum(bool(clip.failed) for clip in heard),
    }

    def wer(chosen: Sequence[int]) -> float:
        return _rate([heard[index].errors for index in chosen])

    def wer_spoken(chosen: Sequence[int]) -> float:
        return _rate([heard[index].spoken for index in chosen])

    def factor(chosen: Sequence[int]) -> float:
        length = sum(heard[index].length_s for index in chosen)
        return length / sum(heard[index].seconds for index in chosen)

    for metric, of, unit in (
        ("wer", wer, "fraction"),
        ("wer_spoken", wer_spoken, "fraction"),
        ("realtime_factor", factor, "× real time"),
    ):
        yield measured(
            SUITE,
            DATASET,
            metric,
            of(range(len(heard))),
            unit=unit,
            higher_is_better=metric == "realtime_factor",
            ci95=interval_of(of, len(heard), seed=seed),
            **shared,
        )
    for metric, values, why in (
        (
            "word_time_error",
            [_mean(clip.time_errors) for clip in heard if clip.time_errors],
            _TIMES,
        ),
        (
            "edge_time_error",
            [_mean(clip.edge_errors) for clip in heard if clip.edge_errors],
            _EDGES,
        ),
    ):
        yield _times(metric, values, why, shared, seed)


def _rate(errors: Sequence[WordErrors]) -> float:
    return sum(one.errors for one in errors) / max(1, sum(one.words for one in errors))


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _times(
    metric: str, values: Sequence[float], why: str, shared: Mapping[str, object], seed: int
) -> Result:
    """The mean over clips that have something to compare with."""
    if not values:
        gone = missing(SUITE, DATASET, metric, f"there is none {why}")
        return gone.model_copy(update={"system": shared["system"]})
    interval = mean_interval(values, seed=seed)
    return measured(
        SUITE,
        DATASET,
        metric,
        _mean(values),
        unit="s",
        higher_is_better=False,
        ci95=interval,
        **{"reason": why, **shared, "n": len(values)},
    )
