"""Which languages the encoder and the checker know, as the manifest and the weights say."""

from __future__ import annotations

from collections.abc import Collection

from pincite.config import Encoder, OnnxEncoder
from pincite.models.manifest import builtin


def known_languages(encoder: Encoder, checker: Collection[str]) -> tuple[str, ...]:
    """Those that both know. An encoder of one's own says nothing of that, and counts as knowing."""
    models = builtin().models
    known = models.get(encoder.model) if isinstance(encoder, OnnxEncoder) else None
    named = known.languages if known is not None else ()
    if not named or not checker:
        return tuple(sorted({*named, *checker}))
    return tuple(sorted(set(named) & set(checker)))
