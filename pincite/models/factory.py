"""Settings → back end. Imports stand inside the arms, so that only what is chosen is loaded."""

from __future__ import annotations

from collections.abc import Callable
from typing import assert_never

from pincite.config import (
    Captions,
    Chat,
    CrossEncoderReranker,
    Donut,
    Encoder,
    FakeChat,
    FakeEncoder,
    FastEmbedEncoder,
    FastEmbedImages,
    Fields,
    Images,
    JudgeReranker,
    LabelImages,
    Layout,
    LayoutLM,
    LayoutParser,
    LiteLLMCaptions,
    LiteLLMChat,
    LiteLLMEncoder,
    LiteLLMPictureJudge,
    LlamaCppChat,
    NoCaptions,
    NoChat,
    NoImages,
    NoPictureJudge,
    NoReranker,
    Ocr,
    OnnxEncoder,
    OnnxReranker,
    OpenClipImages,
    PictureJudge,
    RapidLayout,
    Reranker,
    RuleFields,
    SentenceTransformersEncoder,
    Speech,
)
from pincite.models import ports
from pincite.models.outgoing import HERE_ONLY, Outgoing
from pincite.models.ports import (
    ChatModel,
    FieldReader,
    JointEncoder,
    LayoutModel,
    PictureDescriber,
    TextEncoder,
    TextRecognizer,
    Transcriber,
)
from pincite.models.store import ModelStore


def chat_model(
    settings: Chat, store: ModelStore, outgoing: Outgoing = HERE_ONLY
) -> ChatModel | None:
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

            return LiteLLMChatModel(settings, outgoing)
        case _:
            assert_never(settings)


def embedded_at(settings: Encoder) -> str:
    """`local`, or the host that passages and questions are sent to."""
    if not isinstance(settings, LiteLLMEncoder):
        return "local"
    from pincite.models.litellm_hosts import endpoint_of

    return endpoint_of(settings.model, settings.api_base)


def text_encoder(
    settings: Encoder, store: ModelStore, outgoing: Outgoing = HERE_ONLY
) -> TextEncoder:
    match settings:
        case FakeEncoder():
            from pincite.models.fakes import FakeTextEncoder

            return FakeTextEncoder(settings.dimensions)
        case OnnxEncoder():
            from pincite.models.onnx_text import OnnxTextEncoder

            return OnnxTextEncoder(settings, store)
        case FastEmbedEncoder():
            from pincite.models.fastembed_text import FastEmbedTextEncoder

            return FastEmbedTextEncoder(settings)
        case SentenceTransformersEncoder():
            from pincite.models.sentence_transformers_text import SentenceTransformersTextEncoder

            return SentenceTransformersTextEncoder(settings)
        case LiteLLMEncoder():
            from pincite.models.litellm_text import LiteLLMTextEncoder

            return LiteLLMTextEncoder(settings, outgoing)
        case _:
            assert_never(settings)


def joint_encoder(
    settings: Images, store: ModelStore, texts: TextEncoder | None = None
) -> JointEncoder | None:
    """The space that words and pictures share; None where pictures are found by their text only.

    `texts` is the encoder of passages, so that it is not loaded twice where both can use it.
    """
    match settings:
        case NoImages():
            return None
        case LabelImages():
            from pincite.models.label_joint import LabelEncoder

            return LabelEncoder(settings, store, texts)
        case OpenClipImages():
            from pincite.models.open_clip_joint import OpenClipEncoder

            return OpenClipEncoder(settings)
        case FastEmbedImages():
            from pincite.models.fastembed_joint import FastEmbedEncoder

            return FastEmbedEncoder(settings)
        case _:
            assert_never(settings)


def text_recognizer(settings: Ocr, store: ModelStore | None = None) -> TextRecognizer:
    """Words of a vocabulary in `store`, if it is there, settle letters that are in doubt."""
    match settings.kind:
        case "fake":
            from pincite.models.fakes import FakeTextRecognizer

            return FakeTextRecognizer()
        case "rapidocr":
            from pincite.models.rapidocr_text import RapidOcrRecognizer

            return RapidOcrRecognizer(
                languages=settings.languages, known_words=_known_words(settings, store)
            )
        case _:
            assert_never(settings.kind)


_VOCABULARY = "all-minilm-l6-v2-int8"
"""A model of the default profile whose vocabulary is mostly English words."""


def _known_words(settings: Ocr, store: ModelStore | None) -> Callable[[], frozenset[str]] | None:
    if store is None or (settings.languages and "en" not in settings.languages):
        return None
    if not store.has(_VOCABULARY):
        return None

    def read() -> frozenset[str]:
        from pincite.models.word_spelling import known_words

        return known_words(store.path(_VOCABULARY) / "tokenizer.json")

    return read


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


def picture_describer(
    settings: Captions, outgoing: Outgoing = HERE_ONLY
) -> PictureDescriber | None:
    """None where none is configured."""
    match settings:
        case NoCaptions():
            return None
        case LiteLLMCaptions():
            from pincite.models.picture_captions import ChatDescriber, seeing_chat

            return ChatDescriber(seeing_chat(settings, outgoing))
        case _:
            assert_never(settings)


def picture_judge(
    settings: PictureJudge, outgoing: Outgoing = HERE_ONLY
) -> ports.PictureJudge | None:
    """None where none is configured."""
    match settings:
        case NoPictureJudge():
            return None
        case LiteLLMPictureJudge():
            from pincite.models.picture_judge import seeing_judge

            return seeing_judge(settings, outgoing)
        case _:
            assert_never(settings)


def reranker(settings: Reranker, outgoing: Outgoing = HERE_ONLY) -> ports.Reranker | None:
    """None where none is configured."""
    match settings:
        case NoReranker():
            return None
        case OnnxReranker():
            from pincite.models.onnx_reranker import OnnxCrossEncoder

            return OnnxCrossEncoder(settings)
        case CrossEncoderReranker():
            from pincite.models.cross_encoder import CrossEncoderReranker as CrossEncoder

            return CrossEncoder(settings)
        case JudgeReranker():
            from pincite.models.chat_judge import judge

            return judge(settings, outgoing)
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
