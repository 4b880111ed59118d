"""The base of all domain values: frozen, strict about unknown keys, compared by content."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Value(BaseModel):
    """A domain value. An unknown key is an error, so that a typo never passes silently."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="null")
