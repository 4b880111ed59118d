"""Checks a dossier anew: its hashes, its verdicts, and its quotes in the library that is here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from pincite.answers import Answered, AnswerId, CheckedClaim, Citation, Label, Verdict
from pincite.elements import ContentId, Element, Scope, SourceId, element_id
from pincite.errors import TooLarge, UnknownSource, UserError
from pincite.models.ports import ClaimChecker, Numbered
from pincite.texts import UNIT_STRIDE
from pincite.values import Value
from serving.dossier.contents import DOSSIER, Dossier
from serving.dossier.packing import damages, unpacked
from serving.dossier.standing import holds, meet
from serving.places import cited
from serving.service import Service

MOST_CLAIMS: Final = 5_000
MOST_PIECES: Final = 2_000
MOST_MIB: Final = 32
"""Of `dossier.json`."""
MOST_COLUMNS: Final = 100_000
"""That the cells of all tables say they span."""
MOST_CHARACTERS: Final = 4_000_000
"""Of all evidence; and of claims and quotes a tenth of it."""
_SOURCE: Final = re.compile(r"[\w-]{1,80}", re.ASCII)
_ORDINAL: Final = re.compile(r".*\.([0-9]{1,9})", re.DOTALL)
"""Of an element id from a file: it may be anything."""


class Again(Value):
    """A claim and what the checker of this machine says of it."""

    claim: str
    then: Label
    now: Label
    probability_then: float
    probability_now: float
    reason: str
    """Of now."""
    by_figures: bool = False
    """Code had worked it out: its figures were looked for, and it was not reckoned again."""


class Here(Value):
    """A source of the dossier, and where the same bytes are in this library."""

    name: str
    content: ContentId | None
    source: SourceId | None = None
    """None where this library has no such file, or no file of that name is known by its hash."""


class Standing(Value):
    """A cited quote whose source is in this library."""

    number: int
    where: str
    stands: bool


class Opened(Value):
    """A dossier out of a file."""

    dossier: Dossier
    damages: tuple[str, ...]
    """One sentence for each part that is not as it was packed."""


class Replay(Value):
    answer: AnswerId
    question: str
    damages: tuple[str, ...] = ()
    checker_then: str = ""
    """Empty where the answer kept no record."""
    checker_now: str
    is_exact: bool
    """Whether all evidence that was put before the checker then is in the dossier as it was."""
    claims: tuple[Again, ...] = ()
    library: bool = False
    """Whether there was one to look into."""
    sources: tuple[Here, ...] = ()
    quotes: tuple[Standing, ...] = ()

    @property
    def differing(self) -> list[Again]:
        return [again for again in self.claims if again.then is not again.now]

    @property
    def is_same(self) -> bool:
        stand = all(quote.stands for quote in self.quotes)
        return not self.damages and not self.differing and stand


def opened(path: Path) -> Opened:
    """Raises UserError: the file is no dossier, or one that cannot be read."""
    files = unpacked(path)
    found = tuple(damages(files))
    if len(files[DOSSIER]) > MOST_MIB << 20:
        raise TooLarge(f"{DOSSIER} in {path.name} has more than {MOST_MIB} MiB; no dossier does")
    try:
        dossier = Dossier.model_validate_json(files[DOSSIER])
    except (ValidationError, RecursionError) as exc:
        told = found[0] if found else f"{DOSSIER} is not as this version of Pincite writes it."
        raise UserError(f"{path.name} is no dossier that can be checked: {told}") from exc
    if not _is_sensible(dossier):
        raise TooLarge(f"{path.name} has more claims or evidence than any answer has")
    return Opened(dossier=dossier, damages=(*found, *_forged(dossier)))


def _forged(dossier: Dossier) -> Iterator[str]:
    """Evidence that says it is as it was and has not the fingerprint of then."""
    record = dossier.answer.record
    then = {each.element: each.fingerprint for each in record.shown} if record else {}
    for piece in dossier.evidence:
        is_known = piece.how_known == "as_shown"
        if is_known and piece.element.fingerprint != then.get(piece.element.id):
            yield f"The text of [{piece.number}] is not what was put before the checker then."


def _is_sensible(dossier: Dossier) -> bool:
    """Whether it can be checked in sensible time."""
    claims, citations = _claims(dossier), dossier.answer.citations
    elements = [piece.element for piece in dossier.evidence]
    tables = [element.table for element in elements if element.table]
    told = [*(each.claim.text for each in claims), *(each.quote for each in citations)]
    return (
        len(claims) <= MOST_CLAIMS
        and max(len(elements), len(citations), len(dossier.sources)) <= MOST_PIECES
        and sum(cell.column_span for table in tables for cell in table.cells) <= MOST_COLUMNS
        and sum(map(_characters, elements)) <= MOST_CHARACTERS
        and sum(map(len, told)) <= MOST_CHARACTERS // 10
    )


def _characters(element: Element) -> int:
    cells = element.table.cells if element.table else ()
    return sum(map(len, (element.text, *element.heading_path, *(cell.text for cell in cells))))


def judged_anew(dossier: Dossier, checker: ClaimChecker) -> tuple[Again, ...]:
    """The verdict on each claim by the stored evidence; some 20 ms for a claim."""
    evidence = dossier.numbered
    return tuple(_again(each, checker, evidence) for each in _claims(dossier))


def _claims(dossier: Dossier) -> list[CheckedClaim]:
    answer = dossier.answer
    if not isinstance(answer, Answered):
        return []
    return [claim for sentence in answer.sentences for claim in sentence.claims]


def _again(checked: CheckedClaim, checker: ClaimChecker, evidence: Sequence[Numbered]) -> Again:
    then = checked.verdict
    now = (
        of_figures(then, evidence) if then.computed_from else checker.check(checked.claim, evidence)
    )
    return Again(
        claim=checked.claim.text,
        then=then.label,
        now=now.label,
        probability_then=then.probability,
        probability_now=now.probability,
        reason=now.reason,
        by_figures=bool(then.computed_from),
    )


def of_figures(then: Verdict, evidence: Sequence[Numbered]) -> Verdict:
    """Of what code worked out: whether its figures still stand in the evidence; not the sum."""
    texts = [_figures_in(each.element) for each in evidence if each.element.id in then.supports]
    gone = [each for each in then.computed_from if not any(_squeezed(each) in t for t in texts)]
    if not gone:
        return then
    told = f"The figure “{gone[0]}”, with which it was computed, is not in the source."
    return then.model_copy(update={"label": Label.UNSUPPORTED, "probability": 0.0, "reason": told})


def _figures_in(element: Element) -> str:
    cells = element.table.cells if element.table else ()
    return "\n".join(map(_squeezed, (element.text, *(cell.text for cell in cells))))


def _squeezed(text: str) -> str:
    return "".join(text.split())


def replayed(
    given: Opened,
    checker: ClaimChecker,
    found: tuple[tuple[Here, ...], tuple[Standing, ...]] | None,
) -> Replay:
    """`found` is what `looked_up` gave; None without a library."""
    dossier = given.dossier
    record = dossier.answer.record
    here, standing = found or ((), ())
    return Replay(
        answer=dossier.answer.id,
        question=dossier.answer.question,
        damages=given.damages,
        checker_then=record.made_with.checker if record else "",
        checker_now=checker.id,
        is_exact=dossier.is_exact,
        claims=judged_anew(dossier, checker),
        library=found is not None,
        sources=here,
        quotes=standing,
    )


# --- in the library of this machine ---------------------------------------------------------------


async def looked_up(
    dossier: Dossier, service: Service, scope: Scope
) -> tuple[tuple[Here, ...], tuple[Standing, ...]]:
    """Which sources are here under the same hash, and whether the quotes still stand in them."""
    by_content = {s.source.content: s.source.id for s in await service.sources(scope)}
    sources: dict[SourceId, Here] = {}
    for each in dossier.sources:
        here = await _same_source(service, each.id, each.content, scope)
        here = here or (by_content.get(each.content) if each.content else None)
        sources[each.id] = Here(name=each.name, content=each.content, source=here)
    quotes = [
        await _standing(service, citation, here.source, scope)
        for citation in dossier.answer.citations
        if (here := sources.get(citation.source)) is not None and here.source is not None
    ]
    return tuple(sources.values()), tuple(
        Standing(number=c.number, where=cited(c), stands=stands) for c, stands in quotes
    )


async def _same_source(
    service: Service, source: SourceId, content: ContentId | None, scope: Scope
) -> SourceId | None:
    """The very source: also one that a newer version replaced, which no list has."""
    if not _SOURCE.fullmatch(source):
        return None
    try:
        found = (await service.source(source, scope)).source
    except UnknownSource:
        return None
    return source if found.content == content else None


async def _standing(
    service: Service, citation: Citation, source: SourceId, scope: Scope
) -> tuple[Citation, bool]:
    near = await _elements_near(service, citation, source, scope)
    stands = any(
        holds(element, citation.quote) and meet(element.locators, citation.locators)
        for element in near
    )
    return citation, stands


async def _elements_near(
    service: Service, citation: Citation, source: SourceId, scope: Scope
) -> list[Element]:
    """The element of that number; then all of its page or stretch."""
    match = _ORDINAL.fullmatch(citation.element)
    if match is None:
        return []
    ordinal = int(match[1])
    try:
        first = [await service.element(element_id(source, ordinal), scope)]
    except UnknownSource:
        first = []
    if first and holds(first[0], citation.quote):
        return first
    return [*first, *await service.elements(source, ordinal // UNIT_STRIDE, scope)]
