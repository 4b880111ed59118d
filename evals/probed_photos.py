"""Yes-or-no questions about photos, answered by an encoder of pictures or a model that sees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Final

from evals.asked_photos import Probe
from evals.caption_figures import POPE, Judged
from evals.picture_captions import probability, says_yes
from evals.results import Case
from evals.suites import Context
from pincite.errors import PinciteError
from pincite.models.ports import ChatModel, JointEncoder, Picture
from pincite.values import Value

SURE: Final = 0.5
"""Probability from which the answer is yes."""


class Sure(Value):
    """Of one photo: how surely each thing that is asked for is there."""

    values: tuple[float, ...]


def by_encoder(
    context: Context,
    encoder: JointEncoder,
    asked: Sequence[Probe],
    pictures: Mapping[Path, Picture],
) -> list[Judged]:
    judged: list[Judged] = []
    by_photo = sorted(asked, key=lambda probe: probe.photo.image)
    for image, of in groupby(by_photo, key=lambda probe: probe.photo.image):
        probed = list(of)

        def make(image: Path = image, probed: Sequence[Probe] = probed) -> Sure:
            return Sure(values=tuple(probability(encoder, pictures[image], probed)))

        sure = context.once(Sure, f"{POPE}/{encoder.id}/{image.name}", make)
        judged += [
            Judged(probe, says_yes=value >= SURE)
            for probe, value in zip(probed, sure.values, strict=True)
        ]
    return judged


def by_chat(
    context: Context, chat: ChatModel, asked: Sequence[Probe], pictures: Mapping[Path, Picture]
) -> list[Judged]:
    """A question that fails is answered with no."""
    judged: list[Judged] = []
    for probe in asked:
        if context.out_of_time:
            break

        def make(probe: Probe = probe) -> Sure:
            yes = says_yes(chat, pictures[probe.photo.image], probe.question)
            return Sure(values=(float(yes),))

        key = f"{POPE}/{chat.name}/{probe.photo.image.name}/{probe.thing}"
        try:
            said = context.once(Sure, key, make).values[0]
        except PinciteError:
            said = 0.0
        judged.append(Judged(probe, says_yes=said >= SURE))
    return judged


def probe_case(judged: Judged, system: str) -> Case:
    probe = judged.probe
    return Case(
        input=f"{probe.photo.image.name}: {probe.question} ({probe.way})",
        system=system,
        expected="yes" if probe.is_there else "no",
        got="yes" if judged.says_yes else "no",
        score=float(judged.says_yes is probe.is_there),
        why=probe.photo.label,
    )
