"""Sets of answers with verdicts: how they are read, which may train, how they are scored."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from evals.checking_systems import Checked
from evals.datasets import aggrefact, ragtruth, summedits, wice
from evals.grounded_sets import sentence_f1
from evals.ragtruth_figures import Figures, Judged, Trust, always, marks
from pincite.answers import Label
from pincite.checking import ClaimCheck, Spot, WholeCheck
from pincite.errors import CorruptSource
from pincite.grounding.shipped import Cut

CUT = Cut(answer=0.5, claim=0.3)


def lines(file: Path, *told: object) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(json.dumps(each) + "\n" for each in told), encoding="utf-8")


def answers(folder: Path) -> Path:
    passages = "passage 1:The rent is 980 EUR.\n\npassage 2:Dogs are welcome.\n\n"
    asked = {"question": "How much?", "passages": passages}
    lines(
        folder / "dev" / "source_info.jsonl",
        {"source_id": "7", "task_type": "QA", "source_info": asked},
        {"source_id": 8, "task_type": "Data2txt", "source_info": {"name": "Nord", "WiFi": False}},
        {"source_id": "9", "task_type": "Summary", "source_info": "An article."},
    )
    told: dict[str, object] = {"model": "m", "split": "dev", "labels": []}
    label = {"start": 12, "end": 15, "text": "930", "label_type": "Evident Conflict"}
    lines(
        folder / "dev" / "response.jsonl",
        {**told, "source_id": "7", "response": "The rent is 930.", "labels": [label]},
        {**told, "source_id": 8, "response": "Nord has no WiFi."},
        {**told, "source_id": "9", "response": "It is an article."},
    )
    return folder


def test_an_answer_comes_with_what_it_was_written_from_and_what_people_marked(
    tmp_path: Path,
) -> None:
    asked, record, article = ragtruth.read(answers(tmp_path))
    assert asked.contexts == ("The rent is 980 EUR.", "Dogs are welcome.")
    assert (asked.id, asked.question, asked.marked) == ("dev/7/m", "How much?", ((12, 15),))
    assert asked.is_hallucinated
    assert json.loads(record.contexts[0]) == {"name": "Nord", "WiFi": False}
    assert (article.task, article.contexts) == ("summary", ("An article.",))


def test_a_source_trains_or_is_measured_and_never_both() -> None:
    for source in map(str, range(50)):
        even = int(hashlib.sha256(source.encode()).hexdigest(), 16) % 2 == 0
        assert ragtruth.trains("dev", source) is even
        assert ragtruth.trains("train", source)
        assert not ragtruth.trains("test", source)


def test_summaries_claims_and_pairs_are_read_in_their_official_formats(tmp_path: Path) -> None:
    summary = {"id": "a", "doc": "d", "summary": "s", "label": 0}
    (tmp_path / "summedits_news.json").write_text(json.dumps([summary]), encoding="utf-8")
    (edited,) = summedits.read(tmp_path)
    assert (edited.id, edited.domain, edited.is_consistent) == ("news/a", "news", False)
    claim = {
        "claim": "c",
        "evidence": ["a", "b"],
        "label": "supported",
        "supporting_sentences": [[0], [], [0, 1]],
        "meta": {"id": "dev1"},
    }
    lines(tmp_path / "claim" / "dev.jsonl", claim)
    lines(tmp_path / "claim" / "train.jsonl", claim)
    (sentence,) = wice.read(tmp_path)
    assert (sentence.id, sentence.bearing) == ("dev/dev1", (frozenset({0}), frozenset({0, 1})))
    lines(tmp_path / "facts" / "x.jsonl", {"dataset": "CNN", "doc": "d", "claim": "c", "label": 1})
    (pair,) = aggrefact.read(tmp_path / "facts")
    assert (pair.subset, pair.is_supported) == ("CNN", True)


@pytest.mark.parametrize("read", [ragtruth.read, summedits.read, wice.read, aggrefact.read])
@pytest.mark.parametrize("text", [None, "[1]\n"])
def test_a_folder_that_is_not_the_set_is_named(
    tmp_path: Path, read: Callable[[Path], Iterable[object]], text: str | None
) -> None:
    names = ("response.jsonl", "source_info.jsonl", "summedits_x.json", "claim/dev.jsonl")
    for name in names if text else ():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(str(text), encoding="utf-8")
    with pytest.raises(CorruptSource, match="unpack the set again"):
        list(read(tmp_path))


# --- how they are scored -------------------------------------------------------------------------


def claim(start: int, end: int, probability: float, label: Label = Label.UNSUPPORTED) -> ClaimCheck:
    return ClaimCheck(
        text="", start=start, end=end, verdict=label, probability=probability, reason=""
    )


def judged(source: str, marked: tuple[tuple[int, int], ...], *claims: ClaimCheck) -> Judged:
    least = min(c.probability for c in claims)
    whole = WholeCheck(supported=least >= CUT.answer, probability=least, claims=claims)
    response = ragtruth.Response(
        id=source,
        source=source,
        split="test",
        task="qa",
        question="",
        contexts=(),
        answer="x" * 30,
        marked=marked,
    )
    return Judged(response, Checked(whole=whole, seconds=0))


ITEMS = [
    judged("a", ((2, 6),), claim(0, 10, 0.1), claim(10, 20, 0.9, Label.SUPPORTED)),
    judged("a", (), claim(0, 10, 0.4)),
    judged("b", ((0, 5),), claim(0, 10, 0.8, Label.SUPPORTED)),
    judged("b", (), claim(0, 10, 0.6, Label.SUPPORTED), claim(10, 12, 0.7, Label.NOT_CHECKABLE)),
]


def test_an_answer_counts_by_its_worst_claim_and_characters_by_their_claims() -> None:
    figures = Figures(ITEMS, CUT)
    values = {name: value(range(4)) for name, value in figures.values().items()}
    assert values["response_precision"] == values["response_recall"] == 0.5
    assert values["auroc"] == 0.5
    # Found: 10 characters of the first, and 2 that cannot be checked; 4 are marked, of 9 in all.
    assert values["span_f1"] == pytest.approx(2 * 4 / (12 + 9))
    assert figures.by_source == [[0, 1], [2, 3]]
    low, high = figures.interval(figures.values()["response_f1"], 0) or (-1, -1)
    assert 0 <= low <= 0.5 <= high <= 1


def test_what_cannot_be_checked_is_marked_as_not_borne_out() -> None:
    assert marks(ITEMS[3].checked.whole, CUT) == [(10, 12)]


def test_the_constant_marks_everything() -> None:
    figures = Figures([always(item.response) for item in ITEMS], CUT)
    values = {name: value(range(4)) for name, value in figures.values().items()}
    assert values["response_f1"] == pytest.approx(2 / 3)
    assert values["span_f1"] == pytest.approx(2 * 9 / (120 + 9))


def test_trust_is_told_by_claim() -> None:
    shares = Trust.of(ITEMS).shares()
    assert shares["false_support"][:2] == (0.5, 2)
    assert shares["supported_share"][:2] == (0.5, 4)
    assert shares["not_checkable_share"][:2] == (pytest.approx(1 / 6), 6)


def test_sentences_are_held_against_the_best_of_the_sets_that_are_enough() -> None:
    told = wice.Sentence(
        id="1",
        split="dev",
        claim="c",
        evidence=("one", "two", "three"),
        label="supported",
        bearing=(frozenset({0, 1}), frozenset({2})),
    )
    context = "one\ntwo\nthree"
    spots = (Spot(context="1", start=8, end=13), Spot(context="1", start=4, end=7))
    one = claim(0, 1, 1).model_copy(update={"spots": spots})
    whole = WholeCheck(supported=True, probability=1, claims=(one,))
    assert sentence_f1(told, context, whole) == pytest.approx(2 / 3)
    nothing = WholeCheck(supported=True, probability=1, claims=())
    assert sentence_f1(told, context, nothing) == 0
