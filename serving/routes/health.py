"""Is it there, and what can it do."""

from __future__ import annotations

from fastapi import APIRouter, Request

from serving.service import Health
from serving.wiring import wired

router = APIRouter()


@router.get("/v1/health")
async def liveness() -> dict[str, str]:
    """Answers without a token; says nothing but that the process is there."""
    return {"status": "ok"}


@router.get("/v1/status")
async def status(request: Request) -> Health:
    """Model, mode, and what is not as configured."""
    return await wired(request).service.health()
