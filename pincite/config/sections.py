"""What every group of settings is."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """A group of settings. A misspelt key fails at start-up, not at first use."""

    model_config = ConfigDict(frozen=True, extra="forbid")
