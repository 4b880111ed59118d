"""Which models of the store the settings in force need."""

from __future__ import annotations

from pathlib import Path

from pincite.config import LlamaCppChat, OnnxEncoder, Settings


def models_in_use(settings: Settings) -> list[str]:
    """Names, the one that most depends on first."""
    names: list[str] = []
    encoder = settings.encoder
    if isinstance(encoder, OnnxEncoder) and not Path(encoder.model).parts[1:]:  # else a folder
        names.append(encoder.model)
    if settings.speech.kind == "whisper":
        names.append(settings.speech.model)
    if isinstance(settings.chat, LlamaCppChat) and settings.chat.file is None:
        names.append(settings.chat.model)
    return names
