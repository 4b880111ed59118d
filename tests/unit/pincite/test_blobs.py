from __future__ import annotations

import hashlib
import stat
from pathlib import Path

import pytest

from pincite.blobs import BlobStore
from pincite.elements import BlobKey, ContentId
from pincite.errors import DiskFull, UserError


@pytest.fixture
def blobs(tmp_path: Path) -> BlobStore:
    return BlobStore(tmp_path / "data" / "blobs")


@pytest.fixture
def original(tmp_path: Path) -> Path:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"hello" * 500_000)
    return path


def test_a_file_is_stored_under_the_hash_of_its_bytes(blobs: BlobStore, original: Path) -> None:
    content, size = blobs.put_file(original)
    assert content == hashlib.sha256(original.read_bytes()).hexdigest()
    assert size == 2_500_000
    assert blobs.path(content).read_bytes() == original.read_bytes()


def test_blobs_are_for_their_owner_only(blobs: BlobStore, original: Path, tmp_path: Path) -> None:
    content, _ = blobs.put_file(original)
    blobs.put(BlobKey(f"{content}/p1.png"), b"x")
    made = list((tmp_path / "data" / "blobs").rglob("*"))
    assert {stat.S_IMODE(path.stat().st_mode) for path in made if path.is_file()} == {0o600}
    assert {stat.S_IMODE(path.stat().st_mode) for path in made if path.is_dir()} == {0o700}


def test_the_same_bytes_are_stored_once(blobs: BlobStore, original: Path, tmp_path: Path) -> None:
    blobs.put_file(original)
    blobs.put_file(original)
    files = [path for path in (tmp_path / "data").rglob("*") if path.is_file()]
    assert len(files) == 1


def test_derived_blobs_go_with_their_content(
    blobs: BlobStore, original: Path, tmp_path: Path
) -> None:
    content, _ = blobs.put_file(original)
    key = BlobKey(f"{content}/u1-figure.png")
    blobs.put(key, b"old")
    blobs.put(key, b"png")
    assert blobs.get(key) == b"png"
    assert set(blobs.contents()) == {content}
    blobs.delete(content)
    blobs.delete(content)
    assert not blobs.path(content).exists()
    assert not [path for path in (tmp_path / "data").rglob("*") if path.is_file()]
    assert set(blobs.contents()) == set()


@pytest.mark.parametrize(
    "key",
    ["", "x", "a" * 63, "a" * 64 + "/../x", "a" * 64 + "/", "a" * 64 + "/original", "/etc/passwd"],
)
def test_what_is_no_key_never_becomes_a_path(blobs: BlobStore, key: str) -> None:
    with pytest.raises(ValueError, match="not a blob key"):
        blobs.path(BlobKey(key))


def test_a_file_that_is_not_there_is_said_so(blobs: BlobStore, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"nothing\.pdf cannot be opened"):
        blobs.put_file(tmp_path / "nothing.pdf")


def test_a_full_disk_leaves_no_half_written_blob(
    blobs: BlobStore, original: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[int] = []

    def write(target: int, data: bytes) -> int:
        calls.append(target)
        if len(calls) > 1:
            raise OSError(28, "No space left on device")
        return len(data)

    monkeypatch.setattr("pincite.blobs.os.write", write)
    with pytest.raises(DiskFull, match="no space left"):
        blobs.put_file(original)
    assert not [path for path in (tmp_path / "data").rglob("*") if path.is_file()]


def test_sweeping_removes_what_a_killed_process_left(blobs: BlobStore, tmp_path: Path) -> None:
    leftover = tmp_path / "data" / "blobs" / "incoming" / "half"
    leftover.write_bytes(b"half")
    blobs.sweep()
    assert not leftover.exists()


def test_no_content_has_the_key_of_another(blobs: BlobStore) -> None:
    one, other = ContentId("a" * 64), ContentId("b" * 64)
    assert blobs.path(BlobKey(f"{one}/p.png")) != blobs.path(BlobKey(f"{other}/p.png"))
