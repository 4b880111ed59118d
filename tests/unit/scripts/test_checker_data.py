"""What the checker is trained on, made from tiny sets of our own."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import pytest
from tokenizers import Tokenizer

from pincite.grounding.numbers import quantities
from scripts.train_checker import answers_marked, questions, summaries_edited, synthetic
from scripts.train_checker.batches import UNKNOWN, order, padded, read
from scripts.train_checker.data import Wanted, build, write, written
from scripts.train_checker.examples import (
    CONTRADICTED,
    SUPPORTED,
    UNSUPPORTED,
    Example,
    split,
    text_of,
)
from scripts.train_checker.made_up import MAKERS, Maker
from scripts.train_checker.noise import heard, scanned
from scripts.train_checker.rewordings import REWORDINGS
from scripts.train_checker.speakers import of_conversation
from scripts.train_checker.swaps import SWAPS, Around

PUMP = "The harbour pump was replaced on 3 May 2024 and cost 15,000 euros."
CRANE = "Maria Keller inspected the north crane in Hamburg before Piet Brandt approved the repair."
AROUND = Around([PUMP, CRANE, "Lena Rossi paid 730 euros."], ["The museum opened in Lisbon."])


def seeded(seed: int) -> Random:
    return Random(seed)  # noqa: S311


def marked(example: Example) -> list[str]:
    return [example.claim[start:end] for start, end in example.marks or ()]


@pytest.mark.parametrize("name", sorted(SWAPS))
def test_a_swap_changes_what_it_marks_and_nothing_else(name: str) -> None:
    claim = f"{PUMP[:-1]}, and {CRANE[:-1]} after 20 minutes."
    changed = SWAPS[name](seeded(3), claim, AROUND)
    assert changed is not None
    assert changed.kind == name
    assert changed.text != claim
    assert changed.marks
    rest = changed.text
    for start, end in reversed(changed.marks):
        rest = rest[:start] + rest[end:]
    assert all(word.strip(",") in claim for word in rest.split())


def test_a_number_is_swapped_for_one_that_is_not_the_same() -> None:
    for seed in range(20):
        changed = SWAPS["number"](seeded(seed), PUMP, AROUND)
        assert changed is not None
        assert "15,000" not in changed.text
        assert len(quantities(changed.text)) == len(quantities(PUMP))


def test_a_negation_is_taken_out_again() -> None:
    changed = SWAPS["negation"](seeded(1), "The pump was not replaced.", AROUND)
    assert changed is not None
    assert changed.text == "The pump was replaced."


@pytest.mark.parametrize(
    ("name", "said", "reworded"),
    [
        ("moved", "In 2024, the pump was replaced.", "The pump was replaced in 2024."),
        ("shorter", "The pump (a blue one) was replaced in the harbour.", None),
        ("number-rewritten", "It opens at 17:30.", "It opens at 5:30 PM."),
        ("synonym", "They purchased pumps.", "They bought pumps."),
    ],
)
def test_a_rewording_keeps_the_meaning(name: str, said: str, reworded: str | None) -> None:
    expected = reworded or "The pump was replaced in the harbour."
    assert REWORDINGS[name](seeded(1), said) == expected


def test_noise_leaves_digits_alone() -> None:
    assert "15,000" in scanned(seeded(1), PUMP, share=1.0)
    assert scanned(seeded(1), PUMP, share=1.0) != PUMP
    assert heard(CRANE).islower()


def test_spans_of_an_answer_are_found_in_the_claim_without_its_marks() -> None:
    raw = "**The pump** costs 15,000 euros [1]."
    spans = answers_marked.in_claim(raw, "The pump costs 15,000 euros.", ((19, 25),))
    assert spans == ((15, 21),)


def test_spans_in_a_claim_that_was_made_otherwise_are_unknown() -> None:
    assert answers_marked.in_claim("It costs 5.", "The pump costs 5.", ((9, 10),)) is None


def test_changes_are_the_words_that_differ() -> None:
    before, after = "The blue pump was bought.", "The red pump was bought."
    [(start, end)] = summaries_edited.changes(before, after)
    assert after[start:end] == "red"


def test_a_broken_summary_has_one_broken_claim() -> None:
    row = {
        "label": 0,
        "summary": "The red pump was replaced. The crane was inspected.",
        "original_summary": "The blue pump was replaced. The crane was inspected.",
        "edit_types": ["entity_modification"],
    }
    found = list(summaries_edited.of_row(row, text_of("s", ["The blue pump was replaced."]), "x"))
    assert [each.label for each in found] == [CONTRADICTED, SUPPORTED]
    assert marked(found[0]) == ["red"]


def test_a_question_is_answered_rightly_and_wrongly() -> None:
    text = text_of("q", [PUMP])
    asked = {"question": "What did it cost?", "answers": [{"text": "15,000 euros"}]}
    right = next(iter(questions.of_question(seeded(1), text, PUMP, asked)))
    assert right.claim == "What did it cost? 15,000 euros"
    assert right.label == SUPPORTED
    impossible = {"question": "Who?", "is_impossible": True, "plausible_answers": [{"text": "May"}]}
    [wrong] = questions.of_question(seeded(1), text, PUMP, impossible)
    assert wrong.label == UNSUPPORTED
    assert marked(wrong) == ["May"]


def test_another_speaker_contradicts() -> None:
    talk = "Anna: The pump has to be replaced in May.\nPiet: The crane is fine until next year."
    found = list(of_conversation(seeded(1), "t", talk, 2))
    assert {each.label for each in found} == {SUPPORTED, CONTRADICTED}
    wrong = next(each for each in found if each.label == CONTRADICTED)
    assert marked(wrong)[0] in {"Anna", "Piet"}


@pytest.mark.parametrize("maker", [maker for maker, _ in MAKERS])
def test_what_is_made_up_is_right_and_wrong(maker: Maker) -> None:
    found = [each for n in range(6) for each in maker(seeded(n), f"m-{n}")]
    assert {SUPPORTED, CONTRADICTED} <= {each.label for each in found}
    assert all(bool(each.marks) is (each.label != SUPPORTED) for each in found)
    assert all(each.evidence for each in found)


def test_true_and_broken_claims_are_made_of_sentences() -> None:
    text, other = text_of("a", [f"{PUMP} {CRANE}"]), text_of("b", ["A museum opened in May 1990."])
    bases = [
        synthetic.Base(source, sentence, "sentence")
        for source in (text, other)
        for sentence in synthetic.sentences_of(source)
    ]
    found = list(synthetic.examples(seeded(2), bases * 4))
    assert {each.label for each in found} == {SUPPORTED, CONTRADICTED, UNSUPPORTED}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "ragtruth" / "train"
    folder.mkdir(parents=True)
    source = {"source_id": "1", "task_type": "Summary", "source_info": f"{PUMP} {CRANE}"}
    label = {"start": 22, "end": 28, "label_type": "Evident Conflict"}
    answer = "The harbour pump cost 19,000 euros. Maria Keller inspected the north crane."
    told = {"source_id": "1", "model": "m", "labels": [label], "response": answer, "split": "train"}
    (folder / "source_info.jsonl").write_text(json.dumps(source), encoding="utf-8")
    (folder / "response.jsonl").write_text(json.dumps(told), encoding="utf-8")
    return tmp_path


def test_all_examples_are_the_same_again_and_sources_can_be_left_out(data: Path) -> None:
    wanted = Wanted(data, frozenset({"summedits", "squad"}), frozenset(), bases=4, made_up=8)
    made = build(wanted)
    assert made == build(wanted)
    real = [each for each in made if each.origin == "ragtruth-summary"]
    assert [each.label for each in real] == [CONTRADICTED, SUPPORTED]
    assert marked(real[0]) == ["19,000"]
    assert any(each.origin.startswith("synthetic-") for each in made)
    write(data / "made.jsonl", made)
    assert written(data / "made.jsonl") == made
    alone = build(wanted._replace(left_out=frozenset({"summedits", "squad", "synthetic"})))
    assert alone == real


def test_a_source_is_in_one_part_only(data: Path) -> None:
    wanted = Wanted(data, frozenset({"summedits", "squad"}), frozenset(), bases=4, made_up=40)
    learnt, kept = split(build(wanted))
    assert learnt
    assert kept
    assert not {each.group for each in learnt} & {each.group for each in kept}


def test_marks_are_on_the_claim_s_tokens(words_tokenizer: Tokenizer) -> None:
    made = Example("x", "g", "the pump costs 9", "the pump costs 5", CONTRADICTED, ((15, 16),))
    [found] = read(words_tokenizer, [made])
    inside = found.marks[found.claim_from :]
    assert [int(mark) for mark in inside] == [0, 0, 0, 1, UNKNOWN]
    assert all(mark == UNKNOWN for mark in found.marks[: found.claim_from])
    batch = padded([found, found])
    assert batch.ids.shape == batch.types.shape == (2, len(found.ids))


def test_rare_kinds_are_read_more_often() -> None:
    rare = Example("ragtruth-data2txt", "g", "c", "e", SUPPORTED, ())
    often = rare._replace(origin="synthetic-removed-noisy")
    places = order(seeded(1), [rare] * 100 + [often] * 100)
    assert sum(place < 100 for place in places) == 200
    assert 20 < sum(place >= 100 for place in places) < 60
