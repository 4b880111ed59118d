"""What becomes of a drafted sentence once its claims have verdicts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from pincite.answers import CheckedClaim, CheckedSentence, DraftSentence, Label
from pincite.elements import Element
from pincite.grounding.answer_tables import is_table
from pincite.grounding.claims import claims_of
from pincite.grounding.features import Reading, other_numbers
from pincite.grounding.marks import without_marks
from pincite.grounding.shown import in_answer
from pincite.grounding.spots import spots_of
from pincite.models.ports import ClaimChecker, Numbered

SAME_TOPIC: Final = 0.34
"""Share of a claim's words that a quote must hold to stand in its place."""
INSTEAD: Final = 0.5
"""What another figure of the same kind counts for, as a share of the claim's words."""
LONGEST_QUOTE: Final = 400
"""Characters; a longer sentence is no help to a reader."""


class Context(NamedTuple):
    """What gives a sentence its meaning."""

    question: str = ""
    before: tuple[str, ...] = ()
    """The sentences of the same answer so far."""


_ALONE: Final = Context()


def checked_sentence(
    draft: DraftSentence,
    evidence: Sequence[Numbered],
    checker: ClaimChecker,
    context: Context = _ALONE,
) -> CheckedSentence:
    """Check a draft and mend it once; `revised_from` is set where the text is another one.

    A contradicted sentence becomes what the source says instead, word for word, where it speaks
    of the same thing. A sentence that another element bears out than it cites, or that cites
    nothing, gets that element's number. Everything else keeps its text and carries its mark.
    """
    sentence = _checked(draft, draft.text, evidence, checker, context)
    mended = _mended(sentence, evidence)
    if mended is None or mended == draft.text:
        return sentence
    again = _checked(draft, mended, evidence, checker, context)
    if again.label is not Label.SUPPORTED:
        return sentence
    return again.model_copy(update={"revised_from": draft.text})


def _checked(
    draft: DraftSentence,
    text: str,
    evidence: Sequence[Numbered],
    checker: ClaimChecker,
    context: Context,
) -> CheckedSentence:
    found: list[CheckedClaim] = []
    for claim in claims_of(text, context.question, context.before):
        verdict = checker.check(claim, evidence)
        doubtful = in_answer(claim, text, verdict.doubtful)
        found.append(CheckedClaim(claim=claim, verdict=verdict, doubtful=doubtful))
    return CheckedSentence(id=draft.id, text=text, claims=tuple(found))


def _mended(sentence: CheckedSentence, evidence: Sequence[Numbered]) -> str | None:
    if sentence.label is Label.CONTRADICTED:
        return _as_quoted(sentence, evidence)
    if sentence.label is Label.SUPPORTED and len(sentence.claims) == 1:
        return _recited(sentence, evidence)
    return None


def _as_quoted(sentence: CheckedSentence, evidence: Sequence[Numbered]) -> str | None:
    """The supported claims as they are, the contradicted ones as the source has it."""
    parts: list[str] = []
    for claim in sentence.claims:
        label = claim.verdict.label
        if label is Label.SUPPORTED:
            parts.append(_standing(sentence, claim))
        elif label is Label.CONTRADICTED:
            said = _instead(claim, evidence)
            if said is None:
                return None
            parts.append(said)
    return " ".join(dict.fromkeys(parts)) or None


def _standing(sentence: CheckedSentence, checked: CheckedClaim) -> str:
    text = sentence.text[checked.claim.start : checked.claim.end].strip(" ,;")
    if checked.claim.text.endswith(f" {checked.claim.said}"):  # its subject stands elsewhere
        text = checked.claim.text
    marks = "".join(f"[{n}]" for n in checked.claim.cites)
    bare = without_marks(text).rstrip(".!? ")
    return f"{bare[:1].upper()}{bare[1:]} {marks}."


def _instead(checked: CheckedClaim, evidence: Sequence[Numbered]) -> str | None:
    supports = checked.verdict.supports[:1]
    found = [item for item in evidence if item.element.id in supports]
    if not found:
        return None
    quote = best_quote(checked.claim.text, found[0].element)
    return f"The source says: “{quote}” [{found[0].number}]" if quote else None


def best_quote(claim: str, element: Element) -> str | None:
    """The sentence or row of `element` that speaks most of what `claim` speaks of, if it does.

    One that has another figure where the claim has a wrong one comes first.
    """
    reading = Reading.of(claim)
    wanted = frozenset(reading.stems)
    best, score = None, SAME_TOPIC
    for spot in spots_of(element):
        share = len(wanted & (spot.stems | spot.context_stems)) / max(len(wanted), 1)
        share += INSTEAD if share > 0 and other_numbers(reading, spot) else 0.0
        if share >= score and len(spot.text) <= LONGEST_QUOTE:
            best, score = spot.text, share
    return best


def _recited(sentence: CheckedSentence, evidence: Sequence[Numbered]) -> str | None:
    """The sentence with the numbers of what bears it out, where it cites other ones or none."""
    [checked] = sentence.claims
    if is_table(sentence.text):
        return None
    numbers = {item.element.id: item.number for item in evidence}
    bearing = [numbers[id_] for id_ in checked.verdict.supports if id_ in numbers]
    if not bearing or set(bearing) & set(checked.claim.cites):
        return None
    bare = without_marks(sentence.text).rstrip()
    stop = bare[-1] if bare[-1] in ".!?" else "."
    return f"{bare.rstrip('.!? ')} [{bearing[0]}]{stop}"
