"""`pincite demo`: read the sample library, ask questions with known answers, show the evidence."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from serving.demo.questions import Question


def demo(
    *,
    folder: Annotated[
        Path | None, typer.Option(help="Read this folder instead of the sample library.")
    ] = None,
    question: Annotated[
        str | None, typer.Option(help="Ask this about --folder (or about the sample library).")
    ] = None,
    out: Annotated[Path, typer.Option(help="Where the report and its library go.")] = Path(
        "pincite-demo"
    ),
) -> None:
    """Read a folder, answer questions anew, and write a report with the evidence in it.

    Fails where an answer about the sample library is not as expected.
    """
    from pincite.errors import UserError
    from serving.demo.questions import Question, load
    from serving.demo.samples import samples

    if folder is not None and question is None:
        raise UserError('--folder needs --question "…"; what do you want to know?')
    asked = (
        (Question(id="yours", ask=question),) if question else load(samples() / "questions.toml")
    )
    read = (folder or samples() / "library").resolve()
    raise typer.Exit(asyncio.run(_demo(read, asked, out.resolve())))


async def _demo(folder: Path, questions: tuple[Question, ...], out: Path) -> int:
    from datetime import UTC, datetime
    from importlib.metadata import version

    from pincite.config import Settings
    from serving.commands.demo_text import DemoPrinter
    from serving.demo.page import page
    from serving.demo.run import run

    configured = Settings.load()
    settings = configured.model_copy(update={"data_dir": out / "library"})
    with DemoPrinter(folder) as shown:
        result = await run(settings, folder, questions, shown.watcher)
    report = out / "report.html"
    text = page(result, at=datetime.now(UTC), version=version("pincite"))
    report.write_text(text, encoding="utf-8")
    shown.finish(result, report, settings.data_dir)
    return 0 if result.is_as_expected else 1
