"""Train a tiny LLaVA on pictures that are drawn here, and save it as vLLM serves it.

    python -m scripts.train_tiny_vlm [--out DIR] [--threads N]

A CLIP vision tower, a projector and a Llama, 2 million parameters together, all from nothing: it
reads one digit, names the colour, shape and number of up to four things, says which of two
pictures shows something, and judges a claim about a picture (`scripts/tiny_vlm/lessons.py`). First
the tower alone learns what there is to see, then all of it learns to answer. Combinations of
colour, shape and count that are held out are never trained on; all pictures are drawn anew. Needs
torch and transformers (`make test-vlm` uses those of build/vllm); seeds are fixed; some minutes of
one core. DIR holds weights, tokenizer, chat template and processor, all of our making.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

from pincite.models.optional_package import optional_package
from scripts.tiny_vlm.cards import COLOURS, COUNTS, SHAPES, Card, any_card, seen
from scripts.tiny_vlm.lessons import WAYS, Lesson, lesson
from scripts.tiny_vlm.model import END, IMAGE, TOKENS, built, save, tokenizer_of

torch = optional_package("torch", extra="training")

SEED: Final = 64
BANK: Final = 24_000
"""Drawings to choose from, each seen a few times, never twice the same; see `_varied`."""
SHIFT, DIMMED = 3, 0.12
"""Pixels, and share of its light, by which a drawing may differ each time it is seen."""
SEEING, PLAIN, ANSWERING = 1_300, 400, 3_400
"""Steps: of the tower; of answering bare questions only; of answering in all."""
LESSONS: Final = 16
"""In one step of answering."""


class Drawing(NamedTuple):
    card: Card
    pixels: Any


class Batch(NamedTuple):
    ids: Any
    mask: Any
    labels: Any
    pixels: Any


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--out", type=Path, default=Path("build/tiny-vlm"))
    options.add_argument("--threads", type=int, default=0, help="of torch; 0 is one per core")
    chosen = options.parse_args()
    torch.manual_seed(SEED)
    if chosen.threads:
        torch.set_num_threads(chosen.threads)
    began = time.monotonic()
    chance = random.Random(SEED)  # noqa: S311
    tokenizer = tokenizer_of(chance)
    model = built(len(tokenizer), tokenizer.convert_tokens_to_ids(IMAGE))
    bank = [drawing(chance, card) for card in (_to_draw(chance) for _ in range(BANK))]
    print(f"{sum(p.numel() for p in model.parameters()):,} parameters, {BANK} drawings")
    learn_to_see(model, tokenizer, bank)
    learn_to_answer(model, tokenizer, bank)
    results = measured(model, tokenizer)
    results["seconds"] = round(time.monotonic() - began)
    results["processor seconds"] = round(time.process_time())
    save(model, tokenizer, chosen.out)
    (chosen.out / "measured.json").write_text(json.dumps(results, indent=1) + "\n")
    print(json.dumps(results, indent=1))


# --- what it learns ------------------------------------------------------------------------------


def drawing(chance: random.Random, card: Card) -> Drawing:
    pixels = np.asarray(seen(card, chance), dtype=np.uint8)
    return Drawing(card, torch.from_numpy(pixels.copy()).permute(2, 0, 1).contiguous())


def _floats(pixels: Any) -> Any:
    """As the processor gives them: from -1 to 1."""
    return pixels.float() / 127.5 - 1


def _varied(pixels: Any) -> Any:
    """Drawings a little to the side and a little darker, so that none is learnt by heart."""
    x, y = (int(torch.randint(-SHIFT, SHIFT + 1, ())) for _ in range(2))
    dimmed = 1 - DIMMED * torch.rand(len(pixels), 1, 1, 1)
    return torch.roll(_floats(pixels.float() * dimmed), (x, y), dims=(2, 3))


def _to_draw(chance: random.Random) -> Card:
    return Card("page") if chance.random() < 0.1 else any_card(chance)


def learn_to_see(model: Any, tokenizer: Any, bank: Sequence[Drawing]) -> None:
    """Tower and projector: each picture is to read like the words for what it shows.

    Its tokens, on average, are held against the rows of the output layer that stand for the digit,
    colour, shape and number; so the language half finds in them what it has to say.
    """
    tower, projector = model.model.vision_tower, model.model.multi_modal_projector
    words = [torch.tensor([_word(tokenizer, each) for each in group]) for group in _GROUPS]
    wanted = torch.tensor([_classes(each.card) for each in bank])
    pixels = torch.stack([each.pixels for each in bank])
    weights = [*tower.parameters(), *projector.parameters(), *model.lm_head.parameters()]
    right = 0.0
    for step, (rate, optimizer) in enumerate(_schedule(weights, 2e-3, SEEING), 1):
        chosen = torch.randint(len(bank), (64,))
        states = tower(_varied(pixels[chosen]), output_hidden_states=True).hidden_states[-2]
        seen_as = model.lm_head(projector(states[:, 1:]).mean(1))
        said = [seen_as[:, group] for group in words]
        loss = sum(
            torch.nn.functional.cross_entropy(each, wanted[chosen, place], ignore_index=-1)
            for place, each in enumerate(said)
        )
        _descend(optimizer, loss, weights)
        classes = wanted[chosen].T
        named = torch.stack([each.argmax(1) for each in said])
        hit = (named == classes) | (classes < 0)
        right = 0.98 * right + 0.02 * hit.all(0).float().mean().item()
        if step % 100 == 0:
            print(f"seeing    {step:5} steps  all right {right:.2f}  {rate:.1e}", flush=True)


_GROUPS: Final = (
    tuple(str(digit) for digit in range(10)), tuple(COLOURS), SHAPES, tuple(COUNTS.values())
)  # fmt: skip


def _word(tokenizer: Any, word: str) -> int:
    """The first piece of the word as it stands in a sentence."""
    return tokenizer(f" {word}")["input_ids"][0]


def _classes(card: Card) -> tuple[int, int, int, int]:
    """Places in the groups of words; -1 for what it does not show."""
    if card.kind == "digit":
        return card.digit, -1, -1, -1
    if card.kind == "page":
        return -1, -1, -1, -1
    colour, shape = list(COLOURS).index(card.colour), SHAPES.index(card.shape)
    return -1, colour, shape, card.many - 1


def learn_to_answer(model: Any, tokenizer: Any, bank: Sequence[Drawing]) -> None:
    by_card: dict[Card, list[Drawing]] = {}
    for each in bank:
        by_card.setdefault(each.card, []).append(each)
    chance = random.Random(SEED + 1)  # noqa: S311
    weights = list(model.parameters())
    shown = 4.0
    for step, (rate, optimizer) in enumerate(_schedule(weights, 1.5e-3, ANSWERING), 1):
        way = chance.choices(list(WAYS), list(WAYS.values()))[0] if step > PLAIN else "plain"
        batch = _batch(tokenizer, [lesson(chance, way) for _ in range(LESSONS)], by_card, chance)
        loss = model(
            input_ids=batch.ids,
            attention_mask=batch.mask,
            pixel_values=batch.pixels,
            labels=batch.labels,
        ).loss
        _descend(optimizer, loss, weights)
        shown = 0.97 * shown + 0.03 * loss.item()
        if step % 100 == 0:
            print(f"answering {step:5} steps  loss {shown:.3f}  {rate:.1e}", flush=True)


def _batch(
    tokenizer: Any,
    lessons: Sequence[Lesson],
    by_card: dict[Card, list[Drawing]],
    chance: random.Random,
) -> Batch:
    """Only the answers count in the loss."""
    asked = [tokenizer(prompt_text(each))["input_ids"] for each in lessons]
    said = [tokenizer(f" {each.answer}{END}")["input_ids"] for each in lessons]
    longest = max(len(a) + len(s) for a, s in zip(asked, said, strict=True))
    ids = torch.full((len(lessons), longest), tokenizer.pad_token_id)
    labels = torch.full((len(lessons), longest), -100)
    for row, (a, s) in enumerate(zip(asked, said, strict=True)):
        ids[row, : len(a) + len(s)] = torch.tensor(a + s)
        labels[row, len(a) : len(a) + len(s)] = torch.tensor(s)
    pixels = [chance.choice(by_card[card]).pixels for each in lessons for card in each.cards]
    seen_now = _varied(torch.stack(pixels))
    return Batch(ids, (ids != tokenizer.pad_token_id).long(), labels, seen_now)


def prompt_text(each: Lesson) -> str:
    """As the chat template and the processor make it; a test holds the two together."""
    parts = [part if isinstance(part, str) else IMAGE * TOKENS for part in each.parts]
    return f"USER: {''.join(parts)}\nASSISTANT:"


def _schedule(weights: Sequence[Any], peak: float, steps: int) -> Iterator[tuple[float, Any]]:
    """The rate of each step; it rises for a while and falls to the end."""
    optimizer = torch.optim.AdamW(weights, lr=peak, betas=(0.9, 0.98), weight_decay=0.02)
    for step in range(steps):
        rate = peak * min(1.0, (step + 1) / 100) * (0.02 + 0.98 * (1 - step / steps))
        for group in optimizer.param_groups:
            group["lr"] = rate
        yield rate, optimizer


def _descend(optimizer: Any, loss: Any, weights: Sequence[Any]) -> None:
    optimizer.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(weights, 1.0)
    optimizer.step()


# --- how well it sees ----------------------------------------------------------------------------


def measured(model: Any, tokenizer: Any, each: int = 60) -> dict[str, float]:
    """Share of answers that are right to the letter, on drawings and combinations never seen."""
    model.eval()
    torch.set_grad_enabled(False)
    chance = random.Random(SEED + 2)  # noqa: S311
    results: dict[str, float] = {}
    for way in WAYS:
        for held_out in (False, True):
            lessons = [lesson(chance, way, held_out=held_out) for _ in range(each)]
            right = sum(answered(model, tokenizer, one, chance) == one.answer for one in lessons)
            results[f"{way}, {'held-out shapes' if held_out else 'new drawings'}"] = round(
                right / each, 3
            )
    return results


def answered(
    model: Any,
    tokenizer: Any,
    one: Lesson,
    chance: random.Random,
) -> str:
    ids = torch.tensor([tokenizer(prompt_text(one))["input_ids"]])
    pixels = _floats(torch.stack([drawing(chance, card).pixels for card in one.cards]))
    said = model.generate(
        input_ids=ids,
        attention_mask=torch.ones_like(ids),
        pixel_values=pixels,
        max_new_tokens=24,
        do_sample=False,
        pad_token_id=tokenizer.pad_token_id,
    )
    return tokenizer.decode(said[0, ids.shape[1] :], skip_special_tokens=True).strip()


if __name__ == "__main__":
    main()
