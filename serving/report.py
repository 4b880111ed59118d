"""Pieces of a page of HTML that loads nothing and runs nothing: reports, dossiers.

Text of documents is escaped everywhere.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from html import escape
from importlib.resources import files
from typing import Final

from pincite.answers import CheckedSentence, Citation
from serving.exhibits import Exhibit
from serving.places import cited

_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; media-src data:"


def document(title: str, body: Iterable[str]) -> str:
    style = files("serving").joinpath("report.css").read_text(encoding="utf-8")
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{text(title)}</title><style>{style}</style></head>"
        f"<body>{''.join(body)}</body></html>\n"
    )


def text(told: str) -> str:
    return escape(told, quote=True)


def sentences(said: Iterable[CheckedSentence]) -> str:
    return f"<ol class='sentences'>{''.join(map(_sentence, said))}</ol>"


def _sentence(sentence: CheckedSentence) -> str:
    reasons = "".join(
        f"<span class='reason'>{text(str(c.verdict.label).replace('_', ' '))} "
        f"({c.verdict.probability:.0%}): {text(c.verdict.reason)}</span>"
        for c in sentence.claims
    )
    return f"<li class='{sentence.label}'>{text(sentence.marked)}{reasons}</li>"


def evidence(citation: Citation, exhibit: Exhibit | None) -> str:
    read = f" · read with {citation.confidence:.0%} confidence" if citation.confidence else ""
    return figure(f"[{citation.number}] {where(citation)}", read, exhibit, citation.quote)


def figure(heading: str, remark: str, exhibit: Exhibit | None, quote: str) -> str:
    """`heading` is HTML; the others are text."""
    return (
        f"<figure><figcaption>{heading}<span class='dim'>{text(remark)}</span></figcaption>"
        f"{shown(exhibit)}<blockquote>{text(quote)}</blockquote></figure>"
    )


def shown(exhibit: Exhibit | None) -> str:
    """The bytes themselves stand in the page."""
    if exhibit is None:
        return ""
    data = f"data:{exhibit.media_type};base64,{base64.b64encode(exhibit.content).decode()}"
    if exhibit.media_type == "audio/wav":
        return f"<audio controls src='{data}'></audio>"
    return f"<img alt='the cited place, outlined' src='{data}'>"


def where(citation: Citation) -> str:
    return f"<strong>{text(cited(citation))}</strong>"


def listed(heading: str, items: Iterable[str]) -> str:
    """A heading and a list of HTML items; nothing without items."""
    told = "".join(f"<li>{item}</li>" for item in items)
    return f"<p class='dim'>{text(heading)}</p><ul class='dim'>{told}</ul>" if told else ""


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """All cells are text."""
    head = "".join(f"<th>{text(cell)}</th>" for cell in heads)
    body = "".join(f"<tr>{''.join(f'<td>{text(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def cut(told: str, most: int = 240) -> str:
    return told if len(told) <= most else told[: most - 1].rstrip() + "…"
