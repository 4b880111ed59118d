"""How pictures are found, and a probe: shapes drawn here and looked for by their words."""

from __future__ import annotations

from collections.abc import Iterator
from time import perf_counter

from pincite.config import Settings
from pincite.models.factory import joint_encoder
from pincite.models.shape_probe import probe
from pincite.models.store import ModelStore
from serving.diagnosis.findings import Finding, State

AREA = "pictures"
BRING = (
    "hf download laion/CLIP-ViT-B-32-laion2B-s34B-b79K, pip install 'pincite[openclip]', then set "
    "PINCITE_IMAGES__KIND=open_clip "
    "PINCITE_IMAGES__CHECKPOINT=laion/CLIP-ViT-B-32-laion2B-s34B-b79K"
)
_SOUND, _USELESS = 0.5, 0.2
"""Share of shapes found at once: above the first it works, below the second it does not."""


def configured(settings: Settings, store: ModelStore) -> Iterator[Finding]:
    """Loads nothing."""
    encoder = joint_encoder(settings.images, store)
    if encoder is None:
        yield Finding(area=AREA, state="off", says="found by the text in and around them only")
    elif encoder.degraded:
        yield Finding(area=AREA, state="degraded", says=encoder.degraded, mend=BRING)
    else:
        says = f"found by their looks, by {encoder.id}; pincite doctor --model image tries it"
        yield Finding(area=AREA, state="works", says=says)


def probed(settings: Settings, store: ModelStore) -> Iterator[Finding]:
    """Draws 64 shapes, three pictures of each; seconds to a minute."""
    encoder = joint_encoder(settings.images, store)
    if encoder is None:
        mend = "unset PINCITE_IMAGES__KIND"
        yield Finding(area=AREA, state="off", says="no encoder is configured", mend=mend)
        return
    began = perf_counter()
    seen = probe(encoder)
    says = (
        f"{encoder.id} finds {seen.recall_at_1:.0%} of {seen.things} coloured shapes by their "
        f"words at once (chance {seen.chance:.0%}; right colour {seen.right_colour:.0%}, right "
        f"shape {seen.right_shape:.0%}; {perf_counter() - began:.0f} s)"
    )
    if encoder.degraded:
        yield Finding(area=AREA, state="degraded", says=f"{says}; {encoder.degraded}", mend=BRING)
        return
    state: State = "works" if seen.recall_at_1 >= _SOUND else "degraded"
    broken = seen.recall_at_1 < _USELESS
    mend = None if state == "works" else "other weights, or the architecture that these are of"
    yield Finding(area=AREA, state="broken" if broken else state, says=says, mend=mend)
