from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from ingestion.intake import Offer, admitted, walk
from pincite.config import Ingestion
from pincite.drawing.marks import marked
from pincite.errors import UserError
from pincite.generated import Provenance


def seen(*paths: Path, apart_from: Path | None = None) -> dict[str, str | None]:
    """Name → None where it is offered, else why not."""
    return {
        one.name: None if isinstance(one, Offer) else one.why
        for one in walk(paths, apart_from=apart_from)
    }


def touch(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("x", encoding="utf-8")
    return path


def test_a_folder_is_walked_in_order_of_name(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.txt", "a/y/x.txt", "c.txt"):
        touch(tmp_path / name)
    assert list(seen(tmp_path)) == ["x.txt", "z.txt", "b.txt", "c.txt"]


def test_an_offer_knows_where_it_came_from(tmp_path: Path) -> None:
    path = touch(tmp_path / "a.txt")
    (offer,) = walk([path])
    assert offer == Offer(path=path, name="a.txt", origin=str(path.resolve()))


def test_what_is_hidden_is_passed_over_and_named_unless_it_is_asked_for(tmp_path: Path) -> None:
    hidden = touch(tmp_path / ".secret")
    touch(tmp_path / ".git" / "config")
    found = seen(tmp_path)
    assert set(found) == {".secret", ".git"}
    assert all(why is not None and "hidden" in why for why in found.values())
    assert seen(hidden) == {".secret": None}


def test_a_link_out_of_the_folder_is_passed_over_and_named(tmp_path: Path) -> None:
    outside = touch(tmp_path / "outside" / "a.txt")
    folder = tmp_path / "folder"
    touch(folder / "b.txt")
    (folder / "out.txt").symlink_to(outside)
    (folder / "in.txt").symlink_to(folder / "b.txt")
    (folder / "loop").symlink_to(folder)
    found = seen(folder)
    assert set(found) == {"b.txt", "out.txt"}
    assert "leads out of the folder" in (found["out.txt"] or "")
    assert seen(folder / "out.txt") == {"out.txt": None}


def test_what_is_not_there_or_no_file_is_said_so(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    found = seen(tmp_path / "nothing.pdf", tmp_path)
    assert "No such file" in (found["nothing.pdf"] or "")
    assert "neither a file nor a folder" in (found["pipe"] or "")


def test_the_library_does_not_read_itself(tmp_path: Path) -> None:
    touch(tmp_path / "data" / "texts.sqlite")
    touch(tmp_path / "a.txt")
    found = seen(tmp_path, apart_from=tmp_path / "data")
    assert found["a.txt"] is None
    assert "own data folder" in (found["data"] or "")
    assert len(found) == 2


def test_a_folder_that_cannot_be_read_is_refused_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    locked = tmp_path / "locked"
    touch(locked / "a.txt")
    touch(tmp_path / "b.txt")
    scandir = os.scandir

    def refusing(path: Path) -> object:
        """The owner of a machine may read everything, so permissions alone prove nothing."""
        if Path(path) == locked:
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr("ingestion.intake.os.scandir", refusing)
    found = seen(tmp_path)
    assert found["b.txt"] is None
    assert found["locked"] == f"the folder {locked} cannot be read: Permission denied"


def test_a_name_that_is_no_text_is_shown_all_the_same(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/caf\xe9.txt"
    with open(path, "wb") as file:  # noqa: PTH123  bytes are no Path
        file.write(b"x")
    (offer,) = walk([tmp_path])
    assert isinstance(offer, Offer)
    assert offer.name == "caf\ufffd.txt"
    assert offer.path.read_bytes() == b"x"


def test_a_picture_that_we_generated_is_refused_whatever_it_is_called(tmp_path: Path) -> None:
    said = Provenance(
        prompt="a chart", model="m", seed=1, steps=1, guidance=1, generated_by="Pincite 0.1.0"
    )
    path = tmp_path / "figures of 2025.jpg"
    path.write_bytes(marked(np.zeros((40, 60, 3), dtype=np.uint8), said))
    (offer,) = walk([path])
    assert isinstance(offer, Offer)
    with pytest.raises(UserError, match=r"2025\.jpg is a generated picture, not evidence"):
        admitted(offer, Ingestion())
