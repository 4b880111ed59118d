"""Files that were refused, so that they are not offered again on every run for nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from pathlib import Path

from pydantic import ValidationError

from ingestion.media import SUPPORTED
from pincite.config import Ingestion
from pincite.values import Value

NAME = "sync-refused.json"


class Refusal(Value):
    origin: str
    stamp: str
    """What the file looked like; see `tree.Entry`."""
    judge: str
    """See `judge_of`."""
    why: str


class _Kept(Value):
    refusals: tuple[Refusal, ...] = ()


def judge_of(version: str, limits: Ingestion) -> str:
    """Changes when a file that was refused might be taken now."""
    kinds = hashlib.sha256(" ".join(sorted(SUPPORTED)).encode()).hexdigest()[:12]
    return f"pincite {version}, {kinds}, {limits.max_file_mib} MiB"


class Refusals:
    """What is known of one library, in a file of its data folder. A damaged file knows nothing."""

    def __init__(self, folder: Path, judge: str) -> None:
        self._file = folder / NAME
        self._judge = judge
        self._known = {one.origin: one for one in self._read()}

    def why(self, origin: str, stamp: str) -> str | None:
        """The reason, where the file and what judges it are as they were."""
        found = self._known.get(origin)
        is_same = found is not None and (found.stamp, found.judge) == (stamp, self._judge)
        return found.why if found and is_same else None

    def note(self, origin: str, stamp: str, why: str) -> None:
        self._known[origin] = Refusal(origin=origin, stamp=stamp, judge=self._judge, why=why)
        self._write()

    def forget(self, prefix: str, *, besides: Collection[str]) -> None:
        """What lies below `prefix` no longer, or was taken by now."""
        gone = [one for one in self._known if one.startswith(prefix) and one not in besides]
        for origin in gone:
            del self._known[origin]
        if gone:
            self._write()

    def _read(self) -> tuple[Refusal, ...]:
        try:
            return _Kept.model_validate_json(self._file.read_bytes()).refusals
        except (OSError, ValidationError):
            return ()

    def _write(self) -> None:
        kept = _Kept(refusals=tuple(self._known.values()))
        new = self._file.with_suffix(".new")
        new.touch(mode=0o600)
        new.write_text(kept.model_dump_json(), encoding="utf-8")
        new.replace(self._file)
