"""What may leave this machine, collection by collection.

Whoever holds the token owns the library, and may change its rules.
"""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from serving.service import CollectionRule
from serving.wiring import scope_of, wired

router = APIRouter()


class Rule(BaseModel):
    collection: str
    hosts: list[str] | None
    """Empty for none; null takes the rule back, so that the installation's default holds."""


@router.get("/v1/egress")
async def rules(request: Request) -> list[CollectionRule]:
    """Of the collections that the asker may see."""
    return await wired(request).service.rules(scope_of(request))


@router.put("/v1/egress", status_code=204)
async def put_rule(request: Request, body: Rule) -> Response:
    """Holds from the next question on."""
    await wired(request).service.allow(body.collection, body.hosts)
    return Response(status_code=204)
