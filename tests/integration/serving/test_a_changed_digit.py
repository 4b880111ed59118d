"""A digit of a scan is changed; the verdict of the claim that cites it turns."""

from __future__ import annotations

from pathlib import Path

import pytest

from pincite.answers import Claim, Label, Verdict
from pincite.config import NoChat, Settings
from pincite.elements import Element, Scope
from pincite.grounding.shipped import shipped_checker
from pincite.models.factory import text_encoder
from pincite.models.ports import Numbered
from pincite.models.store import ModelStore
from scripts.sample_files import scan
from serving.bootstrap import services

WEIGHT = "The weight of the stern tube bearing is 38 kg."


async def read(file: Path, library: Path) -> list[Element]:
    """As OCR reads the page."""
    settings = Settings.load().model_copy(update={"data_dir": library, "chat": NoChat()})
    scope = Scope(collections=frozenset())
    async with services(settings) as parts:
        ingesting = parts.service.ingest([file], collection="default", readers=frozenset({"local"}))
        _ = [progress async for progress in ingesting]
        (source,) = parts.library.texts.sources(scope)
        return list(parts.library.texts.elements_on(source.id, 1))


def verdict(elements: list[Element]) -> Verdict:
    """Of the claim, which cites the element that tells of the bearing."""
    settings = Settings.load()
    checker = shipped_checker(text_encoder(settings.encoder, ModelStore(settings.models)))
    evidence = [Numbered(number=n, element=e) for n, e in enumerate(elements, 1)]
    cited = next(item.number for item in evidence if "bearing, 90" in item.element.text)
    claim = Claim(text=WEIGHT, start=0, end=len(WEIGHT), cites=(cited,))
    return checker.check(claim, evidence)


@pytest.mark.real
async def test_one_digit_of_a_scan_turns_the_verdict(
    store: ModelStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert store.has("all-minilm-l6-v2-int8")
    scan.write(tmp_path / "delivery-note.pdf")
    as_it_is = await read(tmp_path / "delivery-note.pdf", tmp_path / "before")
    first, *others = scan.LINES
    monkeypatch.setattr(scan, "LINES", ((*first[:3], "36 kg"), *others))
    scan.write(tmp_path / "delivery-note.pdf")
    changed = await read(tmp_path / "delivery-note.pdf", tmp_path / "after")

    borne_out, turned = verdict(as_it_is), verdict(changed)
    assert borne_out.label is Label.SUPPORTED, borne_out
    assert turned.label in {Label.CONTRADICTED, Label.UNSUPPORTED}
    assert turned.probability < borne_out.probability
