"""What a file is by its first bytes and its structure; pure reading, no decoder is started."""

from __future__ import annotations

import mmap
import struct
from pathlib import Path
from typing import BinaryIO

HEAD = 1 << 16
"""Bytes of a file's beginning that are looked at."""

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")

_PLAIN = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"fLaC", "audio/flac"),
    (b"ID3", "audio/mpeg"),
    (b"#!AMR", "audio/amr"),
    (b"caff", "audio/x-caf"),
    (b"{\\rtf", "application/rtf"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"\x1f\x8b", "application/gzip"),
    (b"\x7fELF", "application/x-executable"),
    (b"%!PS", "application/postscript"),
)
_RIFF = {
    b"WAVE": "audio/wav",
    b"WEBP": "image/webp",
    b"AVI ": "video/x-msvideo",
}
_ASF = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
_ASF_VIDEO = bytes.fromhex("c0ef19bc4d5bcf11a8fd00805f5c442b")


def binary_type(path: Path, head: bytes) -> str | None:
    """Media type by magic bytes; None where there are none (it may be text).

    Zip and OLE containers are `application/zip` and `application/x-ole-storage` here.
    """
    if b"%PDF-" in head[:1024]:
        return "application/pdf"
    if head.startswith(ZIP):
        return "application/zip"
    if head.startswith(OLE):
        return "application/x-ole-storage"
    found = next((media for magic, media in _PLAIN if head.startswith(magic)), None)
    return found or _container_type(path, head)


def _container_type(path: Path, head: bytes) -> str | None:
    if head[:4] in {b"RIFF", b"RF64"}:
        return _RIFF.get(head[8:12])
    if head[:4] == b"FORM" and head[8:12] in {b"AIFF", b"AIFC"}:
        return "audio/aiff"
    if head[:2] == b"BM" and len(head) > 18 and head[14] in {12, 40, 52, 56, 64, 108, 124}:
        return "image/bmp"
    if head[4:8] in _MP4_BOXES:
        return _mp4_type(path, head[8:12] if head[4:8] == b"ftyp" else b"qt  ")
    return _stream_type(head)


def _stream_type(head: bytes) -> str | None:
    if head.startswith(b"OggS"):
        return "video/ogg" if b"theora" in head[:4096] else "audio/ogg"
    if head.startswith(b"\x1aE\xdf\xa3"):
        video = any(codec in head for codec in (b"V_VP", b"V_AV1", b"V_MPEG", b"V_MS"))
        kind = "webm" if b"webm" in head[:64] else "x-matroska"
        return f"{'video' if video else 'audio'}/{kind}"
    if head.startswith(_ASF):
        return "video/x-ms-asf" if _ASF_VIDEO in head else "audio/x-ms-wma"
    if _is_mpeg_audio(head):
        return "audio/mpeg"
    return "audio/aac" if _is_adts(head) else None


# --- MP4 and its family --------------------------------------------------------------------------

_MP4_BOXES = frozenset({b"ftyp", b"moov", b"mdat", b"wide"})
"""QuickTime files of old have no `ftyp`."""
_PICTURES = {b"heic": "image/heic", b"mif1": "image/heif", b"avif": "image/avif"}


def _mp4_type(path: Path, brand: bytes) -> str:
    if brand in _PICTURES:
        return _PICTURES[brand]
    with path.open("rb") as stream:
        moov = _mp4_box(stream, b"moov")
    if b"vide" in moov:
        return "video/quicktime" if brand == b"qt  " else "video/mp4"
    return "audio/mp4"


def _mp4_box(stream: BinaryIO, wanted: bytes) -> bytes:
    """The payload of a top-level box, up to 4 MiB of it; empty where there is none."""
    at = 0
    for _ in range(1_000):
        stream.seek(at)
        header = stream.read(16)
        if len(header) < 8:
            break
        size = int(struct.unpack(">I", header[:4])[0])
        if size == 1 and len(header) == 16:
            size = int(struct.unpack(">Q", header[8:])[0])
        if header[4:8] == wanted:
            stream.seek(at)
            return stream.read(min(size or 1 << 22, 1 << 22))
        if size < 8:
            break
        at += size
    return b""


# --- raw MPEG audio ------------------------------------------------------------------------------

_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
_BITRATES_1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_BITRATES_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)


def _is_mpeg_audio(head: bytes) -> bool:
    """Two frames of layer III, one right after the other: random bytes do not do that."""
    first = _mp3_frame(head, 0)
    return first > 0 and _mp3_frame(head, first) > 0


def _mp3_frame(head: bytes, at: int) -> int:
    """Length of the layer III frame at `at`, 0 where there is none."""
    if len(head) < at + 4 or head[at] != 0xFF or head[at + 1] & 0xE6 != 0xE2:
        return 0
    version, bits = head[at + 1] >> 3 & 3, head[at + 2]
    rate, bitrate = bits >> 2 & 3, bits >> 4
    if version not in _RATES or rate == 3 or bitrate in {0, 15}:
        return 0
    kbit = (_BITRATES_1 if version == 3 else _BITRATES_2)[bitrate]
    return (144 if version == 3 else 72) * kbit * 1000 // _RATES[version][rate] + (bits >> 1 & 1)


def _is_adts(head: bytes) -> bool:
    at = 0
    for _ in range(2):
        if len(head) < at + 7 or head[at] != 0xFF or head[at + 1] & 0xF6 != 0xF0:
            return False
        length = (head[at + 3] & 3) << 11 | head[at + 4] << 3 | head[at + 5] >> 5
        if length < 7:
            return False
        at += length
    return True


# --- OLE containers ------------------------------------------------------------------------------

_STREAMS = (
    ("EncryptedPackage", "application/x-encrypted-office"),
    ("__properties_version1.0", "application/vnd.ms-outlook"),
    ("WordDocument", "application/msword"),
    ("Workbook", "application/vnd.ms-excel"),
    ("Book", "application/vnd.ms-excel"),
    ("PowerPoint Document", "application/vnd.ms-powerpoint"),
)


def ole_type(path: Path) -> str:
    """Media type of an OLE container by the names of its streams."""
    with (
        path.open("rb") as stream,
        mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data,
    ):
        found = (media for name, media in _STREAMS if _has_stream(data, name))
        return next(found, "application/x-ole-storage")


def _has_stream(data: mmap.mmap, name: str) -> bool:
    """A directory entry is the name in UTF-16, padded to 64 bytes, then its length in bytes."""
    wide = name.encode("utf-16-le")
    at = data.find(wide)
    while at >= 0:
        length = data[at + 64 : at + 66]
        if at % 128 == 0 and length == struct.pack("<H", len(wide) + 2):
            return True
        at = data.find(wide, at + 2)
    return False
