"""What Pincite says and what it rests on.

Text has two states. A `DraftSentence` came from a model and nobody checked it; only the page shows
it, as a draft. A `CheckedSentence` carries the verdicts of its claims; only these enter an
`Answered`, and every surface gives out only these.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from itertools import pairwise
from typing import Annotated, Literal, NewType

from pydantic import Field

from pincite.conflicts import Conflict
from pincite.elements import ElementId, Kind, Medium, SourceId
from pincite.evidence import Coverage
from pincite.locators import Locator
from pincite.structured import Structured
from pincite.values import Value
from pincite.verdicts import Label, Verdict

SentenceId = NewType("SentenceId", str)
AnswerId = NewType("AnswerId", str)


class Citation(Value):
    """A snapshot of one cited element: stays true when the source is parsed anew or replaced."""

    number: int = Field(ge=1)
    """The n of `[n]` in the answer."""
    element: ElementId
    source: SourceId
    source_name: str
    source_version: int
    medium: Medium
    kind: Kind
    locators: tuple[Locator, ...]
    quote: str
    """The element's text, or the part of it that was shown to the model."""
    confidence: float | None = None
    """Of the OCR or speech recognition that read it."""


class Claim(Value):
    """A checkable statement of the answer."""

    text: str
    """As it is checked: it can be understood without what stands around it."""
    start: int = Field(ge=0)
    """Character span [start, end) in its sentence."""
    end: int
    cites: tuple[int, ...] = ()
    """Citation numbers as written; a number that names nothing is in `Verdict.invented`."""
    added: tuple[tuple[int, int], ...] = ()
    """Characters [start, end) of `text` that do not stand at that place of the answer, in order:
    who `she` is, the subject of a joined statement, the question that a fragment answers."""
    sentence: str = ""
    """What it is a part of, without marks; empty where it is the whole sentence."""

    @property
    def said(self) -> str:
        """`text` without what was added."""
        kept, at = "", 0
        for start, end in self.added:
            kept, at = kept + self.text[at:start], end
        return " ".join((kept + self.text[at:]).split())


class CheckedClaim(Value):
    claim: Claim
    verdict: Verdict
    doubtful: tuple[tuple[int, int], ...] = ()
    """Characters [start, end) of its sentence that are not borne out: the verdict's, as they are
    shown."""


class DraftSentence(Value):
    """Model text that nobody has checked; never leaves the page."""

    id: SentenceId
    text: str


_WORST = (Label.CONTRADICTED, Label.UNSUPPORTED, Label.NOT_CHECKABLE, Label.SUPPORTED)


class CheckedSentence(Value):
    """A sentence with the verdicts of its claims."""

    id: SentenceId
    text: str
    """What is given out. Equals the draft unless the sentence was repaired."""
    claims: tuple[CheckedClaim, ...] = ()
    """Empty for a sentence that states nothing (`Here is what I found:`)."""
    revised_from: str | None = None
    """The draft that this text replaces, kept for the audit."""

    @property
    def label(self) -> Label:
        """The worst label of its claims; `not_checkable` without claims."""
        labels = {c.verdict.label for c in self.claims}
        return next((label for label in _WORST if label in labels), Label.NOT_CHECKABLE)

    @property
    def marked(self) -> str:
        """The text with a visible mark unless it is supported or states nothing.

        In a table each cell that is not supported has its own.
        """
        if not self.is_table:
            mark = _MARKS.get(self.label) if self.claims else None
            return f"{mark} {self.text}" if mark else self.text
        text = self.text
        for each in sorted(self.claims, key=lambda each: -each.claim.start):
            if mark := _MARKS.get(each.verdict.label):
                text = f"{text[: each.claim.start]}{mark} {text[each.claim.start :]}"
        return text

    @property
    def is_table(self) -> bool:
        """Whether it is a Markdown table."""
        return self.text.startswith("|")


_MARKS = {
    Label.CONTRADICTED: "[✗ contradicted by the source]",
    Label.UNSUPPORTED: "[? not found in the sources]",
    Label.NOT_CHECKABLE: "[– not checkable]",
}


class Voice(StrEnum):
    """Who wrote the sentences."""

    QUOTES = "quotes"
    """Verbatim from the sources; no language model took part."""
    COMPUTED = "computed"
    """From fields and cells, or worked out from them, by code; no language model took part."""
    SMALL_LOCAL_MODEL = "small local model"
    LOCAL_MODEL = "local model"
    REMOTE_MODEL = "remote model"
    FAKE = "fake model"


class ModelUse(Value):
    """What a model did for an answer; empty strings and zeros where none took part."""

    model: str = ""
    sha256: str = ""
    """Of the weights, where they are local."""
    prompt_tokens: int = 0
    output_tokens: int = 0
    prompt_version: str = ""
    first_token_s: float | None = None
    endpoint: str = "local"
    """`local`, or the host that the evidence was sent to."""
    passed_over: tuple[str, ...] = ()
    """Models before it that did not answer."""
    cost_usd: float | None = None
    """By a price list; None for a model of this machine, or one that is not on it."""


class Quote(Value):
    """A verbatim sentence or line of a source that bears on the question."""

    citation: Citation
    text: str
    relevance: float = Field(ge=0, le=1)


class Shown(Value):
    """A piece of evidence that was put before the checker, without its text."""

    number: int = Field(ge=1)
    """By which the answer cites it."""
    element: ElementId
    fingerprint: str
    """Of the element as it was then; see `ParsedElement.fingerprint`."""


class MadeWith(Value):
    """Versions and thresholds that were in use; empty where they are not known."""

    product: str = ""
    """Version of Pincite."""
    checker: str = ""
    encoder: str = ""
    index: str = ""
    """Kind, tokenisation of words, and the version of its layout."""
    thresholds: dict[str, float] = Field(default_factory=dict[str, float])


class Record(Value):
    """How an answer came about, for whoever has to follow it later."""

    at: datetime
    """In UTC."""
    made_with: MadeWith
    shown: tuple[Shown, ...] = ()
    """All evidence that its claims were held against, cited or not."""
    steps: tuple[str, ...] = ()
    """A clause for each thing that was done, in order."""


class DrawnPicture(Value):
    """A picture that a model drew because the question asked for one.

    It is kept apart from what is read, is never cited, and no claim rests on it; `pincite drawn`
    looks after it.
    """

    id: str
    """Of a generated picture: `GET /v1/generated/{id}.png`."""
    prompt: str
    """The asker's words."""
    model: str
    endpoint: str = "local"
    """`local`, or the host that drew it."""
    seed: int | None = None
    width: int
    height: int


class _Outcome(Value):
    id: AnswerId
    question: str
    coverage: Coverage
    quotes: tuple[Quote, ...] = ()
    citations: tuple[Citation, ...] = ()
    """By number. In `Refused`: the nearest things found, which do not answer."""
    seconds: float = 0
    model: ModelUse = ModelUse()
    record: Record | None = None
    """None in answers of versions that kept none."""
    notice: str = ""
    """A configured part that did not work while it was made, as a sentence for the reader."""
    pictures: tuple[DrawnPicture, ...] = ()
    """Drawn on request: generated, and no evidence."""
    recalled: bool = False
    """Given before, at `record.at`, to the same question; nothing that it depends on has changed
    since."""


class Answered(_Outcome):
    """An answer whose every sentence was checked."""

    kind: Literal["answered"] = "answered"
    sentences: tuple[CheckedSentence, ...] = Field(min_length=1)
    voice: Voice
    missing: tuple[str, ...] = ()
    """Parts of a question of several to which no answer was found, in its words."""
    data: Structured | None = None
    """In the forms table, comparison and JSON; None in any other, and where such an answer could
    not be made, which `notice` says."""
    conflicts: tuple[Conflict, ...] = ()
    """Where sources say different things of what was asked; a sentence or the notice says so."""

    @property
    def text(self) -> str:
        """The answer as plain text; sentences that are not supported carry a visible mark."""
        text = self.sentences[0].marked
        for before, sentence in pairwise(self.sentences):
            gap = "\n\n" if before.is_table or sentence.is_table else " "
            text += gap + sentence.marked
        return text


class RefusalReason(StrEnum):
    NO_EVIDENCE = "no_evidence"
    UNSAFE = "unsafe"
    BUDGET = "budget"
    UNABLE = "unable"
    """A part that it takes is not set up, or did not answer."""


class Refused(_Outcome):
    """No answer, and why. Never hints that something hidden exists."""

    kind: Literal["refused"] = "refused"
    reason: RefusalReason
    message: str
    """One or two sentences for the asker."""
    looked_for: tuple[str, ...] = ()
    """The queries that were tried, in order."""


Answer = Annotated[Answered | Refused, Field(discriminator="kind")]
