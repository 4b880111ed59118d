"""`pincite dossier` packs an answer with its evidence; `pincite replay` checks such a ZIP."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from serving.commands.options import As, Json, scope_of

if TYPE_CHECKING:
    from pincite.elements import Scope
    from serving.dossier.replay import Opened, Replay

DIFFERS = 1


def dossier(
    answer: Annotated[str, typer.Argument(help="As `pincite ask` names it at its end.")],
    *,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Default: dossier-ANSWER.zip here.")
    ] = None,
    person: As = "local",
) -> None:
    """Put an answer and all it rests on into one ZIP, for somebody who was not there."""
    import hashlib

    from pincite.errors import UserError
    from serving.terminal import plain

    target = out or Path(f"dossier-{_safe(answer)[:12]}.zip")
    if target.exists():
        raise UserError(f"{target} is there already; name another file with --out")
    packed = asyncio.run(_packed(answer, scope_of(None, person)))
    try:
        target.write_bytes(packed)
    except OSError as exc:
        raise UserError(f"{target} cannot be written: {exc.strerror}") from exc
    typer.echo(plain(f"Wrote {target} ({len(packed) / 1e6:.1f} MB); to check it: pincite replay"))
    typer.echo(f"SHA-256 {hashlib.sha256(packed).hexdigest()}")


def replay(
    file: Annotated[Path, typer.Argument(metavar="FILE.zip", help="As `dossier` wrote it.")],
    *,
    person: As = "local",
    as_json: Json = False,
) -> None:
    """Check a dossier: its hashes, its verdicts anew, and its quotes in your own library.

    Exit code 0: all as it was; 1: something differs; 2: the file is no dossier that can be read.
    """
    from pincite.errors import UserError
    from serving.commands.dossier_text import show
    from serving.dossier.replay import opened
    from serving.exit_codes import USAGE
    from serving.terminal import complain, write_json

    try:
        given = opened(file)
    except UserError as exc:
        complain(str(exc))
        raise typer.Exit(USAGE) from exc
    found = asyncio.run(_replayed(given, scope_of(None, person)))
    (write_json if as_json else show)(found)
    if not found.is_same:
        raise typer.Exit(DIFFERS)


def _safe(answer: str) -> str:
    return "".join(each for each in answer if each.isalnum()) or "answer"


async def _packed(answer: str, scope: Scope) -> bytes:
    from pincite.answers import AnswerId
    from pincite.config import Settings
    from serving.session import session

    async with session(Settings.load(), "pincite dossier") as service:
        return await service.dossier(AnswerId(answer), scope)


async def _replayed(given: Opened, scope: Scope) -> Replay:
    from pincite.config import Settings
    from pincite.grounding.shipped import shipped_checker
    from pincite.models.factory import text_encoder
    from pincite.models.store import ModelStore
    from serving.dossier.replay import looked_up, replayed
    from serving.session import session

    settings = Settings.load()
    checker = shipped_checker(text_encoder(settings.encoder, ModelStore(settings.models)))
    found = None
    if (settings.data_dir / "texts.db").is_file():
        async with session(settings, "pincite replay") as service:
            found = await looked_up(given.dossier, service, scope)
    return await asyncio.to_thread(replayed, given, checker, found)
