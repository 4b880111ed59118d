"""`pincite-eval`: measure what ships."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from evals.suites import Context

_PROGRESS = ".progress"
"""Folder beside the report with what `--resume` takes over."""
app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)


@app.callback()
def root() -> None:
    """Measure Pincite: suites, one report, comparable figures."""


@app.command()
def run(  # noqa: PLR0913 - one parameter per option of the report contract
    suites: Annotated[
        list[str],
        typer.Argument(help="Suites to run, e.g. ocr tables; a wrong name lists them all."),
    ],
    out: Annotated[Path, typer.Option(help="Folder for report.json, .md, .html and cases/.")],
    data: Annotated[Path | None, typer.Option(help="Folder with data sets.")] = None,
    profile: Annotated[str, typer.Option(help="smoke, standard or full.")] = "standard",
    limit: Annotated[int | None, typer.Option(help="At most so many items per data set.")] = None,
    seed: Annotated[int, typer.Option(help="Of every sample and shuffle.")] = 0,
    budget: Annotated[float | None, typer.Option(help="Seconds after which to stop.")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on from an earlier run.")] = False,  # noqa: FBT002
    fail_under: Annotated[list[str] | None, typer.Option(help="KEY=VALUE; exit 5 below.")] = None,
) -> None:
    """Run suites and write one report.

    Exit codes: 0 ok, 2 usage, 3 partial (the budget), 4 failed, 5 below a --fail-under.
    """
    from evals.suites import Context, suite
    from pincite.config import Settings
    from pincite.errors import PinciteError

    try:
        for name in suites:
            suite(name)
        context = Context(
            settings=Settings.load(agent={"recall": False}),  # every answer is made anew
            data=_folder(data),
            scratch=out,
            profile=_profile(profile),
            limit=limit,
            seed=seed,
            budget_s=budget,
        )
    except PinciteError as exc:
        typer.echo(f"pincite-eval: {exc}", err=True)
        raise typer.Exit(2) from exc
    _run(suites, context, resume=resume, floors=_floors(fail_under or []))


@app.command()
def mine(  # noqa: PLR0913 - one parameter per option, as those of `run`
    questions: Annotated[Path, typer.Argument(metavar="CSV", help="Your questions.")],
    out: Annotated[Path, typer.Option(help="Folder for report.json, .md, .html and cases/.")],
    files: Annotated[
        Path | None, typer.Option(help="Folder of files to read; else your library is asked.")
    ] = None,
    quotes: Annotated[bool, typer.Option("--quotes", help="No language model.")] = False,  # noqa: FBT002
    limit: Annotated[int | None, typer.Option(help="At most so many questions.")] = None,
    budget: Annotated[float | None, typer.Option(help="Seconds after which to stop.")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on from an earlier run.")] = False,  # noqa: FBT002
    fail_under: Annotated[list[str] | None, typer.Option(help="KEY=VALUE; exit 5 below.")] = None,
) -> None:
    """Ask your own questions of your own files, and report what was found, cited and borne out.

    The CSV file has a column `question`, and may have `answer`, `file` and `page`.

    Exit codes: 0 ok, 2 usage, 3 partial (the budget), 4 failed, 5 below a --fail-under.
    """
    from evals.suites import Context, Own
    from pincite.config import NoChat, Settings
    from pincite.errors import PinciteError

    try:
        chat = {"chat": NoChat().model_dump()} if quotes else {}
        settings = Settings.load(agent={"recall": False}, **chat)
    except PinciteError as exc:
        typer.echo(f"pincite-eval: {exc}", err=True)
        raise typer.Exit(2) from exc
    context = Context(
        settings=settings,
        data=None,
        scratch=out,
        profile="full",
        limit=limit,
        budget_s=budget,
        own=Own(_file(questions), _folder(files)),
    )
    _run(["mine"], context, resume=resume, floors=_floors(fail_under or []))


def _run(
    suites: Sequence[str], context: Context, *, resume: bool, floors: Mapping[str, float]
) -> None:
    """Measure, write the report into the scratch folder, and exit as the contract says."""
    from evals.report import write
    from evals.runner import Progress, run_suites
    from pincite.errors import PinciteError

    out = context.scratch
    progress = Progress(out / _PROGRESS, resume=resume)
    try:
        report, cases = run_suites(suites, context, progress, tell=_tell)
    except PinciteError as exc:
        typer.echo(f"pincite-eval: {exc}", err=True)
        raise typer.Exit(2) from exc
    write(report, cases, out)
    typer.echo((out / "report.md").read_text(encoding="utf-8"))
    below = [key for key, floor in floors.items() if report.summary.get(key, -1e9) < floor]
    for key in below:
        _tell(f"below the floor {floors[key]}: {key} = {report.summary.get(key)}")
    code = {"ok": 0, "partial": 3, "failed": 4}[report.run.status]
    raise typer.Exit(code or (5 if below else 0))


@app.command()
def compare(
    first: Annotated[Path, typer.Argument(metavar="A", help="Folder of a report.")],
    second: Annotated[Path, typer.Argument(metavar="B", help="Folder of another.")],
    seed: Annotated[int, typer.Option(help="Of the bootstrap.")] = 0,
) -> None:
    """Say by how much B differs from A over the same cases.

    Exit codes: 0 B is nowhere surely worse, 2 usage, 5 B is surely worse on some data set: the
    whole 95 % interval of its difference lies below nought.
    """
    from evals.compare import table
    from pincite.errors import PinciteError

    try:
        told, code = table(first, second, seed=seed)
    except PinciteError as exc:
        typer.echo(f"pincite-eval: {exc}", err=True)
        raise typer.Exit(2) from exc
    typer.echo(told)
    raise typer.Exit(code)


@app.command()
def publish(
    run: Annotated[Path, typer.Argument(metavar="OUT", help="Folder of a report.")],
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where to put it.")],
) -> None:
    """Copy a report's figures and plots, without what cases quote of the data, and without paths.

    Exit codes: 0 ok, 2 there is no report.
    """
    from evals.report.public import publish as published
    from pincite.errors import PinciteError

    try:
        published(run, folder)
    except PinciteError as exc:
        typer.echo(f"pincite-eval: {exc}", err=True)
        raise typer.Exit(2) from exc


@app.command()
def audit(
    answers: Annotated[
        typer.FileText,
        typer.Argument(
            metavar="IN", help="JSON lines; - is a pipe.", encoding="utf-8", errors="replace"
        ),
    ],
    out: Annotated[Path, typer.Option(help="Folder for audit.jsonl and audit.md.")],
    resume: Annotated[bool, typer.Option("--resume", help="Go on from an earlier run.")] = False,  # noqa: FBT002
    fail_under: Annotated[list[str] | None, typer.Option(help="KEY=VALUE; exit 5 below.")] = None,
) -> None:
    """Check answers of any system against their contexts, with no network.

    A line of IN has `id`, `answer`, `contexts` (texts, or objects with `id` and `text`), and may
    have `question` and `label` (whether the answer is supported, 1 or 0).

    Exit codes: 0 ok, 2 usage, 3 some lines could not be used, 5 below a --fail-under.
    """
    from evals.audit import audit as audited
    from evals.audit import markdown
    from pincite.checking import shipped
    from pincite.errors import PinciteError

    floors = _floors(fail_under or [])
    try:
        totals = audited(answers, out, shipped(), resume=resume, tell=_tell)
    except (PinciteError, OSError) as exc:
        typer.echo(f"pincite-eval: {exc}", err=True)
        raise typer.Exit(2) from exc
    typer.echo(markdown(totals))
    figures = totals.figures()
    below = [key for key, floor in floors.items() if figures.get(key, -1e9) < floor]
    for key in below:
        _tell(f"below the floor {floors[key]}: {key} = {figures.get(key)}")
    raise typer.Exit((3 if totals.bad else 0) if not below else 5)


def _tell(line: str) -> None:
    typer.echo(line, err=True)


def _folder(data: Path | None) -> Path | None:
    if data is not None and not data.is_dir():
        raise typer.BadParameter(f"a folder is wanted, and {data} is none")
    return data


def _file(questions: Path) -> Path:
    if not questions.is_file():
        raise typer.BadParameter(f"there is no file {questions}")
    return questions


def _profile(name: str) -> Literal["smoke", "standard", "full"]:
    match name:
        case "smoke" | "standard" | "full":
            return name
        case _:
            raise typer.BadParameter("profile is smoke, standard or full")


def _floors(pairs: list[str]) -> dict[str, float]:
    floors: dict[str, float] = {}
    for pair in pairs:
        key, _, value = pair.partition("=")
        try:
            floors[key] = float(value)
        except ValueError as exc:
            raise typer.BadParameter(f"--fail-under wants KEY=VALUE, not {pair!r}") from exc
    return floors


def main() -> None:
    """Entry point of the console script."""
    sys.exit(app())
