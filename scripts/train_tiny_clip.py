"""Train a tiny CLIP and a tiny SigLIP on coloured shapes, and look for combinations never shown.

    python -m scripts.train_tiny_clip [--short] [--out DIR]

Both are architectures of open_clip, saved as its own files and measured through
`pincite.models.open_clip_joint`, which is what embeds pictures in use. Of 64 shapes in colours a
quarter is held out: every shape and every colour is trained on, these combinations are not. Needs
the extra `openclip`; seeds are fixed, one or two minutes each on two cores. The checkpoints stay
in DIR: models trained from nothing on pictures of ours, so no licence but our own is on them.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from pincite import config
from pincite.models.open_clip_joint import OpenClipEncoder
from pincite.models.optional_package import optional_package
from pincite.models.ports import Picture
from pincite.models.shape_probe import ProbeResult, Thing, draw, probe, things

SEED = 20
SIDE, PATCH, WORDS = 32, 8, 12
WIDTH, LAYERS, SPACE = 64, 3, 64
FAMILIES = ("clip", "siglip")
SENTENCES = (
    "{}", "a photo of {}.", "a picture that shows {}.", "an image of {}.", "there is {}.",
    "a drawing of {}",
)  # fmt: skip


class Recipe(NamedTuple):
    steps: int
    drawn: int
    """Pictures of each thing to train on."""
    rate: float = 2e-3


LONG = Recipe(steps=900, drawn=48)
SHORT = Recipe(steps=500, drawn=32)


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--short", action="store_true", help="the recipe of make test-torch")
    options.add_argument("--out", type=Path, default=Path("build/tiny-clip"))
    chosen = options.parse_args()
    recipe = SHORT if chosen.short else LONG
    _, held_out = parted()
    print(f"{recipe.steps} steps; {len(held_out)} of {len(things())} combinations held out")
    for family in FAMILIES:
        begun = time.monotonic()
        result = measured(trained(family, recipe, chosen.out / family))
        print(f"{family:<8} {result.model_dump_json()} {time.monotonic() - begun:.0f} s")


def parted() -> tuple[list[Thing], list[Thing]]:
    """To train on, and held out: two of the eight colours of each shape, each colour twice."""
    every = things()
    colours = list(dict.fromkeys(thing.colour for thing in every))
    shapes = list(dict.fromkeys(thing.shape for thing in every))
    held = {
        (shape, colours[(number + step) % len(colours)])
        for number, shape in enumerate(shapes)
        for step in (0, 3)
    }
    return [t for t in every if t not in held], [t for t in every if t in held]


def measured(folder: Path) -> ProbeResult:
    """Held-out combinations looked for among new pictures of all of them, seen or not."""
    _, held_out = parted()
    settings = config.OpenClipImages(checkpoint=str(folder), device="cpu")
    return probe(OpenClipEncoder(settings), held_out, among=things(), side=SIDE, seed=SEED + 1)


def trained(family: str, recipe: Recipe, folder: Path) -> Path:
    """A checkpoint as open_clip writes it to its hub: configuration and safetensors."""
    torch = optional_package("torch", extra="openclip")
    torch.manual_seed(SEED)
    facts = architecture(family)
    model = _model(facts)
    _train(model, family, recipe)
    save(model, facts, folder)
    return folder


def architecture(family: str) -> dict[str, Any]:
    """A configuration of open_clip; SigLIP differs in its loss, scale and bias."""
    facts: dict[str, Any] = {
        "embed_dim": SPACE,
        "vision_cfg": {
            "image_size": SIDE,
            "patch_size": PATCH,
            "width": WIDTH,
            "layers": LAYERS,
            "head_width": 16,
        },
        "text_cfg": {
            "context_length": WORDS,
            "vocab_size": 49408,
            "width": WIDTH,
            "heads": 4,
            "layers": 2,
        },
    }
    if family == "siglip":
        facts |= {"init_logit_bias": -10.0, "init_logit_scale": float(np.log(10))}
    return facts


def save(model: Any, facts: dict[str, Any], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    said = {
        "mean": [0.5] * 3,
        "std": [0.5] * 3,
        "interpolation": "bicubic",
        "resize_mode": "squash",
    }
    whole = {"model_cfg": facts, "preprocess_cfg": {"size": [SIDE, SIDE], "mode": "RGB", **said}}
    (folder / "open_clip_config.json").write_text(json.dumps(whole), encoding="utf-8")
    optional_package("safetensors.torch", extra="openclip").save_model(
        model, str(folder / "open_clip_model.safetensors")
    )


def _model(facts: dict[str, Any]) -> Any:
    library = optional_package("open_clip", extra="openclip")
    model = library.CLIP(**facts).train()
    model.token_embedding.weight.requires_grad = False  # 49 408 words, of which 20 are used
    return model


def _train(model: Any, family: str, recipe: Recipe) -> None:
    torch = optional_package("torch", extra="openclip")
    library = optional_package("open_clip", extra="openclip")
    tokenizer = library.tokenizer.SimpleTokenizer(context_length=WORDS)
    chance = random.Random(SEED)  # noqa: S311
    shown, _ = parted()
    pictures = {
        thing: _tensor([draw(thing, SIDE, chance) for _ in range(recipe.drawn)]) for thing in shown
    }
    texts = {
        thing: tokenizer([sentence.replace("{}", thing.words) for sentence in SENTENCES])
        for thing in shown
    }
    learnt = [each for each in model.parameters() if each.requires_grad]
    optimizer = torch.optim.AdamW(learnt, lr=recipe.rate, weight_decay=0.02)
    falling = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, max_lr=recipe.rate, total_steps=recipe.steps, pct_start=0.1
    )
    for _ in range(recipe.steps):
        seen = torch.stack([chance.choice(pictures[thing]) for thing in shown])
        told = torch.stack([chance.choice(texts[thing]) for thing in shown])
        optimizer.zero_grad()
        _loss(model, family, seen, told).backward()
        optimizer.step()
        falling.step()
        with torch.no_grad():
            model.logit_scale.clamp_(0, float(np.log(100)))


def _loss(model: Any, family: str, seen: Any, told: Any) -> Any:
    """Each picture belongs to its own words and to no others of the batch."""
    torch = optional_package("torch", extra="openclip")
    functional = torch.nn.functional
    pictures = functional.normalize(model.encode_image(seen), dim=-1)
    words = functional.normalize(model.encode_text(told), dim=-1)
    near = model.logit_scale.exp() * pictures @ words.T
    if family == "siglip":
        signs = 2 * torch.eye(len(near)) - 1
        return -functional.logsigmoid(signs * (near + model.logit_bias)).sum() / len(near)
    own = torch.arange(len(near))
    return (functional.cross_entropy(near, own) + functional.cross_entropy(near.T, own)) / 2


def _tensor(pictures: Sequence[Picture]) -> Any:
    torch = optional_package("torch", extra="openclip")
    values = np.stack(pictures).astype(np.float32) / np.float32(127.5) - np.float32(1)
    return torch.from_numpy(np.ascontiguousarray(values.transpose(0, 3, 1, 2)))


if __name__ == "__main__":
    main()
