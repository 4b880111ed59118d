"""The HTTP API over a scripted service."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import httpx
import pytest

from pincite import errors
from pincite.answer_form import Form
from pincite.asking import Wishes
from pincite.config import Server
from serving.app import create_api
from tests.unit.serving.conftest import TOKEN
from tests.unit.serving.scripted import ScriptedService
from tests.unit.serving.scripted_library import FALSE_DRAFT, LIE, REFUSAL

SECRETS = ("harbour", "scripted", "call.wav")


def _events(text: str) -> list[dict[str, object]]:
    return [json.loads(line[6:]) for line in text.splitlines() if line.startswith("data: ")]


def _left_in(folder: Path) -> list[str]:
    return [item.name for item in folder.iterdir()]


async def test_a_stranger_learns_nothing_from_any_path(
    stranger: httpx.AsyncClient, service: ScriptedService, incoming: Path
) -> None:
    api = create_api(service, server=Server(), incoming=incoming)
    paths = {*api.openapi()["paths"], "/v1/openapi.json", "/nowhere"}
    paths |= {path.replace("{", "").replace("}", "") for path in paths}
    for path in sorted(paths - {"/v1/health"}):
        for method in ("GET", "POST", "DELETE", "PUT", "HEAD", "OPTIONS"):
            answer = await stranger.request(method, path)
            assert answer.status_code in {401, 403}, (method, path)
            assert not any(word in answer.text for word in SECRETS)
    assert service.heard == []


async def test_liveness_says_only_that_it_lives(stranger: httpx.AsyncClient) -> None:
    assert (await stranger.get("/v1/health")).json() == {"status": "ok"}


async def test_every_answer_carries_the_protecting_headers(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient
) -> None:
    answers = [await client.get("/"), await client.get("/v1/sources"), await stranger.get("/x")]
    for answer in answers:
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "http" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cross-origin-opener-policy"] == "same-origin"
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
        assert not [name for name in answer.headers if name.startswith("access-control")]


async def test_the_printed_address_sets_a_strict_cookie_and_hides_the_token(
    stranger: httpx.AsyncClient,
) -> None:
    answer = await stranger.get(f"/?token={TOKEN}")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/"
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    page = await stranger.get("/")
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")


async def test_a_browser_without_a_token_is_told_where_to_get_one(
    stranger: httpx.AsyncClient,
) -> None:
    for path in ("/", "/?token=old"):
        answer = await stranger.get(path, headers={"accept": "text/html"})
        assert answer.status_code == 401
        assert "pincite serve" in answer.text
        assert "set-cookie" not in answer.headers


async def test_asking_as_json_gives_checked_text_only(
    client: httpx.AsyncClient, service: ScriptedService
) -> None:
    answer = await client.post("/v1/ask", json={"question": "When did it open?"})
    assert answer.status_code == 200
    body = answer.json()
    assert FALSE_DRAFT not in answer.text
    assert f"[✗ contradicted by the source] {LIE}" in body["text"]
    assert body["labels"] == ["supported", "contradicted", "supported"]
    assert body["answer"]["citations"][0]["locators"][0]["page"] == 3
    assert service.ask_closed.is_set()


async def test_a_refusal_is_an_answer(client: httpx.AsyncClient, service: ScriptedService) -> None:
    service.answer_given = REFUSAL
    body = (await client.post("/v1/ask", json={"question": "Who paid?"})).json()
    assert body["answer"]["kind"] == "refused"
    assert body["answer"]["looked_for"] == ["who paid", "harbour funding"]
    assert not body["text"]


async def test_an_event_stream_holds_no_draft_unless_asked_for(client: httpx.AsyncClient) -> None:
    headers = {"accept": "text/event-stream"}
    plain = await client.post("/v1/ask", json={"question": "When?"}, headers=headers)
    kinds = [event["kind"] for event in _events(plain.text)]
    assert kinds == ["searched", "quotes", "reading", "revised", "checked", "checked", "answer"]
    assert FALSE_DRAFT not in plain.text
    page = await client.post("/v1/ask", json={"question": "When?", "drafts": True}, headers=headers)
    kinds = [event["kind"] for event in _events(page.text)]
    assert {"delta", "draft"} <= set(kinds)
    assert FALSE_DRAFT in page.text


async def test_an_earlier_answer_is_given_without_its_drafts(client: httpx.AsyncClient) -> None:
    answer = await client.get("/v1/answers/a1")
    assert answer.status_code == 200
    assert FALSE_DRAFT not in answer.text
    assert (await client.get("/v1/answers/other")).status_code == 404


async def test_a_dossier_is_a_file_to_be_kept(client: httpx.AsyncClient) -> None:
    answer = await client.get("/v1/answers/a1/dossier.zip")
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"].startswith("attachment")
    assert FALSE_DRAFT.encode() not in answer.content
    assert (await client.get("/v1/answers/other/dossier.zip")).status_code == 404


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (errors.UnknownSource("no such source"), 404),
        (errors.TooLarge("too large"), 413),
        (errors.UnsupportedMedia("no reader"), 415),
        (errors.UserError("no"), 400),
        (errors.PasswordNeeded("locked"), 422),
        (errors.CorruptSource("broken"), 422),
        (errors.DiskFull("full"), 507),
        (errors.MissingModel("chat", "qwen"), 500),
        (errors.MissingExtra("x", extra="office"), 500),
        (errors.ModelUnavailable("gone"), 503),
    ],
)
async def test_every_error_class_has_one_status_and_one_sentence(
    client: httpx.AsyncClient, service: ScriptedService, error: errors.PinciteError, status: int
) -> None:
    service.error = error
    answer = await client.get("/v1/sources/s1")
    assert answer.status_code == status
    assert answer.json() == {"error": type(error).__name__, "message": str(error)}


async def test_an_unforeseen_error_shows_nothing_of_itself(
    client: httpx.AsyncClient, service: ScriptedService
) -> None:
    service.error = RuntimeError("secret in a traceback")  # pyright: ignore[reportAttributeAccessIssue]
    answer = await client.get("/v1/sources/s1")
    assert answer.status_code == 500
    assert answer.json()["error"] == "InternalError"
    assert "secret" not in answer.text
    assert "content-security-policy" in answer.headers


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"question": ""},
        {"question": "x" * 4001},
        {"question": "x", "surprise": 1},
        {"question": ["x"]},
    ],
)
async def test_a_malformed_question_is_one_sentence(
    client: httpx.AsyncClient, body: dict[str, object]
) -> None:
    answer = await client.post("/v1/ask", json=body)
    assert answer.status_code == 422
    assert set(answer.json()) == {"error", "message"}


async def test_a_huge_or_lengthless_json_body_is_refused_unread(
    client: httpx.AsyncClient, service: ScriptedService
) -> None:
    huge = await client.post("/v1/ask", json={"question": "x" * 100_000})
    assert huge.status_code == 413

    async def chunks() -> AsyncGenerator[bytes, None]:
        yield b'{"question": "x"}'

    assert (await client.post("/v1/ask", content=chunks())).status_code == 411
    assert service.heard == []


async def test_uploads_go_through_disk_with_their_fields(
    client: httpx.AsyncClient, service: ScriptedService, incoming: Path
) -> None:
    answer = await client.post(
        "/v1/sources",
        data={"collection": "legal", "reader": ["ann", "bob"]},
        files={"files": ("Café ‮fdp.pdf", b"%PDF-1.7 " * 1000)},
    )
    assert answer.status_code == 202
    assert answer.json()["accepted"][0]["outcome"] == "added"
    assert service.heard[-1] == ("add", ("legal", frozenset({"ann", "bob"}), ("Café fdp.pdf",)))
    assert service.uploaded == [("Café fdp.pdf", b"%PDF-1.7 " * 1000)]
    assert _left_in(incoming) == []


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\docs\\a.pdf", "a.pdf"),
        ("..", ".."),
        ("a\x1b[31m.pdf", "a[31m.pdf"),
        ('"><img src=x>.pdf', '"><img src=x>.pdf'),
    ],
)
async def test_a_file_name_is_only_ever_shown(
    client: httpx.AsyncClient, service: ScriptedService, incoming: Path, sent: str, kept: str
) -> None:
    quoted = sent.replace("\\", "\\\\").replace('"', '\\"')
    body = (
        f'--b\r\nContent-Disposition: form-data; name="files"; filename="{quoted}"\r\n\r\n'
        "hello\r\n--b--\r\n"
    ).encode()
    headers = {"content-type": "multipart/form-data; boundary=b"}
    answer = await client.post("/v1/sources", content=body, headers=headers)
    assert answer.status_code == 202
    assert service.uploaded == [(kept, b"hello")]
    assert _left_in(incoming.parent) == [incoming.name]


async def test_an_oversized_upload_leaves_nothing_behind(
    client: httpx.AsyncClient, service: ScriptedService, incoming: Path
) -> None:
    files = [("files", ("small.txt", b"x")), ("files", ("big.bin", b"x" * (1 << 20) + b"y"))]
    answer = await client.post("/v1/sources", files=files)
    assert answer.status_code == 413
    assert answer.json()["message"] == "big.bin is larger than 1 MiB"
    assert _left_in(incoming) == []
    assert service.heard == []


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b"{}"),
        ("multipart/form-data", b"--b--"),
        ("multipart/form-data; boundary=b", b"nonsense"),
        ("multipart/form-data; boundary=b", b"--b--\r\n"),
        ("multipart/form-data; boundary=" + "b" * 500, b"x"),
    ],
)
async def test_a_malformed_upload_is_one_sentence(
    client: httpx.AsyncClient, incoming: Path, content_type: str, body: bytes
) -> None:
    answer = await client.post("/v1/sources", content=body, headers={"content-type": content_type})
    assert answer.status_code == 400
    assert set(answer.json()) == {"error", "message"}
    assert _left_in(incoming) == []


async def test_a_recording_is_played_by_ranges(client: httpx.AsyncClient) -> None:
    whole = await client.get("/v1/sources/s2/original")
    assert whole.headers["content-type"] == "audio/x-wav"
    assert whole.headers["accept-ranges"] == "bytes"
    assert whole.headers["content-disposition"].startswith("inline")
    part = await client.get("/v1/sources/s2/original", headers={"range": "bytes=4-7"})
    assert part.status_code == 206
    assert part.content == whole.content[4:8]


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("bytes=99999999-", 416),
        ("bytes=5-2", 400),
        ("lines=0-1", 400),
        ("bytes=" + ",".join(f"{n}-{n + 1}" for n in range(0, 4000, 2)), 200),
        ("bytes=0-1,0-1", 200),
    ],
)
async def test_abused_ranges_cost_nothing(
    client: httpx.AsyncClient, asked: str, status: int
) -> None:
    answer = await client.get("/v1/sources/s2/original", headers={"range": asked})
    assert answer.status_code == status


async def test_a_document_that_could_run_scripts_is_only_ever_downloaded(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.get("/v1/sources/s3/original")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["content-security-policy"]
    assert "script-src" not in answer.headers["content-security-policy"]


async def test_page_pictures_are_pngs_of_a_bounded_size(
    client: httpx.AsyncClient, service: ScriptedService
) -> None:
    answer = await client.get("/v1/sources/s1/pages/3.png?dpi=144")
    assert answer.headers["content-type"] == "image/png"
    assert service.heard[-1] == ("picture", ("s1", 3, 144))
    for path in ("pages/3.png?dpi=9000", "pages/0.png", "pages/x.png"):
        assert (await client.get(f"/v1/sources/s1/{path}")).status_code == 422
    assert (await client.get("/v1/sources/none/pages/1.png")).status_code == 404


async def test_the_picture_at_a_millisecond_of_a_video_is_a_png(
    client: httpx.AsyncClient, service: ScriptedService
) -> None:
    answer = await client.get("/v1/sources/s1/frames/12500.png")
    assert answer.headers["content-type"] == "image/png"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert service.heard[-1] == ("frame", ("s1", 12.5))
    assert (await client.get("/v1/sources/s1/frames/-1.png")).status_code == 422
    assert (await client.get("/v1/sources/none/frames/1.png")).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/web/..%2f..%2fpyproject.toml",
        "/web/../app.py",
        "/web/%2e%2e/__init__.py",
        "/web//etc/passwd",
        "/web/__init__.py",
        "/web/.",
        "/v1/sources/..%2f..%2fetc/original",
    ],
)
async def test_paths_lead_nowhere_but_to_known_names(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path)).status_code == 404


async def test_deleting_says_whether_to_wait(
    client: httpx.AsyncClient, service: ScriptedService
) -> None:
    assert (await client.delete("/v1/sources/s3?now=true")).status_code == 204
    assert service.heard[-1] == ("delete", ("s3", True))
    assert (await client.delete("/v1/sources/s3")).status_code == 404


async def test_progress_is_streamed_until_it_is_done(client: httpx.AsyncClient) -> None:
    answer = await client.get("/v1/ingest/events")
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert [event["units_done"] for event in _events(answer.text)] == [0, 6, 12]


async def test_the_form_of_an_answer_and_that_it_is_made_anew_can_be_asked_for(
    client: httpx.AsyncClient, service: ScriptedService
) -> None:
    body = {"question": "When?", "form": "quotes", "fresh": True}
    assert (await client.post("/v1/ask", json=body)).status_code == 200
    wishes = [detail for what, detail in service.heard if what == "wishes"]
    assert wishes == [Wishes(form=Form.QUOTES, fresh=True)]
    unknown = await client.post("/v1/ask", json={"question": "When?", "form": "sonnet"})
    assert unknown.status_code == 422


async def test_an_answer_in_json_is_asked_for_by_a_schema(
    client: httpx.AsyncClient, service: ScriptedService
) -> None:
    when = {"type": "string", "format": "date"}
    schema: dict[str, Any] = {"type": "object", "properties": {"when": when}}
    body = {"question": "When?", "schema": schema}
    assert (await client.post("/v1/ask", json=body)).status_code == 200
    wishes = [detail for what, detail in service.heard if what == "wishes"]
    assert wishes == [Wishes(form=Form.JSON, schema=schema)]
    when["pattern"] = "x+"
    for wrong in ({"schema": schema}, {"form": "json"}, {"form": "table", "schema": schema}):
        refused = await client.post("/v1/ask", json={"question": "When?", **wrong})
        assert refused.status_code == 400
        assert refused.json()["error"] == "UserError"


async def test_the_asker_is_part_of_every_question(
    client: httpx.AsyncClient, service: ScriptedService
) -> None:
    body = {"question": "When?", "collections": ["legal"]}
    await client.post("/v1/ask", json=body, headers={"pincite-as": "ann"})
    heard: Any = service.heard[-1][1]
    scope = heard[1]
    assert scope.principals == {"ann"}
    assert scope.collections == {"legal"}
