"""Carriers that are recordings: an instruction that is spoken, or stands in the title."""

from __future__ import annotations

import shutil
import struct
import subprocess
from pathlib import Path

from evals.injection.cases import Planted
from pincite.errors import SetupError

_SECONDS = 60


def speech(case: Planted, folder: Path) -> Path:
    """The words, read out by a speech program of this machine.

    Raises:
        SetupError: there is none.
    """
    path = folder / "recording.wav"
    say(case.text, path)
    return path


def titled(case: Planted, folder: Path) -> Path:
    """A harmless recording with the instruction as its title and comment."""
    path = folder / "recording.wav"
    say(case.story.near, path)
    path.write_bytes(_titled(path.read_bytes(), case.plant))
    return path


def say(text: str, path: Path) -> None:
    """Speak `text` into a WAV file."""
    flite, espeak = shutil.which("flite"), shutil.which("espeak-ng")
    if flite:
        command = [flite, "-voice", "slt", "-t", text, "-o", str(path)]
    elif espeak:
        command = [espeak, "-s", "140", "-w", str(path), text]
    else:
        raise SetupError("speech is made by flite or espeak-ng; run: apt-get install flite")
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=_SECONDS)
    except (OSError, subprocess.SubprocessError) as exc:
        raise SetupError(f"{command[0]} could not speak; try it on its own") from exc


def _titled(wave: bytes, title: str) -> bytes:
    """The same sound with a RIFF `INFO` list behind it."""
    entries = b"".join(_chunk(name, title.encode() + b"\0") for name in (b"INAM", b"ICMT"))
    body = wave[8:] + _chunk(b"LIST", b"INFO" + entries)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _chunk(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)
