"""Whether an answer is what was expected: pure, and strict about where it looks.

What counts as said are the sentences of the answer that carry no warning; what counts as cited are
the elements that those sentences cite. Quotes shown beside an answer do not help it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pincite.answers import Answer, Answered, CheckedSentence, Citation
from pincite.locators import PageBox, TimeSpan
from serving.demo.questions import Expected, Question


def problems(question: Question, answer: Answer) -> list[str]:
    """One sentence for each expectation that is not met, in reading order."""
    found = [*_forbidden(question, answer)]
    if question.expect is None:
        return found
    if question.expect == "refusal":
        return found if answer.kind == "refused" else [*found, "it had to refuse and answered"]
    if not isinstance(answer, Answered):
        return [*found, f"it refused ({answer.reason}) and had to answer"]
    return [*found, *_unsaid(question, answer), *_uncited(question, answer)]


def _forbidden(question: Question, answer: Answer) -> list[str]:
    """Looked for in everything the answer hands out, warnings or not."""
    quotes = [quote.text for quote in answer.quotes]
    said = [s.text for s in answer.sentences] if isinstance(answer, Answered) else [answer.message]
    text = _plain(" ".join([*said, *quotes]))
    return [f"it says {words!r}" for words in question.forbid if _plain(words) in text]


def _unsaid(question: Question, answer: Answered) -> list[str]:
    text = " ".join(sentence.text for sentence in answer.sentences if _is_sure(sentence))
    return [f"no sentence says {words!r}" for words in question.contains if not _says(text, words)]


def _uncited(question: Question, answer: Answered) -> list[str]:
    cited = cited_by_sentences(answer)
    return [
        f"no sentence cites {_named(place)}"
        for place in question.cites
        if not any(_is_at(citation, place) for citation in cited)
    ]


def _is_sure(sentence: CheckedSentence) -> bool:
    return sentence.marked == sentence.text


def cited_by_sentences(answer: Answered) -> list[Citation]:
    """Citations of the sentences that carry no warning."""
    sure = [sentence for sentence in answer.sentences if _is_sure(sentence)]
    numbers = {n for s in sure for claim in s.claims for n in claim.claim.cites}
    return [citation for citation in answer.citations if citation.number in numbers]


def _is_at(citation: Citation, place: Expected) -> bool:
    if citation.source_name != place.file or not _says(citation.quote, place.says):
        return False
    if place.page is not None:
        pages = {box.page for box in citation.locators if isinstance(box, PageBox)}
        return place.page in pages
    if place.seconds is not None:
        spans = [span for span in citation.locators if isinstance(span, TimeSpan)]
        return _within(spans, place.seconds)
    return True


def _within(spans: Sequence[TimeSpan], seconds: tuple[float, float]) -> bool:
    return any(seconds[0] <= span.start_s and span.end_s <= seconds[1] for span in spans)


def _named(place: Expected) -> str:
    where = f" page {place.page}" if place.page else ""
    if place.seconds:
        where = f" from {place.seconds[0]:g} to {place.seconds[1]:g} s"
    return f"{place.file}{where} with {place.says!r}"


def _says(text: str, spellings: str) -> bool:
    return any(_plain(spelling) in _plain(text) for spelling in spellings.split("|"))


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def summary(results: Iterable[Sequence[str]]) -> tuple[int, int]:
    """How many are as expected, of how many."""
    each = [not found for found in results]
    return sum(each), len(each)
