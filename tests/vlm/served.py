"""The tiny model that sees, served by a real vLLM; `make test-vlm` makes both."""

from __future__ import annotations

import io
import json
import os
import random
import socket
import subprocess
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from PIL import Image

from pincite.config import LiteLLMChat, LiteLLMPictureJudge, Settings
from pincite.models.litellm_chat import LiteLLMChatModel
from pincite.models.ports import ChatPiece, ChatUsage, Message
from scripts.tiny_vlm.cards import SIDE, Card, drawn
from serving.vlm.plan import Plan, Wishes, planned
from serving.vlm.process import Server, serving

BUILD = Path(__file__).parents[2] / "build"
MODEL = BUILD / "tiny-vlm"
ENVIRONMENT = BUILD / "vllm"
CONTEXT = 1024
STARTS_IN_S = 400.0


@contextmanager
def vllm(folder: Path) -> Generator[Server]:
    """As `pincite models serve-vlm build/tiny-vlm --environment build/vllm --cpu` starts it."""
    wishes = Wishes(
        model=str(MODEL), environment=ENVIRONMENT, cpu=True, port=free_port(), context=CONTEXT
    )
    with serving(planned(wishes), folder / "vllm.log") as server:
        server.wait_until_healthy(STARTS_IN_S, lambda seconds, line: None)
        yield server


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def chat_settings(plan: Plan) -> LiteLLMChat:
    """As it prints them, but for what is so small in this model."""
    printed = Settings.load(plan.settings, data_dir=MODEL).chat
    assert isinstance(printed, LiteLLMChat)
    small = {"picture_side": SIDE, "picture_tokens": 16, "timeout_s": 60.0}
    return printed.model_copy(update=small)


def judge_settings(plan: Plan) -> LiteLLMPictureJudge:
    printed = Settings.load(plan.settings, data_dir=MODEL).picture_judge
    assert isinstance(printed, LiteLLMPictureJudge)
    return printed


def png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def card_png(card: Card, seed: int, size: int = 300) -> bytes:
    return png(drawn(card, random.Random(f"test {seed}"), size))  # noqa: S311


async def said(chat: LiteLLMChatModel, *messages: Message, most: int = 40) -> tuple[str, ChatUsage]:
    items = [item async for item in chat.stream(messages, max_tokens=most)]
    text = "".join(item.text for item in items if isinstance(item, ChatPiece))
    [usage] = [item for item in items if isinstance(item, ChatUsage)]
    return text.strip(), usage


def shown(question: str, *pictures: bytes) -> Message:
    return Message(role="user", content=question, pictures=pictures)


def by_the_library(messages: Sequence[dict[str, Any]], pictures: Sequence[Path]) -> dict[str, Any]:
    """What transformers' own processor makes of a conversation, in vLLM's environment."""
    code = (
        "import json, sys\n"
        "from PIL import Image\n"
        "from transformers import AutoProcessor\n"
        "told = json.load(sys.stdin)\n"
        "made = AutoProcessor.from_pretrained(told['model'])\n"
        "text = made.apply_chat_template(told['messages'], add_generation_prompt=True)\n"
        "pictures = [Image.open(path).convert('RGB') for path in told['pictures']]\n"
        "ids = made(images=pictures, text=text)['input_ids'][0]\n"
        "json.dump({'text': text, 'ids': list(map(int, ids)),"
        " 'image': made.tokenizer.convert_tokens_to_ids('<image>')}, sys.stdout)\n"
    )
    asked = {
        "model": str(MODEL), "messages": list(messages), "pictures": [str(p) for p in pictures]
    }  # fmt: skip
    done = subprocess.run(
        [str(ENVIRONMENT / "bin" / "python"), "-c", code],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "HF_HUB_OFFLINE": "1"},
    )
    return json.loads(done.stdout.splitlines()[-1])


def tokenized(server: Server, messages: Sequence[dict[str, Any]]) -> list[int]:
    """The prompt as vLLM makes it of a chat, by its own route for that."""
    body = {"model": "pincite-vlm", "messages": list(messages), "add_generation_prompt": True}
    answer = httpx.post(f"{server.plan.url}/tokenize", json=body, timeout=60, trust_env=False)
    answer.raise_for_status()
    return answer.json()["tokens"]
