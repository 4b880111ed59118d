"""Recordings with transcripts: `manifest.jsonl`, a JSON object per line.

Fields: `audio` (path from the folder), `text`, and where known `words`: a list of
`[word, start, end]` in seconds.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pincite.errors import CorruptSource
from pincite.values import Value


class TimedWord(Value):
    text: str
    start_s: float
    end_s: float


class Clip(Value):
    id: str
    """Path from the folder of the set."""
    audio: Path
    text: str
    words: tuple[TimedWord, ...] = ()
    """With reference times; empty where the set has none."""


def read(folder: Path) -> Iterator[Clip]:
    """All clips, in the order of the manifest.

    Raises:
        CorruptSource: a line is not as described, or its recording is missing.
    """
    manifest = folder / "manifest.jsonl"
    if not manifest.is_file():
        raise CorruptSource("the folder speech lacks its manifest.jsonl; unpack the set again")
    for number, line in enumerate(manifest.read_text(encoding="utf-8").splitlines(), start=1):
        if line.strip():
            yield _clip(folder, number, line)


def _clip(folder: Path, number: int, line: str) -> Clip:
    try:
        told: dict[str, Any] = json.loads(line)
        words = tuple(
            TimedWord(text=text, start_s=start, end_s=end)
            for text, start, end in told.get("words") or ()
        )
        clip = Clip(id=told["audio"], audio=folder / told["audio"], text=told["text"], words=words)
    except (KeyError, TypeError, ValueError) as exc:
        raise CorruptSource(f"line {number} of the speech manifest is not a clip") from exc
    if not clip.audio.is_file():
        raise CorruptSource(f"the recording {clip.id} is missing; unpack the set again")
    return clip
