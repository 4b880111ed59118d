"""A service in another process, spoken to over HTTP: the owner of the data folder."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

import httpx
from pydantic import SecretStr, TypeAdapter

from pincite.answers import Answer, AnswerId
from pincite.asking import AS_EVER, Wishes
from pincite.elements import Element, ElementId, Scope, SourceId
from pincite.errors import UserError
from pincite.events import ASK_EVENT, AskEvent, Failed
from pincite.evidence import Coverage, Findings
from pincite.extractions import EXTRACT_EVENT, Asked, Extracted, Extracting
from pincite.feedback import Feedback, Objection
from serving.http_errors import from_wire
from serving.remote_studio import RemoteStudio
from serving.remote_wire import (
    asker,
    data_of,
    gone,
    narrowed,
    not_failed,
    only_asker,
    opened,
    raise_for,
)
from serving.service import (
    Accepted,
    Accounted,
    Alike,
    CollectionRule,
    Health,
    IngestProgress,
    Placed,
    Query,
    SourceStatus,
    Upload,
)

_ALIKE = TypeAdapter(list[Alike])
_ANSWER: TypeAdapter[Answer] = TypeAdapter(Answer)
_ACCEPTED = TypeAdapter(list[Accepted])
_FEEDBACK = TypeAdapter(list[Feedback])
_ELEMENTS = TypeAdapter(list[Element])
_PLACED = TypeAdapter(list[Placed])
_RULES = TypeAdapter(list[CollectionRule])
_SOURCES = TypeAdapter(list[SourceStatus])
_WAIT = httpx.Timeout(30, read=None)
"""A first answer may have to wait for a model to load; a dead peer closes the connection."""


class RemoteService:
    """Speaks the HTTP API as `Service`; raises the same errors. Drafts never cross the wire."""

    def __init__(self, url: str, token: SecretStr) -> None:
        headers = {"authorization": f"Bearer {token.get_secret_value()}"}
        # No proxy of the environment may come between two processes of one machine.
        self._http = httpx.AsyncClient(
            base_url=url, headers=headers, timeout=_WAIT, trust_env=False
        )
        self.studio = RemoteStudio(self._send, self._events)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._http.aclose()

    # --- files ------------------------------------------------------------------------------------

    async def ingest(
        self, paths: Sequence[Path], *, collection: str, readers: frozenset[str]
    ) -> AsyncGenerator[IngestProgress, None]:
        from serving.remote_ingest import ingest

        async for progress in ingest(self, paths, collection=collection, readers=readers):
            yield progress

    async def add(
        self, uploads: Sequence[Upload], *, collection: str, readers: frozenset[str]
    ) -> list[Accepted]:
        """One request per file, so that one that is refused stops no other."""
        return [await self._add(upload, collection, readers) for upload in uploads]

    async def _add(self, upload: Upload, collection: str, readers: frozenset[str]) -> Accepted:
        fields = {
            "collection": collection,
            "reader": sorted(readers),
            "origin": upload.origin,
        }
        try:
            with upload.path.open("rb") as file:
                body = await self._json(
                    "POST", "/v1/sources", data=fields, files={"files": (upload.name, file)}
                )
        except OSError as exc:
            why = f"{upload.name} cannot be opened: {exc.strerror}"
            return Accepted(name=upload.name, outcome="refused", why=why)
        except UserError as exc:
            return Accepted(name=upload.name, outcome="refused", why=str(exc))
        return _ACCEPTED.validate_python(body["accepted"])[0]

    async def watch(self, scope: Scope) -> AsyncGenerator[IngestProgress, None]:
        async with self._events("GET", "/v1/ingest/events", scope) as lines:
            async for data in lines:
                yield IngestProgress.model_validate_json(not_failed(data))

    async def resume(self) -> int:
        """A running service reads what is pending on its own."""
        return 0

    async def sources(self, scope: Scope) -> list[SourceStatus]:
        body = await self._json("GET", "/v1/sources", scope)
        return _SOURCES.validate_python(body["sources"])

    async def source(self, source: SourceId, scope: Scope) -> SourceStatus:
        return SourceStatus.model_validate(await self._json("GET", f"/v1/sources/{source}", scope))

    async def delete(self, source: SourceId, scope: Scope, *, now: bool) -> None:
        await self._send("DELETE", f"/v1/sources/{source}", scope, params={"now": now})

    async def stop(self, source: SourceId, scope: Scope) -> None:
        await self._send("POST", f"/v1/sources/{source}/stop", scope)

    async def retry(self, source: SourceId, scope: Scope) -> int:
        body = await self._json("POST", f"/v1/sources/{source}/retry", scope)
        return int(body["units"])

    async def account(self, scope: Scope) -> Accounted:
        return Accounted.model_validate(await self._json("GET", "/v1/account", scope))

    async def duplicates(self, scope: Scope) -> list[Alike]:
        return _ALIKE.validate_python(await self._json("GET", "/v1/duplicates", scope))

    async def placed(self, prefix: str, collection: str) -> list[Placed]:
        asked = {"prefix": prefix, "collection": collection}
        return _PLACED.validate_python(await self._json("GET", "/v1/places", params=asked))

    async def place(self, source: SourceId, *, origin: str, stamp: str) -> None:
        body = {"source": source, "origin": origin, "stamp": stamp}
        await self._send("POST", "/v1/places", json=body)

    async def displace(self, source: SourceId, origin: str) -> bool:
        asked = {"source": source, "origin": origin}
        return bool((await self._json("DELETE", "/v1/places", params=asked))["deleted"])

    async def rules(self, scope: Scope) -> list[CollectionRule]:
        return _RULES.validate_python(await self._json("GET", "/v1/egress", scope))

    async def allow(self, collection: str, hosts: Sequence[str] | None) -> None:
        body = {"collection": collection, "hosts": None if hosts is None else list(hosts)}
        await self._send("PUT", "/v1/egress", json=body)

    async def coverage(self, scope: Scope) -> Coverage:
        body = await self._json("GET", "/v1/sources", scope)
        return Coverage.model_validate(body["coverage"])

    # --- questions --------------------------------------------------------------------------------

    async def search(self, query: Query, scope: Scope, *, keep: int) -> Findings:
        filters = [f"{field}={value}" for field, value in query.filters]
        body = {"question": query.question, "keep": keep, "filters": filters, **narrowed(scope)}
        with ExitStack() as stack:
            files = {
                field: (upload.name, stack.enter_context(opened(upload)))
                for field, upload in (("audio", query.audio), ("image", query.image))
                if upload is not None
            }
            sent = {"data": body, "files": files} if files else {"json": body}
            return Findings.model_validate(
                await self._json("POST", "/v1/search", only_asker(scope), **sent)
            )

    async def ask(
        self,
        question: str,
        scope: Scope,
        *,
        conversation: str | None = None,
        wishes: Wishes = AS_EVER,
    ) -> AsyncGenerator[AskEvent, None]:
        body = {
            "question": question,
            "conversation": conversation,
            **wishes.model_dump(mode="json", by_alias=True),
            **narrowed(scope),
        }
        async with self._events("POST", "/v1/ask", scope, json=body) as lines:
            async for data in lines:
                yield ASK_EVENT.validate_json(data)

    async def extract(
        self, asked: Asked, scope: Scope, *, filters: Sequence[tuple[str, str]] = ()
    ) -> AsyncGenerator[Extracting | Extracted, None]:
        told = [f"{field}={value}" for field, value in filters]
        body = {**asked.model_dump(mode="json"), "filters": told, **narrowed(scope)}
        async with self._events("POST", "/v1/extract", scope, json=body) as lines:
            async for data in lines:
                event = EXTRACT_EVENT.validate_json(data)
                if isinstance(event, Failed):
                    raise from_wire(event.error, event.message)
                yield event

    async def answer(self, answer: AnswerId, scope: Scope) -> Answer:
        body = await self._json("GET", f"/v1/answers/{answer}", scope)
        return _ANSWER.validate_python(body["answer"])

    async def dossier(self, answer: AnswerId, scope: Scope) -> bytes:
        return (await self._send("GET", f"/v1/answers/{answer}/dossier.zip", scope)).content

    async def object_to(self, answer: AnswerId, objection: Objection, scope: Scope) -> Feedback:
        body = objection.model_dump(mode="json")
        path = f"/v1/answers/{quote(answer, safe='')}/feedback"
        return Feedback.model_validate(await self._json("POST", path, scope, json=body))

    async def feedback(self, scope: Scope) -> list[Feedback]:
        return _FEEDBACK.validate_python(await self._json("GET", "/v1/feedback", scope))

    # --- evidence ---------------------------------------------------------------------------------

    async def element(self, element: ElementId, scope: Scope) -> Element:
        return Element.model_validate(await self._json("GET", f"/v1/elements/{element}", scope))

    async def elements(self, source: SourceId, unit: int, scope: Scope) -> list[Element]:
        body = await self._json("GET", f"/v1/sources/{source}/units/{unit}", scope)
        return _ELEMENTS.validate_python(body)

    async def picture(self, source: SourceId, page: int, scope: Scope, *, dpi: int) -> bytes:
        path = f"/v1/sources/{source}/pages/{page}.png"
        return (await self._send("GET", path, scope, params={"dpi": dpi})).content

    async def frame(self, source: SourceId, at_s: float, scope: Scope) -> bytes:
        path = f"/v1/sources/{source}/frames/{round(at_s * 1000)}.png"
        return (await self._send("GET", path, scope)).content

    async def original(self, source: SourceId, scope: Scope) -> tuple[Path, str]:
        raise UserError("the file stays with the running service; open it in the page")

    async def health(self) -> Health:
        return Health.model_validate(await self._json("GET", "/v1/status"))

    # --- HTTP -------------------------------------------------------------------------------------

    async def _json(self, method: str, path: str, scope: Scope | None = None, **more: Any) -> Any:
        return (await self._send(method, path, scope, **more)).json()

    async def _send(
        self, method: str, path: str, scope: Scope | None = None, **more: Any
    ) -> httpx.Response:
        try:
            answer = await self._http.request(method, path, **asker(scope, more))
        except httpx.HTTPError as exc:
            raise gone(exc) from exc
        raise_for(answer)
        return answer

    @asynccontextmanager
    async def _events(
        self, method: str, path: str, scope: Scope, **more: Any
    ) -> AsyncGenerator[AsyncGenerator[str, None], None]:
        """The data of each event. Leaving the block ends the work at the other side."""
        asked = asker(scope, more)
        asked["headers"]["accept"] = "text/event-stream"
        try:
            async with self._http.stream(method, path, **asked) as answer:
                if answer.is_error:
                    await answer.aread()
                    raise_for(answer)
                yield data_of(answer)
        except httpx.HTTPError as exc:
            raise gone(exc) from exc
