"""Who may talk to the service, decided before any route sees a request.

A service on this machine is reachable by every web page the user has open and by every other user
of the machine. So: only our own names in `Host` (a rebound DNS name never fits), no foreign
`Origin`, no request that the browser itself calls cross-site, and a random token per start, as a
bearer token or as the cookie that the printed address sets. No CORS header is ever sent.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import ipaddress
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

from pydantic import SecretStr
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LIVENESS = "/v1/health"
"""The one path that answers without a token: whether the process is there, and nothing else."""
_SAFE = frozenset({"GET", "HEAD"})
_OWN_SITE = frozenset({"same-origin", "none"})
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

PAGE_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob:",
        "media-src 'self'",
        "connect-src 'self'",
        "font-src 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'self'",
    )
)
_HEADERS = {
    "content-security-policy": PAGE_POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cache-control": "no-store",
}


def new_token() -> SecretStr:
    """256 random bits, made anew at every start."""
    return SecretStr(secrets.token_urlsafe(32))


@dataclass(frozen=True, slots=True)
class Gate:
    """What a request must show."""

    token: SecretStr
    hosts: frozenset[str]
    """Names that the service may be called by, lower case, without port."""
    cookie: str = "pincite"
    """Cookies know no ports, so each service of a machine needs a name of its own."""

    @classmethod
    def of(cls, token: SecretStr, *, host: str, port: int, allowed: Iterable[str] = ()) -> Gate:
        named = {name.lower() for name in allowed}
        if not _is_wildcard(host):
            named.add(host.lower())
        return cls(token=token, hosts=frozenset(_LOOPBACK | named), cookie=f"pincite-{port}")

    def opens(self, offered: str) -> bool:
        expected = self.token.get_secret_value().encode()
        return hmac.compare_digest(offered.encode("utf-8", "replace"), expected)


class Denied(NamedTuple):
    status: int
    error: str
    message: str


def judge(method: str, path: str, headers: Headers, gate: Gate) -> Denied | None:
    """None where the request may go on to a route. Pure."""
    if (denied := _judge_host(headers, gate)) or (denied := _judge_site(method, headers)):
        return denied
    if path == LIVENESS and method in _SAFE:
        return None
    return _judge_token(method, headers, gate)


def _judge_host(headers: Headers, gate: Gate) -> Denied | None:
    named = headers.getlist("host")
    if len(named) == 1 and _host_of(named[0]) in gate.hosts:
        return None
    return Denied(
        421,
        "WrongHost",
        "this service is not known by that name; the operator can allow it with "
        "PINCITE_SERVER__ALLOWED_HOSTS",
    )


def _judge_site(method: str, headers: Headers) -> Denied | None:
    site = headers.get("sec-fetch-site")
    if site is not None and site not in _OWN_SITE:
        return Denied(403, "ForeignSite", "requests from other web sites are refused")
    origin = headers.get("origin")
    if origin is not None and _authority(origin) != headers["host"].lower():
        return Denied(403, "ForeignSite", "requests from other web sites are refused")
    if method == "OPTIONS":
        return Denied(403, "ForeignSite", "this service answers no cross-origin questions")
    return None


def _judge_token(method: str, headers: Headers, gate: Gate) -> Denied | None:
    scheme, _, offered = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and gate.opens(offered.strip()):
        return None
    if gate.opens(_cookie(headers, gate.cookie)):
        # Browsers name the origin of every request that changes something.
        if method in _SAFE or "origin" in headers:
            return None
        return Denied(403, "ForeignSite", "a request with a cookie must name its origin")
    return Denied(
        401,
        "NotAdmitted",
        "no valid token: open the address that `pincite serve` printed when it started, "
        "or send `Authorization: Bearer …`",
    )


def _judge_body(headers: Headers, most: int) -> Denied | None:
    """JSON bodies are read into memory and must state their length; uploads are counted."""
    if headers.get("content-type", "").startswith("multipart/form-data"):
        return None
    if "transfer-encoding" in headers:
        return Denied(411, "LengthRequired", "the request must state the length of its body")
    declared = headers.get("content-length", "0")
    if not declared.isdigit() or int(declared) > most:
        return Denied(413, "TooLarge", "the request body is too large")
    return None


class Guard:
    """ASGI middleware: judges requests, turns the printed address into a cookie, sets headers."""

    def __init__(self, app: ASGIApp, *, gate: Gate, locked: str, max_body: int) -> None:
        """`locked` is the page for a browser without a token; `max_body` bounds JSON bodies."""
        self._app = app
        self._gate = gate
        self._locked = locked
        self._locked_policy = _policy_of(locked)
        self._max_body = max_body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":  # a web socket: there are none
            await Response(status_code=404)(scope, receive, send)
            return
        await self._answer(scope, receive, _with_headers(send))

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        method, path = scope["method"], scope["path"]
        offered = _login(method, path, scope["query_string"])
        if offered is not None and _judge_host(headers, self._gate) is None:
            response = self._log_in(offered)
        elif denied := judge(method, path, headers, self._gate):
            response = self._refuse(denied, path, headers)
        elif denied := _judge_body(headers, self._max_body):
            response = _json(denied)
        else:
            await self._app(scope, receive, send)
            return
        await response(scope, receive, send)

    def _log_in(self, offered: str) -> Response:
        if not self._gate.opens(offered):
            return self._locked_page()
        response = RedirectResponse("/", status_code=303)
        response.set_cookie(
            self._gate.cookie,
            self._gate.token.get_secret_value(),
            httponly=True,
            samesite="strict",
            path="/",
        )
        return response

    def _refuse(self, denied: Denied, path: str, headers: Headers) -> Response:
        wants_page = path == "/" and "text/html" in headers.get("accept", "")
        if wants_page and denied.status in {401, 403}:
            return self._locked_page()
        return _json(denied)

    def _locked_page(self) -> Response:
        headers = {"content-security-policy": self._locked_policy}
        return Response(self._locked, status_code=401, media_type="text/html", headers=headers)


def _policy_of(page: str) -> str:
    """Nothing but the page's own style, named by its hash: it has no right to any file of ours."""
    style = page.partition("<style>")[2].partition("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; frame-ancestors 'none'; "
        "base-uri 'none'; form-action 'none'"
    )


def _login(method: str, path: str, query: bytes) -> str | None:
    """The token of the printed address `/?token=…`, if this is that request."""
    if method != "GET" or path != "/":
        return None
    tokens = parse_qs(query.decode("latin-1")).get("token")
    return tokens[0] if tokens else None


def _json(denied: Denied) -> Response:
    body = {"error": denied.error, "message": denied.message}
    extra: Mapping[str, str] = {"www-authenticate": "Bearer"} if denied.status == 401 else {}
    return JSONResponse(body, status_code=denied.status, headers=dict(extra))


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return sending


def _authority(origin: str) -> str:
    """Host and port of an origin, lower case; empty for `null` and for nonsense."""
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""


def _host_of(value: str) -> str:
    """Host without port, lower case; `[::1]:80` gives `::1`. Empty where it is no host."""
    try:
        return (urlsplit(f"//{value}").hostname or "") if "@" not in value else ""
    except ValueError:
        return ""


def _cookie(headers: Headers, name: str) -> str:
    jar: SimpleCookie = SimpleCookie()
    try:
        jar.load(headers.get("cookie", ""))
    except CookieError:
        return ""
    return jar[name].value if name in jar else ""


def _is_wildcard(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_unspecified
    except ValueError:
        return False
