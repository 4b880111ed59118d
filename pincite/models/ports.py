"""What Pincite asks of a model: one port per question, the promise written here and only here.

Constructors are cheap: weights load at the first call or at `warm_up`. Ports that compute are
synchronous and thread-safe (callers use a thread); the chat port is asynchronous: it streams.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal, Protocol

import numpy as np
import numpy.typing as npt
from pydantic import Field

from pincite.answers import Claim, Verdict, Voice
from pincite.elements import Element, Kind
from pincite.models.chat_messages import ChatPiece, ChatUsage, Message, Tool, ToolCall, Vision
from pincite.values import Value

Vectors = npt.NDArray[np.float32]
"""Shape (n, dimensions), each row of length 1."""
Picture = npt.NDArray[np.uint8]
"""Shape (height, width, 3), RGB."""
Quad = tuple[tuple[float, float], tuple[float, float], tuple[float, float], tuple[float, float]]
"""Corners in pixels: top-left, top-right, bottom-right, bottom-left as the text is read."""


# --- language models -----------------------------------------------------------------------------


ChatItem = ChatPiece | ToolCall | ChatUsage


class ChatModel(Protocol):
    """Continues a conversation."""

    @property
    def name(self) -> str: ...

    @property
    def sha256(self) -> str:
        """Of the weights; empty for a remote model."""
        ...

    @property
    def voice(self) -> Voice: ...

    @property
    def endpoint(self) -> str:
        """`local`, or the host that messages are sent to."""
        ...

    @property
    def tokens_per_second(self) -> float:
        """How fast prompts are read, measured on this machine; a cautious guess before that."""
        ...

    @property
    def context(self) -> int:
        """Tokens of prompt and answer together; a cautious guess where it cannot be known."""
        ...

    @property
    def vision(self) -> Vision | None:
        """None for a model that takes text only."""
        ...

    @property
    def calls_tools(self) -> bool:
        """Whether it may be given `tools`; any other ignores them."""
        ...

    def stream(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int = 400,
        stop: Sequence[str] = (),
        schema: Mapping[str, object] | None = None,
        tools: Sequence[Tool] = (),
    ) -> AsyncGenerator[ChatItem, None]:
        """Yield pieces as they are generated, then exactly one `ChatUsage`.

        With `tools` the model may ask for some: each `ToolCall` comes whole, behind all pieces and
        before the `ChatUsage`, in the model's order. Without, there is none.

        Decoding is greedy and seeded: the same messages give the same text on one machine.
        With `schema`, a JSON Schema, the text is JSON that follows it, unless `max_tokens` cuts it
        off; a back end that cannot enforce one ignores it, so the caller parses with care.
        Closing the generator stops the computation.

        Raises:
            MissingModel: no weights in the store.
            ModelUnavailable: the back end did not answer; safe to retry.
        """
        ...

    def count_tokens(self, text: str) -> int:
        """Tokens of `text`, exact or rounded up."""
        ...

    async def warm_up(self) -> None:
        """Load weights now; later calls do not pay for it."""
        ...


# --- text encoders -------------------------------------------------------------------------------


class TextEncoder(Protocol):
    """Maps texts to vectors whose dot product is their similarity."""

    @property
    def id(self) -> str:
        """Model name and weight hash; vectors of different ids are never compared."""
        ...

    @property
    def dimensions(self) -> int: ...

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """One vector per text, in order; over-long texts are cut at the model's limit."""
        ...

    def embed_query(self, text: str) -> npt.NDArray[np.float32]:
        """One vector, shape (dimensions,)."""
        ...

    def warm_up(self) -> None: ...


# --- judging what was found ----------------------------------------------------------------------

Modality = Literal["text", "picture", "sound"]


class Reranker(Protocol):
    """Looks at a question and a thing together and says how well the thing answers it."""

    @property
    def id(self) -> str:
        """Model and weights; scores of different ids are never compared."""
        ...

    @property
    def modalities(self) -> frozenset[Modality]:
        """What it can be given beside the question."""
        ...

    def scores(self, question: str, items: Sequence[str | bytes]) -> list[float]:
        """One relevance in [0, 1] for each item, in order; comparable within one call only.

        An item is a text, or a picture as the bytes of a PNG. No items give an empty list without
        a call of the model. Over-long texts are cut at the model's limit.

        Raises:
            ModelUnavailable: the back end did not answer; safe to retry.
        """
        ...

    def warm_up(self) -> None: ...


# --- one space for several modalities ------------------------------------------------------------

Wave = npt.NDArray[np.float32]
"""Samples in [-1, 1] of one channel, 16 000 a second."""


class Calibration(Value):
    """What turns a cosine of a text and something of another modality into a probability.

    The logistic of `scale * cosine + bias`: SigLIP's own pair, or one that was fitted. A model of
    contrastive softmax (CLIP) has a scale and no bias: its numbers order what is found for one
    query, and a probability needs the other candidates.
    """

    scale: float = Field(gt=0)
    bias: float | None = None


class JointEncoder(Protocol):
    """Maps texts, pictures or sounds into one space, in which they are compared across modalities.

    Texts sit nearer to texts than to any picture, whatever they mean: lists of different modalities
    are fused by rank or by calibrated scores, never by raw cosine.
    """

    @property
    def id(self) -> str:
        """Model name and weight hash; vectors of different ids are never compared."""
        ...

    @property
    def dimensions(self) -> int: ...

    @property
    def modalities(self) -> frozenset[Modality]:
        """What it embeds; the method of any other raises UnsupportedMedia."""
        ...

    @property
    def calibration(self) -> Calibration | None:
        """None where the model brings none."""
        ...

    @property
    def degraded(self) -> str:
        """Why it finds less than a model of this kind does; empty for a full one."""
        ...

    def embed_texts(self, texts: Sequence[str]) -> Vectors:
        """One vector per query, in order; prompt templates are ensembled inside."""
        ...

    def embed_pictures(self, pictures: Sequence[Picture]) -> Vectors:
        """One vector per picture, in order, of any size from 1 × 1 pixel."""
        ...

    def embed_sounds(self, sounds: Sequence[Wave]) -> Vectors:
        """One vector per sound, in order."""
        ...

    def warm_up(self) -> None: ...


# --- reading pictures of text --------------------------------------------------------------------


class RecognizedWord(Value):
    text: str
    quad: Quad
    confidence: float = Field(ge=0, le=1)


class RecognizedLine(Value):
    text: str
    quad: Quad
    confidence: float = Field(ge=0, le=1)
    words: tuple[RecognizedWord, ...] = ()


class TextRecognizer(Protocol):
    """Reads the text in a picture (OCR)."""

    @property
    def id(self) -> str:
        """Model and version, part of the parser version."""
        ...

    def recognize(self, picture: Picture) -> list[RecognizedLine]:
        """Lines in no promised order, with word boxes where the engine gives them.

        Doubtful ones are among them, with their confidence: who shows text decides from which.
        A picture without text gives an empty list.
        """
        ...

    def read_again(self, picture: Picture, places: Sequence[Quad]) -> list[RecognizedLine]:
        """What is written in places that are known, one line for each, in order; no search.

        `places` are quads of lines as `recognize` gives them, in pixels of this picture. A line
        that cannot be read has no text and the confidence 0.
        """
        ...


class PictureDescriber(Protocol):
    """Says in words what a picture shows; they may find the picture, never support a claim."""

    @property
    def id(self) -> str:
        """Model, endpoint and prompt; captions of different ids are never mixed up."""
        ...

    def describe(self, pictures: Sequence[bytes]) -> list[str]:
        """One short text for each PNG, in order; empty where the model says nothing.

        Raises:
            ModelUnavailable: the back end did not answer; safe to retry.
        """
        ...


class Region(Value):
    """A part of a page picture; box in pixels of the picture that was given."""

    label: str
    """As the model names it, e.g. `table`, `figure`, `title`."""
    left: float
    top: float
    right: float
    bottom: float
    confidence: float = Field(ge=0, le=1)
    kind: Kind | None = None
    """What an element of this place is; None where the label has no counterpart."""


class LayoutModel(Protocol):
    """Finds the regions of a page picture."""

    @property
    def id(self) -> str: ...

    def regions(self, picture: Picture, words: Sequence[RecognizedWord] = ()) -> list[Region]:
        """Regions by descending confidence; they may overlap.

        `words` is what is written in the picture, in reading order, where the caller knows it. A
        model that reads words recognizes them itself without; one that looks at pixels only
        ignores them.
        """
        ...


class ReadField(Value):
    """A value of a form or receipt, as a reader says it and as it stands among the words."""

    label: str
    """As written on the page, or as the reader's schema calls it."""
    value: str
    label_words: tuple[int, ...] = ()
    """Positions in the words that were given; empty where the label is not written there."""
    value_words: tuple[int, ...] = ()
    """Positions, in reading order. Empty: unlocated, the reader says what stands nowhere on the
    page; that may help to find the page and never supports a claim."""
    confidence: float = Field(ge=0, le=1)


class FieldReader(Protocol):
    """Reads the labelled values of a form or receipt."""

    @property
    def id(self) -> str: ...

    def fields(self, picture: Picture, words: Sequence[RecognizedWord]) -> list[ReadField]:
        """Fields in the reader's order; `words` is what is written there, in reading order.

        A place is never taken from a model: it is always one of `words`.
        """
        ...


# --- hearing -------------------------------------------------------------------------------------


class SpokenWord(Value):
    text: str
    start_s: float
    end_s: float
    confidence: float = Field(ge=0, le=1)


class SpokenSegment(Value):
    text: str
    start_s: float
    end_s: float
    confidence: float = Field(ge=0, le=1)
    words: tuple[SpokenWord, ...] = ()
    language: str | None = None
    """ISO 639-1 as it was heard; None where the model cannot tell."""


class Transcriber(Protocol):
    """Turns speech into text with times."""

    @property
    def id(self) -> str: ...

    def transcribe(
        self, recording: Path, *, start_s: float, end_s: float
    ) -> Iterator[SpokenSegment]:
        """Segments of [start_s, end_s), in order, times from the start of the recording.

        Silence gives no segment.
        """
        ...


# --- checking claims -----------------------------------------------------------------------------


class Numbered(Value):
    """An element under the number by which an answer cites it; several may share a number."""

    number: int
    element: Element
    source_name: str = ""
    """Of its file. A claim may call what it is about by it, where the page itself does not."""


class ClaimChecker(Protocol):
    """Says whether evidence bears out a claim."""

    @property
    def id(self) -> str: ...

    def check(self, claim: Claim, evidence: Sequence[Numbered]) -> Verdict:
        """Judge `claim` by the elements it cites and, failing that, by all of `evidence`.

        Elements whose `how.may_support` is false never support. A citation number that is not in
        `evidence` makes the claim unsupported and is listed in `Verdict.invented`.
        """
        ...


class Sight(Value):
    """What a model says of one claim and one picture."""

    shows: Literal["yes", "no", "cannot tell"]
    seen: str = ""
    """What it saw, in a few words; from a model, and from nowhere else."""


class PictureJudge(Protocol):
    """A model that sees. Thread-safe; not for use inside an event loop."""

    @property
    def id(self) -> str:
        """Changes with the model and with what it is asked."""
        ...

    def look(self, picture: bytes, claim: str) -> Sight:
        """Whether the PNG shows what the claim says. Raises UpstreamError."""
        ...


# --- reading for an answer -----------------------------------------------------------------------


class PassageReading(Value):
    """What a reader says of one question and one passage."""

    answered: float
    """Logit that the passage answers the question."""
    doubt: float
    """Logit of the word of the question that the passage bears out least."""


class PassageReader(Protocol):
    """Says whether a passage answers a question."""

    @property
    def id(self) -> str: ...

    def read(self, question: str, passage: str) -> PassageReading:
        """A few hundred word pieces are read; a longer passage is cut."""
        ...
