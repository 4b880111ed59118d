"""What a parser child finds in its environment, whatever the parent has in its own."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

CHILD_ENVIRONMENT: Mapping[str, str] = MappingProxyType(
    {
        "DO_NOT_TRACK": "1",
        "SCARF_NO_ANALYTICS": "true",
        "UNSTRUCTURED_DISABLE_NOTICE": "1",
        "HF_HUB_OFFLINE": "1",
        "TRANSFORMERS_OFFLINE": "1",
        "TOKENIZERS_PARALLELISM": "false",
        "NO_COLOR": "1",
    }
)
"""Keeps third-party parsers off the network and quiet."""
