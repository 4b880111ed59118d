"""Claims that rest on pictures: not checkable, unless a model that sees looks at the picture."""

from __future__ import annotations

import base64
import io

import pytest
from PIL import Image

from pincite.answers import Claim, Label, Verdict
from pincite.config import LiteLLMPictureJudge, NoPictureJudge, Settings
from pincite.elements import BlobKey, Element, How, Kind, SourceId, element_id
from pincite.errors import ModelUnavailable, Withheld
from pincite.grounding.rules import RuleChecker
from pincite.grounding.visual import SEEN, VisualChecker
from pincite.locators import ImageBox
from pincite.models.factory import picture_judge
from pincite.models.fakes import FakeTextEncoder
from pincite.models.picture_judge import sight
from pincite.models.ports import Numbered, Sight
from serving.made_with import made_with
from tests.unit.pincite.seeing_server import seeing

SOURCE = SourceId("source")
BOX = ImageBox(left=0, top=0, right=9, bottom=9, image_width=9, image_height=9)
CLAIM = "The line rises to 55 litres at ten knots [1]."


def png() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 64), "purple").save(out, "PNG")
    return out.getvalue()


def picture(text: str = "", how: How = How.OCR, kind: Kind = Kind.FIGURE) -> Numbered:
    element = Element(
        id=element_id(SOURCE, 1),
        source=SOURCE,
        kind=kind,
        text=text,
        locators=(BOX,),
        how=how,
        crop=BlobKey("a" * 64 + "/u1-0-x"),
    )
    return Numbered(number=1, element=element)


def claim(text: str = CLAIM) -> Claim:
    return Claim(text=text.removesuffix(" [1]."), start=0, end=len(text), cites=(1,))


class Seer:
    """Says what it was told to, and counts."""

    id = "seer"

    def __init__(self, *said: Sight) -> None:
        self.said = list(said)
        self.looks = 0

    def look(self, picture: bytes, claim: str) -> Sight:
        del picture, claim
        self.looks += 1
        if not self.said:
            raise ModelUnavailable("the model does not answer")
        return self.said.pop(0)


def checker(seer: Seer) -> VisualChecker:
    return VisualChecker(RuleChecker(FakeTextEncoder()), seer, lambda key: png())


def told(said: Sight, item: Numbered | None = None) -> Verdict:
    return checker(Seer(said)).check(claim(), [item or picture()])


def test_without_a_model_that_sees_a_claim_about_a_picture_is_not_checkable() -> None:
    verdict = RuleChecker(FakeTextEncoder()).check(claim(), [picture()])
    assert verdict.label is Label.NOT_CHECKABLE


def test_a_model_that_sees_it_supports_and_the_verdict_says_that_a_model_looked() -> None:
    verdict = told(Sight(shows="yes", seen="a line rising to 55"))
    assert (verdict.label, verdict.probability) == (Label.SUPPORTED, SEEN)
    assert verdict.supports == (element_id(SOURCE, 1),)
    assert verdict.reason.startswith("A model looked at the picture")
    assert "a line rising to 55" in verdict.reason


def test_a_model_that_sees_otherwise_contradicts_and_one_that_cannot_tell_changes_nothing() -> None:
    assert told(Sight(shows="no")).label is Label.CONTRADICTED
    unsure = told(Sight(shows="cannot tell"))
    assert unsure.label is Label.NOT_CHECKABLE
    assert "cannot tell" in unsure.reason


def test_a_model_that_does_not_answer_changes_no_verdict() -> None:
    verdict = checker(Seer()).check(claim(), [picture()])
    assert verdict.label is Label.NOT_CHECKABLE
    assert "did not answer" in verdict.reason


def test_a_picture_is_looked_at_once_for_a_claim() -> None:
    seer = Seer(Sight(shows="yes"))
    both = checker(seer)
    assert both.check(claim(), [picture()]) == both.check(claim(), [picture()])
    assert seer.looks == 1


def test_a_false_caption_never_supports_and_the_picture_itself_is_what_counts() -> None:
    caption = picture("The line rises to 55 litres at ten knots.", How.MACHINE_CAPTION)
    alone = RuleChecker(FakeTextEncoder()).check(claim(), [caption])
    assert alone.label is not Label.SUPPORTED
    assert told(Sight(shows="no"), caption).label is Label.CONTRADICTED
    assert told(Sight(shows="cannot tell"), caption).label is not Label.SUPPORTED


def test_text_that_bears_a_claim_out_needs_no_look() -> None:
    seer = Seer()
    words = picture("The line rises to 55 litres at ten knots.")
    assert checker(seer).check(claim(), [words]).label is Label.SUPPORTED
    assert seer.looks == 0


@pytest.mark.parametrize(
    "text", ["The report does not mention it [1].", "It cites what is not there [7]."]
)
def test_absence_and_invented_citations_need_no_look(text: str) -> None:
    seer = Seer(Sight(shows="yes"))
    cites = (7,) if "[7]" in text else (1,)
    asked = Claim(text=text[:-5], start=0, end=len(text), cites=cites)
    assert checker(seer).check(asked, [picture()]).label is not Label.SUPPORTED
    assert seer.looks == 0


@pytest.mark.parametrize(
    ("said", "shows"),
    [
        ('{"shows": "yes", "seen": "two  bars"}', "yes"),
        ('```json\n{"shows": "no"}\n```', "no"),
        ("Yes, it shows that.", "cannot tell"),
        ('{"shows": "maybe"}', "cannot tell"),
        ('{"shows": "yes"} {"shows": "no"}', "cannot tell"),
        ("{", "cannot tell"),
        ("", "cannot tell"),
    ],
)
def test_only_the_json_that_was_asked_for_counts(said: str, shows: str) -> None:
    assert sight(said).shows == shows


def test_the_picture_itself_goes_to_the_configured_server_and_no_caption_with_it() -> None:
    with seeing('{"shows": "yes", "seen": "a rising line"}') as server:
        judge = picture_judge(LiteLLMPictureJudge(model="openai/seer", api_base=server.url))
        assert judge is not None
        looking = VisualChecker(RuleChecker(FakeTextEncoder()), judge, lambda key: png())
        verdict = looking.check(claim(), [picture("A secret caption.", How.MACHINE_CAPTION)])
    assert verdict.label is Label.SUPPORTED
    [asked] = server.asked
    assert base64.b64encode(png()).decode() in str(asked["messages"])
    assert "secret caption" not in str(asked["messages"])
    assert "55 litres" in str(asked["messages"])
    assert asked["temperature"] == 0


def test_an_answer_records_that_and_how_a_model_looks() -> None:
    looking = checker(Seer())
    record = made_with(Settings(), FakeTextEncoder(), looking)
    assert record.checker == f"{RuleChecker(FakeTextEncoder()).id} + pictures-1/seer"
    assert SEEN in record.thresholds.values()


def test_pictures_leave_the_machine_only_where_that_was_said() -> None:
    assert picture_judge(NoPictureJudge()) is None
    away = picture_judge(LiteLLMPictureJudge(model="openai/gpt-4o"))
    assert away is not None
    with pytest.raises(Withheld):
        away.look(b"png", "it is red")
