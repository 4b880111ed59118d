"""The rules of collections on what may leave this machine, for a person."""

from __future__ import annotations

from ingestion.library import Library
from pincite.elements import Scope
from serving.service import CollectionRule
from serving.wiring import LOCAL


def collection_rules(library: Library, scope: Scope, endpoint: str) -> list[CollectionRule]:
    """By name; `endpoint` is that of the configured language model."""
    seen, own = library.texts.collections(scope), library.texts.egress()
    named = set(own) if LOCAL in scope.principals else set[str]()
    return [_rule(library, name, seen.get(name, 0), endpoint) for name in sorted({*seen, *named})]


def _rule(library: Library, name: str, sources: int, endpoint: str) -> CollectionRule:
    allowed = library.egress.of({name})
    return CollectionRule(
        collection=name,
        sources=sources,
        hosts=tuple(sorted(allowed.hosts)),
        own=name in library.texts.egress(),
        chat_may_read=allowed.permits(endpoint),
    )
