"""Is the second found where something is said?

Clips are joined, with pauses between them, into recordings of about a minute, so that there are
wrong seconds to be found; the recordings are ingested through the composition root. A question asks
for the place where the words of one clip are said, as its transcript has them. It counts as found
where the first place that search gives is in the right recording, at most 5 s from where the clip
begins or ends or inside it: the exact spot where search tells one, else where its passage begins.

Baseline: BM25 over the reference transcripts of whole recordings, which can only say the recording
(`recording_hit_at_1` beside it) and so begins at its start. It is spared our errors of hearing.
"""

from __future__ import annotations

import asyncio
import wave
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from evals.datasets import speech
from evals.datasets.pages import Page
from evals.datasets.speech import Clip
from evals.intervals import mean_interval
from evals.page_library import fill
from evals.plain_search import BM25, WordSearch
from evals.results import PRODUCT, Case, Result, measured, missing
from evals.sampling import sample
from evals.suites import Context
from pincite.config import NoChat
from pincite.elements import Scope
from pincite.evidence import Evidence
from pincite.locators import TimeSpan
from pincite.models.sound import RATE, length_of, stretch_of
from pincite.values import Value
from serving.bootstrap import Services, services

SUITE, DATASET = "speech-find", "clips"
METRICS: Final = ("hit_within_5_s", "recording_hit_at_1")
STANDARD: Final = 100
NEAR_S: Final = 5.0
PAUSE_S: Final = 1.0
LONG_S: Final = 60.0
LEAST_WORDS: Final = 4
"""Of a clip whose words are asked for: fewer may be said anywhere."""


class Said(NamedTuple):
    clip: Clip
    recording: str
    start_s: float
    end_s: float


class Place(Value):
    """What a system gave first."""

    recording: str = ""
    start_s: float = 0


def run(context: Context) -> Iterator[Result | tuple[str, Case]]:
    """Every clip with enough words is asked for, by what ships and by the baseline."""
    folder = context.dataset("speech")
    clips = list(speech.read(folder)) if folder else []
    if not clips:
        for metric in METRICS:
            yield missing(SUITE, DATASET, metric, "no folder speech in --data")
        return
    told = joined(sample(clips, None, id_of=lambda c: c.id, seed=context.seed), context.scratch)
    asked = [said for said in told if len(said.clip.text.split()) >= LEAST_WORDS]
    chosen = context.sample(asked, lambda said: said.clip.id, STANDARD)
    found = {PRODUCT: _shipped(context, chosen, told), BM25: _plain(chosen, told)}
    for system, places in found.items():
        yield from _told(system, chosen, places)
        yield from _figures(context, system, chosen, places, len(asked))


def joined(clips: Sequence[Clip], folder: Path) -> list[Said]:
    """Write the recordings, `recording-1.wav` and so on, and say where each clip is."""
    said: list[Said] = []
    number, parts, at_s = 1, list[np.ndarray](), 0.0
    pause = np.zeros(round(PAUSE_S * RATE), dtype=np.float32)
    for clip in clips:
        length = length_of(clip.audio).seconds
        samples = stretch_of(clip.audio, start_s=0, end_s=length).samples
        said.append(Said(clip, f"recording-{number}.wav", at_s, at_s + length))
        parts += [samples, pause]
        at_s += len(samples) / RATE + PAUSE_S
        if at_s >= LONG_S:
            _write(folder / f"recording-{number}.wav", parts)
            number, parts, at_s = number + 1, [], 0.0
    if parts:
        _write(folder / f"recording-{number}.wav", parts)
    return said


def _write(file: Path, parts: Sequence[np.ndarray]) -> None:
    samples = np.clip(np.concatenate(parts), -1, 1)
    with wave.open(str(file), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes((samples * 32767).astype("<i2").tobytes())


# --- what ships ----------------------------------------------------------------------------------


def _shipped(context: Context, chosen: Sequence[Said], told: Sequence[Said]) -> list[Place]:
    settings = context.settings.model_copy(
        update={"data_dir": context.scratch / "library", "chat": NoChat()}
    )
    files = [context.scratch / name for name in dict.fromkeys(said.recording for said in told)]
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        opened = runner.run(stack.enter_async_context(services(settings)))
        try:
            go_on = fill(opened.service, {"default": files}, lambda: not context.out_of_time)
            runner.run(go_on)
            return [
                context.once(Place, said.clip.id, lambda said=said: _asked(opened, said))
                for said in chosen
                if not context.out_of_time
            ]
        finally:
            runner.run(stack.aclose())


def _asked(opened: Services, said: Said) -> Place:
    question = f"Where is it said that “{said.clip.text.strip(' .')}”?"
    found = opened.retriever.search(question, Scope(), keep=5)
    return _place(found[0]) if found else Place()


def _place(first: Evidence) -> Place:
    places = (*first.spots, *(at for element in first.elements for at in element.locators))
    start = next((at.start_s for at in places if isinstance(at, TimeSpan)), 0.0)
    return Place(recording=first.source.name, start_s=start)


# --- the baseline --------------------------------------------------------------------------------


def _plain(chosen: Sequence[Said], told: Sequence[Said]) -> list[Place]:
    texts: dict[Page, str] = {}
    for said in told:
        page = Page(said.recording, 1)
        texts[page] = f"{texts.get(page, '')} {said.clip.text}"
    search = WordSearch(texts)
    ranked = [search.ranked(said.clip.text) for said in chosen]
    return [Place(recording=pages[0].file) if pages else Place() for pages in ranked]


# --- figures -------------------------------------------------------------------------------------


def _scores(said: Said, place: Place) -> Mapping[str, float]:
    same = place.recording == said.recording
    off = max(said.start_s - place.start_s, place.start_s - said.end_s, 0.0)
    return {"hit_within_5_s": float(same and off <= NEAR_S), "recording_hit_at_1": float(same)}


def _told(
    system: str, chosen: Sequence[Said], places: Sequence[Place]
) -> Iterator[tuple[str, Case]]:
    for said, place in zip(chosen, places, strict=False):
        yield (
            DATASET,
            Case(
                input=said.clip.id,
                system=system,
                expected=f"{said.recording} {said.start_s:.1f}–{said.end_s:.1f} s",
                got=f"{place.recording or 'nothing'} {place.start_s:.1f} s",
                score=_scores(said, place)["hit_within_5_s"],
                why=said.clip.text,
            ),
        )


def _figures(
    context: Context, system: str, chosen: Sequence[Said], places: Sequence[Place], total: int
) -> Iterator[Result]:
    scores = [_scores(said, place) for said, place in zip(chosen, places, strict=False)]
    more: dict[str, object] = {"system": system, "n": len(scores), "n_total": total}
    if len(scores) < len(chosen):
        more |= {"status": "partial", "reason": "the time budget was spent"}
    for metric in METRICS:
        if not scores:
            yield missing(SUITE, DATASET, metric, "the time budget was spent", "partial")
            continue
        values = [score[metric] for score in scores]
        yield measured(
            SUITE,
            DATASET,
            metric,
            sum(values) / len(values),
            unit="fraction",
            higher_is_better=True,
            ci95=mean_interval(values, seed=context.seed),
            **more,
        )
