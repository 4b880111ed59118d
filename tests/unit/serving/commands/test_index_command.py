from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pincite import config
from pincite.errors import IncompatibleData, UserError
from pincite.index.factory import open_index
from pincite.index.folder import Made
from pincite.index.generations import FIRST, Generation, Generations, Pointer
from pincite.index.ports import TEXT, Space
from serving.cli import app
from tests.unit.pincite.index.test_moving import MADE, made_points

RUN = CliRunner()


def pincite(data: Path, *words: object, kind: str = "qdrant") -> str:
    """Runs a command on a data folder; errors come as they are raised."""
    env = {"PINCITE_DATA_DIR": str(data), "PINCITE_INDEX__KIND": kind}
    if kind == "qdrant":
        env["PINCITE_INDEX__URL"] = str(data / "qdrant")
    done = RUN.invoke(app, ["index", *map(str, words)], env=env)
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.output


def filled(data: Path, made: Made = MADE) -> Path:
    data.mkdir()
    Generations(data, "qdrant").point_to(Pointer(in_use=Generation(name=FIRST, made=made)))
    chosen = config.Index(kind="qdrant", url=str(data / "qdrant"))
    with open_index(chosen, data / FIRST, made.spaces, words=made.words) as index:
        index.upsert(made_points() if made == MADE else [])
    return data


def test_an_index_is_carried_from_a_server_to_a_new_folder_and_told_about(tmp_path: Path) -> None:
    here, there, file = filled(tmp_path / "here"), tmp_path / "there", tmp_path / "index.bin"
    assert "Wrote 300 passages" in pincite(here, "export", file)
    assert "Imported 300 passages" in pincite(there, "import", file, kind="edge")
    assert "Imported 300 passages" in pincite(there, "import", file, kind="edge")
    told = json.loads(pincite(there, "info", "--json", kind="edge"))
    assert (told["points"], told["optimized"], told["words"]) == (300, 0, "words-1")
    assert told["bytes_on_disk"] > 0
    written = pincite(there, "info", kind="edge")
    assert "300 passages" in written
    assert "vectors `text`: one, 4 dimensions" in written


def test_an_index_of_another_encoder_is_left_as_it_was(tmp_path: Path) -> None:
    here, file = filled(tmp_path / "here"), tmp_path / "index.bin"
    pincite(here, "export", file)
    other = MADE.model_copy(update={"spaces": {TEXT: Space(encoder="new", dimensions=4)}})
    there = filled(tmp_path / "there", other)
    with pytest.raises(IncompatibleData, match=r"encoder one .*nothing was imported"):
        pincite(there, "import", file)
    assert json.loads(pincite(there, "info", "--json"))["points"] == 0


def test_where_there_is_no_index_that_is_said(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"there is no index in .* yet; run: pincite ingest"):
        pincite(tmp_path, "info")
    with pytest.raises(IncompatibleData, match="cannot be read"):
        pincite(tmp_path, "import", tmp_path / "missing")
