"""Where something stands: a box on a page, in a picture or a frame, seconds, characters."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from pincite.values import Value


class _Box(Value):
    left: float
    top: float
    right: float
    bottom: float

    @model_validator(mode="after")
    def _is_ordered(self) -> Self:
        if self.left > self.right or self.top > self.bottom:
            raise ValueError("a box needs left <= right and top <= bottom")
        return self

    @property
    def area(self) -> float:
        return (self.right - self.left) * (self.bottom - self.top)


class PageBox(_Box):
    """A rectangle on a page, in PDF points (1/72 inch), origin top-left, y pointing down.

    Coordinates are those a reader sees, after the page's own rotation.
    """

    kind: Literal["page"] = "page"
    page: int = Field(ge=1)
    """Page number, counted from 1 as a PDF viewer does."""
    page_width: float = Field(gt=0)
    page_height: float = Field(gt=0)


class ImageBox(_Box):
    """A rectangle in a picture, in pixels after EXIF rotation, origin top-left, y down."""

    kind: Literal["image"] = "image"
    image_width: int = Field(gt=0)
    image_height: int = Field(gt=0)


class TimeSpan(Value):
    """A stretch of a recording, in seconds from its start."""

    kind: Literal["time"] = "time"
    start_s: float = Field(ge=0)
    end_s: float

    @model_validator(mode="after")
    def _is_ordered(self) -> Self:
        if self.end_s < self.start_s:
            raise ValueError("a time span needs start_s <= end_s")
        return self


class FrameBox(_Box):
    """A rectangle in the frame of a video at one second, in pixels of the frame."""

    kind: Literal["frame"] = "frame"
    at_s: float = Field(ge=0)
    frame_width: int = Field(gt=0)
    frame_height: int = Field(gt=0)


class TextSpan(Value):
    """Characters [start, end) of the text extracted from a file without pages."""

    kind: Literal["text"] = "text"
    start: int = Field(ge=0)
    end: int

    @model_validator(mode="after")
    def _is_ordered(self) -> Self:
        if self.end < self.start:
            raise ValueError("a text span needs start <= end")
        return self


Locator = Annotated[
    PageBox | ImageBox | TimeSpan | FrameBox | TextSpan, Field(discriminator="kind")
]
