"""Train a tiny Stable Diffusion on coloured shapes, and see whether guidance draws what was asked.

    python -m scripts.train_tiny_diffusion [--short] [--out DIR]

All parts are the library's own classes, saved as any pipeline is (`save_pretrained`), and drawn
with through `pincite.models.diffusers_drawing`, as in use: a CLIP text model, an autoencoder that
gives pixels back as they are, a U-Net with attention to the words, and DDIM (arXiv 2010.02502) with
classifier-free guidance (arXiv 2207.12598). As on the web, captions are not always right: a quarter
of them belong to another picture, which is what guidance mends. Of 24 shapes in colours four are
never shown. What a drawn picture shows is told from its pixels (`scripts.shape_judge`).

Needs the extra `diffusion`; seeds are fixed. The pipeline stays in DIR: trained from nothing on
pictures of ours, so no licence but our own is on it.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from pincite import config
from pincite.generated import PictureWish
from pincite.models.diffusers_drawing import DiffusersGenerator
from pincite.models.drawing_ports import Drawing
from pincite.models.optional_package import optional_package
from pincite.models.ports import Picture
from pincite.models.shape_probe import Thing, draw
from scripts.shape_judge import seen_in

SEED = 20
SIDE = 16
SHAPES = ("circle", "square", "triangle", "cross")
COLOURS = ("red", "green", "blue", "yellow", "purple", "black")
HELD_OUT = frozenset(
    {
        Thing("circle", "blue"),
        Thing("square", "yellow"),
        Thing("triangle", "red"),
        Thing("cross", "green"),
    }
)
EMPTY, WRONG = 0.1, 0.25
"""Shares of captions that say nothing, and that belong to another picture."""
FAINT, BEND, SURE = 0.02, 2.3994, -30.0
"""Of the autoencoder: how faint colours are in it, where its activation (SiLU) does not bend, and
the logarithm of the variance that it tells of its latents."""
WORDS = 12
"""Tokens of a prompt, the two at its ends included."""
DRAWN_STEPS = 20


class Recipe(NamedTuple):
    steps: int
    drawn: int
    """Pictures of each thing to train on."""
    batch: int = 32
    rate: float = 2e-3


LONG = Recipe(steps=3000, drawn=48)
SHORT = Recipe(steps=900, drawn=48)


class Share(NamedTuple):
    """Of the pictures that were drawn."""

    right: float
    """Both as asked."""
    shape: float
    colour: float


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--short", action="store_true", help="the recipe of make test-torch")
    options.add_argument("--out", type=Path, default=Path("build/tiny-diffusion"))
    chosen = options.parse_args()
    begun = time.monotonic()
    folder = trained(SHORT if chosen.short else LONG, chosen.out)
    print(f"trained in {time.monotonic() - begun:.0f} s")
    model = generator(folder)
    for name, asked in (("shown", shown()), ("never shown", sorted(HELD_OUT))):
        for guidance in (1.0, 2.0, 3.0, 5.0, 7.5):
            print(f"{name:<12} guidance {guidance:<4} {measured(model, asked, guidance)}")


def things() -> list[Thing]:
    return [Thing(shape, colour) for shape in SHAPES for colour in COLOURS]


def shown() -> list[Thing]:
    return [thing for thing in things() if thing not in HELD_OUT]


# --- drawing and judging -------------------------------------------------------------------------


def generator(folder: Path) -> DiffusersGenerator:
    return DiffusersGenerator(
        config.DiffusersImageGenerator(pipeline=str(folder), device="cpu", steps=DRAWN_STEPS)
    )


def picture_of(model: DiffusersGenerator, words: str, *, seed: int, guidance: float) -> Picture:
    async def run() -> Picture:
        wish = PictureWish(prompt=words, seed=seed, guidance=guidance)
        found = [each async for each in model.draw(wish) if isinstance(each, Drawing)]
        return found[0].pixels

    return asyncio.run(run())


def measured(
    model: DiffusersGenerator, asked: Sequence[Thing], guidance: float, seeds: int = 4
) -> Share:
    """The same seeds for every guidance; no seed of the training is among them."""
    pairs = [(thing, seed) for thing in asked for seed in range(1000, 1000 + seeds)]
    found = [
        seen_in(picture_of(model, thing.words, seed=seed, guidance=guidance), SHAPES, COLOURS)
        for thing, seed in pairs
    ]
    both = list(zip([thing for thing, _ in pairs], found, strict=True))
    return Share(
        right=float(np.mean([one == other.thing for one, other in both])),
        shape=float(np.mean([one.shape == other.shape for one, other in both])),
        colour=float(np.mean([one.colour == other.colour for one, other in both])),
    )


# --- training ------------------------------------------------------------------------------------


def trained(recipe: Recipe, folder: Path) -> Path:
    """A pipeline as `diffusers` saves it."""
    torch = optional_package("torch", extra="diffusion")
    library = optional_package("diffusers", extra="diffusion")
    optional_package("transformers", extra="diffusion").utils.logging.disable_progress_bar()
    torch.manual_seed(SEED)
    chance = random.Random(SEED)  # noqa: S311
    pictures = [
        (thing, draw(thing, SIDE, chance)) for thing in shown() for _ in range(recipe.drawn)
    ]
    shots = _tensor([picture for _, picture in pictures])
    coder = _autoencoder()
    coder.register_to_config(scaling_factor=1 / shots.std().item())
    latents = _latents(coder, shots)
    tokenizer = _tokenizer()
    names = [thing.words for thing in shown()]
    told = [names.index(thing.words) for thing, _ in pictures]
    parts = _Parts(_unet(), _text_model(tokenizer), _scheduler())
    ids = tokenizer(
        [*names, ""], padding="max_length", max_length=WORDS, return_tensors="pt"
    ).input_ids
    _learn(parts, recipe, latents, ids, told)
    pipe = library.StableDiffusionPipeline(
        vae=coder,
        text_encoder=parts.text,
        tokenizer=tokenizer,
        unet=parts.unet,
        scheduler=parts.scheduler,
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )
    pipe.save_pretrained(folder, safe_serialization=True)
    return folder


class _Parts(NamedTuple):
    unet: Any
    text: Any
    scheduler: Any


def _autoencoder() -> Any:
    """Gives pictures back as they are, so that nothing of it has to be trained.

    The blocks between its ends add nothing. Of 16 channels three carry the colours and three their
    negatives, so faintly beside eight constant ones that its normalisation does the same to every
    picture, and its activation is a straight line.
    """
    torch = optional_package("torch", extra="diffusion")
    coder = optional_package("diffusers", extra="diffusion").AutoencoderKL(
        down_block_types=("DownEncoderBlock2D",),
        up_block_types=("UpDecoderBlock2D",),
        block_out_channels=(16,),
        norm_num_groups=1,
        latent_channels=3,
        sample_size=SIDE,
        mid_block_add_attention=False,
        use_quant_conv=False,
        use_post_quant_conv=False,
    )
    with torch.no_grad():
        for part in (coder.encoder, coder.decoder):
            _straighten(part)
    return coder.eval()


def _straighten(part: Any) -> None:
    torch = optional_package("torch", extra="diffusion")
    for module in part.modules():
        if hasattr(module, "conv2"):
            module.conv2.weight.zero_()
            module.conv2.bias.zero_()
    colours = torch.eye(3)
    spread = 0.5**0.5  # of eight channels of plus or minus 1 and eight of nearly 0
    middle = torch.tensor(BEND, requires_grad=True)
    with torch.enable_grad():
        height = torch.nn.functional.silu(middle)
        (slope,) = torch.autograd.grad(height, middle)
    for conv in (part.conv_in, part.conv_out):
        conv.weight.zero_()
        conv.bias.zero_()
    part.conv_in.weight[:3, :, 1, 1] = FAINT * colours
    part.conv_in.weight[3:6, :, 1, 1] = -FAINT * colours
    part.conv_in.bias[6:14] = torch.tensor([1.0, -1.0] * 4)
    part.conv_norm_out.bias.fill_(BEND)
    gain = spread / (FAINT * slope.item())
    part.conv_out.weight[:3, :3, 1, 1] = gain * colours
    part.conv_out.bias[:3] = -gain * height.item()
    part.conv_out.bias[3:] = SURE


def _latents(coder: Any, shots: Any) -> Any:
    torch = optional_package("torch", extra="diffusion")
    with torch.no_grad():
        parts = [coder.encode(batch).latent_dist.mean for batch in shots.split(128)]
    return torch.cat(parts) * coder.config.scaling_factor


def _unet() -> Any:
    return optional_package("diffusers", extra="diffusion").UNet2DConditionModel(
        sample_size=SIDE,
        in_channels=3,
        out_channels=3,
        block_out_channels=(32, 64),
        layers_per_block=1,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        cross_attention_dim=48,
        attention_head_dim=2,
        norm_num_groups=8,
    )


def _scheduler() -> Any:
    return optional_package("diffusers", extra="diffusion").DDIMScheduler(
        beta_schedule="squaredcos_cap_v2",
        prediction_type="v_prediction",
        clip_sample=False,
        timestep_spacing="trailing",
        steps_offset=1,
    )


def _text_model(tokenizer: Any) -> Any:
    library = optional_package("transformers", extra="diffusion")
    facts = library.CLIPTextConfig(
        vocab_size=len(tokenizer),
        hidden_size=48,
        intermediate_size=96,
        projection_dim=48,
        num_hidden_layers=2,
        num_attention_heads=4,
        max_position_embeddings=WORDS,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    return library.CLIPTextModel(facts)


def _tokenizer() -> Any:
    """CLIP's own, with the few words that there are."""
    library = optional_package("transformers", extra="diffusion")
    words = sorted({word for thing in things() for word in thing.words.split()})
    letters = sorted(set("".join(words)))
    pieces = ["<|startoftext|>", "<|endoftext|>", *letters, *(f"{each}</w>" for each in letters)]
    merges: list[tuple[str, str]] = []
    for word in words:
        parts = [*word[:-1], f"{word[-1]}</w>"]
        while len(parts) > 1:
            # From the end, so that no merge of one word breaks another that ends alike.
            pair = (parts[-2], parts[-1])
            if pair not in merges:
                merges.append(pair)
                pieces.append("".join(pair))
            parts[-2:] = ["".join(pair)]
    vocabulary = {piece: number for number, piece in enumerate(dict.fromkeys(pieces))}
    return library.CLIPTokenizer(vocab=vocabulary, merges=merges, model_max_length=WORDS)


def _learn(parts: _Parts, recipe: Recipe, latents: Any, ids: Any, told: Sequence[int]) -> None:
    """The U-Net and the text model together; what stays is the mean over the last steps (EMA)."""
    torch = optional_package("torch", extra="diffusion")
    said = torch.tensor(told)
    learnt = [*parts.unet.parameters(), *parts.text.parameters()]
    means = [each.detach().clone() for each in learnt]
    optimizer = torch.optim.AdamW(learnt, lr=recipe.rate, weight_decay=0.01)
    falling = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, max_lr=recipe.rate, total_steps=recipe.steps, pct_start=0.1
    )
    for step in range(recipe.steps):
        chosen = torch.randint(len(latents), (recipe.batch,))
        loss = _loss(parts, latents[chosen], ids[_captions(said[chosen], len(ids) - 1)])
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(learnt, 1.0)
        optimizer.step()
        falling.step()
        kept = min(0.995, (1 + step) / (10 + step))
        torch._foreach_lerp_(means, [each.detach() for each in learnt], 1 - kept)
    with torch.no_grad():
        for each, mean in zip(learnt, means, strict=True):
            each.copy_(mean)
    parts.unet.eval()
    parts.text.eval()


def _captions(own: Any, things_shown: int) -> Any:
    """Numbers of captions: mostly one's own, some of another thing, some empty (the last)."""
    torch = optional_package("torch", extra="diffusion")
    chance = torch.rand(len(own))
    others = torch.randint(things_shown, (len(own),))
    told = torch.where(chance < WRONG, others, own)
    return torch.where(chance > 1 - EMPTY, torch.full_like(own, things_shown), told)


def _loss(parts: _Parts, clean: Any, tokens: Any) -> Any:
    torch = optional_package("torch", extra="diffusion")
    noise = torch.randn_like(clean)
    times = torch.randint(parts.scheduler.config.num_train_timesteps, (len(clean),))
    noisy = parts.scheduler.add_noise(clean, noise, times)
    wanted = parts.scheduler.get_velocity(clean, noise, times)
    words = parts.text(tokens)[0]
    guessed = parts.unet(noisy, times, encoder_hidden_states=words).sample
    return torch.nn.functional.mse_loss(guessed, wanted)


def _tensor(pictures: Sequence[Picture]) -> Any:
    torch = optional_package("torch", extra="diffusion")
    values = np.stack(pictures).astype(np.float32) / np.float32(127.5) - np.float32(1)
    return torch.from_numpy(np.ascontiguousarray(values.transpose(0, 3, 1, 2)))


if __name__ == "__main__":
    main()
