"""The one place that touches the untyped stemmer library."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import py_rust_stemmers

_library = cast("Any", py_rust_stemmers)
stem_english: Callable[[str], str] = _library.SnowballStemmer("english").stem_word
"""Snowball stem of one lower-case word."""
