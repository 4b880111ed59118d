"""The stores that ingestion writes to, the one lock between them, and what concerns them all.

Order of writes for a unit: pictures → texts, at once when it was read; then index → ledger, many
units together. So a process that is killed anywhere has lost nothing that the ledger calls done,
and reads nothing again but what its parsers had in hand. A source is deleted in the order note in
the ledger → index → texts → blobs → ledger, so a delete that was killed is finished at the next
start.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from ingestion.captions import Captioner
from ingestion.embedded import Embedding
from ingestion.languages import language_of
from ingestion.ledger import Ledger
from ingestion.picture_texts import PICTURED
from ingestion.pictured import PictureSpace
from ingestion.readers.ports import UnitRead
from ingestion.switching import SwitchingIndex, Written
from ingestion.vector_cache import VectorCache
from pincite.blobs import BlobStore
from pincite.egress import Egress, sending
from pincite.elements import (
    BlobKey,
    ContentId,
    Kind,
    ParsedPassage,
    Passage,
    PassageId,
    Source,
    SourceId,
)
from pincite.errors import UnknownSource
from pincite.index.ports import (
    IMAGE,
    NO_WORDS,
    TEXT,
    ElementIndex,
    Point,
    SparseEncoder,
    SparseVector,
    Vector,
)
from pincite.models.ports import TextEncoder
from pincite.texts import TextStore


class UnitAt(NamedTuple):
    """One unit of some bytes, as one version of a reader reads it."""

    content: ContentId
    parser: str
    unit: int


@dataclass(frozen=True)
class Library:
    """All methods are thread-safe and may take a while: call them in a thread."""

    texts: TextStore
    blobs: BlobStore
    ledger: Ledger
    index: ElementIndex
    encoder: TextEncoder
    words: SparseEncoder
    captioner: Captioner | None = None
    pictures: PictureSpace | None = None
    vectors: VectorCache | None = None
    default_hosts: tuple[str, ...] = ()
    """Where collections without a rule of their own may be sent (`egress.hosts`)."""
    lock: threading.RLock = field(default_factory=threading.RLock)
    """Held while a source is added, written to or deleted, so that none happens in another."""

    @property
    def egress(self) -> Egress:
        return Egress(self.texts, self.default_hosts)

    @property
    def written(self) -> tuple[Written, ...]:
        """The indexes that new passages are written to: one, or two while another is filled."""
        if isinstance(self.index, SwitchingIndex):
            return self.index.written
        return (Written(self.index, self.encoder, self.words),)

    def write(self, to: Written, found: Sequence[tuple[Source, Passage]]) -> None:
        """Embed passages and index them; those of sources that are dead by then vanish."""
        points = self.points(found, to)
        with self.lock:
            if all(each.index is not to.index for each in self.written):  # no longer in use
                return
            alive = {source for source in {p.source for p in points} if self.is_alive(source)}
            to.index.upsert([point for point in points if point.source in alive])
            if self.vectors is not None and to.encoder is not None:
                self.vectors.keep(
                    to.encoder.id,
                    [
                        (source.content, passage.text, point.vectors[TEXT])
                        for (source, passage), point in zip(found, points, strict=True)
                        if source.id in alive and TEXT in point.vectors
                    ],
                )

    def points(
        self, found: Sequence[tuple[Source, Passage]], to: Written | None = None
    ) -> list[Point]:
        """Embed passages for an index; costs some hundredths of a second each."""
        to = to or self.written[0]
        passages = [passage for _, passage in found]
        kinds = self.texts.kinds([passage.id for passage in passages])
        vectors = self._vectors(found, kinds, to)
        return [
            Point(
                passage=passage.id,
                source=source.id,
                collection=source.collection,
                readers=source.readers,
                medium=source.medium,
                page=passage.page,
                vectors=vectors[passage.id],
                words=words,
                kinds=kinds.get(passage.id, frozenset()),
                language=language,
                day=source.dated,
            )
            for (source, passage), words, language in zip(
                found,
                self._terms(passages, to),
                _languages(found),
                strict=True,
            )
        ]

    def _vectors(
        self,
        found: Sequence[tuple[Source, Passage]],
        kinds: Mapping[PassageId, frozenset[Kind]],
        to: Written,
    ) -> dict[PassageId, dict[str, Vector]]:
        """Of the words of those that have some, and of the picture of those that stand for one."""
        vectors: dict[PassageId, dict[str, Vector]] = {passage.id: {} for _, passage in found}
        for passage, vector in Embedding(to.encoder, self.vectors, self.egress).of(found).items():
            vectors[passage][TEXT] = vector
        if self.pictures and to.pictures:
            wanted = [passage.id for _, passage in found if PICTURED & kinds[passage.id]]
            for passage, vector in self.pictures.vectors(self.texts.passages(wanted)).items():
                vectors[passage][IMAGE] = vector
        return vectors

    def _terms(self, passages: Sequence[Passage], to: Written) -> list[SparseVector]:
        texts = [passage.text for passage in passages]
        return to.words.embed_documents(texts) if to.words else [NO_WORDS for _ in texts]

    def described(self, content: ContentId, read: UnitRead) -> UnitRead:
        """With machine captions for its pictures, where a model for that is configured."""
        if self.captioner is None:
            return read
        with sending(self.egress.of(self.texts.collections_of(content))):
            return self.captioner.described(content, read)

    def keep_unit(
        self,
        source: SourceId,
        at: UnitAt,
        read: UnitRead,
        passages: Sequence[ParsedPassage],
    ) -> bool:
        """Store what a unit gave; False where its source was deleted meanwhile."""
        with self.lock:
            if not self.is_alive(source):
                return False
            for key, data in read.crops.items():
                self.blobs.put(BlobKey(key), data)
            self.texts.put_unit(at.content, at.parser, at.unit, read.elements, passages)
            return True

    def is_alive(self, source: SourceId) -> bool:
        """Whether it is neither deleted nor replaced by a newer version."""
        return self.texts.is_current(source)

    def delete(self, source: SourceId) -> set[ContentId]:
        """Remove a source and the versions it replaced; the contents of which nothing is left."""
        with self.lock:
            doomed = [each.id for each in self.going_with(source)]
            for each in doomed:
                self.ledger.condemn(each)
            return self._finish(doomed)

    def going_with(self, source: SourceId) -> list[Source]:
        """What a delete takes: the source and the versions it replaced; nothing if unknown."""
        try:
            found = self.texts.source(source)
        except UnknownSource:
            return []
        versions = self.texts.versions(found.origin, found.collection, found.readers)
        older = [each for each in versions if each.version < found.version]
        return [found, *(each for each in older if not self.texts.is_current(each.id))]

    def _finish(self, doomed: Sequence[SourceId]) -> set[ContentId]:
        gone: set[ContentId] = set()
        for source in doomed:
            self.index.delete(source)
            content = self.texts.delete_source(source)
            if content is not None:
                self.blobs.delete(content)
                if self.vectors is not None:
                    self.vectors.forget(content)
                gone.add(content)
            self.ledger.forget(source)
        return gone

    def purge(self) -> None:
        """Return only when no byte of what was deleted is left in any file."""
        self.index.purge()
        self.texts.purge()
        self.ledger.purge()
        if self.vectors is not None:
            self.vectors.purge()

    def replace_older(self, source: Source) -> list[SourceId]:
        """Take the versions before `source` out of lists and searches; which those were.

        One that was also offered from another place stays, as what lies there.
        """
        with self.lock:
            versions = self.texts.versions(source.origin, source.collection, source.readers)
            replaced: list[SourceId] = []
            for each in versions:
                is_older = each.version < source.version and self.texts.is_current(each.id)
                if is_older and not self.texts.move_origin(each.id):
                    self.texts.supersede(each.id, source.id)
                    self.index.delete(each.id)
                    replaced.append(each.id)
            return replaced

    def drop_leftovers(self, source: SourceId) -> None:
        """Once it was read anew: forget what only the earlier version of its reader found."""
        with self.lock:
            opening = self.ledger.opening(source)
            if opening is None or not self.is_alive(source):
                return
            kept = self.texts.passage_ids(source, opening.parser)
            self.index.delete(source, besides=kept)
            self.texts.drop_outdated(opening.content, opening.parser)
            self.ledger.cleaned(source)

    def repair(self) -> None:
        """Make the stores agree after a kill; only for the owner of the data folder."""
        with self.lock:
            self.blobs.sweep()
            self._finish([source for source, _ in self.ledger.condemned()])
            self._agree_on_sources()
            self._drop_orphans()
            self._agree_with_index()
            for source in self.ledger.with_leftovers():
                self.drop_leftovers(source)
            self.ledger.recover()

    def _agree_on_sources(self) -> None:
        written = {source.id: source for source in self.texts.all_sources()}
        known = self.ledger.known()
        for source in known - written.keys():
            self.ledger.forget(source)
        for source in written.keys() - known:
            self.ledger.add(source, written[source].content)

    def _drop_orphans(self) -> None:
        used = {source.content for source in self.texts.all_sources()}
        for content in self.texts.contents() - used:
            self.texts.drop_unused_content(content)
        for content in set(self.blobs.contents()) - used:
            self.blobs.delete(content)
        if self.vectors is not None:
            for content in self.vectors.contents() - used:
                self.vectors.forget(content)

    def _agree_with_index(self) -> None:
        indexed, current = self.index.sources(), self.texts.current_sources()
        for source in indexed - current:
            self.index.delete(source)
        for source in (self.ledger.with_elements() & current) - indexed:
            self.ledger.reindex(source)


def _languages(found: Sequence[tuple[Source, Passage]]) -> list[str | None]:
    """Of each passage; where its own words do not tell, that of most beside it in its source."""
    own = [language_of(passage.text) for _, passage in found]
    of_source: dict[SourceId, Counter[str]] = {}
    for (source, _), language in zip(found, own, strict=True):
        if language is not None:
            of_source.setdefault(source.id, Counter())[language] += 1
    usual = {source: counted.most_common(1)[0][0] for source, counted in of_source.items()}
    return [
        language or usual.get(source.id) for (source, _), language in zip(found, own, strict=True)
    ]
