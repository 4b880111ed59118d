"""Media type → reader. Imports stand inside the arms, so that a child loads only what it needs."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial

from pydantic import TypeAdapter

from ingestion import packages
from ingestion.media import SUPPORTED, SUPPORTED_WORDS
from ingestion.readers.documents import DocumentReader, Format
from ingestion.readers.ports import Reader
from pincite.config import Layout, Ocr, Settings, Speech
from pincite.elements import Medium
from pincite.errors import UnsupportedMedia
from pincite.models import factory
from pincite.models.ports import LayoutModel, TextRecognizer, Transcriber
from pincite.models.store import ModelStore


def reader_for(media_type: str, settings: Settings, store: ModelStore) -> Reader:
    """The reader of a media type; nothing is loaded before its first unit.

    Raises:
        UnsupportedMedia: there is none; see `ingestion.media.SUPPORTED`.
        MissingExtra: it needs a package that is not installed.
    """
    found = SUPPORTED.get(media_type)
    match found.medium if found else None:
        case Medium.PDF:
            from ingestion.readers.pdf import PdfReader

            layout, ocr = (each.model_dump_json() for each in (settings.layout, settings.ocr))
            kept = partial(_kept_layout, layout, ocr, store)
            fields = factory.field_reader(settings.fields)
            return PdfReader(settings.ingestion, _recognizer(settings.ocr, store), kept, fields)
        case Medium.IMAGE:
            from ingestion.readers.image import ImageReader

            fields = factory.field_reader(settings.fields)
            return ImageReader(settings.ingestion, _recognizer(settings.ocr, store), fields)
        case Medium.AUDIO:
            from ingestion.readers.audio import AudioReader

            return AudioReader(_transcriber(settings.speech, store))
        case Medium.VIDEO:
            from ingestion.readers.video import VideoReader

            speech, ocr = _transcriber(settings.speech, store), _recognizer(settings.ocr, store)
            return VideoReader(settings.ingestion, speech, ocr)
        case Medium.OFFICE | Medium.TEXT | Medium.EMAIL:
            return _document_reader(media_type)
        case None:
            raise UnsupportedMedia(f"{media_type} is not read; these are: {SUPPORTED_WORDS}")


def _document_reader(media_type: str) -> Reader:
    from ingestion.readers import mail, plain

    form = {
        "text/plain": plain.TEXT,
        "text/markdown": plain.MARKDOWN,
        "text/html": plain.HTML,
        "text/csv": plain.CSV,
        "message/rfc822": mail.MAIL,
    }.get(media_type)
    return DocumentReader(form or _office_format(media_type))


def _office_format(media_type: str) -> Format:
    match media_type:
        case packages.XLSX:
            from ingestion.readers.workbook import WORKBOOK

            return WORKBOOK
        case packages.DOCX:
            from ingestion.readers.office import WORD

            return WORD
        case packages.PPTX:
            from ingestion.readers.office import SLIDES

            return SLIDES
        case _:
            from ingestion.readers.outlook import OUTLOOK

            return OUTLOOK


def _transcriber(speech: Speech, store: ModelStore) -> Transcriber:
    return _kept_transcriber(speech.model_dump_json(), store)


@cache
def _kept_transcriber(speech: str, store: ModelStore) -> Transcriber:
    """One for all kinds of recordings: it holds a model."""
    return factory.transcriber(Speech.model_validate_json(speech), store)


def _recognizer(ocr: Ocr, store: ModelStore) -> Callable[[], TextRecognizer]:
    return partial(_kept_recognizer, ocr.model_dump_json(), store)


@cache
def _kept_recognizer(ocr: str, store: ModelStore) -> TextRecognizer:
    return factory.text_recognizer(Ocr.model_validate_json(ocr), store)


@cache
def _kept_layout(layout: str, ocr: str, store: ModelStore) -> LayoutModel:
    settings = TypeAdapter[Layout](Layout).validate_json(layout)
    return factory.layout_model(settings, partial(_kept_recognizer, ocr, store))
