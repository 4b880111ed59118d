"""Pipelines of diffusers through the adapter; and a tiny one trained, which draws what is asked."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from contextlib import aclosing
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pincite.config import DiffusersImageGenerator
from pincite.drawing.marks import mark_of
from pincite.drawing.opening import studio
from pincite.elements import Scope
from pincite.errors import BadSettings, UnsafePicture, UnsafeWeights, UserError
from pincite.generated import DrawingStep, PictureDrawn, PictureWish
from pincite.models.diffusers_drawing import DiffusersGenerator
from pincite.models.drawing_ports import Drawing
from scripts.train_tiny_diffusion import (
    HELD_OUT,
    SHORT,
    generator,
    measured,
    picture_of,
    shown,
    trained,
)
from tests.torch_models import tiny_diffusion

pytestmark = [
    pytest.mark.torch,
    pytest.mark.timeout(1800),
    # Of diffusers itself, in its Euler scheduler.
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
]
SAVERS = {
    "sd": tiny_diffusion.save_sd,
    "sdxl": tiny_diffusion.save_sdxl,
    "flux": tiny_diffusion.save_flux,
}


@pytest.fixture(params=SAVERS)
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    save: Callable[[Path], Path] = SAVERS[request.param]
    return save(tmp_path / request.param)


def _model(folder: Path, **settings: Any) -> DiffusersGenerator:
    settings = {"steps": 3, "device": "cpu", **settings}
    return DiffusersGenerator(DiffusersImageGenerator(pipeline=str(folder), **settings))


async def _all(model: DiffusersGenerator, **wish: Any) -> list[DrawingStep | Drawing]:
    usual = {"prompt": "a red circle", "seed": 7, "width": 32, "height": 32}
    asked = PictureWish.model_validate({**usual, **wish})
    return [each async for each in model.draw(asked)]


async def _drawn(model: DiffusersGenerator, **wish: Any) -> Drawing:
    *_, last = await _all(model, **wish)
    assert isinstance(last, Drawing)
    return last


async def test_each_step_is_told_and_then_the_picture(folder: Path) -> None:
    *steps, last = await _all(_model(folder))
    assert steps == [DrawingStep(step=number, steps=3) for number in (1, 2, 3)]
    assert isinstance(last, Drawing)
    assert (last.pixels.shape, last.pixels.dtype) == ((32, 32, 3), np.uint8)
    assert (last.seed, last.steps, last.guidance) == (7, 3, 5.0)


async def test_the_same_seed_is_the_same_picture_and_another_is_another(folder: Path) -> None:
    model = _model(folder)
    one, same, other = [await _drawn(model, seed=seed) for seed in (7, 7, 8)]
    assert (one.pixels == same.pixels).all()
    assert (one.pixels != other.pixels).any()
    anew = await _drawn(_model(folder))
    assert (one.pixels == anew.pixels).all(), "loaded once more it draws the same"


async def test_without_a_seed_one_is_chosen_and_told(tmp_path: Path) -> None:
    model = _model(tiny_diffusion.save_sd(tmp_path))
    one, other = [await _drawn(model, seed=None) for _ in range(2)]
    assert one.seed is not None
    assert one.seed != other.seed
    assert (one.pixels == (await _drawn(model, seed=one.seed)).pixels).all()


async def test_size_steps_and_guidance_are_those_of_the_request(folder: Path) -> None:
    model = _model(folder)
    *steps, last = await _all(model, width=64, height=48, steps=2, guidance=1.5)
    assert isinstance(last, Drawing)
    assert last.pixels.shape == (48, 64, 3)
    assert (len(steps), last.steps, last.guidance) == (2, 2, 1.5)


async def test_guidance_changes_the_picture(folder: Path) -> None:
    model = _model(folder)
    weak, strong = [await _drawn(model, guidance=guidance) for guidance in (1.0, 9.0)]
    assert (weak.pixels != strong.pixels).any()


async def test_whoever_leaves_ends_the_work_before_the_next_step(tmp_path: Path) -> None:
    model = _model(tiny_diffusion.save_sd(tmp_path))
    await _drawn(model)
    calls: list[object] = []
    model._loaded.pipe.unet.register_forward_pre_hook(_noting(calls))
    async with aclosing(model.draw(PictureWish(prompt="x", steps=200))) as events:
        await anext(events)
    before = len(calls)
    assert before < 20
    await asyncio.sleep(0.3)
    assert len(calls) == before, "nothing goes on in the background"
    await _drawn(model)


def _noting(calls: list[object]) -> Callable[[object, object], None]:
    def note(_module: object, _given: object) -> None:
        calls.append(None)

    return note


async def test_pictures_asked_for_at_once_are_drawn_one_after_the_other(tmp_path: Path) -> None:
    model = _model(tiny_diffusion.save_sd(tmp_path))
    alone = [await _drawn(model, seed=seed) for seed in range(3)]
    together = await asyncio.gather(*(_drawn(model, seed=seed) for seed in range(3)))
    assert all((a.pixels == b.pixels).all() for a, b in zip(alone, together, strict=True))


async def test_the_pipeline_s_own_safety_checker_is_obeyed(tmp_path: Path) -> None:
    strict = tiny_diffusion.save_sd(tmp_path / "strict", flags_everything=True)
    with pytest.raises(UnsafePicture, match="the model's own safety checker refuses it"):
        await _drawn(_model(strict))
    calm = tiny_diffusion.save_sd(tmp_path / "calm", flags_everything=False)
    assert (await _drawn(_model(calm))).pixels.std() > 1


async def test_what_the_pipeline_cannot_do_is_one_sentence(tmp_path: Path) -> None:
    model = _model(tiny_diffusion.save_sd(tmp_path))
    model._loaded.pipe.check_inputs = _refuse
    with pytest.raises(UserError, match="cannot draw this: sides of 64 only"):
        await _drawn(model)


def _refuse(*_: object, **__: object) -> None:
    raise ValueError("sides of 64 only")


async def test_the_name_holds_no_place_and_other_weights_are_told_apart(tmp_path: Path) -> None:
    one = _model(tiny_diffusion.save_sd(tmp_path / "a"))
    other = _model(tiny_diffusion.save_sdxl(tmp_path / "b"))
    assert (one.name, other.name) == ("a", "b")
    assert len(one.weights()) == 64
    assert one.weights() != other.weights()
    assert one.weights() == _model(tmp_path / "a").weights()


async def test_pickles_and_code_are_not_loaded(tmp_path: Path) -> None:
    pickled = tiny_diffusion.save_sd(tmp_path / "a")
    weights = pickled / "unet" / "diffusion_pytorch_model.safetensors"
    weights.rename(weights.with_suffix(".bin"))
    with pytest.raises(UnsafeWeights, match="a/unet has no weights in safetensors format"):
        await _drawn(_model(pickled))
    coded = tiny_diffusion.save_sd(tmp_path / "b")
    (coded / "pipeline.py").write_text("raise SystemExit", encoding="utf-8")
    with pytest.raises(UnsafeWeights, match="brings code of its own"):
        await _drawn(_model(coded))


async def test_what_is_no_pipeline_is_named_with_the_setting(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match=r"PINCITE_IMAGE_GENERATOR__PIPELINE: .*no folder"):
        await _drawn(_model(tmp_path / "nothing"))
    with pytest.raises(BadSettings, match=r"no readable model_index\.json"):
        await _drawn(_model(tmp_path))
    torn = tiny_diffusion.save_sd(tmp_path / "torn")
    (torn / "unet" / "diffusion_pytorch_model.safetensors").unlink()
    with pytest.raises(BadSettings, match="torn cannot be loaded"):
        await _drawn(_model(torn))
    own = tiny_diffusion.save_sd(tmp_path / "own")
    index = json.loads((own / "model_index.json").read_text("utf-8"))
    index["_class_name"] = ["pipeline", "Mine"]
    (own / "model_index.json").write_text(json.dumps(index), "utf-8")
    with pytest.raises(UnsafeWeights, match="a pipeline class of its own"):
        await _drawn(_model(own))


async def test_weights_of_a_licence_without_trade_wait_for_a_yes(tmp_path: Path) -> None:
    folder = tiny_diffusion.save_sd(tmp_path)
    (folder / "README.md").write_text("---\nlicense: cc-by-nc-4.0\n---\n", encoding="utf-8")
    with pytest.raises(BadSettings, match="PINCITE_IMAGE_GENERATOR__ACCEPT_NON_COMMERCIAL=true"):
        await _drawn(_model(folder))
    assert await _drawn(_model(folder, accept_non_commercial=True))


async def test_the_kept_file_says_how_it_came_to_be_and_is_the_same_again(tmp_path: Path) -> None:
    pipeline = tiny_diffusion.save_sd(tmp_path / "tiny")
    settings = DiffusersImageGenerator(pipeline=str(pipeline), device="cpu", steps=2)
    room = studio(settings, tmp_path / "data", version="0.1.0")
    made: list[PictureDrawn] = []
    for _ in range(2):
        events = room.draw(PictureWish(prompt="a red circle", seed=7), Scope())
        made += [event async for event in events if isinstance(event, PictureDrawn)]
    one, two = [await room.png(each.picture.id, Scope()) for each in made]
    assert one == two
    said = made[0].picture.provenance
    assert (said.model, said.seed, said.steps, said.guidance) == ("tiny", 7, 2, 5.0)
    assert len(said.weights) == 64
    kept = tmp_path / "data" / "generated" / f"{made[0].picture.id}.png"
    assert mark_of(kept) == "Pincite 0.1.0"


@pytest.fixture(scope="module")
def trained_model(tmp_path_factory: pytest.TempPathFactory) -> DiffusersGenerator:
    return generator(trained(SHORT, tmp_path_factory.mktemp("tiny-diffusion")))


def test_a_trained_pipeline_draws_what_is_asked_and_guidance_makes_it_surer(
    trained_model: DiffusersGenerator,
) -> None:
    weak = measured(trained_model, shown(), 1.0)
    strong = measured(trained_model, shown(), 5.0)
    assert strong.right > weak.right
    assert strong.colour >= weak.colour + 0.1
    assert strong.right > 8 / 24, "eight times what guessing would reach"
    never_shown = measured(trained_model, sorted(HELD_OUT), 5.0)
    assert never_shown.colour > measured(trained_model, sorted(HELD_OUT), 1.0).colour


def test_a_trained_pipeline_draws_the_same_for_the_same_seed(
    trained_model: DiffusersGenerator,
) -> None:
    def draw(seed: int) -> Any:
        return picture_of(trained_model, "a red circle", seed=seed, guidance=5.0)

    assert (draw(1) == draw(1)).all()
    assert (draw(1) != draw(2)).any()
