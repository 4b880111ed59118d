"""Where a user's files belong, by the rules of the operating system; needs no package."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def data_folder() -> Path:
    """Of Pincite, for this user: below `XDG_DATA_HOME` where that is an absolute path."""
    home = Path.home()
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / "pincite"
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA")  # noqa: TID251
        return Path(local or home / "AppData" / "Local") / "pincite" / "pincite"
    chosen = Path(os.environ.get("XDG_DATA_HOME", "").strip())  # noqa: TID251
    return (chosen if chosen.is_absolute() else home / ".local" / "share") / "pincite"
