"""Headless Chromium that talks to loopback only, and a service to open in it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Generator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.unit.serving.live import Live, live
from tests.unit.serving.scripted import ScriptedService

_QUIET = (
    "--no-sandbox",
    "--no-first-run",
    "--autoplay-policy=no-user-gesture-required",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-sync",
    "--metrics-recording-only",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)

OpenPage = Callable[..., Page]


@pytest.fixture(scope="session")
def chromium() -> Generator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.fail("no Chromium here; run: apt-get install -y chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(_QUIET))
        yield browser
        browser.close()


@pytest.fixture
def service(tmp_path: Path) -> ScriptedService:
    return ScriptedService(tmp_path, pause_s=0.03)


@pytest.fixture
def running(service: ScriptedService, tmp_path: Path) -> Generator[Live]:
    with live(service, tmp_path / "library") as here:
        yield here


@pytest.fixture
def open_page(chromium: Browser, running: Live) -> Generator[OpenPage]:
    """Opens the page by its printed address; at the end nothing may have gone wrong or astray."""
    problems: list[str] = []

    def opened(*, width: int = 1440, height: int = 900) -> Page:
        context = chromium.new_context(viewport={"width": width, "height": height})
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(f"error: {error}"))
        page.on("dialog", lambda dialog: problems.append(f"dialog: {dialog.message}"))
        page.on(
            "console",
            lambda line: problems.append(line.text) if "Security Policy" in line.text else None,
        )
        page.on(
            "request",
            lambda request: (
                None
                if request.url.startswith((running.url, "blob:", "data:"))
                else problems.append(f"went to {request.url}")
            ),
        )
        page.goto(running.page)
        page.wait_for_selector(".source", state="attached")
        return page

    yield opened
    for context in chromium.contexts:
        context.close()
    assert problems == []
