"""From the words to a marked picture on the shelf; the one way in which pictures are drawn."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import UTC, datetime
from typing import Protocol

from pincite.drawing.marks import PRODUCT, marked
from pincite.drawing.safety import PictureSafety
from pincite.drawing.shelf import Shelf, new_id
from pincite.egress import Egress, each_sending, now
from pincite.elements import Scope
from pincite.errors import BadSettings, ModelUnavailable, UnsafePicture
from pincite.generated import (
    DrawingEvent,
    DrawingStep,
    GeneratedId,
    GeneratedPicture,
    PictureDrawn,
    PictureWish,
    Provenance,
)
from pincite.models.drawing_ports import Drawing, ImageGenerator


class Studio(Protocol):
    """Draws on request and looks after what was drawn. Nothing of it is a source or an element."""

    def draw(self, wish: PictureWish, scope: Scope) -> AsyncGenerator[DrawingEvent, None]:
        """Steps as they are done, then the picture, which is kept; closing it ends the work.

        Raises:
            UnsafePicture: the words, or what was drawn, are refused.
            BadSettings: no model that draws is configured.
        And what `ImageGenerator.draw` raises.
        """
        ...

    async def pictures(self, scope: Scope) -> list[GeneratedPicture]:
        """Those that the asker asked for, the newest first."""
        ...

    async def png(self, picture: GeneratedId, scope: Scope) -> bytes:
        """Raises UnknownPicture."""
        ...

    async def delete(self, picture: GeneratedId, scope: Scope) -> None:
        """Raises UnknownPicture."""
        ...


class LocalStudio:
    """Implements `Studio` with a model; without one it keeps and deletes what there is."""

    def __init__(
        self,
        generator: ImageGenerator | None,
        safety: PictureSafety,
        shelf: Shelf,
        egress: Egress | None = None,
        *,
        version: str,
    ) -> None:
        """`version` is that of this program, for the provenance.

        Words are under the rule of the text at hand, or of what is of no collection.
        """
        self._egress = egress
        self._generator = generator
        self._safety = safety
        self._shelf = shelf
        self._made_by = f"{PRODUCT} {version}"

    async def draw(self, wish: PictureWish, scope: Scope) -> AsyncGenerator[DrawingEvent, None]:
        generator = self._allowed(wish)
        allowed = now()
        if not allowed.collections and self._egress is not None:
            allowed = await asyncio.to_thread(self._egress.of, ())
        async with aclosing(each_sending(allowed, generator.draw(wish))) as pieces:
            async for piece in pieces:
                if isinstance(piece, DrawingStep):
                    yield piece
                    continue
                kept = await asyncio.to_thread(self._kept, generator, wish, piece, scope)
                yield PictureDrawn(picture=kept)
                return
        raise ModelUnavailable(f"{generator.name} ended without a picture; try again")

    async def pictures(self, scope: Scope) -> list[GeneratedPicture]:
        return await asyncio.to_thread(self._shelf.pictures, scope)

    async def png(self, picture: GeneratedId, scope: Scope) -> bytes:
        return await asyncio.to_thread(self._shelf.png, picture, scope)

    async def delete(self, picture: GeneratedId, scope: Scope) -> None:
        await asyncio.to_thread(self._shelf.delete, picture, scope)

    def _allowed(self, wish: PictureWish) -> ImageGenerator:
        if self._generator is None:
            raise BadSettings(
                "no model that draws pictures is configured; whoever runs this installation sets "
                "PINCITE_IMAGE_GENERATOR__KIND=diffusers and "
                "PINCITE_IMAGE_GENERATOR__PIPELINE=FOLDER, see docs/pictures.md"
            )
        if objection := self._safety.objection(wish.prompt):
            raise UnsafePicture(f"the picture is not drawn: {objection}")
        return self._generator

    def _kept(
        self, generator: ImageGenerator, wish: PictureWish, drawing: Drawing, scope: Scope
    ) -> GeneratedPicture:
        height, width = drawing.pixels.shape[:2]
        provenance = Provenance(
            prompt=wish.prompt,
            model=generator.name,
            weights=generator.weights(),
            endpoint=generator.endpoint,
            seed=drawing.seed,
            steps=drawing.steps,
            guidance=drawing.guidance,
            generated_by=self._made_by,
        )
        png = marked(drawing.pixels, provenance)
        picture = GeneratedPicture(
            id=new_id(),
            provenance=provenance,
            width=width,
            height=height,
            size=len(png),
            readers=scope.principals,
            made_at=datetime.now(UTC),
        )
        self._shelf.put(picture, png)
        return picture
