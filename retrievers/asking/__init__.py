"""A question → its words, a smaller scope, and what comes first. Pure; rules, no model."""

from __future__ import annotations

from retrievers.asking.understanding import FILE_NAME, understand
from retrievers.asking.values import Asked, Known, Leaning, Named

__all__ = ["FILE_NAME", "Asked", "Known", "Leaning", "Named", "understand"]
