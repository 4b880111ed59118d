"""Where the sample library is: beside the code of an installed wheel, at the top of a checkout."""

from __future__ import annotations

from pathlib import Path

from pincite.errors import SetupError


def samples() -> Path:
    serving = Path(__file__).resolve().parent.parent
    for folder in (serving / "samples", serving.parent / "samples"):
        if (folder / "questions.toml").is_file():
            return folder
    raise SetupError("the sample library is missing from this installation; install it again")
