"""Pictures out of a video: the one at a second, and those at which the scene changes (PyAV).

Times are those of `pincite.models.sound`: seconds from the first sound, or from the first picture
where there is no sound. Memory is that of a few pictures, however long the video is.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

import av
import numpy as np
import numpy.typing as npt
from av.container import InputContainer
from av.error import FFmpegError
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from pincite.errors import CorruptSource, TooLarge
from pincite.models.ports import Picture
from pincite.models.sound import is_cover, opened_recording

_SAMPLE_S = 1.0
"""Pictures nearer to each other than this are not compared."""
_KEYS_ENOUGH_S = 5.0
"""Where key frames are no further apart than this, nothing else is decoded."""
_RESTLESS_S = 30.0
"""A scene that never comes to rest is looked at so often."""
_SMALL = (192, 108)
_DIFFERENT = 24
"""Of 255 by which a dot must differ to count as changed."""
_CHANGED, _SETTLED = 0.002, 0.001
"""Share of changed dots from which a scene is another, and below which a picture stands still.

A word more on a slide is another scene.
"""
_ALIGN_S = 0.001

Small = npt.NDArray[np.int16]


class Still(NamedTuple):
    """A picture of a video."""

    at_s: float
    pixels: Picture


class FilmLength(NamedTuple):
    seconds: float
    width: int
    height: int


def film_length(path: Path) -> FilmLength | None:
    """Of the video's pictures by its header; None where there are none.

    Raises:
        CorruptSource: not a video that can be opened.
    """
    with _opened(path) as found:
        if found is None:
            return None
        container, track = found
        seconds = (container.duration or 0) / av.time_base
        if track.duration is not None and track.time_base is not None:
            seconds = float(track.duration * track.time_base)
        return FilmLength(max(0.0, seconds), track.width, track.height)


def still_at(path: Path, at_s: float, *, max_megapixels: int) -> Still:
    """The picture that a player shows at `at_s`; decodes from the key frame before it.

    Raises:
        CorruptSource: there are no pictures, or none can be decoded.
        TooLarge: its pictures are over the limit.
    """
    with _opened(path) as found:
        if found is None:
            raise CorruptSource("this recording has no pictures")
        container, track = found
        _check_size(track, max_megapixels)
        shown: VideoFrame | None = None
        for frame, time in _frames(container, track, at_s):
            if shown is not None and time > at_s + _ALIGN_S:
                break
            shown = frame
        if shown is None:
            raise CorruptSource("the pictures of this video cannot be decoded")
        return Still(at_s, _pixels(shown))


def scenes(
    path: Path, *, start_s: float, end_s: float, most: int, max_megapixels: int
) -> Iterator[Still]:
    """Pictures of [start, end) that differ from the one before, in order of time, `most` at most.

    A picture is taken when it has come to rest; the first of a stretch always.

    Raises:
        TooLarge: its pictures are over the limit.
    """
    with _opened(path) as found:
        if found is None:
            return
        container, track = found
        _check_size(track, max_megapixels)
        rare = _keys_apart_s(container, track, start_s, end_s) <= _KEYS_ENOUGH_S
        track.codec_context.skip_frame = "NONKEY" if rare else "NONREF"
        sampled = _sampled(_frames(container, track, start_s), start_s, end_s)
        for number, (frame, time) in enumerate(_changes(sampled)):
            if number >= most:
                return
            yield Still(round(time, 3), _pixels(frame))


def _check_size(track: VideoStream, max_megapixels: int) -> None:
    if track.width * track.height > max_megapixels * 1_000_000:
        raise TooLarge(
            f"its pictures have {track.width} × {track.height} pixels, more than the "
            f"{max_megapixels} million allowed; raise PINCITE_INGESTION__MAX_MEGAPIXELS"
        )


Timed = tuple[VideoFrame, float]


def _sampled(frames: Iterator[Timed], start_s: float, end_s: float) -> Iterator[Timed]:
    next_s = start_s
    for frame, time in frames:
        if time >= end_s:
            return
        if time >= next_s - _ALIGN_S:
            next_s = time + _SAMPLE_S
            yield frame, time


def _changes(frames: Iterator[Timed]) -> Iterator[Timed]:
    taken: Small | None = None
    taken_s = 0.0
    before: Small | None = None
    waiting: Timed | None = None
    for frame, time in frames:
        small = _small(frame)
        rests = before is not None and _apart(before, small) < _SETTLED
        before = small
        if taken is not None and _apart(taken, small) < _CHANGED:
            waiting = None
            continue
        if taken is None or rests or time - taken_s >= _RESTLESS_S:
            # What has come to rest looked so one sample earlier: that is when it appeared.
            yield waiting if rests and waiting is not None else (frame, time)
            taken, taken_s, waiting = small, time, None
        else:
            waiting = frame, time
    if waiting is not None:
        yield waiting


def _small(frame: VideoFrame) -> Small:
    width, height = _SMALL
    return frame.reformat(width=width, height=height, format="gray").to_ndarray().astype(np.int16)


def _apart(one: Small, other: Small) -> float:
    return float(np.mean(np.abs(one - other) > _DIFFERENT))


def _pixels(frame: VideoFrame) -> Picture:
    """Upright, as a player turns it."""
    pixels = frame.to_ndarray(format="rgb24").astype(np.uint8, copy=False)
    turns = round(frame.rotation / 90) % 4
    return np.ascontiguousarray(np.rot90(pixels, turns))


def _frames(container: InputContainer, track: VideoStream, from_s: float) -> Iterator[Timed]:
    """Decoded pictures from the key frame before `from_s`; a damaged packet costs only itself."""
    origin = _origin_s(container)
    with suppress(FFmpegError):
        container.seek(int(max(0.0, from_s + origin) * av.time_base))
    packets = container.demux(track)
    while True:
        try:
            packet = next(packets)
        except (StopIteration, FFmpegError):
            return
        try:
            frames = packet.decode()
        except FFmpegError:
            continue
        for frame in frames:
            if frame.pts is not None:
                yield frame, max(0.0, frame.time - origin)


def _keys_apart_s(
    container: InputContainer, track: VideoStream, start_s: float, end_s: float
) -> float:
    """The longest time without a key frame; nothing is decoded."""
    origin, base = _origin_s(container), float(track.time_base or 0)
    try:
        container.seek(int((start_s + origin) * av.time_base))
    except FFmpegError:
        return float("inf")
    last, longest = start_s, 0.0
    try:
        for packet in container.demux(track):
            time = start_s if packet.pts is None else packet.pts * base - origin
            if time >= end_s:
                break
            if packet.is_keyframe and packet.size:
                longest, last = max(longest, time - last), max(last, time)
    except FFmpegError:
        return float("inf")
    return max(longest, end_s - last)


def _origin_s(container: InputContainer) -> float:
    """When the first sound is by the file's own clock, else the first picture."""
    track = next(iter(container.streams.audio), None) or container.streams.video[0]
    return max(0.0, float((track.start_time or 0) * (track.time_base or 0)))


@contextmanager
def _opened(path: Path) -> Generator[tuple[InputContainer, VideoStream] | None]:
    """The file and its pictures; None where it has none but the cover of a record."""
    with opened_recording(path) as container:
        track = next((each for each in container.streams.video if not is_cover(each)), None)
        yield None if track is None else (container, track)
