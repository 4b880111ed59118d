"""Weights from a model hub: the model's own release, at a pinned commit, resumed where it broke."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from pathlib import Path

import httpx

from pincite.errors import WrongHash
from pincite.models.fetching import Arrived, Progress, Wanted
from pincite.models.manifest import HubFile
from pincite.models.partial import PartialFiles, full_disk_is_one_sentence

TRIES = 3
TIMEOUT = httpx.Timeout(60, connect=10)


class ModelHub:
    name = "hub"

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")

    def fetch(
        self, wanted: Sequence[Wanted], into: PartialFiles, arrived: Arrived, progress: Progress
    ) -> dict[str, str]:
        failed: dict[str, str] = {}
        down: str | None = None
        with httpx.Client(timeout=TIMEOUT, follow_redirects=True) as client:
            for each in wanted:
                why = down
                if each.file.hub is None:
                    why = "not offered there"
                elif down is None:
                    progress.expect(each.model, each.file.size)
                    try:
                        self._get(client, each, each.file.hub, into, progress)
                    except httpx.ConnectError:
                        why = down = f"{self._url} did not answer"
                    except (httpx.HTTPError, WrongHash) as exc:
                        why = _clause(exc)
                if why is None:
                    arrived(each)
                else:
                    failed[each.file.sha256] = why
        return failed

    def _get(
        self,
        client: httpx.Client,
        wanted: Wanted,
        at: HubFile,
        into: PartialFiles,
        progress: Progress,
    ) -> None:
        part = into.begun(wanted.file)
        url = f"{self._url}/{at.repo}/resolve/{at.revision}/{at.file}"
        progress.advance(wanted.model, _size(part))
        with full_disk_is_one_sentence(into.root):
            for left in reversed(range(TRIES)):
                try:
                    self._continue(client, url, part, wanted, progress)
                    break
                except (httpx.ReadError, httpx.RemoteProtocolError, httpx.ReadTimeout):
                    # What came so far stays on disk, for this try and for the next command.
                    if left == 0:
                        raise
            into.accept(wanted.file)

    def _continue(
        self, client: httpx.Client, url: str, part: Path, wanted: Wanted, progress: Progress
    ) -> None:
        have = _size(part)
        if have >= wanted.file.size:
            return
        headers = {"Accept-Encoding": "identity"}
        if have:
            headers["Range"] = f"bytes={have}-"
        with client.stream("GET", url, headers=headers) as answer:
            answer.raise_for_status()
            resumed = answer.status_code == HTTPStatus.PARTIAL_CONTENT
            if not resumed:
                progress.advance(wanted.model, -have)
                have = 0
            with part.open("ab" if resumed else "wb") as out:
                # Blocks as they come: gathering them would lose the last ones when it breaks off.
                for block in answer.iter_raw():
                    have += len(block)
                    if have > wanted.file.size:
                        raise WrongHash(
                            f"{wanted.file.name} is longer there than the manifest says"
                        )
                    out.write(block)
                    progress.advance(wanted.model, len(block))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _clause(exc: Exception) -> str:
    if isinstance(exc, httpx.HTTPStatusError):
        return f"{exc.request.url.host} answered {exc.response.status_code}"
    return str(exc) or type(exc).__name__
