"""The language of a question, and what is said where nothing here knows it."""

from __future__ import annotations

import pytest

from agent.languages import beyond, question_language, to_be_answered_in
from pincite.config import LiteLLMEncoder, OnnxEncoder
from pincite.grounding.shipped import shipped_languages
from serving.known_languages import known_languages


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("de", "Wie hoch ist die Gesamtsumme der Rechnung?"),
        ("de", "Was kostet die neue Pumpe?"),
        ("de", "Wann wurde der Hafen eröffnet?"),
        ("fr", "Quel est le montant total de la facture ?"),
        ("fr", "Quand le port a-t-il été ouvert ?"),
        ("es", "¿Cuál es el importe total de la factura?"),
        ("es", "¿Quién pintó el casco?"),
        ("it", "Qual è l'importo totale della fattura?"),
        ("it", "Quanto costa la nuova pompa?"),
        ("ja", "請求書の合計金額はいくらですか？"),
        ("ar", "ما هو المبلغ الإجمالي للفاتورة؟"),
        ("ar", "متى افتتح الميناء؟"),
        ("ru", "Когда открыли порт?"),
        ("zh", "港口何时开放？"),
    ],
)
def test_the_language_of_a_question_is_known(language: str, question: str) -> None:
    assert question_language(question) == language


@pytest.mark.parametrize(
    "question",
    [
        "total?",
        "",
        "4471",
        "Gross weight?",
        "capex FY2019",
        "When did the harbour of Lindwick open?",
        "La Casa de Papel director?",
        "Who owns der Spiegel?",
        "What does “El Niño de la Luna” mean?",
        "die casting in Mexico",
        "Was the crate in the van?",
        "Was Angela Merkel die Kanzlerin?",
    ],
)
def test_english_and_what_is_too_short_to_tell_is_english(question: str) -> None:
    assert question_language(question) == "en"
    assert beyond(question_language(question), ("en",)) == ""
    assert to_be_answered_in(question, "en") == question


def test_the_model_is_told_the_language_of_the_answer() -> None:
    assert to_be_answered_in("Was kostet es?", "de") == "Was kostet es? (Answer in German.)"


def test_a_language_that_nothing_knows_is_named() -> None:
    assert "The question is in Japanese" in beyond("ja", ("en",))
    assert beyond("ja", ()) == ""
    assert beyond("de", ("de", "en")) == ""


def test_what_is_known_stands_beside_the_weights() -> None:
    assert shipped_languages() == ("en",)
    assert known_languages(OnnxEncoder(), ("en",)) == ("en",)
    own = LiteLLMEncoder(model="openai/many", dimensions=8)
    assert known_languages(own, ("en",)) == ("en",)
