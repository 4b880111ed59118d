"""PDFium's functions as cheap calls.

Prototypes without argument types cost a quarter of typed ones. Pointers must then be passed as
`Handle` or `byref`, and numbers other than `int` as their ctypes type: nothing is converted.
"""

from __future__ import annotations

import ctypes
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import pypdfium2.raw

raw: Any = pypdfium2.raw
"""PDFium's C functions; untyped."""


class Handle(ctypes.c_void_p):
    """A pointer that ctypes passes on as it is."""


Call = Callable[..., Any]


def fast(name: str, restype: Any = ctypes.c_int) -> Call:
    """The C function `name`, without checks; the caller holds the lock."""
    address = ctypes.cast(getattr(raw, name), ctypes.c_void_p).value
    return cast(Call, cast(Any, ctypes.PYFUNCTYPE(restype))(address))


def handle_of(pointer: Any) -> Handle:
    """A typed pointer of `raw` as a plain one."""
    return Handle(ctypes.cast(pointer, ctypes.c_void_p).value)


class Gather:
    """Calls a function once per item and collects the numbers that it writes, as rows."""

    _BATCH = 4096

    def __init__(
        self, function: Call, number: Any, columns: Sequence[int], width: int | None = None
    ) -> None:
        """`columns` says which places of a row of `width` numbers the last arguments point at."""
        self._function = function
        self._rows = np.zeros((self._BATCH, width or len(columns)), dtype=np.dtype(number))
        start, (step, size) = self._rows.ctypes.data, self._rows.strides
        self._slots = [
            [
                ctypes.byref(number.from_address(start + row * step + column * size))
                for row in range(self._BATCH)
            ]
            for column in columns
        ]

    def __call__(self, *items: Sequence[Any]) -> npt.NDArray[Any]:
        """One row per item; `items` are the function's first arguments, one sequence each."""
        count = len(items[0])
        found = np.zeros((count, self._rows.shape[1]), dtype=self._rows.dtype)
        for first in range(0, count, self._BATCH):
            part = [values[first : first + self._BATCH] for values in items]
            self._rows[:] = 0
            deque(map(self._function, *part, *self._slots), maxlen=0)
            found[first : first + self._BATCH] = self._rows[: min(self._BATCH, count - first)]
        return found
