"""Check an answer of any system against the texts that it was written from, in this process.

    import pincite
    for claim in pincite.check("Rent is 950 a month.", ["The rent is 980 EUR a month."]):
        print(claim.verdict, claim.reason, claim.spots)

Claims, checker and verdicts are those of the answers that Pincite gives itself.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache

from pydantic import ValidationError

from pincite.answers import Claim, Label, Verdict
from pincite.egress import Allowed, host_of, sending
from pincite.elements import ElementId, SourceId
from pincite.errors import UserError
from pincite.grounding.alignment import bearing_pieces
from pincite.grounding.claims import claims_of
from pincite.grounding.contexts import Placed, placed
from pincite.grounding.sentences import answer_sentences
from pincite.grounding.shipped import Cut, cut_of, shipped_checker
from pincite.grounding.shown import in_answer
from pincite.models.ports import ClaimChecker, Numbered
from pincite.values import Value

MOST_CLAIMS = 400
"""Of an answer that are checked, at some 20 ms each; further ones are said not to be."""
CONTEXTS_KEPT = 64
"""Contexts whose elements are remembered: several answers are often held against the same ones."""


class Context(Value):
    """A text that an answer was written from."""

    id: str
    text: str


class Spot(Value):
    """A place in a context."""

    context: str
    start: int
    """Characters [start, end) of the context's text."""
    end: int


class ClaimCheck(Value):
    """A claim of an answer, with what became of it."""

    text: str
    """As it was checked: without citation marks, and to be understood by itself."""
    start: int
    """Characters [start, end) of the answer."""
    end: int
    verdict: Label
    probability: float
    """That the contexts bear it out."""
    reason: str
    """One sentence for a reader."""
    doubtful: tuple[tuple[int, int], ...] = ()
    """Characters [start, end) of the answer that are not borne out, where only some are not."""
    spots: tuple[Spot, ...] = ()
    """What it rests on, what contradicts it, or else the nearest thing; best first."""


class WholeCheck(Value):
    """What the claims of an answer say about it as a whole."""

    supported: bool
    """Whether `probability` passes the checker's cut for answers."""
    probability: float
    """That all claims are borne out, as if each were so independently of the others; 0 where one
    cannot be checked, 1 without claims."""
    claims: tuple[ClaimCheck, ...]


Contexts = Sequence[str | Context | Mapping[str, str]]
"""Texts, or texts with ids (`{"id": …, "text": …}`); without one a text's id is its place, from 1.

`[2]` in an answer cites the second. Markdown tables and records in JSON are read as what they are.
"""


class Checking:
    """A claim checker for plain texts. Thread-safe where the checker is."""

    def __init__(self, checker: ClaimChecker) -> None:
        self._checker = checker

    @property
    def id(self) -> str:
        return self._checker.id

    @property
    def checker(self) -> ClaimChecker:
        return self._checker

    @property
    def cut(self) -> Cut:
        return cut_of(self._checker)

    def check(self, answer: str, contexts: Contexts, question: str = "") -> tuple[ClaimCheck, ...]:
        """The claims of an answer, in order; see `pincite.check`."""
        given = _contexts(contexts)
        known: dict[ElementId, tuple[str, Placed]] = {}
        evidence: list[Numbered] = []
        for number, context in enumerate(given, 1):
            for item in _placed(context.text, number):
                known[item.element.id] = (context.id, item)
                evidence.append(Numbered(number=number, element=item.element))
        return tuple(
            _told(claim, answer, _verdict_on(claim, place, evidence, self._checker), known)
            for place, claim in enumerate(_claims(answer, question))
        )

    def whole(self, answer: str, contexts: Contexts, question: str = "") -> WholeCheck:
        """The same, with one verdict on the answer."""
        claims = self.check(answer, contexts, question)
        probability = math.prod(borne_out(claim) for claim in claims)
        return WholeCheck(
            supported=probability >= self.cut.answer, probability=probability, claims=claims
        )


def borne_out(claim: ClaimCheck) -> float:
    """The probability of a claim; 0 for one that cannot be checked, as nothing bears it out."""
    return 0.0 if claim.verdict is Label.NOT_CHECKABLE else claim.probability


def check(answer: str, contexts: Contexts, question: str = "") -> tuple[ClaimCheck, ...]:
    """The claims of `answer`, in order, each held against all of `contexts`.

    `question` gives meaning to an answer that is a fragment (`14.2`). An answer that states
    nothing has no claims; without contexts nothing is supported. The checker that ships is loaded
    at the first call, which takes about a second. Nothing is sent anywhere, unless an encoder
    elsewhere is configured and `PINCITE_EGRESS__HOSTS` names its host.

    Raises:
        UserError: a context is neither a text nor a text with an id.
        MissingModel: its weights are not in the model store.
    """
    with sending(_allowed()):
        return shipped().check(answer, contexts, question)


@cache
def _allowed() -> Allowed:
    """These texts are of no collection."""
    from pincite.config import Settings

    return Allowed(hosts=frozenset(map(host_of, Settings.load().egress.hosts)))


@cache
def shipped() -> Checking:
    """What `check` uses: this installation's encoder and the checker that ships."""
    from pincite.config import Settings
    from pincite.models.factory import text_encoder
    from pincite.models.store import ModelStore

    settings = Settings.load()
    encoder = text_encoder(settings.encoder, ModelStore(settings.models))
    return Checking(shipped_checker(encoder))


def _contexts(contexts: Contexts) -> list[Context]:
    given: list[Context] = []
    for number, context in enumerate(contexts, 1):
        try:
            made = {"id": str(number), "text": context} if isinstance(context, str) else context
            given.append(Context.model_validate(made))
        except ValidationError as exc:
            raise UserError(
                f"context {number} is neither a text nor an object with the texts id and text"
            ) from exc
    return given


@lru_cache(maxsize=CONTEXTS_KEPT)
def _placed(text: str, number: int) -> tuple[Placed, ...]:
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return tuple(placed(text, SourceId(f"context-{number}-{digest}")))


def _claims(answer: str, question: str) -> list[Claim]:
    """With their places in the answer."""
    found: list[Claim] = []
    before: list[str] = []
    for span in answer_sentences(answer):
        sentence = answer[span.start : span.end]
        for claim in claims_of(sentence, question, before):
            start, end = span.start + claim.start, span.start + claim.end
            found.append(claim.model_copy(update={"start": start, "end": end}))
        before.append(sentence)
    return found


def _verdict_on(
    claim: Claim, place: int, evidence: Sequence[Numbered], checker: ClaimChecker
) -> Verdict:
    if place < MOST_CLAIMS:
        return checker.check(claim, evidence)
    why = f"The answer has more than {MOST_CLAIMS} claims; only the first were checked."
    return Verdict(label=Label.NOT_CHECKABLE, probability=0.5, reason=why)


def _told(
    claim: Claim, answer: str, verdict: Verdict, known: Mapping[ElementId, tuple[str, Placed]]
) -> ClaimCheck:
    rests_on = [known[element] for element in verdict.supports if element in known]
    contexts = {piece: context for context, item in rests_on for piece in item.pieces}
    return ClaimCheck(
        text=claim.text,
        start=claim.start,
        end=claim.end,
        verdict=verdict.label,
        probability=verdict.probability,
        reason=verdict.reason,
        doubtful=in_answer(claim, answer, verdict.doubtful),
        spots=tuple(
            Spot(context=contexts[piece], start=piece.start, end=piece.end)
            for piece in bearing_pieces(claim.text, list(contexts))
        ),
    )
