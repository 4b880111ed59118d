"""What was read: sources, elements, passages and answers, in SQLite. Text lives only here."""

from __future__ import annotations

from pincite.texts.store import UNIT_STRIDE, TextStore

__all__ = ["UNIT_STRIDE", "TextStore"]
