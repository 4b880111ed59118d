"""Claims held against what was read, the way that claims of answers are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from evals.asking import Asking
from evals.scorers.answers import share_told
from evals.scorers.fields import letters_of
from evals.twins import Pair
from pincite.answers import CheckedClaim, CheckedSentence, Label, SentenceId
from pincite.elements import Element
from pincite.grounding.claims import claims_of
from pincite.models.ports import ClaimChecker, Numbered
from pincite.values import Value

_ALONE: Final = SentenceId("s1")


class PairLabels(Value):
    """By system: the label of the right claim, then of each wrong twin in order."""

    by: dict[str, tuple[Label, ...]]
    unread: bool = False
    """Whether nothing of its pages was read; then nothing can be supported."""


def checked(asking: Asking, collection: str, pair: Pair) -> PairLabels:
    """Evidence is all that was read on the pages; cited is the element that tells the right value.

    A wrong twin keeps the citation: it differs in one place only.
    """
    own = _evidence(asking, collection, [(page.file, page.number) for page in pair.pages])
    others = {
        wrong.held_against: _evidence(asking, collection, [(wrong.held_against, 1)])
        for wrong in pair.wrong
        if wrong.held_against
    }
    texts = [(pair.right, own), *((w.text, others.get(w.held_against, own)) for w in pair.wrong)]
    return PairLabels(
        by={
            name: tuple(
                label_of(text, evidence, cited(pair, evidence), checker, pair.question)
                for text, evidence in texts
            )
            for name, checker in asking.checkers.items()
        },
        unread=not own,
    )


def label_of(
    text: str, evidence: Sequence[Numbered], cites: int, checker: ClaimChecker, question: str = ""
) -> Label:
    """What a reader is shown of a sentence: the worst label of its claims."""
    bare = text.rstrip()
    stop = bare[-1:] if bare[-1:] in {".", "!", "?"} else ""
    sentence = f"{bare.removesuffix(stop).rstrip()} [{cites}]{stop}" if cites else bare
    claims = tuple(
        CheckedClaim(claim=claim, verdict=checker.check(claim, evidence))
        for claim in claims_of(sentence, question)
    )
    return CheckedSentence(id=_ALONE, text=sentence, claims=claims).label


def cited(pair: Pair, evidence: Sequence[Numbered]) -> int:
    """The number of the element that a careful writer would cite; 0 without evidence.

    Of those with the letters of the value all elements, else all: the one with most of the claim's
    telling words, the first of equals.
    """
    wanted = letters_of(pair.value)
    having = [item for item in evidence if wanted in letters_of(item.element.text)]
    said = f"{pair.question} {pair.right}"
    best = max(
        having or evidence,
        key=lambda item: share_told(said, "", item.element.text),
        default=None,
    )
    return best.number if best else 0


def _evidence(asking: Asking, collection: str, pages: Sequence[tuple[str, int]]) -> list[Numbered]:
    sources, texts = asking.sources(collection), asking.opened.library.texts
    found: list[Element] = []
    for file, number in pages:
        if file in sources:
            found += texts.elements_on(sources[file], number)
    told = [element for element in found if element.text.strip()]
    return [Numbered(number=number, element=element) for number, element in enumerate(told, 1)]
