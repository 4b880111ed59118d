"""Pictures by any local text-to-image pipeline of `diffusers` (extra `diffusion`)."""

from __future__ import annotations

import asyncio
import secrets
import threading
from collections.abc import AsyncGenerator
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import Any

import numpy as np

from pincite import config
from pincite.errors import UnsafePicture, UserError
from pincite.generated import SEEDS, DrawingStep, PictureWish
from pincite.models.diffusers_pipeline import LoadedPipeline, PipelineFolder, pipeline_folder
from pincite.models.drawing_ports import Drawing


class DiffusersGenerator:
    """Implements `ImageGenerator`. Weights load at the first picture and stay."""

    endpoint = "local"

    def __init__(self, settings: config.DiffusersImageGenerator) -> None:
        self._settings = settings
        # One thread: a pipeline holds the state of the picture that it draws.
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="drawing")

    @property
    def name(self) -> str:
        return self._found.name

    def weights(self) -> str:
        return self._digest

    async def draw(self, wish: PictureWish) -> AsyncGenerator[DrawingStep | Drawing, None]:
        run = _Run(asyncio.get_running_loop(), wish)
        done = run.loop.run_in_executor(self._worker, self._work, run)
        try:
            while (item := await run.queue.get()) is not None:
                if isinstance(item, Exception):
                    raise item
                yield item
        finally:
            run.cancelled.set()
            await asyncio.wait({done})

    @cached_property
    def _found(self) -> PipelineFolder:
        return pipeline_folder(self._settings)

    @cached_property
    def _digest(self) -> str:
        return self._found.digest()

    @cached_property
    def _loaded(self) -> LoadedPipeline:
        return LoadedPipeline(self._found, self._settings.device)

    def _work(self, run: _Run) -> None:
        """On the worker thread: what goes wrong here travels to the reader of the stream."""
        try:
            if not run.cancelled.is_set():
                run.put(self._drawn(run))
        except _Cancelled:
            pass
        except Exception as exc:  # noqa: BLE001 - the edge of a thread
            run.put(exc)
        run.put(None)

    def _drawn(self, run: _Run) -> Drawing:
        loaded, wish = self._loaded, run.wish
        seed = secrets.randbelow(SEEDS) if wish.seed is None else wish.seed
        steps = wish.steps or self._settings.steps
        guidance = self._settings.guidance if wish.guidance is None else wish.guidance
        asked: dict[str, Any] = {
            "num_inference_steps": steps,
            "guidance_scale": guidance,
            "width": wish.width,
            "height": wish.height,
            "callback_on_step_end": run.on_step,
        }
        # Without a size the pipeline's own is drawn.
        given = {k: v for k, v in asked.items() if v is not None and k in loaded.takes}
        try:
            made = loaded.pipe(wish.prompt, generator=loaded.noise(seed), **given)
        except ValueError as exc:
            raise UserError(f"{self.name} cannot draw this: {exc}") from exc
        _refuse_flagged(made)
        pixels = np.asarray(made.images[0].convert("RGB"), dtype=np.uint8)
        told = guidance if "guidance_scale" in given else None
        return Drawing(pixels, seed, steps if "num_inference_steps" in given else None, told)


def _refuse_flagged(made: Any) -> None:
    """Pipelines with a safety checker black a picture out and say so here."""
    if any(getattr(made, "nsfw_content_detected", None) or ()):
        raise UnsafePicture(
            "the picture was drawn and thrown away: the model's own safety checker refuses it; "
            "ask for something else, or take another seed"
        )


class _Cancelled(Exception):
    """Nobody waits for the picture any more."""


class _Run:
    """One picture, on its way from the worker thread to the event loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop, wish: PictureWish) -> None:
        self.loop = loop
        self.wish = wish
        self.queue: asyncio.Queue[DrawingStep | Drawing | Exception | None] = asyncio.Queue()
        self.cancelled = threading.Event()

    def put(self, item: DrawingStep | Drawing | Exception | None) -> None:
        if not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self.queue.put_nowait, item)

    def on_step(
        self, pipe: Any, step: int, _timestep: object, state: dict[str, Any]
    ) -> dict[str, Any]:
        if self.cancelled.is_set():
            raise _Cancelled
        done = step + 1
        self.put(DrawingStep(step=done, steps=max(done, int(getattr(pipe, "num_timesteps", done)))))
        return state
