"""What is said of pictures: by a model that sees, by the labels that ship, by what is written."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from math import exp
from typing import Final, NamedTuple

from PIL import Image

from evals.asked_photos import Probe
from evals.suites import Context
from pincite.config import LabelImages, LiteLLMCaptions, NoChat
from pincite.models.chat_asked import answers
from pincite.models.factory import chat_model, joint_encoder, picture_describer
from pincite.models.label_joint import LabelEncoder
from pincite.models.picture_captions import ChatDescriber, seeing_chat
from pincite.models.ports import ChatModel, JointEncoder, Message, Picture, PictureDescriber
from pincite.models.store import ModelStore

NOT_SEEING: Final = (
    "nothing that sees is configured: PINCITE_CAPTIONS__KIND is none, and the chat model takes "
    "text only; docs/vision.md says how to serve one"
)
_MOST_TOKENS: Final = 8
"""Of a yes or no."""


class Seeing(NamedTuple):
    """What the settings bring to say what a picture shows; None where they bring none."""

    describer: PictureDescriber | None
    chat: ChatModel | None
    """Answers questions about a picture."""


def seeing(context: Context) -> Seeing:
    """Raises BadSettings where pictures would leave this machine unasked."""
    settings = context.settings
    describer = picture_describer(settings.captions)
    chat = None
    if not isinstance(settings.chat, NoChat):
        chat = chat_model(settings.chat, ModelStore(settings.models))
    chat = chat if chat is not None and chat.vision is not None else None
    if isinstance(settings.captions, LiteLLMCaptions):
        chat = chat or seeing_chat(settings.captions)
    return Seeing(describer or (ChatDescriber(chat) if chat else None), chat)


def encoder_of(context: Context) -> JointEncoder | None:
    return joint_encoder(context.settings.images, ModelStore(context.settings.models))


def label_caption(context: Context) -> Callable[[Picture], str]:
    """The best name of the classifier that ships, as a sentence."""
    classifier = LabelEncoder(LabelImages(), ModelStore(context.settings.models))
    return lambda picture: f"A photo of {_with_article(classifier.names(picture, keep=1)[0][0])}."


def says_yes(chat: ChatModel, picture: Picture, question: str) -> bool:
    """Raises ModelUnavailable. What begins with neither is no."""
    asked = Message(
        role="user", content=f"{question} Answer yes or no.", pictures=(png_of(picture),)
    )
    [said] = answers(chat, [asked], max_tokens=_MOST_TOKENS)
    return said.strip().lower().startswith("yes")


def probability(encoder: JointEncoder, picture: Picture, probes: Sequence[Probe]) -> list[float]:
    """That the picture shows each thing, as search for pictures takes it.

    Raises:
        ValueError: the encoder orders pictures and gives no probability.
    """
    calibration = encoder.calibration
    if calibration is None or calibration.bias is None:
        raise ValueError("the encoder has no probability of its own")
    said = encoder.embed_texts([probe.thing for probe in probes])
    cosines = said @ encoder.embed_pictures([picture])[0]
    return [calibrated(float(cosine), calibration.scale, calibration.bias) for cosine in cosines]


def calibrated(cosine: float, scale: float, bias: float) -> float:
    return 1 / (1 + exp(-(scale * cosine + bias)))


def png_of(picture: Picture) -> bytes:
    file = io.BytesIO()
    Image.fromarray(picture).save(file, format="PNG")
    return file.getvalue()


def _with_article(name: str) -> str:
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"
