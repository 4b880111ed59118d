"""Objections to verdicts as cases that an eval can be run on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from pincite.answers import Answer, Answered, AnswerId, CheckedClaim, Label
from pincite.elements import Element, Scope
from pincite.errors import UnknownSource
from pincite.feedback import Feedback
from pincite.markdown import table_markdown
from serving.service import Service

_UNKNOWN: Final = ""
"""Stands for evidence that is gone, so that `[n]` still means the n-th context."""


async def cases(service: Service, scope: Scope) -> list[dict[str, Any]]:
    """One for each answer with feedback: a line that `pincite-eval audit` reads, and the claims.

    `label` is there where the reader's words, and the verdicts on the other claims, decide it.
    """
    found: dict[AnswerId, list[Feedback]] = {}
    for each in await service.feedback(scope):
        found.setdefault(each.answer, []).append(each)
    return [
        await _case(service, await service.answer(answer, scope), told, scope)
        for answer, told in found.items()
    ]


async def _case(
    service: Service, answer: Answer, told: Sequence[Feedback], scope: Scope
) -> dict[str, Any]:
    made: dict[str, Any] = {
        "id": answer.id,
        "question": answer.question,
        "answer": " ".join(each.text for each in _sentences(answer)),
        "contexts": await _contexts(service, answer, scope),
        "claims": [_claim(each) for each in told],
    }
    label = holds(answer, told)
    return made if label is None else {**made, "label": int(label)}


def holds(answer: Answer, told: Sequence[Feedback]) -> bool | None:
    """Whether every claim of the answer is borne out, as far as is known; None where it is not.

    A reader's word outweighs the verdict; who says that a verdict is wrong, and not what is
    right, leaves it open.
    """
    said = {(each.objection.sentence, each.objection.claim): each for each in told}
    labels = [
        _label(said.get((sentence.id, place)), checked)
        for sentence in _sentences(answer)
        for place, checked in enumerate(sentence.claims, 1)
    ]
    if any(label in {Label.UNSUPPORTED, Label.CONTRADICTED} for label in labels):
        return False
    return True if labels and all(label is Label.SUPPORTED for label in labels) else None


def _label(said: Feedback | None, checked: CheckedClaim) -> Label | None:
    return checked.verdict.label if said is None else said.objection.label


def _sentences(answer: Answer) -> Sequence[Any]:
    return answer.sentences if isinstance(answer, Answered) else ()


def _claim(each: Feedback) -> dict[str, Any]:
    about = each.objection
    return {
        "sentence": about.sentence,
        "claim": about.claim,
        "text": each.text,
        "verdict": each.shown,
        "probability": each.probability,
        "label": about.label,
        "note": about.note,
        "by": each.by,
        "at": each.at.isoformat(),
    }


async def _contexts(service: Service, answer: Answer, scope: Scope) -> list[dict[str, str]]:
    """All evidence that the claims were held against, the n-th being `[n]`."""
    shown = {each.number: each.element for each in (answer.record.shown if answer.record else ())}
    cited = {each.number: each for each in answer.citations}
    numbers = {**{n: c.element for n, c in cited.items()}, **shown}
    texts: dict[int, str] = {}
    for number, element in numbers.items():
        try:
            texts[number] = _text(await service.element(element, scope))
        except UnknownSource:
            texts[number] = cited[number].quote if number in cited else _UNKNOWN
    last = max(numbers, default=0)
    return [{"id": str(n), "text": texts.get(n, _UNKNOWN)} for n in range(1, last + 1)]


def _text(element: Element) -> str:
    above = "\n".join(f"# {heading}" for heading in element.heading_path)
    body = table_markdown(element.table) if element.table else element.text
    return f"{above}\n\n{body}" if above else body
