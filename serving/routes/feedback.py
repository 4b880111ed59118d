"""Objections to verdicts."""

from __future__ import annotations

from fastapi import APIRouter, Request

from pincite.answers import AnswerId
from pincite.feedback import Feedback, Objection
from serving.wiring import scope_of, wired

router = APIRouter()


@router.post("/v1/answers/{answer}/feedback", status_code=201)
async def object_to(request: Request, answer: str, body: Objection) -> Feedback:
    """Only for those who may read the answer; a later word on the same claim replaces it."""
    return await wired(request).service.object_to(AnswerId(answer), body, scope_of(request))


@router.get("/v1/feedback")
async def feedback(request: Request) -> list[Feedback]:
    """On all answers that the asker may read, the earliest first."""
    return await wired(request).service.feedback(scope_of(request))
