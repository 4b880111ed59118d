"""What is started: the model, the program, its words. Nothing is started here."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from pydantic import Field

from pincite.errors import BadSettings, SetupError
from pincite.values import Value
from serving.vlm.sizes import SIZES, Size, known, size_for

NAME: Final = "pincite-vlm"
"""By which the server calls the model."""
MEMORY_SHARE: Final = 0.85
"""Of the card, for weights and context; the rest is for what else runs on it."""
INSTALL: Final = (
    "make it an environment of its own (python3 -m venv ~/vllm && ~/vllm/bin/pip install vllm), "
    "then: pincite models serve-vlm --environment ~/vllm"
)


class Wishes(Value):
    """What the person who starts it said."""

    model: str = ""
    """A folder or a repository on the hub; empty for the largest of the table that fits."""
    environment: Path | None = None
    """Virtual environment that holds vLLM; None for the `vllm` on the path."""
    gib: float | None = None
    """Memory of the card, where it cannot be asked for."""
    cpu: bool = False
    """No graphics card: for models of a few million parameters."""
    port: int = Field(default=8000, ge=1, le=65535)
    context: int | None = None
    more: tuple[str, ...] = ()
    """Further words for `vllm serve`."""


class Plan(Value):
    """A server that can be started."""

    program: Path
    model: str
    size: Size
    port: int
    cpu: bool = False
    more: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def is_folder(self) -> bool:
        return Path(self.model).is_dir()

    @property
    def command(self) -> list[str]:
        """Reached from this machine only."""
        kept = "0.3" if self.cpu else str(MEMORY_SHARE)
        return [
            str(self.program), "serve", self.model,
            "--served-model-name", NAME,
            "--host", "127.0.0.1",
            "--port", str(self.port),
            "--max-model-len", str(self.size.context),
            "--limit-mm-per-prompt", json.dumps({"image": self.size.pictures}),
            "--gpu-memory-utilization", kept,
            *(("--enforce-eager",) if self.cpu else ()),
            *self.more,
        ]  # fmt: skip

    @property
    def environment(self) -> dict[str, str]:
        """To set for the program: nothing reports home, and a folder is served without a hub."""
        wanted = {"VLLM_NO_USAGE_STATS": "1", "DO_NOT_TRACK": "1"}
        if self.is_folder:
            wanted |= {"HF_HUB_OFFLINE": "1"}
        if self.cpu:
            wanted |= {"VLLM_CPU_KVCACHE_SPACE": "1"}
        return wanted

    @property
    def settings(self) -> Mapping[str, str]:
        """That point Pincite at it: for answers, and for claims that rest on pictures."""
        base = f"{self.url}/v1"
        chat = {
            "KIND": "litellm",
            "MODEL": f"openai/{NAME}",
            "API_BASE": base,
            "VISION": "true",
            "CONTEXT": str(self.size.context),
            "PICTURE_SIDE": str(self.size.side),
            "PICTURE_TOKENS": str(self.size.tokens),
            "MOST_PICTURES": str(self.size.pictures),
        }
        judge = {"KIND": "litellm", "MODEL": f"openai/{NAME}", "API_BASE": base}
        return {
            **{f"PINCITE_CHAT__{name}": value for name, value in chat.items()},
            **{f"PINCITE_PICTURE_JUDGE__{name}": value for name, value in judge.items()},
        }


def planned(wishes: Wishes) -> Plan:
    """Raises SetupError where vLLM or a card is missing, BadSettings where the model cannot be."""
    program = found_program(wishes.environment)
    size = _size(wishes, None if wishes.cpu else wishes.gib or card_gib())
    model = wishes.model or size.model
    folder = Path(model).expanduser()
    if folder.is_dir():
        if not (folder / "config.json").is_file():
            raise BadSettings(f"{folder} holds no config.json, so it is no model that vLLM serves")
        model = str(folder.resolve())
    elif folder.is_absolute() or model.count("/") != 1:
        raise BadSettings(f"{model!r} is neither a folder nor owner/name of a hub")
    if wishes.context is not None:
        size = size.model_copy(update={"context": wishes.context})
    return Plan(
        program=program,
        model=model,
        size=size,
        port=wishes.port,
        cpu=wishes.cpu,
        more=wishes.more,
    )


def found_program(environment: Path | None) -> Path:
    if environment is not None:
        program = environment.expanduser() / "bin" / "vllm"
        if not program.is_file():
            raise SetupError(f"{environment} holds no vLLM; {INSTALL}")
        return program.resolve()
    found = shutil.which("vllm")
    if found is None:
        raise SetupError(f"vLLM is not on the path; {INSTALL}")
    return Path(found)


def card_gib() -> float:
    """Memory of the largest NVIDIA card. Raises SetupError where there is none."""
    asked = ["nvidia-smi", "--query-gpu=memory.total", "--format=csv,noheader,nounits"]
    try:
        said = subprocess.run(asked, capture_output=True, text=True, timeout=20, check=True).stdout
        return max(float(line) for line in said.split()) / 1024
    except (OSError, ValueError, subprocess.SubprocessError) as exc:
        raise SetupError(
            "no NVIDIA card answers (nvidia-smi); on another kind of card give its memory with "
            "--gpu-gib, or for a tiny model use --cpu"
        ) from exc


def _size(wishes: Wishes, gib: float | None) -> Size:
    own = known(wishes.model)
    fits = size_for(gib) if gib is not None else None
    if gib is not None and own is not None and own.gib > gib + 0.5:
        raise SetupError(f"{own.model} wants a card of {own.gib} GiB; this one has {gib:.0f}")
    if own is not None or fits is not None or wishes.model:
        return own or fits or SIZES[0]
    if gib is None:
        raise BadSettings("--cpu is for a model of your own; name it: serve-vlm FOLDER --cpu")
    raise SetupError(f"the smallest model wants a card of {SIZES[0].gib} GiB; it has {gib:.0f}")
