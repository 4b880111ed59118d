"""Understand a question, search for it, and order what was found: what every surface asks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime

from pincite.config import Retrieval
from pincite.elements import Scope
from pincite.errors import UserError
from pincite.evidence import Evidence, Findings
from pincite.index.ports import ElementIndex
from pincite.texts import TextStore
from retrievers.asking import FILE_NAME, Asked, Known, Named, understand
from retrievers.diversity import capped, marginal_relevance, without_near_duplicates
from retrievers.fused import LONGEST_QUESTION
from retrievers.merging import merged, put_first, ranked
from retrievers.ports import PictureRetriever, Retriever
from retrievers.reranked import RerankStage
from retrievers.scripts import other_script
from retrievers.spots import with_spots
from retrievers.word_for_word import holds, stems, tokens

PHRASE, LABEL, RECORDING = "phrase", "label", "recording"
_PHRASE_DEPTH = 4
"""So many times deeper is searched for a phrase, whose words may stand anywhere apart."""


class Searching:
    """Implements `Retriever`; `find` also tells how the question was understood."""

    def __init__(
        self,
        retriever: Retriever,
        index: ElementIndex,
        texts: TextStore,
        settings: Retrieval,
        *,
        rerank: RerankStage | None = None,
        pictures: PictureRetriever | None = None,
    ) -> None:
        self._retriever = retriever
        self._index = index
        self._texts = texts
        self._settings = settings
        self._rerank = rerank
        self._pictures = pictures

    def without_rerank(self) -> Searching:
        """The same search by the same parts, to tell what reranking is worth."""
        return Searching(
            self._retriever, self._index, self._texts, self._settings, pictures=self._pictures
        )

    def search(self, question: str, scope: Scope, *, keep: int) -> list[Evidence]:
        return list(self.find(question, scope, keep=keep).evidence)

    def find(
        self, question: str, scope: Scope, *, keep: int, picture: bytes | None = None
    ) -> Findings:
        """`picture` is a PNG; the question may then be empty.

        Raises:
            UserError: there is a picture and nothing that sees it.
        """
        question = question.strip()[:LONGEST_QUESTION]
        if keep < 1 or not (question or picture):
            return Findings()
        asked = self._understood(question, scope)
        found = merged(self._lists(asked, self._depth(keep), picture), self._weights(asked))
        told = list(asked.decisions)
        for phrase in reversed(asked.phrases):
            found, some = _with_phrase_first(found, phrase)
            told.append(some)
        names = {name for item in found for name in item.found_by}
        told += [leaning.why for leaning in asked.leanings if leaning.name in names]
        chosen = with_spots(self._chosen(asked, found, keep), asked, self._texts)
        told += other_script(asked.words, [item.passage.text for item in chosen])
        return Findings(
            evidence=ranked(chosen), searched=asked.words, decisions=tuple(dict.fromkeys(told))
        )

    def _understood(self, question: str, scope: Scope) -> Asked:
        if not self._settings.understand:
            return Asked(words=question, scope=scope)
        names = [Named(source, name) for source, name in self._texts.names(scope)]
        return understand(question, scope, Known(names, today(), self._holds))

    def _holds(self, scope: Scope) -> bool:
        return self._index.count(scope) > 0

    def _depth(self, keep: int) -> int:
        """Passages that the stages choose from."""
        return max(2 * keep, self._rerank.top if self._rerank else 0)

    def _lists(
        self, asked: Asked, depth: int, picture: bytes | None
    ) -> Mapping[str, list[Evidence]]:
        search = self._retriever.search
        lists = {"": self._among(asked.words, asked.scope, depth)}
        if picture is not None:
            if self._pictures is None:
                raise UserError(
                    "there is no model that sees pictures, so none can be searched with; "
                    "see: pincite doctor"
                )
            lists["picture"] = self._pictures.search_picture(
                picture, asked.words, asked.scope, keep=depth
            )
        for leaning in asked.leanings:
            more = self._among(asked.words, leaning.scope, depth)
            lists[leaning.name] = lists.get(leaning.name, []) + more
        if asked.speech is not None:
            lists[RECORDING] = search(asked.spoken, asked.speech, keep=depth)
        for name, wanted in ((PHRASE, asked.phrases), (LABEL, asked.labels)):
            for words in wanted:
                near = search(words, asked.scope, keep=_PHRASE_DEPTH * depth)
                exact = [e for e in near if holds(e.passage.text, words, form=stems)][:depth]
                lists[name] = lists.get(name, []) + exact
        return lists

    def _among(self, words: str, scope: Scope, depth: int) -> list[Evidence]:
        """A photo without a word in it is known by what its file is called, if by nothing else."""
        found = self._retriever.search(words, scope, keep=depth)
        if found or not scope.sources or not words or self._pictures is None:
            return found
        return self._pictures.search_all(words, scope, keep=depth)

    def _weights(self, asked: Asked) -> Mapping[str, float]:
        settings = self._settings
        weights = {
            leaning.name: settings.named if leaning.name == FILE_NAME else settings.leaning
            for leaning in asked.leanings
        }
        return weights | {LABEL: settings.leaning}

    def _chosen(self, asked: Asked, found: list[Evidence], keep: int) -> list[Evidence]:
        settings = self._settings
        different = without_near_duplicates(found, _text, least=settings.same)
        if self._rerank is not None:
            different = self._rerank(asked.words, different)
        most = 0 if asked.names_one_file else settings.per_source
        fair = capped(different, lambda item: item.source.id, most=most)
        return marginal_relevance(
            fair, _text, lambda item: item.score, relevance=settings.relevance, keep=keep
        )


def _with_phrase_first(found: list[Evidence], phrase: str) -> tuple[list[Evidence], str]:
    """As it is written, else with other endings; and what to tell the asker."""
    for form, said in (
        (tokens, f"“{phrase}” word for word"),
        (stems, f"“{phrase}” with other endings"),
    ):

        def has(item: Evidence, form: Callable[[str], list[str]] = form) -> bool:
            return holds(item.passage.text, phrase, form=form)

        if any(map(has, found)):
            return put_first(found, has, PHRASE), said
    return found, f"nothing has “{phrase}”"


def today() -> date:
    """Of the days that sources are of, which are in UTC."""
    return datetime.now(UTC).date()


def _text(item: Evidence) -> str:
    return item.passage.text
