"""Layouts of the library `layoutparser`, in and out, and its models behind our port."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pincite.config import LayoutParser
from pincite.elements import Kind
from pincite.errors import BadSettings, UnsafeWeights
from pincite.models.layoutparser_layout import LayoutParserModel, layout_of, regions_of
from pincite.models.optional_package import optional_package
from pincite.models.ports import Region
from tests.torch_models import tiny

pytestmark = pytest.mark.torch

REGIONS = [
    Region(label="Title", left=1, top=2.5, right=30, bottom=4, confidence=0.9, kind=Kind.HEADING),
    Region(label="Table", left=0, top=9, right=50, bottom=40, confidence=0.5, kind=Kind.TABLE),
]


def _library() -> Any:
    return optional_package("layoutparser", extra="layoutparser")


def _settings(folder: Path, **changes: Any) -> LayoutParser:
    for name in ("config.yaml", "weights.pth"):
        (folder / name).write_bytes(b"x")
    given: dict[str, Any] = {"config": folder / "config.yaml", "weights": folder / "weights.pth"}
    return LayoutParser(**{**given, **changes})


def test_regions_go_out_and_come_back_the_same() -> None:
    layout = layout_of(REGIONS)
    assert isinstance(layout, _library().Layout)
    assert [block.type for block in layout] == ["Title", "Table"]
    assert regions_of(layout) == REGIONS


def test_blocks_of_all_shapes_and_nested_layouts_come_in() -> None:
    lp = _library()
    leaning = lp.Quadrilateral([[10, 0], [20, 10], [10, 20], [0, 10]])
    inner = lp.Layout([lp.TextBlock(leaning, type="Figure", score=0.7)])
    regions = regions_of(lp.Layout([lp.Rectangle(5, 5, 6, 6), inner]))
    assert [(r.label, r.confidence, r.left, r.bottom) for r in regions] == [
        ("text", 1.0, 5, 6),
        ("Figure", 0.7, 0, 20),
    ]
    assert regions[1].kind is Kind.FIGURE


def test_a_model_of_the_library_finds_regions_behind_the_port(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lp, given = _library(), dict[str, Any]()

    class Scripted:
        def __init__(self, **settings: Any) -> None:
            given.update(settings)

        def detect(self, picture: Any) -> Any:
            assert picture.shape == (tiny.HEIGHT, tiny.WIDTH, 3)
            return layout_of(REGIONS)

    monkeypatch.setattr(lp, "EfficientDetLayoutModel", Scripted, raising=False)
    settings = _settings(tmp_path, engine="effdet", accept_pickle=True, labels={0: "Title"})
    assert LayoutParserModel(settings).regions(tiny.page_picture()) == REGIONS
    assert given["label_map"] == {0: "Title"}
    assert given["model_path"] == str(tmp_path / "weights.pth")


def test_pickled_weights_need_to_be_accepted(tmp_path: Path) -> None:
    model = LayoutParserModel(_settings(tmp_path))
    with pytest.raises(UnsafeWeights, match="PINCITE_LAYOUT__ACCEPT_PICKLE=true"):
        model.regions(tiny.page_picture())


def test_a_missing_file_and_a_missing_engine_are_said(tmp_path: Path) -> None:
    missing = _settings(tmp_path, weights=tmp_path / "gone.pth", accept_pickle=True)
    with pytest.raises(BadSettings, match=r"there is no .*gone\.pth"):
        LayoutParserModel(missing).regions(tiny.page_picture())
    with pytest.raises(BadSettings, match="no working detectron2"):
        LayoutParserModel(_settings(tmp_path, accept_pickle=True)).regions(tiny.page_picture())
