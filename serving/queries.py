"""What a search is given, looked at before anything is searched."""

from __future__ import annotations

from collections.abc import Sequence

from pincite.elements import Scope
from pincite.errors import TooLarge, UserError
from pincite.texts import TextStore
from retrievers.asking import Named
from retrievers.filters import Filter, filtered
from retrievers.fused import LONGEST_QUESTION
from retrievers.searching import today
from serving.service import Query


def sensible(query: Query) -> None:
    """Raises UserError: there is nothing to search with. TooLarge: the question is too long."""
    length = len(query.question.strip())
    if not length and query.audio is None and query.image is None:
        raise UserError("there is nothing to search for; give a question, a recording or a picture")
    if length > LONGEST_QUESTION:
        raise TooLarge(
            f"the question has {length:,} characters, and at most {LONGEST_QUESTION:,} are "
            "searched for; shorten it, or add the text as a file"
        )


def narrowed_by(filters: Sequence[Filter], scope: Scope, *, texts: TextStore) -> Scope | None:
    """None where the filters exclude each other. Raises UserError, see `filtered`."""
    if not filters:
        return scope
    names = [Named(source, name) for source, name in texts.names(scope)]
    return filtered(scope, filters, names, today())
