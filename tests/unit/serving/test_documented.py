"""The pages on the command line and the HTTP API name everything that there is, no more."""

from __future__ import annotations

import re
from pathlib import Path

from pincite.config import Server
from serving import exit_codes
from serving.app import create_api
from tests.unit.serving.scripted import ScriptedService

DOCS = Path(__file__).parents[3] / "docs"
_NOT_FOR_PROGRAMS = {"/", "/web/{name}"}


def test_every_route_is_documented(service: ScriptedService, incoming: Path) -> None:
    api = create_api(service, server=Server(), incoming=incoming)
    paths = {
        re.sub(r"\{\w+\}", "{}", path) for path in set(api.openapi()["paths"]) - _NOT_FOR_PROGRAMS
    }
    text = (DOCS / "http.md").read_text(encoding="utf-8")
    named = re.findall(r"^\| `(?:GET|POST|PUT|DELETE) ([^`?]+)", text, flags=re.MULTILINE)
    documented = {re.sub(r"\{\w+\}", "{}", path) for path in named}
    assert documented == paths | {"/v1/openapi.json"}


def test_every_exit_code_is_documented() -> None:
    text = (DOCS / "cli.md").read_text(encoding="utf-8")
    documented = {int(code) for code in re.findall(r"^\| (\d+) \|", text, flags=re.MULTILINE)}
    codes = {exit_codes.USAGE, exit_codes.INTERRUPTED, *exit_codes.CODES.values()}
    assert documented == codes | {0}
