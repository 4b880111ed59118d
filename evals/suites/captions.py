"""Does what is said of a picture fit it, and does it name what is not there?

`imagenet_sample`: captions of photos. `chair_i`, `chair_s` (`evals.scorers.hallucinated`): things
named that are not there, out of the names and kinds (WordNet) of 1000 things; there is the one
thing that the photo is labelled with, under any of its names and kinds. What else a photo shows
nobody has marked, so that both are upper bounds; slice `animals` counts animals only, of which a
photo mostly shows one kind.

`pope`: yes-or-no questions about the same photos (`evals.asked_photos`); `yes_share` is how often
the answer is yes, where one half is right. Slices: how what is asked for in vain was chosen.

`opencqa`: captions of charts against the summary that a person wrote: `bleu_1` to `bleu_4`, `cider`
(`evals.scorers.captions`).

`clip_score` of both, by the encoder of pictures that the settings name; it says which.

Our own captions come from the model that `PINCITE_CAPTIONS` names, or a chat model that sees: they
are not applicable without one. Our own answers to `pope` are those of the encoder of pictures, a
thing being there from the probability one half on that search takes; a chat model that sees stands
beside it. Compared are the best name of the classifier that ships, the label itself, another one's,
what is written in a chart, another chart's summary, and always saying yes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from evals.asked_photos import ANIMAL, probes
from evals.caption_figures import (
    CLIP,
    OF_PROBES,
    OF_TEXTS,
    OF_THINGS,
    POPE,
    SUITE,
    Judged,
    clip_figure,
    none,
    probe_figures,
    text_figures,
    thing_figures,
)
from evals.datasets import imagenet_sample, opencqa
from evals.datasets.imagenet_sample import Photo
from evals.photo_search import loaded
from evals.picture_captions import (
    NOT_SEEING,
    Seeing,
    encoder_of,
    label_caption,
    png_of,
    seeing,
)
from evals.probed_photos import by_chat, by_encoder, probe_case
from evals.results import PRODUCT, Case, Result
from evals.scorers.captions import clip_score
from evals.scorers.hallucinated import Things
from evals.shipped import read_once
from evals.suites import Context
from pincite.errors import PinciteError
from pincite.models.label_joint import Label, labels
from pincite.models.ports import JointEncoder, Picture
from pincite.values import Value

PHOTOS: Final = "imagenet_sample"
STANDARD: Final = {PHOTOS: 200, opencqa.NAME: 40}
BY_LABEL: Final = "best name of the classifier"
GOLD: Final = "the label itself"
OTHER: Final = "another photo's label"
WRITTEN: Final = "what is written in the chart"
OTHER_CHART: Final = "another chart's summary"
ALWAYS: Final = "always yes"
Items = Iterator[Result | tuple[str, Case]]


class Caption(Value):
    text: str


class Shown(NamedTuple):
    photo: Photo
    picture: Picture


def run(context: Context) -> Items:
    eyes, encoder = seeing(context), encoder_of(context)
    yield from _photos(context, eyes, encoder)
    yield from _charts(context, eyes, encoder)


# --- photos --------------------------------------------------------------------------------------


def _photos(context: Context, eyes: Seeing, encoder: JointEncoder | None) -> Items:
    folder = context.dataset(PHOTOS)
    if folder is None:
        why = f"no folder {PHOTOS} in --data"
        yield from none(PHOTOS, (*OF_THINGS, CLIP), why)
        yield from none(POPE, OF_PROBES, why)
        return
    every = imagenet_sample.read(folder)
    photos = context.sample(every, lambda photo: photo.image.name, STANDARD[PHOTOS])
    limit = context.settings.ingestion.max_megapixels
    pictures = ((photo, loaded(photo.image, limit)) for photo in photos)
    shown = [Shown(photo, picture) for photo, picture in pictures if picture is not None]
    more: dict[str, object] = {"n_total": len(every), "n_failed": len(photos) - len(shown)}
    yield from _photo_captions(context, eyes, encoder, shown, more)
    yield from _probed(context, eyes, encoder, shown, more)


def _photo_captions(
    context: Context,
    eyes: Seeing,
    encoder: JointEncoder | None,
    shown: Sequence[Shown],
    more: Mapping[str, object],
) -> Items:
    named = [one.photo.label for one in shown]
    by_label = label_caption(context)
    systems: dict[str, list[str]] = {
        PRODUCT: [],
        BY_LABEL: [by_label(one.picture) for one in shown],
        GOLD: [f"A photo of a {name}." for name in named],
        OTHER: [f"A photo of a {name}." for name in (*named[1:], *named[:1])],
    }
    told = dict(more)
    if eyes.describer is not None:
        systems[PRODUCT], failed = _described(context, eyes, PHOTOS, shown)
        told |= {"n_failed": failed}
    else:
        yield from none(PHOTOS, (*OF_THINGS, CLIP), NOT_SEEING)
        systems.pop(PRODUCT)
    for system, captions in systems.items():
        shared = {**(told if system == PRODUCT else more), "system": system}
        yield from _things(context, captions, named, shared)
        yield from _clip(context, PHOTOS, encoder, [s.picture for s in shown], captions, shared)
        for one, caption in zip(shown, captions, strict=True):
            yield PHOTOS, _case(one.photo.image.name, system, one.photo.label, caption)


def _described(
    context: Context, eyes: Seeing, dataset: str, shown: Sequence[Shown]
) -> tuple[list[str], int]:
    """Captions, empty where the model failed; and how many did."""
    captions: list[str] = []
    failed = 0
    describer = eyes.describer
    for photo, picture in shown if describer else ():

        def make(picture: Picture = picture) -> Caption:
            assert describer is not None  # noqa: S101
            return Caption(text=describer.describe([png_of(picture)])[0])

        try:
            captions.append(context.once(Caption, f"{dataset}/{photo.image.name}", make).text)
        except PinciteError:
            captions.append("")
            failed += 1
    return captions, failed


def _things(
    context: Context, captions: Sequence[str], named: Sequence[str], more: Mapping[str, object]
) -> Iterator[Result]:
    known = {label.names[0].lower(): label for label in labels()}
    for part, wanted in _PARTS.items():
        vocabulary = [label for label in known.values() if wanted(label)]
        things = Things(name for label in vocabulary for name in _all_names(label))
        there = [_names_of(known.get(name.lower()), name) for name in named]
        found = [things.named(caption) for caption in captions]
        shared = {**more, "slice": part}
        yield from thing_figures(PHOTOS, found, there, shared, context.seed)


_PARTS: Final[dict[str, Callable[[Label], bool]]] = {
    "all": lambda _: True,
    "animals": lambda label: ANIMAL in label.kinds,
}


def _all_names(label: Label) -> tuple[str, ...]:
    return (*label.names, *label.kinds)


def _names_of(label: Label | None, name: str) -> frozenset[str]:
    """Under which the thing of a photo may be named, in lower case."""
    names = (name,) if label is None else _all_names(label)
    return frozenset(each.lower() for each in names)


def _clip(
    context: Context,
    dataset: str,
    encoder: JointEncoder | None,
    pictures: Sequence[Picture],
    captions: Sequence[str],
    more: Mapping[str, object],
) -> Iterator[Result]:
    if encoder is None or not pictures:
        why = "PINCITE_IMAGES__KIND is none" if encoder is None else "no picture could be read"
        yield from none(dataset, (CLIP,), why, system=more["system"])
        return
    near = (encoder.embed_pictures(pictures) * encoder.embed_texts(captions)).sum(axis=1)
    why = f"by {encoder.id}" + (f"; {encoder.degraded}" if encoder.degraded else "")
    scores = [clip_score(float(cosine)) for cosine in near]
    yield clip_figure(dataset, scores, {**more, "reason": why}, context.seed)


# --- yes or no -----------------------------------------------------------------------------------


def _probed(
    context: Context,
    eyes: Seeing,
    encoder: JointEncoder | None,
    shown: Sequence[Shown],
    more: Mapping[str, object],
) -> Items:
    asked = probes([one.photo for one in shown], context.seed)
    pictures = {one.photo.image: one.picture for one in shown}
    systems: dict[str, list[Judged]] = {ALWAYS: [Judged(probe, says_yes=True) for probe in asked]}
    if encoder is None or encoder.calibration is None or encoder.calibration.bias is None:
        yield from none(POPE, OF_PROBES, "no encoder of pictures that gives a probability")
    else:
        systems[PRODUCT] = by_encoder(context, encoder, asked, pictures)
    if eyes.chat is None:
        yield from none(POPE, OF_PROBES, NOT_SEEING, system="a model that sees")
    else:
        systems[eyes.chat.name] = by_chat(context, eyes.chat, asked, pictures)
    for system, judged in systems.items():
        told = {"system": system, "n_total": len(asked), "n_failed": more["n_failed"]}
        if context.out_of_time:
            told |= {"status": "partial", "reason": "the time budget was spent"}
        yield from probe_figures(judged, told, context.seed)
        for each in judged if system != ALWAYS else ():
            yield POPE, probe_case(each, system)


# --- charts --------------------------------------------------------------------------------------


def _charts(context: Context, eyes: Seeing, encoder: JointEncoder | None) -> Items:
    folder = context.dataset(opencqa.NAME)
    if folder is None:
        yield from none(opencqa.NAME, (*OF_TEXTS, CLIP), f"no folder {opencqa.NAME} in --data")
        return
    every = list(opencqa.read(folder))
    charts = context.sample(every, lambda chart: chart.id, STANDARD[opencqa.NAME])
    limit = context.settings.ingestion.max_megapixels
    pictures = ((chart, loaded(chart.image, limit)) for chart in charts)
    there = [(chart, picture) for chart, picture in pictures if picture is not None]
    shown = [Shown(Photo(image=c.image, label=c.title), picture) for c, picture in there]
    summaries = [chart.summary for chart, _ in there]
    more: dict[str, object] = {"n_total": len(every), "n_failed": len(charts) - len(shown)}
    systems = {
        WRITTEN: [_written(context, chart) for chart, _ in there],
        OTHER_CHART: [*summaries[1:], *summaries[:1]],
    }
    if eyes.describer is not None:
        systems[PRODUCT], failed = _described(context, eyes, opencqa.NAME, shown)
        more |= {"n_failed": failed}
    else:
        yield from none(opencqa.NAME, (*OF_TEXTS, CLIP), NOT_SEEING)
    for system, captions in systems.items():
        shared = {**more, "system": system}
        references = [[summary] for summary in summaries]
        yield from text_figures(opencqa.NAME, captions, references, shared, context.seed)
        seen = [one.picture for one in shown]
        yield from _clip(context, opencqa.NAME, encoder, seen, captions, shared)
        for (chart, _), caption in zip(there, captions, strict=True):
            yield opencqa.NAME, _case(chart.id, system, chart.summary, caption)


def _written(context: Context, chart: opencqa.Chart) -> str:
    """As the shipped reader reads it; nothing where it cannot."""
    try:
        read = read_once(context, chart.image)
    except PinciteError:
        return ""
    return " ".join(each.text for each in read.elements if each.how.may_support) if read else ""


def _case(name: str, system: str, expected: str, caption: str) -> Case:
    return Case(input=name, system=system, expected=expected, got=caption)


__all__ = ["SUITE", "run"]
