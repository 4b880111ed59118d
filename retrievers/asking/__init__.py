"""A question → its words, a smaller scope, and what comes first. Pure; rules, no model."""

from __future__ import annotations

from retrievers.asking.understanding import understand
from retrievers.asking.values import Asked, Known, Leaning, Named

__all__ = ["Asked", "Known", "Leaning", "Named", "understand"]
