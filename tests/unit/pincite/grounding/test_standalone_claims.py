"""A claim says by itself what its place in the answer says; what is not sure stays as it is."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest

from pincite.answers import Claim
from pincite.grounding.checkable import why_not_checkable
from pincite.grounding.claims import claims_of
from pincite.grounding.sentences import SentenceStream, answer_sentences
from pincite.grounding.shown import in_answer


def claims(answer: str, question: str = "") -> list[Claim]:
    """With places in the answer."""
    found: list[Claim] = []
    before: list[str] = []
    for span in answer_sentences(answer):
        sentence = answer[span.start : span.end]
        for claim in claims_of(sentence, question, before):
            moved = {"start": span.start + claim.start, "end": span.start + claim.end}
            found.append(claim.model_copy(update=moved))
        before.append(sentence)
    return found


def texts(answer: str, question: str = "") -> list[str]:
    return [claim.text for claim in claims(answer, question)]


# --- joined statements ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "parts"),
    [
        (
            "Revenue was 10.1 million euro in 2024 and 9.4 million euro in 2023 [1].",
            ["Revenue was 10.1 million euro in 2024", "Revenue was 9.4 million euro in 2023."],
        ),
        (
            "There were 48 burst mains in 2022, 52 in 2023 and 37 in 2024.",
            [
                "There were 48 burst mains in 2022",
                "There were 52 burst mains in 2023",
                "There were 37 burst mains in 2024.",
            ],
        ),
        (
            "The house has three floors and was built by Maria Keller [2].",
            ["The house has three floors", "The house was built by Maria Keller."],
        ),
        (
            "Operating costs rose by 5 % and revenue fell by 3 %.",
            ["Operating costs rose by 5 %", "revenue fell by 3 %."],
        ),
        (
            "The Apollo program ran from 1961 to 1972 and was supported by it.",
            ["The Apollo program ran from 1961 to 1972", "The Apollo program was supported by it."],
        ),
        (
            "The group meets on 4 April, and Mei Tanaka proposed it [1].",
            ["The group meets on 4 April", "Mei Tanaka proposed it."],
        ),
        (
            "The battery lasts about 400 cycles and charges in 70 minutes.",
            ["The battery lasts about 400 cycles", "The battery charges in 70 minutes."],
        ),
        (
            "The first is 1.24 m. The second can fly for 55 minutes.",
            ["The first is 1.24 m.", "The second can fly for 55 minutes."],
        ),
        (
            "The old pump was loud; the new one is quiet at night.",
            ["The old pump was loud", "the new one is quiet at night."],
        ),
    ],
)  # fmt: skip
def test_joined_statements_are_parted_and_have_their_subject(
    sentence: str, parts: list[str]
) -> None:
    assert texts(sentence) == parts


@pytest.mark.parametrize(
    "sentence",
    [
        "If the pump fails and the valve is open, water comes in.",
        "The board said that costs rose and revenue fell.",
        "Salt and pepper are sold and bought here.",
        "The owner pays rent and costs of heating.",
        "The plan meant lower prices and reduced costs.",
        "The ferry was hauled out on 3 November and returned to the crossing in December.",
        "The total cost of labour in May and materials was 5,000 euro.",
        "A and B cost 5 and 7 euro in 2019 and 2020, respectively.",
        "Ferritin rose from 14 to 39 in one group and from 15 to 17 in the other.",
        "Marie and Pierre Curie shared the prize.",
        "He had three brothers named Hasar, Hachiun, and Temüge, and one sister named Temülen.",
        "It included a control room, and a hall (3 ha) in which rockets would be assembled.",
        "The lion, leopard, and elephant, can be found in the park in large numbers.",
        "It is cooler near the city of Nairobi, and especially on the mountain, which has snow.",
        "Item: Pump; Days planned: 7; Days actual: 13",
    ],
)
def test_what_is_not_surely_two_statements_stays_one(sentence: str) -> None:
    assert texts(sentence) == [sentence]


def test_each_part_cites_by_its_own_marks() -> None:
    first, second = claims("The pump cost 5 euro [1] and the valve was replaced in 2019 [2].")
    assert (first.cites, second.cites) == ((1,), (2,))
    both = claims("The house has three floors and was built by Maria Keller [1][3].")
    assert [claim.cites for claim in both] == [(1, 3), (1, 3)]


# --- pronouns ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "question", "last"),
    [
        (
            "Helena Marsh became director in 2024. She had led the laboratory since 2016 [1].",
            "",
            "Helena Marsh had led the laboratory since 2016.",
        ),
        (
            "The station at Farrow Hill opened in May. It cost 2.7 million euro.",
            "",
            "The station at Farrow Hill cost 2.7 million euro.",
        ),
        (
            "The drone weighs 1.52 kg. Its battery lasts 400 cycles.",
            "",
            "The drone’s battery lasts 400 cycles.",
        ),
        (
            "The committee met in March. In May, it voted on the roof.",
            "",
            "In May, the committee voted on the roof.",
        ),
        (
            "The programme began in 1963. It was stopped in 1989. It returned in 2005.",
            "",
            "The programme returned in 2005.",
        ),
        (
            "Nordal Foods paid for the trial. The company had no part in the analysis.",
            "",
            "Nordal Foods had no part in the analysis.",
        ),
        (
            "Revenue was 10.1 million euro in 2024. This figure is 7 per cent higher.",
            "",
            "Revenue is 7 per cent higher.",
        ),
        ("The windows open at 24 degrees. They close at 18.", "", "The windows close at 18."),
        ("He studied engineering.", "What did Tesla study in Graz?", "Tesla studied engineering."),
        ("It is a country in Africa.", "What is Kenya?", "Kenya is a country in Africa."),
        (
            "The warranty covers peeling of the hull, and it does not cover damage by slings.",
            "",
            "The warranty does not cover damage by slings.",
        ),
    ],
)
def test_a_subject_is_named_where_the_answer_leaves_little_doubt(
    answer: str, question: str, last: str
) -> None:
    assert texts(answer, question)[-1] == last


@pytest.mark.parametrize(
    ("answer", "question"),
    [
        ("The pump failed in May. It is likely that the valve was stuck.", ""),
        ("The kit is small. It takes six hours to build the house.", ""),
        ("The board approved a plan. It runs until May.", ""),
        ("Tesla built a laboratory. It burned down.", ""),
        ("Kennedy sent a memo to Johnson. He responded a week later.", ""),
        ("Its capital is Nairobi.", "What is the capital of Kenya and how warm is it there?"),
        ("It was built in 1899.", "When did Tesla build the laboratory?"),
        ("It was built in 1899.", ""),
        ("Costs were 5 euro in May and 7 in June. This figure is high.", ""),
        ("The trial ended in May. This was due to the weather.", ""),
        ("Ferritin in the Ferol group rose by 25. In the other group, it rose by 2.", ""),
        ("The file lists two pumps. It’s worth noting that both were replaced.", ""),
        ("One customer mentions that they enjoy tea. They also like coffee a lot.", ""),
    ],
)
def test_a_pronoun_stays_where_something_else_may_be_meant(answer: str, question: str) -> None:
    assert texts(answer, question)[-1] == answer[answer.rfind(". ", 0, -1) + 1 :].strip()


def test_a_quoted_sentence_means_what_it_means_in_its_source() -> None:
    [claim] = claims_of("It cost 2.7 million euro.")
    assert (claim.text, claim.added) == ("It cost 2.7 million euro.", ())


# --- lists, tables, code -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sentence", ["Die Kaltmiete beträgt 845 Euro.", "Le loyer était élevé.", "La casa está vacía."]
)
def test_a_sentence_of_another_language_is_no_fragment(sentence: str) -> None:
    assert texts(sentence, "?") == [sentence]


def test_an_item_carries_what_its_list_is_of() -> None:
    answer = "The spare parts cost:\n- Pane kit: 84 euro [1]\n- The peg set costs 12 euro [2].\n"
    assert texts(answer, "What do they cost?") == [
        "The spare parts cost: Pane kit: 84 euro",
        "The peg set costs 12 euro.",
    ]
    first = claims(answer)[0]
    assert answer[first.start : first.end] == "Pane kit: 84 euro [1]"
    assert first.said == "Pane kit: 84 euro"


def test_an_item_under_an_empty_announcement_answers_the_question() -> None:
    answer = "Here is what I found:\n1. Maria Keller\n2. Jonas Reimer"
    assert texts(answer, "Who was there?") == [
        "Who was there? Maria Keller",
        "Who was there? Jonas Reimer",
    ]
    assert texts("Here are the open invoices:\n* R-0104 (6,480 EUR)") == [
        "the open invoices: R-0104 (6,480 EUR)"
    ]


def test_a_heading_says_what_the_items_below_it_are_of() -> None:
    assert texts("## Pumps\n- new impellers") == ["Pumps: new impellers"]


TABLE = """The figures:

| Item | 2023 | 2024 | Source |
|---|:-:|---|---|
| Revenue | 9.4 | **10.1** | [1] |
| Employees, incl. staff on leave | 63 | – | [2] |

That is all there is."""


def test_a_cell_states_its_value_of_its_row_under_its_column() -> None:
    found = claims(TABLE)
    assert [(claim.text, claim.cites) for claim in found[:3]] == [
        ("Revenue, 2023: 9.4", (1,)),
        ("Revenue, 2024: 10.1", (1,)),
        ("Employees, incl. staff on leave, 2023: 63", (2,)),
    ]
    assert [TABLE[claim.start : claim.end] for claim in found[:3]] == ["9.4", "**10.1**", "63"]
    assert len(found) == 3


def test_a_table_of_one_column_and_one_without_a_header_are_read_too() -> None:
    assert texts("| Name |\n|---|\n| Maria |") == ["Name: Maria"]
    assert texts("| Rent | 980 EUR |") == ["Rent: 980 EUR"]


@pytest.mark.parametrize("size", [1, 5, 4000])
def test_a_table_and_code_arrive_whole_in_a_stream(size: int) -> None:
    answer = f"{TABLE}\n```python\nprint('A. B. C')\n```\nIt prints this."
    stream = SentenceStream()
    got = [s for n in range(0, len(answer), size) for s in stream.feed(answer[n : n + size])]
    got.append(stream.rest)
    assert got == [answer[span.start : span.end] for span in answer_sentences(answer)]
    assert (got[1][:6], got[1][-5:]) == ("| Item", "[2] |")
    assert got[3] == "```python\nprint('A. B. C')\n```"


def test_a_reference_in_a_sentence_is_no_claim() -> None:
    assert texts("The vibration is above 4.5 mm/s; see the open points [1].") == [
        "The vibration is above 4.5 mm/s"
    ]


def test_code_is_one_claim_that_cannot_be_checked() -> None:
    [code, said] = claims("```sql\nSELECT 1;\nSELECT 2;\n```\nIt selects two numbers.")
    assert why_not_checkable(code.text)
    assert not why_not_checkable(said.text)
    [open_code] = claims("```\nx = 1")
    assert why_not_checkable(open_code.text)


# --- what is said to the reader ------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Please let me know if you need any more information about the lease!",
        "I hope this helps you to plan the refit of the ferry.",
        "If you have any further questions, feel free to ask.",
        "## Costs of the refit",
        "**The costs are as follows:**",
        "See also Table 2 on page 5 [1].",
    ],
)
def test_words_to_the_reader_state_nothing(text: str) -> None:
    assert claims(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Based on the provided evidence, the rent is 980 EUR.",
        "According to the document [1], the rent is 980 EUR.",
        "Please note that the rent is 980 EUR.",
        "In summary, the rent is 980 EUR.",
        "lease.txt: the rent is 980 EUR.",
        "[1] lease.txt: the rent is 980 EUR.",
    ],
)
def test_where_a_statement_comes_from_is_no_part_of_it(text: str) -> None:
    assert texts(text) == ["the rent is 980 EUR."]


@pytest.mark.parametrize("tail", [", as stated in [1].", " as shown in the table on page 3. [2]"])
def test_that_a_source_states_it_is_no_part_of_a_statement(tail: str) -> None:
    [claim] = claims(f"The rent is 980 EUR{tail}")
    assert claim.text == "The rent is 980 EUR"
    assert claim.cites
    assert claim.end == len("The rent is 980 EUR")


def test_a_statement_without_end_is_too_long_to_check() -> None:
    [claim] = claims("The rent is " + "very " * 200 + "high.")
    assert "too long" in why_not_checkable(claim.text)


# --- back to the answer --------------------------------------------------------------------------


def marked(answer: str, claim: Claim, words: str) -> list[str]:
    at = claim.text.index(words)
    return [answer[s:e] for s, e in in_answer(claim, answer, [(at, at + len(words))])]


def test_doubtful_words_are_found_in_the_answer_again() -> None:
    answer = "Revenue was **10.1** million in 2024 and 11 million in 2011 [1]."
    second = claims(answer)[1]
    assert marked(answer, second, "11 million") == ["11 million"]
    assert marked(answer, second, "2011.") == ["2011 [1]."]
    assert marked(answer, second, "Revenue was") == []


def test_a_doubtful_name_falls_on_the_pronoun_that_stands_for_it() -> None:
    answer = "The station opened in May. In June, it cost 11 euro [1]."
    last = claims(answer)[-1]
    assert last.text == "In June, the station cost 11 euro."
    assert marked(answer, last, "station") == ["it"]
    assert marked(answer, last, "11 euro") == ["11 euro"]


def test_places_are_in_order_and_do_not_overlap() -> None:
    answer = TABLE + "\nA is 5 [1]; it was 7 in 2019 and 8 in 2020 [2], and the house is new here."
    spans = [(claim.start, claim.end) for claim in claims(answer)]
    assert spans == sorted(spans)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))


@pytest.mark.parametrize(
    "answer",
    [
        "x is 5" + " as stated in the evidence" * 400,
        "the pump was good and " * 2_000,
        "a:b; " * 3_000,
        "The " + "Aaa of the " * 3_000 + "was. It was 5.",
        "```\n" * 3_000,
        "|a" * 5_000 + "\n" + "|-" * 5_000,
        "Based on the " + "provided " * 4_000 + "evidence, x is 5.",
    ],
)
def test_a_malicious_answer_is_split_in_no_time(answer: str) -> None:
    began = time.process_time()
    claims(answer, "What is the rent?")
    assert time.process_time() - began < 5


def test_each_part_of_a_sentence_knows_the_whole() -> None:
    parts = claims_of("The pump was sold in May [1], and the crane was rented out in June [1].")
    assert len(parts) == 2
    assert {part.sentence for part in parts} == {
        "The pump was sold in May, and the crane was rented out in June."
    }


def test_a_whole_sentence_is_no_part() -> None:
    assert [claim.sentence for claim in claims_of("The pump was sold in May [1].")] == [""]
