"""PDFium's functions as cheap calls.

Prototypes without argument types cost a quarter of typed ones. Pointers must then be passed as
`Handle` or `byref`, and numbers other than `int` as their ctypes type: nothing is converted.
"""

from __future__ import annotations

import ctypes
from typing import Any, cast

import pypdfium2.raw

raw: Any = pypdfium2.raw
"""PDFium's C functions; untyped."""


class Handle(ctypes.c_void_p):
    """A pointer that ctypes passes on as it is."""


def fast(name: str, restype: Any = ctypes.c_int) -> Any:
    """The C function `name`, without checks; the caller holds the lock."""
    address = ctypes.cast(getattr(raw, name), ctypes.c_void_p).value
    return cast(Any, ctypes.PYFUNCTYPE(restype))(address)


def handle_of(pointer: Any) -> Handle:
    """A typed pointer of `raw` as a plain one."""
    return Handle(ctypes.cast(pointer, ctypes.c_void_p).value)
