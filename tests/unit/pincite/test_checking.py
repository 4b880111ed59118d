"""`pincite.check`: claims of any answer, held against plain texts."""

from __future__ import annotations

import subprocess
import sys

import pytest

import pincite
from pincite.answers import Claim, Label, Verdict
from pincite.checking import Checking, ClaimCheck, Context, borne_out
from pincite.errors import UserError
from pincite.grounding.rules import RuleChecker
from pincite.models.fake_text import FakeTextEncoder
from pincite.models.ports import Numbered

RENT = "The rent is 980 EUR a month. It rises every year in May."
HOUSE = "The house has three floors and was built by Maria Keller."


@pytest.fixture
def checking() -> Checking:
    return Checking(RuleChecker(FakeTextEncoder()))


def test_each_claim_points_into_the_answer_and_into_the_context_that_bears_it_out(
    checking: Checking,
) -> None:
    answer = "Here is what I found:\nThe rent is 980 EUR a month. The house has nine floors."
    first, second = checking.check(answer, [HOUSE, {"id": "lease", "text": RENT}])
    assert answer[first.start : first.end] == "The rent is 980 EUR a month."
    assert first.verdict is Label.SUPPORTED
    (spot,) = first.spots
    assert spot.context == "lease"
    assert RENT[spot.start : spot.end] == "The rent is 980 EUR a month."
    assert answer[second.start : second.end] == "The house has nine floors."
    assert second.verdict is not Label.SUPPORTED


def test_a_number_in_brackets_cites_the_context_of_that_place(checking: Checking) -> None:
    (right,) = checking.check("The rent is 980 EUR a month [2].", [HOUSE, RENT])
    assert right.verdict is Label.SUPPORTED
    assert right.reason == "Word for word in the source."
    (invented,) = checking.check("The rent is 980 EUR a month [7].", [HOUSE, RENT])
    assert invented.verdict is Label.UNSUPPORTED


def test_one_changed_digit_changes_the_verdict(checking: Checking) -> None:
    (claim,) = checking.check("The rent is 930 EUR a month.", [RENT])
    assert claim.verdict is Label.CONTRADICTED


def test_an_answer_stands_by_all_its_claims_and_what_cannot_be_checked_bears_nothing_out() -> None:
    class Said:
        id = "said"

        def check(self, claim: Claim, evidence: object) -> Verdict:
            label = Label.NOT_CHECKABLE if "perhaps" in claim.text else Label.SUPPORTED
            return Verdict(label=label, probability=0.8, reason="")

    whole = Checking(Said()).whole("Tea costs three euros. Coffee costs four euros.", [RENT])
    assert (whole.supported, whole.probability) == (True, pytest.approx(0.64))
    whole = Checking(Said()).whole("Tea costs three euros. Coffee costs perhaps four.", [RENT])
    assert (whole.supported, whole.probability) == (False, 0.0)
    assert borne_out(whole.claims[0]) == 0.8
    whole = Checking(Said()).whole("Sure!", [RENT])
    assert (whole.supported, whole.claims) == (True, ())


def test_doubtful_words_are_marked_in_the_answer() -> None:
    class Doubting:
        id = "doubting"

        def check(self, claim: Claim, evidence: object) -> Verdict:
            at = claim.text.index("930 EUR")
            spans = ((at, at + len("930 EUR")), (len(claim.text) - 1, len(claim.text)))
            return Verdict(label=Label.UNSUPPORTED, probability=0, reason="", doubtful=spans)

    doubting = Checking(Doubting())
    answer = "Sure! **The rent** of it is `930` EUR [1]."
    (claim,) = doubting.check(answer, [RENT])
    assert [answer[start:end] for start, end in claim.doubtful] == ["930` EUR", "."]
    (fragment,) = doubting.check("930 EUR", [RENT], question="What is the rent, 930 EUR?")
    assert fragment.text.startswith("What")
    assert fragment.doubtful[-1] == (6, 7)


@pytest.mark.parametrize(
    "answer",
    ["", "?!", "| a | b |\n|---|---|\n| 1 | 2 |", "```python\nprint(1)\n```", "Die Miete ist hoch.",
     "日本語の答え。", "1.234,56 € · 1e-9 · ½ · MMXXIV", "word " * 5_000],
)  # fmt: skip
@pytest.mark.parametrize("contexts", [[], [""], [RENT, HOUSE], ["Le loyer est de 980 euros."]])
def test_odd_answers_and_contexts_get_a_verdict_and_no_error(
    checking: Checking, answer: str, contexts: list[str]
) -> None:
    for claim in checking.check(answer, contexts):
        assert isinstance(claim, ClaimCheck)
        assert 0 <= claim.start < claim.end <= len(answer)
        if not "".join(contexts):
            assert claim.verdict is not Label.SUPPORTED


def test_a_context_that_is_no_text_is_named(checking: Checking) -> None:
    with pytest.raises(UserError, match="context 2 "):
        checking.check("x", ["a", {"id": "b"}])
    assert checking.check("Rent is 980 EUR.", [Context(id="a", text=RENT)])


def test_elements_of_one_context_are_not_mistaken_for_those_of_another(checking: Checking) -> None:
    seen: list[str] = []

    class Watching:
        id = "watching"

        def check(self, claim: Claim, evidence: list[Numbered]) -> Verdict:
            seen.extend(item.element.id for item in evidence)
            return Verdict(label=Label.UNSUPPORTED, probability=0, reason="")

    watching = Checking(Watching())  # pyright: ignore[reportArgumentType]
    watching.check("The rent is high.", [RENT])
    watching.check("The rent is high.", [HOUSE])
    assert len(seen) == len(set(seen)) == 2


def test_the_package_loads_nothing_until_it_is_asked_to_check() -> None:
    code = "import sys, pincite; print('numpy' in sys.modules, 'pydantic' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["False", "False"]
    with pytest.raises(AttributeError, match="nothing"):
        pincite.nothing  # noqa: B018


ALLOWED = (
    "pincite numpy onnxruntime tokenizers "
    "pydantic pydantic_core annotated_types typing_extensions typing_inspection"
)
BLOCKED = f"""
import importlib.abc, site, sys
class Only(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        top = name.partition(".")[0]
        if top in sys.stdlib_module_names or top.startswith("_sysconfigdata"):
            return None
        if top in {ALLOWED.split()!r}:
            return None
        raise ModuleNotFoundError(f"{{name}} is blocked", name=name)
sys.meta_path.insert(0, Only())
import pincite
claim, = pincite.check("The rent is 980 EUR a month.", [{RENT!r}])
print(claim.verdict, len(claim.spots))
"""


@pytest.mark.real
def test_checking_needs_numpy_onnxruntime_tokenizers_and_pydantic_only(store: object) -> None:
    del store
    told = subprocess.run([sys.executable, "-c", BLOCKED], capture_output=True, text=True)
    assert told.stderr == ""
    assert told.stdout.split() == ["supported", "1"]
