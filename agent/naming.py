"""Files that a question names: what another file says is beside the point."""

from __future__ import annotations

from collections.abc import Iterable

from pincite.elements import Scope
from pincite.evidence import Evidence
from retrievers.asking import FILE_NAME


def narrowed(scope: Scope, found: Iterable[Evidence]) -> Scope:
    """The scope without the files that are not named, where a search says that some are."""
    named = frozenset(item.source.id for item in found if FILE_NAME in item.found_by)
    return scope.model_copy(update={"sources": named}) if named else scope
