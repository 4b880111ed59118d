"""The library sentence-transformers (torch): its models from folders; nothing is fetched."""

from __future__ import annotations

from typing import Any, Literal

from pincite.models.checkpoints import Checkpoint
from pincite.models.optional_package import optional_package
from pincite.models.torch_library import device_of, torch_library

EXTRA = "rerank"


def loaded(
    kind: Literal["SentenceTransformer", "CrossEncoder"],
    found: Checkpoint,
    *,
    device: str,
    **more: object,
) -> Any:
    """Raises MissingExtra; BadSettings where there is no such device."""
    torch_library()
    library = optional_package("sentence_transformers", extra=EXTRA)
    return getattr(library, kind)(
        str(found.folder),
        device=device_of(device),
        local_files_only=True,
        trust_remote_code=False,
        **more,
    )
