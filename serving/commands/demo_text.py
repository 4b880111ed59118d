"""The demo in a terminal: what is read, then each question with its checked answer."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from rich.text import Text

from pincite.answers import Answer, Answered, Citation, Refused
from serving.commands.ask_text import MARKS
from serving.commands.ingest_text import Lines
from serving.demo.grading import cited_by_sentences
from serving.demo.run import Asked, Run, Watcher
from serving.places import cited
from serving.service import IngestProgress
from serving.terminal import console, one_line, plain


class DemoPrinter:
    """Prints while the demo runs."""

    def __init__(self, folder: Path) -> None:
        self._out = console()
        self._lines = Lines()
        self._reading = True
        self._line(Text("Reading ", style="bold"), one_line(str(folder)))
        self.watcher = Watcher(self._ingesting, self._ingested, self._asked)

    def __enter__(self) -> Self:
        self._lines.__enter__()
        return self

    def __exit__(self, *exc: object) -> None:
        self._stop_reading()

    def _stop_reading(self) -> None:
        if self._reading:
            self._reading = False
            self._lines.__exit__(None, None, None)

    def _line(self, *parts: Text | str) -> None:
        self._out.print(Text.assemble(*parts))

    def _ingesting(self, progress: IngestProgress) -> None:
        self._lines.show(progress)

    def _ingested(self, seconds: float) -> None:
        self._stop_reading()
        self._line(Text(f"Read in {seconds:.0f} s. Now the questions.", style="dim"))

    def _asked(self, asked: Asked) -> None:
        self._line()
        self._line(Text(one_line(asked.question.ask), style="bold"))
        match asked.answer:
            case Answered() as answer:
                self._answered(answer)
            case Refused(message=message):
                self._line("  No answer: ", plain(message))
            case None:
                pass
        for problem in asked.problems:
            self._line(Text(f"  ✗ not as expected: {one_line(problem)}", style="bold red"))
        if asked.question.expect and not asked.problems:
            self._line(Text("  as expected", style="green"))
        if asked.answer is not None:
            self._line(Text(f"  {_cost(asked.answer, asked.seconds)}", style="dim"))

    def _answered(self, answer: Answered) -> None:
        for sentence in answer.sentences:
            mark, style = MARKS[sentence.label] if sentence.claims else (" ", "")
            self._line("  ", Text(mark, style=style), " ", plain(sentence.text))
        for citation in cited_by_sentences(answer):
            self._line(f"    [{citation.number}] ", Text(_where(citation), style="cyan"))

    def finish(self, run: Run, report: Path, library: Path) -> None:
        met = sum(not asked.problems for asked in run.asked)
        known = any(asked.question.expect for asked in run.asked)
        self._line()
        if known:
            style = "bold green" if run.is_as_expected else "bold red"
            self._line(Text(f"{met} of {len(run.asked)} came out as expected.", style=style))
        self._line("Report: ", str(report))
        self._line(f"To look around: PINCITE_DATA_DIR={library} pincite serve")


def _where(citation: Citation) -> str:
    return one_line(f"{cited(citation)}: {citation.quote}", most=90)


def _cost(answer: Answer, seconds: float) -> str:
    used = answer.model
    parts = [f"{seconds:.1f} s"]
    if used.model:
        parts.append(f"{used.prompt_tokens} + {used.output_tokens} tokens")
        parts.append(f"{used.model} {used.sha256[:12]}".strip())
    return " · ".join(parts)
