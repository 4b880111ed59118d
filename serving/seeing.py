"""What pictures are found by: the encoder that sees them, if there is one."""

from __future__ import annotations

from ingestion.library import Library
from pincite.config import Retrieval, Settings
from pincite.errors import MissingModel
from pincite.models.factory import joint_encoder
from pincite.models.ports import JointEncoder, TextEncoder
from pincite.models.store import ModelStore
from retrievers.pictures import PictureFinder
from retrievers.seen import PictureSearch


def seeing(
    settings: Settings, store: ModelStore, texts: TextEncoder
) -> tuple[JointEncoder | None, str | None]:
    """The encoder of pictures; or none and, where its weights are missing, a sentence on that."""
    encoder = joint_encoder(settings.images, store, texts)
    try:
        return (encoder if encoder and encoder.id else None), None
    except MissingModel as exc:
        return None, f"pictures are found only by the text in them: {exc}"


def picture_search(library: Library, settings: Retrieval) -> PictureSearch | None:
    """What searches with a picture in place of words."""
    if library.pictures is None:
        return None
    finder = PictureFinder(library.index, library.pictures.encoder)
    return PictureSearch(finder, library.texts, settings)
