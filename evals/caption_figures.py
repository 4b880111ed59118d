"""What the suite `captions` reports of captions, and of yes-or-no questions about pictures."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import partial
from typing import Final, NamedTuple

import numpy as np

from evals.asked_photos import WAYS, Probe
from evals.intervals import interval_of, mean_interval
from evals.results import Result, Status, measured, missing
from evals.scorers.binary import counts
from evals.scorers.captions import bleu_of, cider_d, overlap
from evals.scorers.hallucinated import Chair, chair

SUITE: Final = "captions"
POPE: Final = "pope"
BLEU: Final = tuple(f"bleu_{length}" for length in range(1, 5))
OF_TEXTS: Final = (*BLEU, "cider")
OF_THINGS: Final = ("chair_i", "chair_s")
CLIP: Final = "clip_score"
OF_PROBES: Final = ("accuracy", "precision", "recall", "f1", "yes_share")
More = Mapping[str, object]


class Judged(NamedTuple):
    probe: Probe
    says_yes: bool


def none(
    dataset: str,
    metrics: Sequence[str],
    why: str,
    status: Status = "not_applicable",
    **more: object,
) -> Iterator[Result]:
    for metric in metrics:
        yield missing(SUITE, dataset, metric, why, status).model_copy(update=more)


def text_figures(
    dataset: str,
    captions: Sequence[str],
    references: Sequence[Sequence[str]],
    more: More,
    seed: int,
) -> Iterator[Result]:
    """BLEU and CIDEr-D against what people wrote."""
    overlaps = [overlap(*each) for each in zip(captions, references, strict=True)]
    scores, count = bleu_of(overlaps), len(captions)
    for place, metric in enumerate(BLEU):

        def of(chosen: Sequence[int], place: int = place) -> float:
            return bleu_of([overlaps[at] for at in chosen])[place]

        ci95 = interval_of(of, count, seed=seed)
        yield _share(dataset, metric, scores[place], count, {**more, "ci95": ci95})
    near = cider_d(captions, references)
    yield measured(
        SUITE,
        dataset,
        "cider",
        sum(near) / count,
        unit="0–10",
        higher_is_better=True,
        ci95=mean_interval(near, seed=seed),
        **{"n": count, "n_total": count, **more},
    )


def thing_figures(
    dataset: str,
    named: Sequence[Sequence[str]],
    there: Sequence[Collection[str]],
    more: More,
    seed: int,
) -> Iterator[Result]:
    found = chair(named, there)
    for metric in OF_THINGS:
        of = partial(_chair_of, metric, named, there)
        ci95 = interval_of(of, len(named), seed=seed)
        told = {"reason": f"{found.named} things named", **more, "ci95": ci95}
        value = getattr(found, metric)
        yield _share(dataset, metric, value, len(named), told, higher=False)


def _chair_of(
    metric: str,
    named: Sequence[Sequence[str]],
    there: Sequence[Collection[str]],
    chosen: Sequence[int],
) -> float:
    found: Chair = chair([named[at] for at in chosen], [there[at] for at in chosen])
    return float(getattr(found, metric))


def clip_figure(dataset: str, scores: Sequence[float], more: More, seed: int) -> Result:
    return measured(
        SUITE,
        dataset,
        CLIP,
        sum(scores) / len(scores),
        unit="0–2.5",
        higher_is_better=True,
        ci95=mean_interval(scores, seed=seed),
        **{"n": len(scores), "n_total": len(scores), **more},
    )


def probe_figures(judged: Sequence[Judged], more: More, seed: int) -> Iterator[Result]:
    """Over all questions, and for each way of choosing what is asked for in vain."""
    for part in ("all", *WAYS):
        of = [each for each in judged if part in ("all", each.probe.way)]
        for metric in OF_PROBES if of else ():
            told = {"slice": part, **more}
            if part != "all":
                told["n_total"] = len(of)
            told["ci95"] = interval_of(partial(_probed, metric, of), len(of), seed=seed)
            value = _probed(metric, of, range(len(of)))
            yield _share(POPE, metric, value, len(of), told)


def _probed(metric: str, judged: Sequence[Judged], chosen: Sequence[int]) -> float:
    truth = np.array([judged[at].probe.is_there for at in chosen])
    said = np.array([judged[at].says_yes for at in chosen])
    if metric == "yes_share":
        return float(said.mean())
    if metric == "accuracy":
        return float((truth == said).mean())
    return float(getattr(counts(truth, said), metric))


def _share(
    dataset: str, metric: str, value: float, count: int, more: More, *, higher: bool = True
) -> Result:
    return measured(
        SUITE,
        dataset,
        metric,
        value,
        unit="fraction",
        higher_is_better=higher,
        **{"n": count, "n_total": count, **more},
    )
