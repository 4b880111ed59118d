"""What the routes share, put on the application by `create_app`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast
from urllib.parse import unquote

from starlette.requests import Request

from pincite.elements import Scope, SourceId
from serving.service import Service

AS = "pincite-as"
"""Header, percent-encoded: act as this person. Whoever holds the token owns the folder anyway."""
LOCAL = "local"


@dataclass(frozen=True, slots=True)
class Wired:
    service: Service
    incoming: Path
    """Where uploads lie until the library took them; inside the data folder."""
    max_upload_mib: int


def wired(request: Request) -> Wired:
    return cast(Wired, request.app.state.wired)


def scope_of(
    request: Request, collections: Sequence[str] = (), sources: Sequence[str] = ()
) -> Scope:
    """Whose eyes a request has. The one place that knows, until there are accounts."""
    return Scope(
        principals=frozenset({unquote(request.headers.get(AS, LOCAL))}),
        collections=frozenset(collections),
        sources=frozenset(SourceId(source) for source in sources),
    )
