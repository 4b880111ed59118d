"""The report as one page of HTML that loads nothing: text of documents is escaped everywhere."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from datetime import datetime
from html import escape
from importlib.resources import files

from pincite.answers import Answer, Answered, CheckedSentence, Citation, Refused
from serving.demo.grading import cited_by_sentences
from serving.demo.pictures import Exhibit
from serving.demo.run import Asked, Run
from serving.places import cited
from serving.service import SourceStatus

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; media-src data:"


def page(run: Run, *, at: datetime, version: str) -> str:
    style = files("serving.demo").joinpath("page.css").read_text(encoding="utf-8")
    body = [_top(run, at, version), *map(_article, run.asked), _sources(run)]
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Pincite demo</title><style>{style}</style></head>"
        f"<body>{''.join(body)}</body></html>\n"
    )


def _top(run: Run, at: datetime, version: str) -> str:
    met = sum(not asked.problems for asked in run.asked)
    seconds = sum(asked.seconds for asked in run.asked)
    return (
        f"<h1>Pincite demo</h1>"
        f"<p class='dim'>{at:%Y-%m-%d %H:%M} UTC · version {escape(version)} · "
        f"{len(run.sources)} files of {_text(str(run.folder))} read in {run.ingest_s:.0f} s · "
        f"{len(run.asked)} questions answered in {seconds:.0f} s, all of them anew</p>"
        f"<p>{met} of {len(run.asked)} came out as expected.</p>"
    )


def _article(asked: Asked) -> str:
    question, answer = asked.question, asked.answer
    parts = [f"<header><h2>{_text(question.ask)}</h2>{_outcome(asked)}</header>"]
    if question.shows:
        parts.append(f"<p class='dim'>{_text(question.shows)}</p>")
    match answer:
        case Answered():
            parts.append(f"<ol class='sentences'>{''.join(map(_sentence, answer.sentences))}</ol>")
            cites = cited_by_sentences(answer)
            parts += [_evidence(one, asked.exhibits.get(one.number)) for one in cites]
            parts.append(_quotes(answer))
        case Refused():
            parts.append(f"<p><strong>No answer.</strong> {_text(answer.message)}</p>")
            parts += [_looked_for(answer), _nearest(answer)]
        case None:
            parts.append("<p><strong>Failed.</strong></p>")
    parts += [f"<p class='missed'>{_text(problem)}</p>" for problem in asked.problems]
    if answer is not None:
        parts.append(_footer(answer, asked.seconds))
    return f"<article id='{_text(question.id)}'>{''.join(parts)}</article>"


def _outcome(asked: Asked) -> str:
    if asked.problems:
        return "<span class='outcome missed'>not as expected</span>"
    known = asked.question.expect is not None
    return "<span class='outcome met'>as expected</span>" if known else ""


def _sentence(sentence: CheckedSentence) -> str:
    reasons = "".join(
        f"<span class='reason'>{_text(str(c.verdict.label).replace('_', ' '))} "
        f"({c.verdict.probability:.0%}): {_text(c.verdict.reason)}</span>"
        for c in sentence.claims
    )
    return f"<li class='{sentence.label}'>{_text(sentence.marked)}{reasons}</li>"


def _evidence(citation: Citation, exhibit: Exhibit | None) -> str:
    read = f" · read with {citation.confidence:.0%} confidence" if citation.confidence else ""
    return (
        f"<figure><figcaption>[{citation.number}] {_where(citation)}"
        f"<span class='dim'>{read}</span></figcaption>{_exhibit(exhibit)}"
        f"<blockquote>{_text(citation.quote)}</blockquote></figure>"
    )


def _exhibit(exhibit: Exhibit | None) -> str:
    if exhibit is None:
        return ""
    data = f"data:{exhibit.media_type};base64,{base64.b64encode(exhibit.content).decode()}"
    if exhibit.media_type == "audio/wav":
        return f"<audio controls src='{data}'></audio>"
    return f"<img alt='the cited place, outlined' src='{data}'>"


def _looked_for(answer: Refused) -> str:
    queries = ", ".join(f"“{_text(query)}”" for query in answer.looked_for)
    return f"<p class='dim'>Looked for {queries}.</p>" if queries else ""


def _nearest(answer: Refused) -> str:
    items = "".join(f"<li>{_where(c)}: {_text(_cut(c.quote))}</li>" for c in answer.citations)
    heading = "<p class='dim'>The nearest things found, which do not answer it:</p>"
    return f"{heading}<ul class='dim'>{items}</ul>" if items else ""


def _quotes(answer: Answered) -> str:
    items = "".join(
        f"<li>{_where(q.citation)}: “{_text(_cut(q.text))}”</li>" for q in answer.quotes
    )
    heading = "<p class='dim'>Quotes shown before the model had read anything:</p>"
    return f"{heading}<ul class='dim'>{items}</ul>" if items else ""


def _where(citation: Citation) -> str:
    return f"<strong>{_text(cited(citation))}</strong>"


def _cut(text: str, most: int = 240) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


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
    hashed = f"<br>model sha256 <code>{_text(used.sha256)}</code>" if used.sha256 else ""
    return f"<p class='dim'>{_text(' · '.join(parts))}{hashed}</p>"


def _sources(run: Run) -> str:
    rows = "".join(map(_row, run.sources))
    return (
        "<h2>What was read</h2><table><thead><tr><th>file</th><th>state</th><th>read</th></tr>"
        f"</thead><tbody>{rows}</tbody></table>"
    )


def _row(status: SourceStatus) -> str:
    done = f"{status.units_done} of {status.units_total} {status.unit_name}"
    cells: Iterable[str] = (status.source.name, status.why or status.state, done)
    return f"<tr>{''.join(f'<td>{_text(cell)}</td>' for cell in cells)}</tr>"


def _text(text: str) -> str:
    return escape(text, quote=True)
