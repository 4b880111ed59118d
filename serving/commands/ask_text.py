"""An answer as lines of a terminal. Only checked text comes here."""

from __future__ import annotations

from typing import assert_never

from rich.text import Text

from pincite.answers import (
    Answer,
    Answered,
    CheckedSentence,
    Citation,
    Label,
    Quote,
    Refused,
    SentenceId,
)
from pincite.events import (
    AskEvent,
    Called,
    Checked,
    Delta,
    Differing,
    Draft,
    Drawing,
    Drawn,
    Failed,
    Finished,
    GoingThrough,
    Looked,
    Quotes,
    Reading,
    Revised,
    Searched,
)
from serving.commands.ask_places import MARKS, show_places
from serving.places import cited
from serving.terminal import console, one_line, plain

WORDS = {
    Label.CONTRADICTED: "contradicted",
    Label.UNSUPPORTED: "not found in the sources",
    Label.NOT_CHECKABLE: "not checkable",
}


class AskPrinter:
    """Prints events as they come; the answer's sentences once each, the rest at the end."""

    def __init__(self) -> None:
        self._out = console()
        self._shown: dict[SentenceId, str] = {}
        self._quotes = 0

    def __call__(self, event: AskEvent) -> None:
        match event:
            case Quotes(quotes=quotes):
                self._show_quotes(quotes)
            case Checked(sentence=sentence) | Revised(sentence=sentence):
                self._show_sentence(sentence)
            case Finished(answer=answer):
                self._finish(answer)
            case (
                Searched()
                | Called()
                | Reading()
                | Looked()
                | GoingThrough()
                | Delta()
                | Draft()
                | Differing()
                | Failed()
            ):
                pass
            case Drawing() | Drawn():
                pass
            case _:
                assert_never(event)

    def _line(self, *parts: Text | str) -> None:
        self._out.print(Text.assemble(*parts))

    def _show_quotes(self, quotes: tuple[Quote, ...]) -> None:
        if not quotes or self._quotes:
            return
        self._quotes = len(quotes)
        self._line(Text("Quotes", style="bold"))
        for quote in quotes:
            place = Text(one_line(cited(quote.citation)), style="cyan")
            self._line(f"  “{one_line(quote.text, most=400)}” ", place)
        self._line()

    def _show_sentence(self, sentence: CheckedSentence) -> None:
        before = self._shown.get(sentence.id)
        if before == sentence.text:
            return
        if before is not None:
            self._line(Text("    Instead of that:", style="dim"))
        elif not self._shown:
            self._line(Text("Answer", style="bold"))
        self._shown[sentence.id] = sentence.text
        if sentence.is_table or sentence.text.startswith("{"):
            return  # with its marks, when all of it is there
        mark, style = MARKS[sentence.label] if sentence.claims else (" ", "")
        self._line("  ", Text(mark, style=style), " ", plain(sentence.text))
        for claim in sentence.claims:
            verdict = claim.verdict
            if verdict.label is not Label.SUPPORTED:
                why = f"{WORDS[verdict.label]}: {one_line(verdict.reason)}"
                self._line("    ", Text(why, style=MARKS[verdict.label][1]))

    def _show_block(self, sentence: CheckedSentence, answer: Answered) -> None:
        if answer.data is not None and sentence is answer.sentences[0]:
            show_places(self._out, answer.data, sentence)
        elif sentence.is_table or sentence.text.startswith("{"):
            self._line(plain(sentence.marked))

    def _finish(self, answer: Answer) -> None:
        self._show_quotes(answer.quotes)
        match answer:
            case Answered():
                for sentence in answer.sentences:
                    self._show_sentence(sentence)
                    self._show_block(sentence, answer)
                for part in answer.missing:
                    self._line(Text(f"  Not found: {one_line(part)}", style="yellow"))
                self._line()
                self._show_citations(answer.citations, confidence=True)
            case Refused():
                self._refuse(answer)
            case _:
                assert_never(answer)
        for picture in answer.pictures:
            self._line(Text(f"  Generated, no evidence: “{one_line(picture.prompt)}”", "magenta"))
        if answer.notice:
            self._line(Text(one_line(answer.notice), style="yellow"))
        self._line(Text(_footer(answer), style="dim"))
        self._line(Text(f"to keep it: pincite dossier {one_line(answer.id)}", style="dim"))

    def _refuse(self, answer: Refused) -> None:
        self._line(Text("No answer", style="bold"), f"  {plain(answer.message)}")
        if answer.looked_for:
            looked = ", ".join(f"“{one_line(query)}”" for query in answer.looked_for)
            self._line(f"  Looked for {looked}.")
        if answer.citations:
            self._line("  The nearest things found, which do not answer it:")
            self._show_citations(answer.citations, confidence=False)

    def _show_citations(self, citations: tuple[Citation, ...], *, confidence: bool) -> None:
        for citation in citations:
            place = Text(one_line(cited(citation)), style="cyan")
            read = citation.confidence if confidence else None
            sure = f" (read with {read:.0%} confidence)" if read is not None else ""
            self._line(f"  [{citation.number}] ", place, Text(sure, style="dim"))


def _footer(answer: Answer) -> str:
    """`searched 2 of 3 files (…) · small local model qwen… · 210 + 41 tokens · 2.4 s`."""
    parts = [str(answer.coverage)]
    used = answer.model
    if isinstance(answer, Answered):
        parts.append(f"{answer.voice} {used.model}".strip() if used.model else str(answer.voice))
    if used.endpoint != "local":
        parts.append(f"evidence went to {one_line(used.endpoint)}")
    if used.prompt_tokens or used.output_tokens:
        parts.append(f"{used.prompt_tokens} + {used.output_tokens} tokens")
    if answer.recalled:
        parts.append(f"{_said_before(answer)}; nothing has changed since (--fresh asks anew)")
    return " · ".join([*parts, f"{answer.seconds:.1f} s"])


def _said_before(answer: Answer) -> str:
    at = answer.record.at.astimezone() if answer.record else None
    return f"as answered on {at:%Y-%m-%d at %H:%M}" if at else "as answered before"
