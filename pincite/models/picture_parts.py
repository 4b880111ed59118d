"""Messages with pictures as OpenAI-style endpoints want them; llama.cpp takes the same."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

from pincite import config
from pincite.models.ports import Message, Vision
from pincite.models.tool_parts import with_calls


def vision_of(settings: config.Seeing) -> Vision:
    return Vision(
        side=settings.picture_side,
        tokens=settings.picture_tokens,
        pictures=settings.most_pictures,
    )


def wired(message: Message, clean: Callable[[str], str] = str) -> dict[str, Any]:
    """Pictures travel inside the message, never as a link; `clean` is done to every text."""
    if message.calls or message.answers:
        return with_calls(message, clean(message.content))
    if not message.pictures:
        return {"role": message.role, "content": clean(message.content)}
    parts = [_part(clean(each) if isinstance(each, str) else each) for each in message.parts]
    return {"role": message.role, "content": parts}


def _part(part: str | bytes) -> dict[str, Any]:
    if isinstance(part, str):
        return {"type": "text", "text": part}
    data = base64.b64encode(part).decode("ascii")
    return {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{data}"}}
