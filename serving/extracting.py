"""What tables over all files are made with, from the parts of one process."""

from __future__ import annotations

from agent.extracting.extractor import Extractor, Shelved
from agent.extracting.source_rows import Tools
from ingestion.pipeline import Ingestor, Library
from ingestion.report import SourceStatus
from pincite.elements import Scope
from pincite.extractions import FileState


def extractor(library: Library, ingestor: Ingestor, tools: Tools) -> Extractor:
    """`files` and `coverage` are what the ledger says when a table is asked for."""

    def files(scope: Scope) -> list[Shelved]:
        statuses = library.ledger.statuses(library.texts.sources(scope))
        return [Shelved(status.source, state_of(status)) for status in statuses]

    return Extractor(tools, files, ingestor.coverage)


def state_of(status: SourceStatus) -> FileState:
    """How far a file was read, in the words of a table."""
    source, pages = status.source, f"{status.unit_name}s"
    left = status.units_total - status.units_done - status.units_failed
    told = [
        f"{status.units_failed} of {status.units_total} {pages} could not be read"
        if status.units_failed
        else "",
        f"{left} of {status.units_total} {pages} are not read yet" if left > 0 else "",
        status.why or "",
    ]
    why = "; ".join(filter(None, told))
    if status.state == "complete":
        return FileState(source=source.id, name=source.name, state="read")
    if status.units_done:
        return FileState(source=source.id, name=source.name, state="partly", why=why)
    state = "failed" if status.state in ("failed", "incomplete") else "unread"
    why = why or "it is not read yet"
    return FileState(source=source.id, name=source.name, state=state, why=why)
