"""Weights by role, and what the readers of the various formats need."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from importlib.util import find_spec

from pincite.config import LlamaCppChat, Settings
from pincite.errors import MissingModel, WrongHash
from pincite.models.in_use import SENTENCE_SPLITTER, models_in_use
from pincite.models.store import ModelStore
from serving.diagnosis.findings import Finding

AREA = "reading"


def weights(settings: Settings, store: ModelStore) -> Iterator[Finding]:
    """The language model is looked at by `answering.chat`, the sentence splitter by `office`."""
    language = settings.chat.model if isinstance(settings.chat, LlamaCppChat) else ""
    for name in models_in_use(settings):
        if name not in {language, SENTENCE_SPLITTER}:
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


def office(store: ModelStore) -> Iterator[Finding]:
    if find_spec("unstructured") is None:
        says = "office files (docx, pptx, xlsx, e-mail, …) are not read: the extra is not installed"
        yield Finding(area=AREA, state="off", says=says, mend="pip install 'pincite[office]'")
        return
    found = weight(store, SENTENCE_SPLITTER)
    if found.state == "works":
        found = Finding(area=AREA, state="works", says="office files, by unstructured")
    yield found


def namespaces() -> Iterator[Finding]:
    """Whether a parser child can be started without any network but loopback."""
    unshare = shutil.which("unshare")
    if unshare is None:
        yield Finding(area=AREA, state="unchecked", says="unshare is not installed")
        return
    tried = subprocess.run(
        [unshare, "--user", "--map-root-user", "--net", "true"],
        capture_output=True,
        timeout=10,
        check=False,
    )
    if tried.returncode == 0:
        says = "user namespaces work: a process can be cut off from every network"
        yield Finding(area=AREA, state="works", says=says)
    else:
        says = "this machine allows no user namespaces: parsers keep the network of the user"
        mend = "sysctl kernel.unprivileged_userns_clone=1, or AppArmor's setting for unshare"
        yield Finding(area=AREA, state="degraded", says=says, mend=mend)
