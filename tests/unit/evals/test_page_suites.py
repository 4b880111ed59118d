import json
from pathlib import Path

from evals.results import PRODUCT, Result
from evals.suites import Context, layout, parse
from pincite.config import Ocr, Settings
from tests.unit.ingestion.pages.drawn import PROSE, Pen, draw, paragraph


def context(data: Path) -> Context:
    return Context(settings=Settings(ocr=Ocr(kind="fake")), data=data, scratch=data)


def test_pages_are_tested_by_the_markdown_of_their_elements(tmp_path: Path) -> None:
    folder = tmp_path / "olmocr_bench"
    (folder / "pdfs").mkdir(parents=True)

    def page(pen: Pen) -> None:
        paragraph(pen, PROSE, 72, 120, 400)

    draw(folder / "pdfs" / "a.pdf", page)
    shared = {"pdf": "a.pdf", "page": 1}
    tests = [
        {
            **shared,
            "id": "1",
            "type": "present",
            "text": "the harbour office",
            "case_sensitive": False,
        },
        {**shared, "id": "2", "type": "absent", "text": "auditors"},
        {"pdf": "gone.pdf", "page": 1, "id": "3", "type": "absent", "text": "anything"},
    ]
    (folder / "dataset.jsonl").write_text("\n".join(map(json.dumps, tests)), encoding="utf-8")
    found = [item for item in parse.run(context(tmp_path)) if isinstance(item, Result)]
    ours = [result for result in found if result.system == PRODUCT]
    by_slice = {result.slice: result for result in ours if result.metric == parse.METRIC}
    assert by_slice["present"].value == 1
    assert by_slice["absent"].value == 0
    assert (by_slice["all"].value, by_slice["all"].n, by_slice["all"].n_failed) == (1 / 3, 3, 1)


def test_a_data_set_that_is_not_there_is_not_applicable(tmp_path: Path) -> None:
    for suite in (parse, layout):
        (result,) = suite.run(context(tmp_path))
        assert isinstance(result, Result)
        assert result.status == "not_applicable"
