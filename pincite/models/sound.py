"""Sound out of any recording, a stretch at a time, through FFmpeg's libraries (PyAV).

Memory is that of the stretch asked for, however long the recording is. Times are seconds from the
first sound of the recording, as a player shows them.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import av
import numpy as np
import numpy.typing as npt
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.stream import Disposition
from av.video.stream import VideoStream

from pincite.errors import CorruptSource

RATE = 16_000
"""Samples a second of all sound that is handed out; mono, 32-bit floats in [-1, 1]."""
Samples = npt.NDArray[np.float32]

_LEAD_S = 1.0
"""Decoded before a stretch and thrown away: codecs need some sound to find their feet."""
_TAIL_S = 5.0
_JITTER_S = 0.05
"""Gaps below this are rounding of timestamps, not missing sound."""
_FORMATS = "wav,w64,mp3,aac,flac,ogg,mov,mp4,m4a,matroska,webm,avi,aiff,amr,caf,asf"
"""No play lists: those make FFmpeg open other files and addresses."""


class Length(NamedTuple):
    """How long a recording is."""

    seconds: float
    """To the end of the last sound that is there."""
    declared_s: float
    """What its header says; 0 where it says nothing."""


class Stretch(NamedTuple):
    """Decoded sound."""

    samples: Samples
    damaged: int
    """Packets that could not be decoded; silence stands in their place."""


def length_of(recording: Path) -> Length:
    """Measure a recording by its header and its last packets; nothing is decoded.

    Raises:
        CorruptSource: not a recording, without a sound track, or of no length.
    """
    with _opened(recording) as (container, track):
        declared = _declared_s(container, track)
        end = _last_packet_end(container, track, max(0.0, declared - _TAIL_S))
        if end <= 0 and declared > _TAIL_S:
            end = _last_packet_end(container, track, 0.0)
    if end <= 0:
        raise CorruptSource("this recording is 0 seconds long")
    return Length(seconds=end, declared_s=declared)


def has_sound(recording: Path) -> bool:
    """Whether there is a sound track, and anything on it; reads no further than its beginning.

    Raises:
        CorruptSource: not a recording.
    """
    with opened_recording(recording) as container:
        track = next(iter(container.streams.audio), None)
        return track is not None and any(packet.size for packet in _packets(container, track))


def stretch_of(recording: Path, *, start_s: float, end_s: float) -> Stretch:
    """Decode [start_s, end_s); what lies behind the end of the recording is silence.

    Raises:
        CorruptSource: not a recording, or nothing of it can be decoded.
    """
    page = _Page(start_s, np.zeros(max(0, round((end_s - start_s) * RATE)), dtype=np.float32))
    with _opened(recording) as (container, track):
        origin = _origin_s(track)
        _seek(container, track, start_s - _LEAD_S + origin)
        resampler = _Resampler()
        for frame in _frames(container, track, page):
            at = frame.time
            for mono in resampler.resample(frame):
                page.write(mono, at=at if at is None else at - origin)
            if at is not None and at - origin > end_s:
                break
        else:
            for mono in resampler.rest():
                page.write(mono, at=None)
    return Stretch(samples=page.samples, damaged=page.damaged)


@dataclass
class _Page:
    """Where decoded sound is put down, at the time its timestamp says."""

    start_s: float
    samples: Samples
    damaged: int = 0
    _next: int | None = field(default=None)
    """Place of the next sample if sound goes on without a gap."""

    def write(self, frame: AudioFrame, *, at: float | None) -> None:
        sound = frame.to_ndarray().reshape(-1)
        stamp = self._next if at is None else round((at - self.start_s) * RATE)
        if self._next is None or stamp is None or abs(stamp - self._next) > _JITTER_S * RATE:
            self._next = stamp or 0
        first = self._next
        self._next = first + len(sound)
        lo, hi = max(first, 0), min(self._next, len(self.samples))
        if lo < hi:
            self.samples[lo:hi] = sound[lo - first : hi - first]


class _Resampler:
    """To mono at `RATE`; starts anew where the track changes its rate or channels."""

    def __init__(self) -> None:
        self._shape: tuple[str, str, int] | None = None
        self._inner = av.AudioResampler(format="flt", layout="mono", rate=RATE)

    def resample(self, frame: AudioFrame) -> list[AudioFrame]:
        shape = (frame.format.name, frame.layout.name, frame.sample_rate)
        if shape != self._shape:
            self._shape = shape
            self._inner = av.AudioResampler(format="flt", layout="mono", rate=RATE)
        return self._inner.resample(frame)

    def rest(self) -> list[AudioFrame]:
        return self._inner.resample(None) if self._shape else []


def _frames(container: InputContainer, track: AudioStream, page: _Page) -> Iterator[AudioFrame]:
    """Decoded frames; a damaged packet costs only itself."""
    decoded = 0
    for packet in _packets(container, track):
        try:
            frames = packet.decode()
        except FFmpegError:
            page.damaged += 1
            continue
        decoded += len(frames)
        yield from frames
    if not decoded and page.damaged:
        raise CorruptSource("the sound of this recording is damaged and cannot be decoded")


def _packets(container: InputContainer, track: AudioStream) -> Iterator[Packet[AudioStream]]:
    """Packets up to the end, or to where the file breaks off."""
    packets = container.demux(track)
    while True:
        try:
            yield next(packets)
        except (StopIteration, FFmpegError):
            return


@contextmanager
def _opened(recording: Path) -> Generator[tuple[InputContainer, AudioStream]]:
    with opened_recording(recording) as container:
        tracks = container.streams.audio
        if not tracks:
            raise CorruptSource("this recording has no sound track")
        yield container, tracks[0]


@contextmanager
def opened_recording(recording: Path) -> Generator[InputContainer]:
    """Any container of sound or pictures; no other file or address is ever opened.

    Raises:
        CorruptSource: not a recording.
    """
    try:
        container = av.open(
            str(recording),
            options={"protocol_whitelist": "file", "format_whitelist": _FORMATS},
            metadata_errors="replace",
        )
    except FFmpegError as exc:
        raise CorruptSource("this is no recording that can be played, or it is cut off") from exc
    with container:
        yield container


def _declared_s(container: InputContainer, track: AudioStream) -> float:
    if track.duration is not None and track.time_base is not None:
        return max(0.0, float(track.duration * track.time_base))
    return max(0.0, (container.duration or 0) / av.time_base)


def _last_packet_end(container: InputContainer, track: AudioStream, from_s: float) -> float:
    """End of the last packet at or behind `from_s`, 0 where there is none."""
    origin, base = _origin_s(track), float(track.time_base or 0)
    _seek(container, track, from_s + origin)
    end = 0.0
    for packet in _packets(container, track):
        if packet.pts is not None and packet.size:
            end = max(end, (packet.pts + (packet.duration or 0)) * base - origin)
    return end


def _origin_s(track: AudioStream) -> float:
    """When the first sound is, by the file's own clock."""
    return max(0.0, float((track.start_time or 0) * (track.time_base or 0)))


def _seek(container: InputContainer, track: AudioStream, at_s: float) -> None:
    """Go to just before a time; where the file cannot be seeked it is read from its beginning."""
    if at_s <= 0 or not track.time_base:
        at_s = 0.0
    try:
        container.seek(int(at_s / float(track.time_base or 1)), stream=track)
    except FFmpegError:
        return


def is_cover(stream: VideoStream) -> bool:
    """A picture of the sleeve, which music files carry as a video of one frame."""
    return bool(stream.disposition & Disposition.attached_pic)
