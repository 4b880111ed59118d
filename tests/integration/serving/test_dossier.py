"""A scan is read, asked about, packed, and checked on a machine that has only the ZIP."""

from __future__ import annotations

import io
import json
from collections.abc import Generator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from PIL import Image
from typer.testing import CliRunner, Result

from pincite.models.store import ModelStore
from serving.cli import app
from serving.demo.samples import samples
from tests.unit.serving.dossier.conftest import files_of, forged, rewritten

pytestmark = pytest.mark.real
QUESTION = "What is the gross weight of delivery 4471 with its crate?"
RUNNER = CliRunner()


class Made(NamedTuple):
    library: Path
    dossier: bytes


@pytest.fixture(scope="module")
def made(store: ModelStore, tmp_path_factory: pytest.TempPathFactory) -> Generator[Made]:
    assert store.has("all-minilm-l6-v2-int8")
    folder = tmp_path_factory.mktemp("dossier")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PINCITE_DATA_DIR", str(folder / "library"))
        patch.setenv("PINCITE_CHAT__KIND", "none")
        _run("ingest", str(samples() / "library" / "delivery-note-4471.pdf"))
        events = [json.loads(line) for line in _run("ask", QUESTION, "--json").output.splitlines()]
        answer = next(event["answer"] for event in events if event["kind"] == "answer")
        _run("dossier", answer["id"], "--out", str(folder / "dossier.zip"))
        yield Made(folder / "library", (folder / "dossier.zip").read_bytes())


@pytest.fixture
def dossier(made: Made, tmp_path: Path) -> Path:
    path = tmp_path / "dossier.zip"
    path.write_bytes(made.dossier)
    return path


@pytest.fixture
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PINCITE_DATA_DIR", str(tmp_path / "nothing here"))


def _run(*words: str, code: int = 0) -> Result:
    found = RUNNER.invoke(app, list(words))
    assert found.exit_code == code, (found.output, found.exception)
    return found


def _weigh_77(told: dict[str, Any]) -> None:
    """One digit of the evidence, and nothing else."""
    pieces = [p for p in told["evidence"] if p["element"]["text"].endswith("71 kg")]
    for piece in pieces:
        piece["element"]["text"] = piece["element"]["text"].replace("71 kg", "77 kg")
    assert pieces


def test_the_place_in_the_scan_is_shown_with_a_box(dossier: Path) -> None:
    files = files_of(dossier)
    [name] = [name for name in files if name.endswith(".png")]
    with Image.open(io.BytesIO(files[name])) as picture:
        assert (217, 72, 15) in {c for _, c in picture.getcolors(1 << 20) or ()}


@pytest.mark.usefixtures("made")
def test_where_the_library_is_all_comes_out_the_same(dossier: Path) -> None:
    told = _run("replay", str(dossier)).output
    assert "1 of 1 verdicts come out the same" in told
    assert "delivery-note-4471.pdf is in this library, byte for byte" in told
    assert "still stands at delivery-note-4471.pdf p. 1" in told


@pytest.mark.usefixtures("_elsewhere")
def test_a_machine_without_a_library_checks_the_verdicts(dossier: Path, tmp_path: Path) -> None:
    told = _run("replay", str(dossier)).output
    assert "1 of 1 verdicts come out the same" in told
    assert "no library on this machine" in told
    assert not (tmp_path / "nothing here").exists()


@pytest.mark.usefixtures("_elsewhere")
def test_a_changed_digit_in_the_stored_evidence_flips_the_verdict(dossier: Path) -> None:
    told = _run("replay", str(forged(dossier, _weigh_77)), code=1).output
    assert "supported then, contradicted now" in told
    assert "“71 kg” where the source has “77 kg”" in told


@pytest.mark.usefixtures("_elsewhere")
def test_a_changed_file_is_named_and_differs(dossier: Path) -> None:
    files = files_of(dossier)
    files["dossier.html"] = files["dossier.html"].replace(b"71 kg", b"77 kg")
    told = _run("replay", str(rewritten(dossier, files)), code=1).output
    assert "dossier.html was changed" in told


@pytest.mark.usefixtures("_elsewhere")
def test_one_changed_byte_is_one_sentence(
    dossier: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = bytearray(dossier.read_bytes())
    content[len(content) // 2] ^= 1
    dossier.write_bytes(content)
    told = _run("replay", str(dossier), code=2)
    said = told.output + capsys.readouterr().err
    assert said.count("\n") == 1
    assert "is damaged" in said
