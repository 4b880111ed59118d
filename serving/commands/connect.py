"""`pincite connect`: switch to a language model of Ollama, vLLM or an OpenAI-style server."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Awaitable, Sequence

    from pincite.config import Chat, LiteLLMChat, Settings
    from pincite.models.chat_endpoints import ChatEndpoint

Url = Annotated[
    str | None,
    typer.Argument(help="Address of a server; without it the usual ports of this machine."),
]
Model = Annotated[str | None, typer.Option("--model", "-m", help="Name as the server lists it.")]
Local = Annotated[bool, typer.Option("--local", help="Back to the model in this process.")]
Quotes = Annotated[bool, typer.Option("--quotes-only", help="No language model at all.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
Vision = Annotated[
    bool, typer.Option("--vision", help="The model sees: show it cited pictures, tables, scans.")
]
KeyFile = Annotated[
    Path | None, typer.Option("--api-key-file", help="File with the server's API key; - for stdin.")
]


def connect(  # noqa: PLR0913
    url: Url = None,
    model: Model = None,
    *,
    local: Local = False,
    quotes_only: Quotes = False,
    vision: Vision = False,
    api_key_file: KeyFile = None,
    yes: Yes = False,
) -> None:
    """Find a language model server, show what it would be sent, and switch to it."""
    from pincite.config import LlamaCppChat, NoChat, Settings

    settings = Settings.load()
    if local:
        _switch(settings, None, "Answers are composed in this process again.", LlamaCppChat())
    elif quotes_only:
        _switch(settings, NoChat(), "Answers are verbatim quotes now; no model is used.", NoChat())
    else:
        endpoint, name, key = _found(url, model, api_key_file)
        choice = endpoint.settings(name, key).model_copy(update={"vision": vision})
        _connect(settings, endpoint.server, choice, yes=yes)


def _found(
    url: str | None, model: str | None, api_key_file: Path | None
) -> tuple[ChatEndpoint, str, str | None]:
    import asyncio

    from pincite.models.chat_endpoints import endpoint_at, usual_endpoints

    key = _key(api_key_file)
    found = usual_endpoints() if url is None else _one(endpoint_at(url, key))
    return *_pick(asyncio.run(found), model), key


def _connect(settings: Settings, server: str, choice: LiteLLMChat, *, yes: bool) -> None:
    from pincite.egress import host_of
    from serving.chat_choice import leaving

    goes, name = leaving(choice), choice.model.partition("/")[2]
    typer.echo(f"{server} at {goes.host} ({goes.reach}), model {name}")
    if goes.reach != "this machine":
        typer.echo(f"Leaves this machine: {goes.sent}.")
        typer.echo(f"Does not: {goes.kept}.")
        if not goes.encrypted:
            typer.echo("The connection is not encrypted: whoever listens on the way can read it.")
    else:
        typer.echo("Nothing leaves this machine, unless that server passes it on.")
    if not yes and not typer.confirm("Switch to it?", default=goes.reach == "this machine"):
        typer.echo("Nothing was changed.")
        raise typer.Exit(1)
    _switch(settings, choice, f"Answers are composed by {name} at {goes.host} now.", choice)
    if goes.reach != "this machine":
        host = choice.api_base and host_of(choice.api_base)
        typer.echo(f"Collections stay on this machine until: pincite egress allow default {host}")


async def _one(endpoint: Awaitable[ChatEndpoint]) -> list[ChatEndpoint]:
    return [await endpoint]


def _pick(endpoints: Sequence[ChatEndpoint], model: str | None) -> tuple[ChatEndpoint, str]:
    """The named model, the only one, or the one that is chosen at the terminal."""
    import sys

    from pincite.errors import BadSettings

    offers = [(each, name) for each in endpoints for name in each.models]
    if model:
        offers = [(each, name) for each, name in offers if name == model]
    if len(offers) == 1:
        return offers[0]
    if not offers:
        raise _nothing(endpoints, model)
    for number, (each, name) in enumerate(offers, 1):
        typer.echo(f"{number:3}  {name}   ({each.server}, {each.url})")
    if not sys.stdin.isatty():
        raise BadSettings("there are several models; name one with --model")
    number = int(typer.prompt("Which", type=int))
    if not 1 <= number <= len(offers):
        raise BadSettings(f"there is no number {number} in the list")
    return offers[number - 1]


def _nothing(endpoints: Sequence[ChatEndpoint], model: str | None) -> Exception:
    from pincite.errors import BadSettings, ModelUnavailable
    from pincite.models.chat_endpoints import USUAL_PORTS

    if model and endpoints:
        there = sorted({name for each in endpoints for name in each.models})
        return BadSettings(f"no server has a model {model!r}; there are: {', '.join(there)}")
    if endpoints:
        urls = ", ".join(each.url for each in endpoints)
        return ModelUnavailable(f"{urls} has no model yet; load one there (ollama pull NAME)")
    ports = ", ".join(f"{port} ({name})" for port, name in USUAL_PORTS.items())
    return ModelUnavailable(
        f"no server answers on this machine's ports {ports}; "
        "start one, or give its address: pincite connect http://HOST:PORT"
    )


def _key(file: Path | None) -> str | None:
    import sys

    from pincite.errors import BadSettings

    if file is None:
        return None
    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as exc:
        raise BadSettings(f"the API key cannot be read from {file}") from exc
    return text.strip()


def _switch(settings: Settings, choice: Chat | None, done: str, wanted: Chat) -> None:
    import contextlib

    from pincite.config import Settings
    from pincite.errors import DataFolderBusy
    from serving.chat_choice import choose_chat
    from serving.owner import current_owner

    file = choose_chat(settings, choice)
    typer.echo(f"{done} Written to {file}.")
    if Settings.load().chat != wanted:
        typer.echo("But PINCITE_CHAT__… variables of your environment say otherwise, and win.")
    with contextlib.suppress(DataFolderBusy):
        owner = current_owner(settings.data_dir)
        if owner is not None and owner.is_service:
            typer.echo(f"The running service ({owner.url}) uses it after a restart.")
