"""Which models of the store the settings in force need."""

from __future__ import annotations

from pincite.config import LlamaCppChat, Settings


def models_in_use(settings: Settings) -> list[str]:
    """Names, the one that most depends on first."""
    names: list[str] = []
    if settings.encoder.kind == "onnx":
        names.append(settings.encoder.model)
    if settings.speech.kind == "whisper":
        names.append(settings.speech.model)
    if isinstance(settings.chat, LlamaCppChat):
        names.append(settings.chat.model)
    return names
