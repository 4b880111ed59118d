"""Weights by role, and what the readers of the various formats need."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec

from ingestion.sandbox import Protection
from pincite.config import LlamaCppChat, Settings
from pincite.errors import MissingModel, WrongHash
from pincite.models.in_use import models_in_use
from pincite.models.store import ModelStore
from serving.diagnosis.findings import Finding

AREA = "reading"

_CONFINE = """
import json, pathlib, sys
from ingestion.sandbox import Confinement, confine
wanted = Confinement(
    parent=int(sys.argv[1]), readable=(), scratch=pathlib.Path(sys.argv[2]), memory_mib=512
)
print(json.dumps([each.model_dump() for each in confine(wanted)]))
"""


def weights(settings: Settings, store: ModelStore) -> Iterator[Finding]:
    """The language model is looked at by `answering.chat`."""
    language = settings.chat.model if isinstance(settings.chat, LlamaCppChat) else ""
    for name in models_in_use(settings):
        if name != language:
            yield weight(store, name)


def weight(store: ModelStore, name: str) -> Finding:
    model = store.manifest.model(name)
    try:
        store.path(name)
    except (MissingModel, WrongHash) as exc:
        says = f"{str(exc).split('; run:')[0]}; without it not possible: {model.disables}"
        mend = f"pincite models pull {name}"
        return Finding(area="models", state="broken", says=says, mend=mend)
    says = f"{model.role}: {name}, sha256 {model.sha256[:12]}…"
    return Finding(area="models", state="works", says=says)


def office() -> Iterator[Finding]:
    if find_spec("unstructured") is None:
        says = "docx, pptx, xlsx and msg files are not read: the extra is not installed"
        yield Finding(area=AREA, state="off", says=says, mend="pip install 'pincite[office]'")
    else:
        yield Finding(area=AREA, state="works", says="office files, by unstructured")


def sandbox() -> Iterator[Finding]:
    """Confine a child as a parser is confined, and report what this machine allows."""
    with tempfile.TemporaryDirectory() as scratch:
        child = subprocess.run(
            [sys.executable, "-c", _CONFINE, str(os.getpid()), scratch],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    if child.returncode != 0:
        says = f"no parser can be started: {(child.stderr.splitlines() or ['it died'])[-1]}"
        yield Finding(area=AREA, state="broken", says=says)
        return
    protections = [Protection.model_validate(each) for each in json.loads(child.stdout)]
    lacking = [f"{each.name} ({each.detail})" for each in protections if not each.held]
    if lacking:
        says = f"parsers run without: {'; '.join(lacking)}"
        mend = (
            "a newer kernel, or user namespaces allowed (sysctl kernel.unprivileged_userns_clone=1)"
        )
        yield Finding(area=AREA, state="degraded", says=says, mend=mend)
    else:
        yield Finding(area=AREA, state="works", says="parsers are confined: no network, own files")
