"""The `[chat]` section of `pincite.toml`: which language model answers, and what it is sent."""

from __future__ import annotations

import errno
import os
import tomllib
from pathlib import Path
from typing import Any

import tomli_w

from pincite.config import Chat, LiteLLMChat, Settings
from pincite.errors import BadSettings, DiskFull, SetupError
from pincite.models.chat_endpoints import Reach, reach_of
from pincite.values import Value
from serving.owner import private_folder


class Leaving(Value):
    """What goes where once a choice is made."""

    host: str
    reach: Reach
    encrypted: bool
    sent: str
    kept: str


SENT = "each question, the conversation before it, and the passages found for it with their names"
SEEN = "pictures of the places that were found"
KEPT = "whole files, page pictures, recordings and the index stay here"
KEPT_BY_A_SEEING_MODEL = "whole files, recordings and the index stay here"


def leaving(choice: LiteLLMChat) -> Leaving:
    """For a choice made with an address; see `ChatEndpoint.settings`."""
    url = choice.api_base or ""
    reach = reach_of(url)
    host = url.removeprefix("https://").removeprefix("http://").split("/")[0]
    return Leaving(
        host=host,
        reach=reach,
        encrypted=url.startswith("https://"),
        sent=f"{SENT}, and {SEEN}" if choice.vision else SENT,
        kept=KEPT_BY_A_SEEING_MODEL if choice.vision else KEPT,
    )


def choose_chat(settings: Settings, choice: Chat | None) -> Path:
    """Write the choice in one step, readable by its user only; None goes back to the default.

    Other sections of the file are kept, its comments are not.

    Raises:
        BadSettings: the file that is there is not valid TOML.
        SetupError: the data folder cannot be written.
    """
    private_folder(settings.data_dir)
    content = _read(settings.file)
    content.pop("chat", None)
    if choice is not None:
        content["chat"] = _plain(choice)
    _write(settings.file, tomli_w.dumps(content))
    return settings.file


def _plain(choice: Chat) -> dict[str, Any]:
    """As TOML knows it: no nulls, and the key in the open, which is why the file is private."""
    plain = choice.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    if isinstance(choice, LiteLLMChat) and choice.api_key:
        plain["api_key"] = choice.api_key.get_secret_value()
    return {"kind": choice.kind, **plain}


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except tomllib.TOMLDecodeError as exc:
        raise BadSettings(f"{path} is not valid TOML ({exc}); mend it or remove it") from exc


def _write(path: Path, text: str) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as exc:
        draft.unlink(missing_ok=True)
        if exc.errno == errno.ENOSPC:
            raise DiskFull(
                f"no space is left in {path.parent}; the choice was not changed"
            ) from exc
        raise SetupError(f"{path} cannot be written ({exc.strerror})") from exc
