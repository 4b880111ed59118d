"""What a command's exit code says; `docs/cli.md` shows the same table."""

from __future__ import annotations

from pincite.errors import CorruptSource, PinciteError, SetupError, UpstreamError, UserError

USAGE = 2
USER = 3
SETUP = 4
UPSTREAM = 5
CORRUPT = 6
INTERRUPTED = 130

CODES: dict[type[PinciteError], int] = {
    UserError: USER,
    SetupError: SETUP,
    UpstreamError: UPSTREAM,
    CorruptSource: CORRUPT,
}


def code_of(error: PinciteError) -> int:
    return next((code for cls, code in CODES.items() if isinstance(error, cls)), 1)
