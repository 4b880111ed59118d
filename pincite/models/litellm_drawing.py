"""Pictures by an OpenAI-style image endpoint that LiteLLM reaches: prompts are sent to it."""

from __future__ import annotations

import asyncio
import base64
import binascii
import io
from collections.abc import AsyncGenerator
from typing import Any, Final, cast

import numpy as np
from PIL import Image, UnidentifiedImageError

from pincite import config
from pincite.errors import ModelUnavailable, UnsafePicture
from pincite.generated import LARGEST, PictureWish
from pincite.models.drawing_ports import Drawing
from pincite.models.litellm_chat import litellm_library
from pincite.models.litellm_hosts import endpoint_of
from pincite.models.outgoing import HERE_ONLY, Outgoing, size_of
from pincite.models.ports import Picture

_FORMATS: Final = ("PNG", "JPEG", "WEBP")


class LiteLLMGenerator:
    """Implements `ImageGenerator`: no steps, and no seed, which these endpoints do not take."""

    def __init__(
        self, settings: config.LiteLLMImageGenerator, outgoing: Outgoing = HERE_ONLY
    ) -> None:
        self._settings = settings
        self._outgoing = outgoing
        self.endpoint = endpoint_of(settings.model, settings.api_base)

    @property
    def name(self) -> str:
        return self._settings.model

    def weights(self) -> str:
        return ""

    async def draw(self, wish: PictureWish) -> AsyncGenerator[Drawing, None]:
        """Raises Withheld: the words may not be sent there."""
        size = size_of(wish.prompt)
        with self._outgoing.call("draw", self.endpoint, self.name, sent_bytes=size):
            answer = await self._answer(wish)
        pixels = await asyncio.to_thread(self._pixels, answer)
        yield Drawing(pixels, seed=None, steps=None, guidance=None)

    async def _answer(self, wish: PictureWish) -> Any:
        library = cast("Any", await asyncio.to_thread(litellm_library))
        try:
            # The client below asks up to three times; all of them share the time.
            async with asyncio.timeout(self._settings.timeout_s):
                return await library.aimage_generation(**self._request(wish))
        except library.exceptions.ContentPolicyViolationError as exc:
            raise UnsafePicture(
                f"the picture is not drawn: {self.endpoint} refuses the words; ask for something "
                "else"
            ) from exc
        except library.failures as exc:
            raise ModelUnavailable(
                f"the image model {self.name!r} at {self.endpoint} did not answer "
                f"({type(exc).__name__}); see that it runs and draws pictures of this size"
            ) from exc

    def _request(self, wish: PictureWish) -> dict[str, Any]:
        settings, key = self._settings, self._settings.api_key
        request: dict[str, Any] = {
            "model": settings.model,
            "prompt": wish.prompt,
            "n": 1,
            # A link would have to be fetched from wherever the server says.
            "response_format": "b64_json",
            "timeout": settings.timeout_s,
            "num_retries": 0,
            "drop_params": True,
        }
        if wish.width is not None:
            request["size"] = f"{wish.width}x{wish.height}"
        if settings.api_base:
            # Servers without keys still want the header to be there.
            request |= {"api_base": settings.api_base, "api_key": "none"}
            # Dropped above for a model that LiteLLM does not know.
            request["extra_body"] = {"response_format": "b64_json"}
        if key:
            request["api_key"] = key.get_secret_value()
        return request

    def _pixels(self, answer: Any) -> Picture:
        data = getattr((answer.data or [None])[0], "b64_json", None)
        if not data:
            raise ModelUnavailable(
                f"{self.endpoint} sent no picture in its answer; one whose endpoint takes "
                "response_format=b64_json is needed"
            )
        try:
            with Image.open(io.BytesIO(base64.b64decode(data)), formats=_FORMATS) as picture:
                if max(picture.size) > 2 * LARGEST:
                    raise ModelUnavailable(f"{self.endpoint} sent a picture of {picture.size}")
                return np.asarray(picture.convert("RGB"), dtype=np.uint8)
        except (binascii.Error, UnidentifiedImageError, OSError, ValueError) as exc:
            raise ModelUnavailable(
                f"{self.endpoint} sent something that is no PNG, JPEG or WebP picture"
            ) from exc
