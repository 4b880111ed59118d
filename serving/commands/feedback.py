"""`pincite feedback`: say that a verdict is wrong, and take what was said along as eval cases."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from serving.commands.options import As, Json, scope_of

if TYPE_CHECKING:
    from pincite.elements import Scope
    from pincite.feedback import Feedback, Objection

app = typer.Typer(help="Say that a verdict is wrong; export what was said.", no_args_is_help=True)


@app.command()
def give(
    answer: Annotated[str, typer.Argument(help="As `pincite ask` names it at its end.")],
    sentence: Annotated[str, typer.Argument(help="As `pincite ask --json` names it, e.g. s1.")],
    *,
    claim: Annotated[int, typer.Option(min=1, help="Which claim of the sentence.")] = 1,
    label: Annotated[
        str | None,
        typer.Option(help="What it is: supported, contradicted, unsupported, not_checkable."),
    ] = None,
    note: Annotated[str, typer.Option(help="Why, in your words.")] = "",
    person: As = "local",
) -> None:
    """Say that the verdict on a claim is wrong, and what it should be."""
    from serving.terminal import one_line

    made = _objection(sentence, claim, label, note)
    kept = asyncio.run(_given(answer, made, scope_of(None, person)))
    typer.echo(f"Kept: “{one_line(kept.text, most=200)}” was shown as {kept.shown}.")


@app.command("list")
def list_(*, person: As = "local", as_json: Json = False) -> None:
    """Show what was said of the answers that you may read."""
    from serving.terminal import one_line, write_json

    for each in asyncio.run(_told(scope_of(None, person))):
        if as_json:
            write_json(each)
            continue
        about = each.objection
        should = f", should be {about.label}" if about.label else ""
        typer.echo(f"{each.at:%Y-%m-%d %H:%M} {one_line(each.by)} {each.answer}/{about.sentence}")
        typer.echo(f"  “{one_line(each.text, most=200)}” {each.shown}{should}")
        if about.note:
            typer.echo(f"  {one_line(about.note, most=400)}")


@app.command()
def export(
    out: Annotated[Path, typer.Argument(metavar="OUT.jsonl", help="Must not be there yet.")],
    *,
    person: As = "local",
) -> None:
    """Write answers with feedback as cases: `pincite-eval audit OUT.jsonl` reads them."""
    import json

    from pincite.errors import UserError

    if out.exists():
        raise UserError(f"{out} is there already; name another file")
    made = asyncio.run(_cases(scope_of(None, person)))
    lines = [json.dumps(case, ensure_ascii=False) for case in made]
    try:
        out.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    except OSError as exc:
        raise UserError(f"{out} cannot be written: {exc.strerror}") from exc
    typer.echo(f"Wrote {len(lines)} answers with feedback to {out}; it holds text of your files")


def _objection(sentence: str, claim: int, label: str | None, note: str) -> Objection:
    from pydantic import ValidationError

    from pincite.errors import UserError
    from pincite.feedback import Objection

    told = {"sentence": sentence, "claim": claim, "label": label, "note": note}
    try:
        return Objection.model_validate(told)
    except ValidationError as exc:
        problem = exc.errors()[0]
        raise UserError(f"--{problem['loc'][0]}: {problem['msg']}") from exc


async def _given(answer: str, objection: Objection, scope: Scope) -> Feedback:
    from pincite.answers import AnswerId
    from pincite.config import Settings
    from serving.session import session

    async with session(Settings.load(), "pincite feedback") as service:
        return await service.object_to(AnswerId(answer), objection, scope)


async def _told(scope: Scope) -> list[Feedback]:
    from pincite.config import Settings
    from serving.session import session

    async with session(Settings.load(), "pincite feedback") as service:
        return await service.feedback(scope)


async def _cases(scope: Scope) -> list[dict[str, Any]]:
    from pincite.config import Settings
    from serving.feedback import cases
    from serving.session import session

    async with session(Settings.load(), "pincite feedback") as service:
        return await cases(service, scope)
