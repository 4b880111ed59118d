"""By what an answer is known again: a digest of everything that it depends on."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path

import agent
import pincite
import retrievers
from agent.run import Run
from pincite.elements import Scope


def recalled_by(run: Run, understood: str, library: str) -> str:
    """SHA-256 in hex; `library` is the state of all that the asker may see.

    The words of the question count as they stand: upper case may be a name. Spaces do not.
    """
    services = run.services
    chat = run.chat
    depends = {
        "question": " ".join(understood.split()),
        "form": run.wishes.form.value,
        "schema": run.wishes.outline,
        "scope": _plain(run.scope),
        "library": library,
        "code": _code(),
        "made with": services.made_with.model_dump(mode="json"),
        "model": [chat.name, chat.sha256, chat.endpoint] if chat else [],
        "prompt": run.instructions.version,
        "gathers": run.gathers,
        "settings": services.settings.model_dump(mode="json"),
        "keep": services.keep,
    }
    return hashlib.sha256(json.dumps(depends, sort_keys=True).encode()).hexdigest()


@cache
def _code() -> str:
    """SHA-256 over our own modules and prompts: checkouts of one version differ. Some 50 ms."""
    digest = hashlib.sha256()
    for package in (agent, pincite, retrievers):
        folder = Path(package.__path__[0])
        for file in sorted(f for end in ("*.py", "*.md") for f in folder.rglob(end)):
            digest.update(file.read_bytes())
    return digest.hexdigest()


def _plain(scope: Scope) -> dict[str, object]:
    """Lists in one order: those of a scope have none."""
    told: dict[str, list[str] | None] = scope.model_dump(mode="json")
    in_order = {"pages", "dates"}
    return {
        name: sorted(value) if value and name not in in_order else value
        for name, value in told.items()
    }
