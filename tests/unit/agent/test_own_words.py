"""Label and value beside each other in a source."""

from __future__ import annotations

import pytest

from agent.structured.own_words import own_words


@pytest.mark.parametrize(
    ("label", "value", "text", "said"),
    [
        (
            "gross weight",
            "71 kg",
            "Gross weight with crate: 71 kg",
            "Gross weight with crate: 71 kg",
        ),
        ("cost", "15,000 euros", "It cost 15,000 euros in May.", "cost 15,000 euros"),
        (
            "warranty",
            "thirty months",
            "The warranty on the coating is thirty months.",
            "warranty on the coating is thirty months",
        ),
        (
            "monthly rent",
            "5,000",
            "The monthly rent is 5,000 and the deposit 10,000.",
            "monthly rent is 5,000",
        ),
        ("pages", "12", "It has 12 pages.", "12 pages"),
        # another value stands between, or it is another label
        ("gross weight", "60 kg", "The gross weight is 71 kg and the net weight 60 kg.", ""),
        ("rent", "10,000", "The rent deposit is 10,000.", ""),
        ("cost", "2019", "The pump was bought in 2019. It cost much.", ""),
        ("cost", "12", "The cost is 112 euros.", ""),
        ("insurer", "Ferrol", "The pump is of Ferrol.", ""),
    ],
)
def test_a_value_is_told_with_its_label_where_nothing_stands_between(
    label: str, value: str, text: str, said: str
) -> None:
    assert own_words(label, value, text) == said
