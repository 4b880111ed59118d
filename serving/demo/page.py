"""The report of the demo as one page of HTML that loads nothing."""

from __future__ import annotations

from datetime import datetime

from pincite.answers import Answer, Answered, Refused
from serving.demo.grading import cited_by_sentences
from serving.demo.run import Asked, Run
from serving.report import cut, document, evidence, listed, sentences, table, text, where
from serving.service import SourceStatus


def page(run: Run, *, at: datetime, version: str) -> str:
    body = [_top(run, at, version), *map(_article, run.asked), _sources(run)]
    return document("Pincite demo", body)


def _top(run: Run, at: datetime, version: str) -> str:
    met = sum(not asked.problems for asked in run.asked)
    seconds = sum(asked.seconds for asked in run.asked)
    return (
        f"<h1>Pincite demo</h1>"
        f"<p class='dim'>{at:%Y-%m-%d %H:%M} UTC · version {text(version)} · "
        f"{len(run.sources)} files of {text(str(run.folder))} read in {run.ingest_s:.0f} s · "
        f"{len(run.asked)} questions answered in {seconds:.0f} s, all of them anew</p>"
        f"<p>{met} of {len(run.asked)} came out as expected.</p>"
    )


def _article(asked: Asked) -> str:
    question, answer = asked.question, asked.answer
    parts = [f"<header><h2>{text(question.ask)}</h2>{_outcome(asked)}</header>"]
    if question.shows:
        parts.append(f"<p class='dim'>{text(question.shows)}</p>")
    match answer:
        case Answered():
            parts.append(sentences(answer.sentences))
            parts += [f"<p>Not found: {text(part)}</p>" for part in answer.missing]
            cites = cited_by_sentences(answer)
            parts += [evidence(one, asked.exhibits.get(one.number)) for one in cites]
            parts.append(_quotes(answer))
        case Refused():
            parts.append(f"<p><strong>No answer.</strong> {text(answer.message)}</p>")
            parts += [_looked_for(answer), _nearest(answer)]
        case None:
            parts.append("<p><strong>Failed.</strong></p>")
    parts += [f"<p class='missed'>{text(problem)}</p>" for problem in asked.problems]
    if answer is not None:
        parts.append(_footer(answer, asked.seconds))
    return f"<article id='{text(question.id)}'>{''.join(parts)}</article>"


def _outcome(asked: Asked) -> str:
    if asked.problems:
        return "<span class='outcome missed'>not as expected</span>"
    known = asked.question.expect is not None
    return "<span class='outcome met'>as expected</span>" if known else ""


def _looked_for(answer: Refused) -> str:
    queries = ", ".join(f"“{text(query)}”" for query in answer.looked_for)
    return f"<p class='dim'>Looked for {queries}.</p>" if queries else ""


def _nearest(answer: Refused) -> str:
    items = (f"{where(c)}: {text(cut(c.quote))}" for c in answer.citations)
    return listed("The nearest things found, which do not answer it:", items)


def _quotes(answer: Answered) -> str:
    items = (f"{where(q.citation)}: “{text(cut(q.text))}”" for q in answer.quotes)
    return listed("Quotes shown before the model had read anything:", items)


def _footer(answer: Answer, seconds: float) -> str:
    used = answer.model
    parts = [str(answer.coverage)]
    if used.model:
        voice = f"{answer.voice} " if isinstance(answer, Answered) else ""
        parts.append(f"{voice}{used.model}")
        parts.append(f"{used.prompt_tokens} tokens read, {used.output_tokens} written")
    if used.endpoint != "local":
        parts.append(f"evidence went to {used.endpoint}")
    if used.first_token_s is not None:
        parts.append(f"first word after {used.first_token_s:.1f} s")
    parts.append(f"{seconds:.1f} s")
    hashed = f"<br>model sha256 <code>{text(used.sha256)}</code>" if used.sha256 else ""
    return f"<p class='dim'>{text(' · '.join(parts))}{hashed}</p>"


def _sources(run: Run) -> str:
    heads = ("file", "state", "read")
    return f"<h2>What was read</h2>{table(heads, map(_row, run.sources))}"


def _row(status: SourceStatus) -> tuple[str, ...]:
    done = f"{status.units_done} of {status.units_total} {status.unit_name}"
    return (status.source.name, status.why or status.state, done)
