"""The rules in their order: what filters comes before what only brings forward."""

from __future__ import annotations

from pincite.elements import Kind, Scope
from retrievers.asking import quoted
from retrievers.asking.cues import cues, is_about_sound
from retrievers.asking.dates import file_dates, told
from retrievers.asking.languages import language
from retrievers.asking.names import alike_names, whole_names
from retrievers.asking.pages import Pages, pages
from retrievers.asking.spoken import spoken
from retrievers.asking.values import Asked, Draft, Known
from retrievers.narrowing import Part, narrowed

FILE_NAME = "file name"
"""The leaning to files that the question seems to name."""
_SPEECH = frozenset({Kind.SPEECH})


def understand(question: str, scope: Scope, known: Known) -> Asked:
    """`known` holds nothing outside `scope`; filters that leave nothing are dropped and told of.

    A file filters where its whole name is given, days and languages where they are said of files,
    page numbers where a file is named as well. Everything else brings forward: pages are often
    called by the number printed on them, and a chart is often read as something else.
    """
    draft = Draft(" ".join(question.split()), scope, known)
    said = spoken(draft.question)
    in_file = _file(draft)
    _days(draft)
    _language(draft)
    wanted = pages(draft.words)
    if wanted is not None and in_file:
        in_file = _pages(draft, wanted)
    if said and is_about_sound(draft.question):
        draft.only("recordings", Part(kinds=_SPEECH))
    _leanings(draft, None if in_file else wanted, said)
    quotes = quoted.phrases(draft.words)
    phrases = tuple(quote for quote in quotes if len(quote.split()) > 1)
    single = tuple(quote for quote in quotes if quote not in phrases)
    return Asked(
        words=draft.words,
        scope=draft.scope,
        phrases=phrases,
        labels=single + quoted.labels(draft.words),
        spoken=said,
        speech=narrowed(draft.scope, Part(kinds=_SPEECH)) if said else None,
        leanings=tuple(draft.leanings),
        decisions=tuple(draft.decisions),
    )


def _file(draft: Draft) -> bool:
    """Whether a file is named as a whole."""
    found = whole_names(draft.question, draft.known.names)
    return found is not None and draft.only(
        found.shown, Part(sources=frozenset(found.sources)), said=found.said
    )


def _days(draft: Draft) -> None:
    found = file_dates(draft.words, draft.known.today)
    if found is not None:
        draft.only(f"files {told(found.days)}", Part(dates=found.days), said=found.said)


def _language(draft: Draft) -> None:
    found = language(draft.words)
    if found is not None:
        part = Part(languages=frozenset({found.code}))
        draft.only(f"{found.name} files", part, said=found.said)


def _pages(draft: Draft, wanted: Pages) -> bool:
    return draft.only(str(wanted), Part(pages=(wanted.first, wanted.last)), said=wanted.said)


def _leanings(draft: Draft, wanted: Pages | None, said: str) -> None:
    if wanted is not None:
        draft.lean(str(wanted), f"{wanted} first", Part(pages=(wanted.first, wanted.last)))
    alike = alike_names(draft.words, draft.known.names)
    if alike is not None:
        draft.lean(FILE_NAME, f"{alike.shown} first", Part(sources=frozenset(alike.sources)))
    for cue in cues(draft.words):
        draft.lean(cue.name, f"{cue.plural} first", Part(kinds=cue.kinds, media=cue.media))
    if said and not any(leaning.name == "recording" for leaning in draft.leanings):
        draft.lean("recording", "recordings first", Part(kinds=_SPEECH))
