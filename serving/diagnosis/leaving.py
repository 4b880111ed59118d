"""What is configured on other machines, and which collections may be sent there."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing

from pincite.config import LiteLLMCaptions, LiteLLMChat, LiteLLMImageGenerator, Settings
from pincite.egress import Allowed, Egress, is_here
from pincite.elements import Scope
from serving.diagnosis.findings import Finding
from serving.elsewhere import elsewhere

AREA = "egress"


def egress(settings: Settings) -> Iterator[Finding]:
    """Calls nobody."""
    models = [(what, host) for what, host in _configured(settings) if not is_here(host)]
    if not models:
        says = "every configured model is on this machine; nothing leaves it"
        yield Finding(area=AREA, state="works", says=says)
        return
    rules = _Rules(settings)
    allowed = Egress(rules, settings.egress.hosts)
    for what, host in models:
        if what == _DRAWING:
            yield _finding(what, host, [], allowed.of(()))
            continue
        kept = [name for name in rules.names if not allowed.of({name}).permits(host)]
        yield _finding(what, host, kept, allowed.of(rules.names))


_DRAWING = "words to be drawn"


def _configured(settings: Settings) -> Iterator[tuple[str, str]]:
    from pincite.models.litellm_hosts import endpoint_of

    for what, part, kind in (
        ("what answers are made of", settings.chat, LiteLLMChat),
        ("pictures, for their captions", settings.captions, LiteLLMCaptions),
        (_DRAWING, settings.image_generator, LiteLLMImageGenerator),
    ):
        if isinstance(part, kind):
            yield what, endpoint_of(part.model, part.api_base)
    yield from elsewhere(settings)


def _finding(what: str, host: str, kept: list[str], allowed: Allowed) -> Finding:
    if allowed.permits(host):
        return Finding(area=AREA, state="works", says=f"{what}: may be sent to {host}")
    says = f"{what}: not sent to {host}"
    if kept:
        says += f" from the collections {', '.join(kept)}, which stay on this machine"
    mend = allowed.why_not(host).rpartition("; if ")[2].partition(": ")[2]
    mend = mend or f"PINCITE_EGRESS__HOSTS={host}, if it may be"
    return Finding(area=AREA, state="degraded", says=says, mend=mend)


class _Rules:
    """What a text store says, read beside whoever uses it; nothing where there is none yet."""

    def __init__(self, settings: Settings) -> None:
        self._hosts: dict[str, frozenset[str]] = {}
        self.names: list[str] = ["default"]
        path = settings.data_dir / "texts.db"
        if not path.exists():
            return
        try:
            with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as db:
                rows = db.execute("SELECT DISTINCT collection FROM sources ORDER BY 1").fetchall()
                self.names = [row[0] for row in rows] or self.names
                told = db.execute("SELECT collection, hosts FROM egress")
                self._hosts = {row[0]: frozenset(json.loads(row[1])) for row in told}
        except (
            sqlite3.Error
        ):  # of an older version, or none; the data folder has a check of its own
            return

    def egress(self) -> dict[str, frozenset[str]]:
        return self._hosts

    def collections(self, scope: Scope) -> dict[str, int]:
        del scope
        return dict.fromkeys(self.names, 1)
