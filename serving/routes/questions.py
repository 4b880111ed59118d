"""Ask and search."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import Field, TypeAdapter, ValidationError
from starlette.requests import ClientDisconnect

from pincite.answer_form import Form
from pincite.answers import Answer, Answered, AnswerId
from pincite.asking import wishes
from pincite.errors import UpstreamError, UserError
from pincite.events import AskEvent, Failed, Finished
from pincite.evidence import Findings
from pincite.values import Value
from retrievers.filters import split
from serving.http_errors import from_wire
from serving.outgoing import checked_only, without_drafts
from serving.service import Query, Upload
from serving.sse import EventStream, left
from serving.uploads import receive_form
from serving.wiring import scope_of, wired

router = APIRouter()
_ANSWER: TypeAdapter[Answer] = TypeAdapter(Answer)
_LONGEST_QUESTION = 4000
_MANY = ("collections", "sources", "filters")


class Question(Value):
    question: str = Field(min_length=1, max_length=_LONGEST_QUESTION)
    collections: tuple[str, ...] = ()
    """Empty means all."""
    sources: tuple[str, ...] = ()
    conversation: str | None = Field(default=None, max_length=100)
    form: Form | None = None
    """`short` where nothing is said, `json` where there is a schema."""
    outline: dict[str, Any] | None = Field(default=None, alias="schema")
    """JSON Schema of an answer in JSON; see `pincite.answer_shapes` for the part that is taken."""
    fresh: bool = False
    """Make the answer anew, even if nothing has changed since it was given before."""
    drafts: bool = False
    """Of an event stream: send unchecked text too. Only for a surface that shows it as a draft."""


class Wanted(Value):
    question: str = ""
    collections: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    filters: tuple[str, ...] = ()
    """`KEY=VALUE`, as on the command line."""
    keep: int = Field(default=8, ge=1, le=100)


@router.post("/v1/ask")
async def ask(request: Request, body: Question) -> Response:
    """An answer as JSON, checked; or its events, with `Accept: text/event-stream`."""
    scope = scope_of(request, body.collections, body.sources)
    told = wishes(body.form, body.outline, fresh=body.fresh)
    events = wired(request).service.ask(
        body.question, scope, conversation=body.conversation, wishes=told
    )
    if "text/event-stream" in request.headers.get("accept", ""):
        return EventStream(events if body.drafts else checked_only(events))
    answering = asyncio.create_task(_answer(events))
    leaving = asyncio.create_task(left(request.receive))
    try:
        await asyncio.wait({answering, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not answering.done():
            raise ClientDisconnect
        return reply(without_drafts(answering.result()))
    finally:
        for task in (answering, leaving):
            task.cancel()
        await asyncio.gather(answering, leaving, return_exceptions=True)


async def _answer(events: AsyncGenerator[AskEvent, None]) -> Answer:
    async with aclosing(events):
        async for event in events:
            if isinstance(event, Finished):
                return event.answer
            if isinstance(event, Failed):
                raise from_wire(event.error, event.message)
    raise UpstreamError("the question ended without an answer")


@router.get("/v1/answers/{answer}")
async def earlier(request: Request, answer: str) -> Response:
    """An earlier answer, with its citations as they were."""
    found = await wired(request).service.answer(AnswerId(answer), scope_of(request))
    return reply(without_drafts(found))


@router.get("/v1/answers/{answer}/dossier.zip")
async def dossier(request: Request, answer: str) -> Response:
    """An earlier answer with all it rests on, to be kept or given to an auditor."""
    packed = await wired(request).service.dossier(AnswerId(answer), scope_of(request))
    headers = {"content-disposition": 'attachment; filename="dossier.zip"'}
    return Response(packed, media_type="application/zip", headers=headers)


@router.post("/v1/search")
async def search(request: Request) -> Findings:
    """JSON; or multipart with the same fields and the files `audio` and `image`."""
    if request.headers.get("content-type", "").startswith("multipart/"):
        here = wired(request)
        form = await receive_form(request, here.incoming, max_bytes=here.max_upload_mib << 20)
        try:
            return await _found(request, _wanted(form.fields), form.uploads)
        finally:
            form.remove_files()
    return await _found(request, _wanted(await request.body()), ())


def _wanted(body: bytes | Mapping[str, Sequence[str]]) -> Wanted:
    """Raises RequestValidationError, as a declared body would."""
    try:
        if isinstance(body, bytes):
            return Wanted.model_validate_json(body)
        many = {name: body[name] for name in _MANY if name in body}
        return Wanted.model_validate({name: values[-1] for name, values in body.items()} | many)
    except ValidationError as exc:
        raise RequestValidationError(exc.errors()) from exc


async def _found(request: Request, wanted: Wanted, uploads: Sequence[Upload]) -> Findings:
    files = {upload.field: upload for upload in uploads}
    if unknown := sorted(files.keys() - {"audio", "image"}):
        raise UserError(f"no file of a search is called {unknown[0]!r}; these are: audio, image")
    query = Query(
        question=wanted.question,
        filters=tuple(split(each) for each in wanted.filters),
        audio=files.get("audio"),
        image=files.get("image"),
    )
    scope = scope_of(request, wanted.collections, wanted.sources)
    return await wired(request).service.search(query, scope, keep=wanted.keep)


def reply(answer: Answer) -> Response:
    """`text` marks what is not supported; `labels` say it sentence by sentence."""
    answered = answer if isinstance(answer, Answered) else None
    return JSONResponse(
        {
            "text": answered.text if answered else "",
            "labels": [str(sentence.label) for sentence in answered.sentences] if answered else [],
            "answer": _ANSWER.dump_python(answer, mode="json"),
        }
    )
