"""Deterministic stand-ins for every port; each lives in its own module."""

from __future__ import annotations

from pincite.models.fake_chat import FakeChatModel, ScriptedChatModel
from pincite.models.fake_ocr import FakeTextRecognizer
from pincite.models.fake_speech import FakeTranscriber
from pincite.models.fake_text import FakeTextEncoder

__all__ = [
    "FakeChatModel",
    "FakeTextEncoder",
    "FakeTextRecognizer",
    "FakeTranscriber",
    "ScriptedChatModel",
]
