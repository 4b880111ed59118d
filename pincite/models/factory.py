"""Settings → back end. Imports stand inside the arms, so that only what is chosen is loaded."""

from __future__ import annotations

from typing import assert_never

from pincite.config import Chat, Encoder, FakeChat, LiteLLMChat, LlamaCppChat, NoChat, Ocr, Speech
from pincite.models.ports import ChatModel, LayoutModel, TextEncoder, TextRecognizer, Transcriber
from pincite.models.store import ModelStore


def chat_model(settings: Chat, store: ModelStore) -> ChatModel | None:
    """The language model, or None for quotes-only mode."""
    match settings:
        case NoChat():
            return None
        case FakeChat():
            from pincite.models.fakes import FakeChatModel

            return FakeChatModel()
        case LlamaCppChat():
            from pincite.models.llamacpp_chat import LlamaCppChatModel

            return LlamaCppChatModel(settings, store)
        case LiteLLMChat():
            from pincite.models.litellm_chat import LiteLLMChatModel

            return LiteLLMChatModel(settings)
        case _:
            assert_never(settings)


def text_encoder(settings: Encoder, store: ModelStore) -> TextEncoder:
    match settings.kind:
        case "fake":
            from pincite.models.fakes import FakeTextEncoder

            return FakeTextEncoder()
        case "onnx":
            from pincite.models.onnx_text import OnnxTextEncoder

            return OnnxTextEncoder(settings, store)
        case _:
            assert_never(settings.kind)


def text_recognizer(settings: Ocr) -> TextRecognizer:
    match settings.kind:
        case "fake":
            from pincite.models.fakes import FakeTextRecognizer

            return FakeTextRecognizer()
        case "rapidocr":
            from pincite.models.rapidocr_text import RapidOcrRecognizer

            return RapidOcrRecognizer()
        case _:
            assert_never(settings.kind)


def layout_model() -> LayoutModel:
    from pincite.models.rapid_layout import RapidLayoutModel

    return RapidLayoutModel()


def transcriber(settings: Speech, store: ModelStore) -> Transcriber:
    match settings.kind:
        case "fake":
            from pincite.models.fakes import FakeTranscriber

            return FakeTranscriber()
        case "whisper":
            from pincite.models.whisper_speech import WhisperTranscriber

            return WhisperTranscriber(settings, store)
        case _:
            assert_never(settings.kind)
