"""The wheel holds our packages and their static files, and nothing else."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path, PurePosixPath

import pytest

from tests.unit.repository_files import PACKAGES, ROOT

KINDS = {
    **{name: {".py", ".typed"} for name in PACKAGES},
    "agent": {".py", ".typed", ".md"},
    "pincite": {".py", ".typed", ".toml"},
    "serving": {".py", ".typed", ".css"},
    "ui": {".py", ".typed", ".html", ".js", ".css", ".svg", ".png", ".woff2"},
    "evals": {".py", ".typed", ".jsonl", ".tsv", ".json", ".md", ".toml", ".css", ".js", ".html"},
}
LABELS = PurePosixPath("pincite/models/image_labels")
"""The shipped classifier of pictures, with its card and the licence of its texts."""
CHECKER = PurePosixPath("pincite/grounding/weights")
"""The shipped claim checker, with its card."""
WEIGHTS = {
    *(LABELS / name for name in ("classifier.onnx", "labels.tsv", "vectors.npy")),
    *(CHECKER / f"{name}.json" for name in ("checker", "combination", "tokenizer")),
    CHECKER / "model.onnx",
}
NEEDED = {
    *(str(LABELS / name) for name in ("CARD.md", "LICENSE.wordnet", "__init__.py")),
    *map(str, WEIGHTS),
    str(CHECKER / "CARD.md"),
    "pincite/models/models.toml",
    "ui/web/index.html",
    "serving/samples/questions.toml",
    "serving/samples/README.md",
    *(f"{name}/{file}" for name in PACKAGES for file in ("__init__.py", "py.typed")),
}


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> set[PurePosixPath]:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = Path(folder).glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return {PurePosixPath(name) for name in archive.namelist()}


def test_it_holds_our_packages_and_nothing_else(names: set[PurePosixPath]) -> None:
    tops = {name.parts[0] for name in names if not name.parts[0].endswith(".dist-info")}
    assert tops == set(PACKAGES)


def test_it_holds_only_files_of_the_kinds_that_belong_to_a_package(
    names: set[PurePosixPath],
) -> None:
    ours = [n for n in names if n.parts[0] in KINDS and n.parts[:2] != ("serving", "samples")]
    known = {*WEIGHTS, LABELS / "CARD.md", LABELS / "LICENSE.wordnet", CHECKER / "CARD.md"}
    others = [n for n in ours if n.suffix not in KINDS[n.parts[0]]]
    assert [str(n) for n in others if n not in known] == []


def test_it_holds_the_sample_library_as_it_is_committed(names: set[PurePosixPath]) -> None:
    packed = {"/".join(n.parts[2:]) for n in names if n.parts[:2] == ("serving", "samples")}
    samples = ROOT / "samples"
    assert packed == {str(p.relative_to(samples)) for p in samples.rglob("*") if p.is_file()}


def test_it_holds_the_page_the_manifest_and_the_samples(names: set[PurePosixPath]) -> None:
    assert NEEDED - {str(name) for name in names} == set()


def test_it_holds_every_prompt(names: set[PurePosixPath]) -> None:
    prompts = {str(path.relative_to(ROOT)) for path in (ROOT / "agent").rglob("*.md")}
    assert prompts
    assert prompts - {str(name) for name in names} == set()
