"""glibc hoards what a process freed; models free large blocks all the time."""

from __future__ import annotations

import ctypes
import sys
from functools import cache
from typing import Any, Final

_MMAP_THRESHOLD: Final = -3
_LARGE: Final = 1 << 20
"""Bytes from which freed memory goes back to the system at once."""


def return_large_blocks() -> None:
    """Give freed blocks of 1 MiB and more back at once, in this process from now on.

    Left alone glibc raises that limit with each large block that is freed: a third of the memory
    of an encoder, half of a page reader's, measured.
    """
    if allocator := _glibc():
        allocator.mallopt(_MMAP_THRESHOLD, _LARGE)


def return_small_blocks() -> None:
    """Give back whole pages between the blocks in use; a few milliseconds.

    After a scanned page that is 150 MB, measured.
    """
    if allocator := _glibc():
        allocator.malloc_trim(0)


@cache
def _glibc() -> Any:
    """None on another C library."""
    if sys.platform != "linux":
        return None
    library = ctypes.CDLL(None)
    return library if hasattr(library, "mallopt") and hasattr(library, "malloc_trim") else None
