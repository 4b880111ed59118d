"""Settings → back end. Imports stand inside the arms, so that only what is chosen is loaded."""

from __future__ import annotations

from collections.abc import Callable
from typing import assert_never

from pincite.config import (
    Captions,
    Chat,
    Donut,
    Encoder,
    FakeChat,
    Fields,
    Layout,
    LayoutLM,
    LayoutParser,
    LiteLLMCaptions,
    LiteLLMChat,
    LlamaCppChat,
    NoCaptions,
    NoChat,
    Ocr,
    RapidLayout,
    RuleFields,
    Speech,
)
from pincite.models.ports import (
    ChatModel,
    FieldReader,
    LayoutModel,
    PictureDescriber,
    TextEncoder,
    TextRecognizer,
    Transcriber,
)
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

            return RapidOcrRecognizer(languages=settings.languages)
        case _:
            assert_never(settings.kind)


def layout_model(
    settings: Layout, recognizer: Callable[[], TextRecognizer] | None = None
) -> LayoutModel:
    """`recognizer` serves models that read words, for pictures that come without."""
    match settings:
        case RapidLayout():
            from pincite.models.rapid_layout import RapidLayoutModel

            return RapidLayoutModel()
        case LayoutLM():
            from pincite.models.layoutlm import LayoutLMModel

            return LayoutLMModel(settings, recognizer)
        case LayoutParser():
            from pincite.models.layoutparser_layout import LayoutParserModel

            return LayoutParserModel(settings)
        case _:
            assert_never(settings)


def field_reader(settings: Fields) -> FieldReader | None:
    """The model that reads fields; None where the rules of the page layout do."""
    match settings:
        case RuleFields():
            return None
        case Donut():
            from pincite.models.donut import DonutFieldReader

            return DonutFieldReader(settings)
        case _:
            assert_never(settings)


def picture_describer(settings: Captions) -> PictureDescriber | None:
    """None where none is configured. Raises BadSettings where pictures would leave the machine."""
    match settings:
        case NoCaptions():
            return None
        case LiteLLMCaptions():
            from pincite.models.picture_captions import ChatDescriber, seeing_chat

            return ChatDescriber(seeing_chat(settings))
        case _:
            assert_never(settings)


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
