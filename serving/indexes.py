"""Which index is opened, and with which encoder; another encoder means a second index beside it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter, ValidationError

from ingestion.library import Library
from ingestion.re_embedding import NOTE, Filling, ReEmbedding
from ingestion.switching import SwitchingIndex, Written
from pincite import config
from pincite.errors import PinciteError
from pincite.index.factory import discard_index, open_index
from pincite.index.folder import SCHEMA, Made, write_atomically
from pincite.index.generations import FIRST, Generation, Generations, Pointer, settings_of
from pincite.index.ports import IMAGE, TEXT, ElementIndex, Space
from pincite.index.switch import Switch
from pincite.index.words import Bm25Words
from pincite.models.factory import text_encoder
from pincite.models.ports import TextEncoder
from pincite.models.store import ModelStore
from retrievers.dense import DenseFinder
from retrievers.finders import Finder
from retrievers.fused import FusedRetriever
from retrievers.pictures import PictureFinder
from retrievers.ports import Retriever
from retrievers.switched import SwitchedRetriever
from retrievers.words import WordsFinder

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Wanted:
    """What the settings ask for."""

    settings: config.Settings
    encoder: TextEncoder
    spaces: Mapping[str, Space]
    words: Bm25Words

    @property
    def made(self) -> Made:
        return Made(spaces=dict(self.spaces), words=self.words.id)

    @property
    def encoder_settings(self) -> dict[str, Any]:
        """As they are written down: no key ever is."""
        return self.settings.encoder.model_dump(mode="json", exclude={"api_key"})


class Indexes:
    """Opens what a data folder needs; `index` and `old` are there after `open`."""

    def __init__(self, wanted: Wanted, store: ModelStore) -> None:
        self._wanted = wanted
        self._store = store
        self._generations = Generations(wanted.settings.data_dir, wanted.settings.index.kind)

    def open(self) -> ElementIndex:
        """The index, which is a `SwitchingIndex` while another one is being filled.

        Raises as `open_index`.
        """
        if self._keeps_nothing:
            return self._opened(self._first())
        pointer = self._generations.read()
        if pointer is None or not _fits(pointer.in_use):
            pointer = self._begun_anew(pointer)
        if pointer.in_use.made == self._wanted.made:
            self._settle(Pointer(in_use=pointer.in_use), pointer.filling)
            return self._opened(pointer.in_use)
        return self._switching(pointer)

    def complete(self, index: SwitchingIndex, search_with_it: Callable[[], object]) -> None:
        """Make the filled index the one in use, for good, and remove the old one."""
        pointer = self._generations.read()
        if pointer is None or pointer.filling is None:
            return
        self._generations.point_to(Pointer(in_use=pointer.filling))
        search_with_it()
        index.switch().close()
        self._discard(pointer.in_use)

    @property
    def _keeps_nothing(self) -> bool:
        index = self._wanted.settings.index
        return index.kind == "memory" or index.url == ":memory:"

    def _first(self) -> Generation:
        return Generation(name=FIRST, made=self._wanted.made, encoder=self._wanted.encoder_settings)

    def _begun_anew(self, unfit: Pointer | None) -> Pointer:
        """A new index in place of none, or of one that this version cannot read at all."""
        first = self._first()
        if unfit is not None:
            _LOG.warning(
                "the index was made by another version of Pincite, so everything is embedded anew; "
                "what is not embedded yet is not found"
            )
            first = first.model_copy(update={"name": f"{FIRST}-{unfit.in_use.number + 1}"})
        pointer = Pointer(in_use=first)
        self._settle(pointer, unfit.in_use if unfit else None)
        return pointer

    def _settle(self, pointer: Pointer, needless: Generation | None) -> None:
        self._generations.point_to(pointer)
        if needless is not None:
            self._discard(needless)
        self._generations.remove_remnants(pointer)

    def _switching(self, pointer: Pointer) -> SwitchingIndex:
        wanted, old, new = self._wanted, pointer.in_use, pointer.filling
        if new is None or new.made != wanted.made:
            needless = new
            new = Generation(
                name=f"{FIRST}-{max(old.number, new.number if new else 0) + 1}",
                made=wanted.made,
                encoder=wanted.encoder_settings,
            )
            self._settle(Pointer(in_use=old, filling=new), needless)
        same_words = old.made.words == wanted.words.id
        in_use = self._opened(old)
        try:
            filling = self._opened(new)
        except BaseException:
            in_use.close()
            raise
        return SwitchingIndex(
            Written(
                in_use,
                self._encoder_of(old),
                wanted.words if same_words else None,
                pictures=old.made.spaces.get(IMAGE) == wanted.spaces.get(IMAGE),
            ),
            Written(filling, wanted.encoder, wanted.words),
        )

    def _encoder_of(self, old: Generation) -> TextEncoder | None:
        """The encoder that an index was made with, where its weights are still there."""
        space = old.made.spaces[TEXT]
        if space.encoder == self._wanted.encoder.id:
            return self._wanted.encoder
        for settings in (self._written_down(old), config.OnnxEncoder()):
            try:
                encoder = text_encoder(settings, self._store) if settings else None
                if encoder and encoder.id == space.encoder and encoder.dimensions:
                    return encoder
            except PinciteError as exc:
                _LOG.debug("the encoder %s cannot be used: %s", space.encoder, exc)
        return None

    def _written_down(self, old: Generation) -> config.Encoder | None:
        try:
            found = TypeAdapter[config.Encoder](config.Encoder).validate_python(old.encoder)
        except ValidationError:
            return None
        now = self._wanted.settings.encoder
        if (
            isinstance(found, config.LiteLLMEncoder)
            and isinstance(now, config.LiteLLMEncoder)
            and found.api_base == now.api_base
        ):
            return found.model_copy(update={"api_key": now.api_key})
        return found

    # --- one generation ---------------------------------------------------------------------------

    def _opened(self, generation: Generation) -> ElementIndex:
        made = generation.made
        folder = self._generations.folder(generation)
        return open_index(
            settings_of(self._wanted.settings.index, generation),
            folder,
            made.spaces,
            words=made.words,
        )

    def _discard(self, generation: Generation) -> None:
        discard_index(
            settings_of(self._wanted.settings.index, generation),
            self._generations.folder(generation),
        )


def _fits(generation: Generation) -> bool:
    return generation.made.schema_version == SCHEMA


# --- searching, whichever index is in use ---------------------------------------------------------


def searching_all(
    library: Library, indexes: Indexes, settings: config.Settings
) -> tuple[Retriever, ReEmbedding | NothingToFill]:
    """What searches by meaning and words; and what fills another index meanwhile, begun already."""
    index = library.index
    note = settings.data_dir / NOTE
    if not isinstance(index, SwitchingIndex):
        note.unlink(missing_ok=True)
        (only,) = library.written
        return _retriever(only, library, settings.retrieval), NothingToFill()
    old, new = (_retriever(each, library, settings.retrieval) for each in index.written)
    switch = Switch(old)

    def tell(filling: Filling | None) -> None:
        if filling is None:
            note.unlink(missing_ok=True)
        else:
            write_atomically(note, filling.model_dump_json())

    work = ReEmbedding(
        library,
        index,
        switch=lambda: indexes.complete(index, lambda: switch.change(new)),
        tell=tell,
    )
    _LOG.warning("everything is embedded anew in the background; how far: pincite doctor")
    work.start()
    return SwitchedRetriever(switch), work


class NothingToFill:
    """Stands for `ReEmbedding` where the index is complete."""

    state: None = None

    def close(self) -> None:
        return


def _retriever(made: Written, library: Library, settings: config.Retrieval) -> Retriever:
    """By what the index can be asked for with the encoders that are there."""
    finders: list[Finder] = []
    if made.encoder is not None:
        finders.append(DenseFinder(made.index, made.encoder))
    if made.words is not None:
        finders.append(WordsFinder(made.index, made.words, other_words=settings.other_words))
    if library.pictures is not None and made.pictures:
        finders.append(PictureFinder(made.index, library.pictures.encoder))
    return FusedRetriever(finders, library.texts, settings)
