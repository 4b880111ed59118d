"""A dossier as one page of HTML for somebody who has nothing but a browser."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from pincite.answers import Answer, Answered, CheckedClaim, ModelUse, Record
from serving.dossier.contents import Dossier, Exhibits, Piece, SourceRecord, rested_on
from serving.places import place
from serving.report import cut, document, figure, listed, sentences, table, text

_VERDICTS: Final = (
    ("✓ supported", "What it cites, or another piece of the evidence, bears it out."),
    ("✗ contradicted", "A source says something else."),
    ("? unsupported", "No piece of the evidence says it; it may still be true."),
    ("– not checkable", "It cannot be checked by text: an opinion, or it rests on a picture."),
)
_HOW_KNOWN: Final = {
    "as_shown": "",
    "as_read_now": " · as it is read now",
    "as_cited": " · only the quote is known",
}


def page(dossier: Dossier, exhibits: Exhibits) -> str:
    answer = dossier.answer
    names = {source.id: source.name for source in dossier.sources}
    cited = rested_on(answer)
    rests = [piece for piece in dossier.evidence if piece.element.id in cited]
    others = [piece for piece in dossier.evidence if piece.element.id not in cited]
    places = {p.number: f"{names[p.element.source]} {_place(p)}".strip() for p in dossier.evidence}
    body = [
        _top(dossier),
        _answer(answer, dossier, places),
        "<h2>What it rests on</h2>" if rests else "",
        *(_piece(piece, places[piece.number], exhibits) for piece in rests),
        listed(
            "Also put before the checker, and cited by no sentence:",
            (f"[{p.number}] {text(places[p.number])}: {text(cut(p.element.text))}" for p in others),
        ),
        _notes(dossier.notes),
        _how(answer),
        f"<h2>Sources</h2>{table(('file', 'version', 'SHA-256'), map(_source, dossier.sources))}",
        f"<h2>What the verdicts mean</h2>{table(('verdict', 'means'), _VERDICTS)}",
        _checking(),
    ]
    return document(f"Dossier: {answer.question}", body)


def _top(dossier: Dossier) -> str:
    record = dossier.answer.record
    answered = f"answered {record.at:%Y-%m-%d %H:%M} UTC · " if record else ""
    return (
        f"<h1>Evidence dossier</h1><p class='dim'>{answered}"
        f"put together {dossier.made_at:%Y-%m-%d %H:%M} UTC by Pincite {text(dossier.made_by)} · "
        f"answer {text(dossier.answer.id)}</p>"
    )


def _answer(answer: Answer, dossier: Dossier, places: dict[int, str]) -> str:
    head = f"<header><h2>{text(answer.question)}</h2></header>"
    read = f"<p class='dim'>{text(str(answer.coverage))}</p>"
    if not isinstance(answer, Answered):
        looked = ", ".join(f"“{query}”" for query in answer.looked_for)
        return (
            f"<article>{head}<p><strong>No answer.</strong> {text(answer.message)}</p>"
            f"<p class='dim'>Looked for {text(looked or 'nothing')}.</p>{_drawn(answer)}{read}"
            "</article>"
        )
    claims = [claim for sentence in answer.sentences for claim in sentence.claims]
    rows = (_claim(claim, dossier.evidence, places) for claim in claims)
    heads = ("claim", "verdict", "probability", "rests on")
    missing = "".join(f"<p>Not found: {text(part)}</p>" for part in answer.missing)
    said = f"{sentences(answer.sentences)}{missing}{_drawn(answer)}"
    return f"<article>{head}{said}{table(heads, rows)}{read}</article>"


def _drawn(answer: Answer) -> str:
    """Pictures are told of and left out: a dossier holds evidence."""
    return "".join(
        f"<p class='dim'>A picture of “{text(picture.prompt)}” was generated beside it by "
        f"{text(picture.model)}; it is no evidence and not in this dossier.</p>"
        for picture in answer.pictures
    )


def _claim(
    checked: CheckedClaim, evidence: Iterable[Piece], places: dict[int, str]
) -> tuple[str, ...]:
    verdict = checked.verdict
    spots = [
        f"[{piece.number}] {places[piece.number]}"
        for piece in evidence
        if piece.element.id in verdict.supports
    ]
    label = str(verdict.label).replace("_", " ")
    return checked.claim.text, label, f"{verdict.probability:.0%}", "; ".join(spots)


def _piece(piece: Piece, where: str, exhibits: Exhibits) -> str:
    sure = piece.element.confidence
    read = f" · read with {sure:.0%} confidence" if sure is not None else ""
    remark = f"{read}{_HOW_KNOWN[piece.how_known]}"
    heading = f"[{piece.number}] <strong>{text(where)}</strong>"
    return figure(heading, remark, exhibits.get(piece.number), piece.element.text)


def _place(piece: Piece) -> str:
    return place(piece.element.locators)


def _notes(notes: Iterable[str]) -> str:
    told = "".join(f"<li>{text(note)}</li>" for note in notes)
    return f"<h2>What is not known, or not as it was</h2><ul>{told}</ul>" if told else ""


def _how(answer: Answer) -> str:
    steps = answer.record.steps if answer.record else ()
    told = "".join(f"<li>{text(step)}</li>" for step in steps)
    listed_steps = f"<ol>{told}</ol>" if told else ""
    rows = [*_model(answer.model), *(_record(answer.record) if answer.record else ())]
    return f"<h2>How the answer came about</h2>{listed_steps}{table(('what', 'which'), rows)}"


def _model(used: ModelUse) -> Iterator[tuple[str, str]]:
    if not used.model:
        yield "language model", "none took part: the sentences are quotes"
        return
    yield "language model", used.model
    yield "SHA-256 of its weights", used.sha256 or "not known"
    yield "prompt", used.prompt_version
    yield "computed by", "this machine" if used.endpoint == "local" else used.endpoint
    yield "tokens", f"{used.prompt_tokens} read, {used.output_tokens} written"


def _record(record: Record) -> Iterator[tuple[str, str]]:
    made = record.made_with
    yield "Pincite", made.product
    yield "checker", made.checker
    yield "encoder", made.encoder
    yield "index", made.index
    yield from ((name, f"{value:g}") for name, value in made.thresholds.items())


def _source(source: SourceRecord) -> tuple[str, ...]:
    return source.name, str(source.version), source.content or "not known any more"


def _checking() -> str:
    return (
        "<h2>How to check this</h2><p>A file of yours is the one that was cited if "
        "<code>sha256sum FILE</code> gives the SHA-256 above. <code>pincite replay FILE.zip</code> "
        "checks every part of the ZIP that this page came in, judges every claim anew by the "
        "stored evidence, and looks whether the quotes still stand in your own library. Nothing "
        "in this page loads or runs anything.</p>"
    )
