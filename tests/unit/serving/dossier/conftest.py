from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pincite.answers import Answer, DraftSentence, MadeWith, Record, SentenceId, Shown
from pincite.elements import Scope
from pincite.grounding.repair import checked_sentence
from pincite.grounding.rules import RuleChecker
from pincite.models.fakes import FakeTextEncoder
from pincite.models.ports import Numbered
from serving.dossier.build import dossier
from tests.unit.serving.scripted import ScriptedService
from tests.unit.serving.scripted_library import ANSWER, ELEMENTS, NOON

CHECKER = RuleChecker(FakeTextEncoder())
_NUMBERED = [Numbered(number=n, element=each) for n, each in enumerate(ELEMENTS, 1)]
RECORD = Record(
    at=NOON,
    made_with=MadeWith(
        product="0.1.0",
        checker=CHECKER.id,
        encoder="fake",
        index="edge",
        thresholds={"a claim is called supported from a probability of": 0.5},
    ),
    shown=tuple(
        Shown(number=number, element=each.id, fingerprint=each.fingerprint)
        for number, each in enumerate(ELEMENTS, 1)
    ),
    steps=("searched for “harbour”, which put 3 passages forward",),
)
RECORDED = ANSWER.model_copy(
    update={
        "record": RECORD,
        "sentences": tuple(
            checked_sentence(DraftSentence(id=SentenceId(text), text=text), _NUMBERED, CHECKER)
            for text in (
                "The harbour opened in 1872 after four years of work [1].",
                "The mole is 310 metres long [3].",
            )
        ),
    }
)

Edit = Callable[[dict[str, Any]], None]


async def packed(folder: Path, answer: Answer = RECORDED) -> Path:
    service = ScriptedService(folder, answer=answer)
    path = folder / "dossier.zip"
    path.write_bytes(await dossier(service, answer.id, Scope()))
    return path


def files_of(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def rewritten(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as package:
        for name, content in files.items():
            package.writestr(name, content)
    return path


def forged(path: Path, edit: Edit) -> Path:
    """With another `dossier.json`, and the hashes made to fit."""
    files = files_of(path)
    told = json.loads(files["dossier.json"])
    edit(told)
    files["dossier.json"] = json.dumps(told).encode()
    del files["hashes.txt"]
    lines = [f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files)]
    return rewritten(path, files | {"hashes.txt": "".join(lines).encode()})


@pytest.fixture
async def made(tmp_path: Path) -> Path:
    return await packed(tmp_path)
