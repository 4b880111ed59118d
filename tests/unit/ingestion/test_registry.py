"""Every media type that is said to be read has a reader; what it loads is only its own."""

from __future__ import annotations

import builtins
import subprocess
import sys
from collections.abc import Mapping, Sequence

import pytest

from ingestion.media import SUPPORTED
from ingestion.packages import DOCX, PPTX, XLSX
from ingestion.readers.environment import CHILD_ENVIRONMENT
from ingestion.readers.registry import reader_for
from pincite import config
from pincite.config import Ocr, Settings, Speech
from pincite.errors import MissingExtra, UnsupportedMedia
from pincite.models.store import ModelStore

SETTINGS = Settings(ocr=Ocr(kind="fake"), speech=Speech(kind="fake"))
STORE = ModelStore(config.ModelStore())


@pytest.mark.parametrize("media_type", sorted(SUPPORTED))
def test_every_supported_type_has_a_reader(
    media_type: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in CHILD_ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    assert reader_for(media_type, SETTINGS, STORE).version


def test_a_type_that_is_not_read_is_refused_with_those_that_are() -> None:
    with pytest.raises(UnsupportedMedia, match=r"application/x-thing is not read; these are: PDF"):
        reader_for("application/x-thing", SETTINGS, STORE)


@pytest.mark.parametrize(
    ("media_type", "package", "module"),
    [
        (DOCX, "unstructured", "office"),
        (PPTX, "unstructured", "office"),
        (XLSX, "openpyxl", "workbook"),
        ("application/vnd.ms-outlook", "oxmsg", "outlook"),
    ],
)
def test_without_the_extra_the_command_that_brings_it_is_named(
    media_type: str, package: str, module: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, f"ingestion.readers.{module}", raising=False)
    usual = builtins.__import__

    def without(
        name: str,
        globals_: Mapping[str, object] | None = None,
        locals_: Mapping[str, object] | None = None,
        fromlist: Sequence[str] = (),
        level: int = 0,
    ) -> object:
        if name.partition(".")[0] == package:
            raise ModuleNotFoundError(name=package)
        return usual(name, globals_, locals_, fromlist, level)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(MissingExtra, match=r"pip install 'pincite\[office\]'"):
        reader_for(media_type, SETTINGS, STORE)


def test_text_is_read_without_loading_office_libraries_or_models() -> None:
    script = (
        "import sys\n"
        "from ingestion.readers.registry import reader_for\n"
        "from pincite import config\n"
        "from pincite.models.store import ModelStore\n"
        "store = ModelStore(config.ModelStore())\n"
        "for kind in ('text/plain', 'text/html', 'text/csv', 'text/markdown', 'message/rfc822'):\n"
        "    reader_for(kind, config.Settings(), store)\n"
        "heavy = {'unstructured', 'spacy', 'openpyxl', 'onnxruntime', 'faster_whisper', 'av'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
