"""One value of one file, read from its fields: what search and a small model do badly.

Which file is meant is told by days, amounts and words that stand in it; then the value is taken as
`pincite extract` takes it. Long files are left out: a name stands for many values there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Final

from agent.extracting.extractor import Extractor
from agent.ready import Ready
from agent.run import Run
from agent.understanding import parts
from agent.value_questions import Asked, Named, asked_values, fits, named
from pincite import extractions
from pincite.answer_form import Form
from pincite.answers import CheckedClaim, CheckedSentence, Claim, SentenceId
from pincite.elements import Source
from pincite.evidence import Evidence
from pincite.extractions import Extracted, FoundCell, TextValue
from pincite.models.ports import Numbered

WIDE: Final = 24
"""Passages of a search for the file that is meant."""
MOST: Final = 12
"""Files that are looked at."""
SAME: Final = 0.8
"""Likeness of two readings of the same words."""


async def look_up(run: Run, question: str, evidence: Sequence[Evidence]) -> Ready | None:
    """None where no value is asked for, no one file is meant, or it has no such value for sure."""
    extractor = run.services.extractor
    ways = asked_values(question) if len(parts(question)) == 1 else ()
    if extractor is None or not ways or run.wishes.form is not Form.SHORT:
        return None
    for asked in ways:
        wanted = named(asked.about)
        files = await asyncio.to_thread(_files, run, extractor, asked, wanted, evidence)
        found = [cell for each in files if (cell := await _cell(run, extractor, asked, each))]
        if found and _agree(found):
            return _ready(extractor, found[0], asked.column.name)
    return None


def _agree(cells: Sequence[FoundCell]) -> bool:
    """Whether files that nothing tells apart say the same; words of scans nearly so."""
    first, *others = (cell.value for cell in cells)
    return all(
        SequenceMatcher(None, str(first), str(other)).ratio() >= SAME
        if isinstance(first, TextValue)
        else first == other
        for other in others
    )


def _files(
    run: Run, extractor: Extractor, asked: Asked, wanted: Named, evidence: Sequence[Evidence]
) -> list[Source]:
    """Those that fit best; several where nothing tells them apart."""
    if not wanted.says_something:
        files = list({each.source.id: each.source for each in evidence}.values())
        return files if len(files) == 1 and extractor.short_text(files[0]) else []
    wide = run.services.retriever.search(asked.about, run.scope, keep=WIDE)
    there = {each.source.id: each.source for each in (*evidence, *wide)}
    told = [
        (fits(wanted, source.name, text), source)
        for source in [*there.values()][:MOST]
        if (text := extractor.short_text(source))
    ]
    best = max((fit for fit, _ in told), default=0.0)
    return [source for fit, source in told if fit == best > 0]


async def _cell(run: Run, extractor: Extractor, asked: Asked, source: Source) -> FoundCell | None:
    wanted = extractions.Asked(columns=(asked.column,), rows="files", with_model=False)
    scope = run.scope.model_copy(update={"sources": frozenset({source.id})})
    async for event in extractor.extract(wanted, scope):
        if isinstance(event, Extracted):
            cells = [cell for row in event.table.rows for cell in row.cells]
            sure = [cell for cell in cells if isinstance(cell, FoundCell) and cell.is_sure]
            return sure[0] if len(sure) == 1 and sure[0].is_supported else None
    return None


def _ready(extractor: Extractor, cell: FoundCell, name: str) -> Ready | None:
    """None where its element is gone meanwhile."""
    id_ = cell.citation.element
    element = extractor.elements([id_]).get(id_)
    if element is None:
        return None
    cited = cell.citation.model_copy(update={"number": 1})
    claim = Claim(text=cell.claim, start=0, end=len(cell.claim), cites=(1,))
    checked = CheckedClaim(claim=claim, verdict=cell.verdict)
    return Ready(
        sentences=(
            CheckedSentence(id=SentenceId("s1"), text=f"{cell.claim} [1]", claims=(checked,)),
        ),
        citations=(cited,),
        evidence=(Numbered(number=1, element=element, source_name=cited.source_name),),
        step=f"read “{name}” from the {cell.by} of {cited.source_name} that has it",
    )
