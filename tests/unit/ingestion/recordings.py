"""Recordings that tests make: bursts of noise in silence, in any container."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.video.frame import VideoFrame
from PIL import Image, ImageDraw, ImageFont

from pincite.models.sound import Samples

RATE = 48_000
FRAMES = 4
"""Pictures a second of the films made here."""


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


def slide(*texts: str, size: tuple[int, int] = (640, 360)) -> Image.Image:
    """Dark type on white, a line for each text."""
    drawn = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(drawn)
    for number, text in enumerate(texts):
        pen.text((60, 60 + 70 * number), text, fill="black", font=ImageFont.load_default(34))
    return drawn


def write_slides(
    path: Path,
    slides: Iterable[tuple[Image.Image, float]],
    *,
    sound: Samples | None = None,
    codec: str = "mpeg4",
    keys_apart: int = 12,
) -> Path:
    """Each picture for its seconds, at `FRAMES` a second, a key frame every `keys_apart` frames."""
    opened: Any = av.open(str(path), "w")
    slides = list(slides)
    with opened as container:
        pictures = container.add_stream(codec, rate=FRAMES)
        pictures.width, pictures.height = slides[0][0].size
        pictures.pix_fmt, pictures.gop_size, pictures.bit_rate = "yuv420p", keys_apart, 2_000_000
        track = None
        if sound is not None:
            track = container.add_stream("libopus" if codec == "libvpx" else "aac", rate=RATE)
            track.layout = "mono"
        for drawn, seconds in slides:
            frame = VideoFrame.from_ndarray(np.asarray(drawn), format="rgb24")
            for _ in range(round(seconds * FRAMES)):
                container.mux(pictures.encode(frame))
        container.mux(pictures.encode(None))
        if track is not None and sound is not None:
            _write_sound(container, track, sound)
    return path


def _write_sound(container: Any, stream: Any, samples: Samples) -> None:
    for first in range(0, len(samples), RATE):
        frame = AudioFrame.from_ndarray(
            samples[None, first : first + RATE], format="fltp", layout="mono"
        )
        frame.sample_rate, frame.pts = RATE, first
        container.mux(stream.encode(frame))
    container.mux(stream.encode(None))
