"""The guard before every route: each forgery gets a refusal, and no route hears of it."""

from __future__ import annotations

import pytest
from pydantic import SecretStr
from starlette.datastructures import Headers

from serving.security import Gate, judge, new_token

TOKEN = "t" * 43
GATE = Gate.of(SecretStr(TOKEN), host="127.0.0.1", port=8765)
BEARER = {"authorization": f"Bearer {TOKEN}"}
COOKIE = {"cookie": f"pincite-8765={TOKEN}"}
OWN = {"host": "127.0.0.1:8765"}


def _status(method: str = "GET", path: str = "/v1/sources", **headers: str) -> int:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    denied = judge(method, path, Headers({**OWN, **named}), GATE)
    return denied.status if denied else 200


def test_the_token_admits_as_bearer_and_as_cookie() -> None:
    assert _status(**BEARER) == 200
    assert _status(**COOKIE) == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"authorization": "Bearer "},
        {"authorization": "Bearer wrong"},
        {"authorization": f"Basic {TOKEN}"},
        {"cookie": "pincite-8765=old"},
        {"cookie": f"pincite-9999={TOKEN}"},
        {"cookie": f"pincite-8765={TOKEN}x"},
        {"cookie": "\x00=;;;"},
        {"authorization": "Bearer \N{LATIN SMALL LETTER E WITH ACUTE}"},
    ],
)
def test_without_the_token_of_this_start_nothing_is_told(headers: dict[str, str]) -> None:
    assert _status(**headers) == 401


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8765",
        "127.0.0.1.evil.example",
        "localhost@evil.example",
        "evil.example@localhost",
        "localhost.",
        "",
        "[::1",
        "127.1",
    ],
)
def test_a_rebound_name_is_refused_even_with_the_token(host: str) -> None:
    assert _status(**{"host": host, **BEARER}) == 421
    assert _status(path="/v1/health", host=host) == 421


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8765", "[::1]:8765", "127.0.0.1"])
def test_our_own_names_are_accepted(host: str) -> None:
    assert _status(**{"host": host, **BEARER}) == 200


def test_two_host_headers_are_refused() -> None:
    raw = [(b"host", b"localhost"), (b"host", b"evil.example")]
    denied = judge("GET", "/", Headers(raw=raw), GATE)
    assert denied is not None
    assert denied.status == 421


def test_an_operator_may_add_a_name() -> None:
    gate = Gate.of(SecretStr(TOKEN), host="0.0.0.0", port=1, allowed=["Docs.Example"])  # noqa: S104
    allowed = Headers({"host": "docs.example", **BEARER})
    assert judge("GET", "/", allowed, gate) is None
    wildcard = judge("GET", "/", Headers({"host": "0.0.0.0", **BEARER}), gate)  # noqa: S104
    assert wildcard is not None


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "PUT", "OPTIONS"])
@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "null",
        "http://127.0.0.1:3000",
        "http://localhost:8765",
        "http://127.0.0.1:8765.evil.example",
        "http://[::1",
    ],
)
def test_a_foreign_origin_is_refused(method: str, origin: str) -> None:
    assert _status(method, origin=origin, **COOKIE) == 403
    assert _status(method, origin=origin, **BEARER) == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site", "nonsense"])
def test_what_the_browser_calls_foreign_is_refused(site: str) -> None:
    assert _status(sec_fetch_site=site, **COOKIE) == 403
    assert _status("POST", sec_fetch_site=site, origin="http://127.0.0.1:8765", **COOKIE) == 403


def test_a_cookie_alone_changes_nothing() -> None:
    """A form of another local port sends the cookie; without an origin it is not believed."""
    assert _status("POST", **COOKIE) == 403
    assert _status("DELETE", **COOKIE) == 403
    assert _status("POST", origin="http://127.0.0.1:8765", **COOKIE) == 200
    assert _status("POST", **BEARER) == 200


def test_liveness_needs_no_token_but_nothing_else_goes_through_it() -> None:
    assert _status(path="/v1/health") == 200
    assert _status("POST", path="/v1/health") == 401
    assert _status(path="/v1/health/") == 401
    assert _status(path="/v1/healthy") == 401


def test_tokens_are_new_at_every_start() -> None:
    assert new_token().get_secret_value() != new_token().get_secret_value()
    assert TOKEN not in repr(GATE)
