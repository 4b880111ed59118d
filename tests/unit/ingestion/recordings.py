"""Recordings that tests make: bursts of noise in silence, in any container."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.video.frame import VideoFrame

from pincite.models.sound import Samples

RATE = 48_000


def bursts(length_s: float, sounds: Iterable[tuple[float, float]]) -> Samples:
    """Silence with a tone of 440 Hz from each start to each end."""
    samples = np.zeros(round(length_s * RATE), dtype=np.float32)
    for start_s, end_s in sounds:
        first, last = round(start_s * RATE), round(end_s * RATE)
        at = np.arange(last - first, dtype=np.float32) / RATE
        samples[first:last] = 0.5 * np.sin(2 * np.pi * 440 * at)
    return samples


def write_recording(
    path: Path, samples: Samples, *, codec: str = "pcm_s16le", form: str | None = None
) -> Path:
    """Encode mono sound; `form` names the container where the suffix does not."""
    opened: Any = av.open(str(path), "w", format=form)
    with opened as container:
        stream = container.add_stream(codec, rate=RATE)
        stream.layout = "mono"
        _write_sound(container, stream, samples)
    return path


def write_film(path: Path, samples: Samples) -> Path:
    """Encode sound beside a few black pictures."""
    opened: Any = av.open(str(path), "w")
    with opened as container:
        pictures = container.add_stream("mpeg4", rate=5)
        pictures.width, pictures.height, pictures.pix_fmt = 64, 48, "yuv420p"
        sound = container.add_stream("aac", rate=RATE)
        sound.layout = "mono"
        for _ in range(5):
            black = VideoFrame.from_ndarray(np.zeros((48, 64, 3), dtype=np.uint8), format="rgb24")
            container.mux(pictures.encode(black))
        container.mux(pictures.encode(None))
        _write_sound(container, sound, samples)
    return path


def _write_sound(container: Any, stream: Any, samples: Samples) -> None:
    for first in range(0, len(samples), RATE):
        frame = AudioFrame.from_ndarray(
            samples[None, first : first + RATE], format="fltp", layout="mono"
        )
        frame.sample_rate, frame.pts = RATE, first
        container.mux(stream.encode(frame))
    container.mux(stream.encode(None))
