"""Two people upload the same bytes; neither can tell, not even when one of them deletes."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from pathlib import Path

import pytest

from ingestion.pipeline import Ingestor
from ingestion.report import SourceStatus
from pincite.answers import (
    Answered,
    AnswerId,
    CheckedSentence,
    Citation,
    SentenceId,
    Voice,
)
from pincite.elements import Scope, Source, SourceId
from pincite.errors import UnknownSource
from pincite.evidence import Coverage
from tests.unit.ingestion.library import accepted, found, ingested, opened

ALICE, BOB = frozenset({"alice"}), frozenset({"bob"})
PAGES = ("page The harbour of Merle opened in 1911.", "crop The plan of the harbour.", "torn")


@pytest.fixture
async def shared(tmp_path: Path) -> AsyncGenerator[Ingestor, None]:
    """Alice's file is there; Bob's are the same bytes under another name."""
    for name in ("alices.txt", "bobs.txt"):
        (tmp_path / name).write_text("\n".join(PAGES), encoding="utf-8")
    async with opened(tmp_path / "data") as ingestor:
        await ingested(ingestor, tmp_path / "alices.txt", readers=ALICE)
        yield ingestor


async def bob_adds(ingestor: Ingestor) -> SourceId:
    path = ingestor._data_dir.parent / "bobs.txt"
    (one,) = accepted(await ingested(ingestor, path, readers=BOB))
    assert one.outcome == "added"
    assert one.source is not None
    return one.source


def scope(person: frozenset[str]) -> Scope:
    return Scope(principals=person)


async def everything_seen(
    ingestor: Ingestor, person: frozenset[str]
) -> tuple[list[SourceStatus], list[str], int, Coverage, list[str]]:
    """All that a person can learn from the library."""
    library = ingestor._library
    statuses = await ingestor.statuses(scope(person))
    full = [await ingestor.status(one.source.id, scope(person)) for one in statuses]
    elements = [
        element.model_dump_json()
        for one in full
        for unit in range(1, one.units_total + 1)
        for element in library.texts.elements_on(one.source.id, unit)
    ]
    return (
        full,
        found(ingestor, "harbour", scope(person)),
        library.index.count(scope(person)),
        ingestor.coverage(scope(person)),
        elements,
    )


async def test_nothing_alice_sees_changes_when_bob_adds_and_deletes_the_same_bytes(
    shared: Ingestor,
) -> None:
    before = await everything_seen(shared, ALICE)
    assert len(before[0]) == 1
    bobs = await bob_adds(shared)
    assert await everything_seen(shared, ALICE) == before
    await shared.delete(bobs, now=True)
    assert await everything_seen(shared, ALICE) == before


async def test_what_bob_sees_is_as_if_alice_did_not_exist(shared: Ingestor, tmp_path: Path) -> None:
    await bob_adds(shared)
    beside_alice = await everything_seen(shared, BOB)
    async with opened(tmp_path / "alone") as alone:
        path = tmp_path / "bobs.txt"
        await ingested(alone, path, readers=BOB)
        by_himself = await everything_seen(alone, BOB)
    assert beside_alice[1:4] == by_himself[1:4]
    told = [_without_ids(status) for status in beside_alice[0]]
    assert told == [_without_ids(status) for status in by_himself[0]]


def _without_ids(status: SourceStatus) -> Mapping[str, object]:
    units = [unit.model_dump(exclude={"seconds"}) for unit in status.units]
    shown = status.model_dump(exclude={"source": {"id", "added_at"}, "units": True})
    return shown | {"units": units}


async def test_no_id_of_one_leads_the_other_anywhere(shared: Ingestor) -> None:
    bobs = await bob_adds(shared)
    (alices,) = await shared.statuses(scope(ALICE))
    texts = shared._library.texts
    assert alices.source.id != bobs
    assert not {one.id for one in texts.elements_on(alices.source.id, 1)} & {
        one.id for one in texts.elements_on(bobs, 1)
    }
    for person, other in ((ALICE, bobs), (BOB, alices.source.id)):
        with pytest.raises(UnknownSource) as hidden:
            await shared.status(other, scope(person))
        with pytest.raises(UnknownSource) as missing:
            await shared.status(SourceId("f" * len(other)), scope(person))
        assert str(hidden.value).replace(other, "") == str(missing.value).replace(
            "f" * len(other), ""
        )


async def test_bobs_delete_takes_his_answers_and_leaves_alices(shared: Ingestor) -> None:
    bobs = await bob_adds(shared)
    (status,) = await shared.statuses(scope(ALICE))
    texts = shared._library.texts
    for name, person, source in (("a", ALICE, status.source.id), ("b", BOB, bobs)):
        texts.put_answer(_answer(name, texts.source(source), shared), scope(person))
    kept = texts.answer(AnswerId("a"), scope(ALICE))
    await shared.delete(bobs, now=True)
    assert texts.answer(AnswerId("a"), scope(ALICE)) == kept
    with pytest.raises(UnknownSource):
        texts.answer(AnswerId("b"), scope(BOB))


def _answer(name: str, source: Source, ingestor: Ingestor) -> Answered:
    element = ingestor._library.texts.elements_on(source.id, 1)[0]
    citation = Citation(
        number=1,
        element=element.id,
        source=source.id,
        source_name=source.name,
        source_version=1,
        medium=source.medium,
        kind=element.kind,
        locators=element.locators,
        quote=element.text,
    )
    return Answered(
        id=AnswerId(name),
        question="when?",
        coverage=Coverage(),
        citations=(citation,),
        sentences=(CheckedSentence(id=SentenceId("1"), text="In 1911 [1]."),),
        voice=Voice.QUOTES,
    )


async def test_the_pictures_stay_until_the_last_of_them_deletes(shared: Ingestor) -> None:
    bobs = await bob_adds(shared)
    library = shared._library
    (status,) = await shared.statuses(scope(ALICE))
    crop = library.texts.elements_on(status.source.id, 2)[0].crop
    assert crop is not None
    await shared.delete(status.source.id, now=True)
    assert library.blobs.get(crop) == b"png of The plan of the harbour."
    assert library.texts.elements_on(bobs, 2)[0].crop == crop
    await shared.delete(bobs, now=True)
    assert not library.blobs.path(crop).exists()
