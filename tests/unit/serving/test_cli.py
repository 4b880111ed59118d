"""The command line over a running (scripted) service: exact output, exit codes, no escapes."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Generator
from pathlib import Path
from typing import NamedTuple

import pytest

from pincite import errors
from pincite.answers import Answered, Label
from serving.cli import main
from serving.exit_codes import CODES, code_of
from serving.owner import owning
from serving.terminal import console, one_line, plain
from tests.unit.serving.live import Live, live
from tests.unit.serving.scripted import ScriptedService, searched
from tests.unit.serving.scripted_library import (
    ANSWER,
    FALSE_DRAFT,
    LIE,
    REFUSAL,
    sentence,
)

EVIL = "a\x1b[31mred\x1b]0;owned\x07\x9b2J\u202egnp.exe\rb"


class Ran(NamedTuple):
    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    def run(*args: str) -> Ran:
        monkeypatch.setattr(sys, "argv", ["pincite", *args])
        console.cache_clear()
        code = 0
        try:
            main()
        except SystemExit as exc:
            code = exc.code if isinstance(exc.code, int) else 0
        out, err = capsys.readouterr()
        return Ran(code, out, err)

    monkeypatch.setenv("NO_COLOR", "1")
    return run


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "library"
    monkeypatch.setenv("PINCITE_DATA_DIR", str(folder))
    return folder


@pytest.fixture
def running(service: ScriptedService, library: Path) -> Generator[Live]:
    with live(service, library) as here:
        yield here


@pytest.mark.usefixtures("running")
def test_an_answer_shows_quotes_then_checked_sentences_with_verdicts_and_places(run: Run) -> None:
    ran = run("ask", "When did the harbour open?")
    assert ran.code == 0
    assert ran.out == (
        "Quotes\n"
        "  “The harbour opened in 1872 after four years of work.” harbour report.pdf p. 3\n"
        "\n"
        "Answer\n"
        "  ✓ The harbour opened in 1872 [1].\n"
        "  ✗ The crane lifts 900 tonnes.\n"
        "    contradicted: The recording says 40 tonnes, the sentence 900.\n"
        "  ✓ Its mole is 310 metres long [3].\n"
        "\n"
        "  [1] harbour report.pdf p. 3\n"
        "  [2] call.wav 0:02–0:04 (read with 91% confidence)\n"
        "  [3] notes.md\n"
        "searched 2 of 3 files (13 of 14 pages, 1 failed) · small local model scripted · "
        "210 + 41 tokens · 2.4 s\n"
        "to keep it: pincite dossier a1\n"
    )


@pytest.mark.usefixtures("running")
def test_a_draft_never_reaches_a_terminal(run: Run) -> None:
    for args in (["ask", "When?"], ["ask", "When?", "--json"]):
        ran = run(*args)
        assert FALSE_DRAFT not in ran.out
    events = [json.loads(line) for line in ran.out.splitlines()]
    kinds = [event["kind"] for event in events]
    assert kinds == ["searched", "quotes", "reading", "revised", "checked", "checked", "answer"]
    lie = next(e for e in events if e.get("sentence", {}).get("text") == LIE)
    assert lie["sentence"]["claims"][0]["verdict"]["label"] == "contradicted"


@pytest.mark.usefixtures("running")
def test_a_refusal_says_what_was_searched_and_the_nearest_things(
    run: Run, service: ScriptedService
) -> None:
    service.answer_given = REFUSAL
    ran = run("ask", "Who paid?")
    assert ran.code == 0
    assert ran.out == (
        "No answer  The library does not say who paid.\n"
        "  Looked for “who paid”, “harbour funding”.\n"
        "  The nearest things found, which do not answer it:\n"
        "  [1] harbour report.pdf p. 3\n"
        "searched 2 of 3 files (13 of 14 pages, 1 failed) · 0.3 s\n"
        "to keep it: pincite dossier a2\n"
    )


@pytest.mark.usefixtures("running")
def test_text_of_documents_and_models_sends_no_escapes(run: Run, service: ScriptedService) -> None:
    bad = sentence(1, EVIL, Label.UNSUPPORTED, reason=EVIL)
    citation = ANSWER.citations[0].model_copy(update={"source_name": EVIL, "quote": EVIL})
    quote = ANSWER.quotes[0].model_copy(update={"text": EVIL, "citation": citation})
    service.answer_given = Answered.model_validate(
        {
            **ANSWER.model_dump(),
            "sentences": (bad.model_dump(),),
            "quotes": (quote.model_dump(),),
            "citations": (citation.model_dump(),),
        }
    )
    for args in (["ask", "x"], ["ask", "x", "--json"]):
        ran = run(*args)
        assert ran.code == 0
        assert not set("\x1b\x07\x9b\r") & set(ran.out)
    assert "\u202e" not in run("ask", "x").out


@pytest.mark.usefixtures("running")
def test_ingestion_ends_with_what_became_of_each_file(run: Run, tmp_path: Path) -> None:
    (tmp_path / "report.pdf").write_bytes(b"%PDF")
    ran = run("ingest", str(tmp_path / "report.pdf"), "-c", "legal")
    assert ran.code == 0
    assert "report.pdf" in ran.out
    assert "1 of 1 files are in the library." in ran.out


@pytest.mark.usefixtures("running")
def test_sources_are_listed_shown_and_deleted(run: Run, service: ScriptedService) -> None:
    listed = run("sources", "list")
    assert "harbour report.pdf" in listed.out
    assert "11 of 12 pages, 1 failed" in listed.out
    shown = run("sources", "show", "s1")
    assert "the page is damaged" in shown.out
    deleted = run("sources", "delete", "s1", "--now")
    assert deleted.out == "Deleted s1.\n"
    assert ("delete", ("s1", True)) in service.heard
    gone = run("sources", "show", "s1")
    assert gone.code == 3
    assert gone.err == "pincite: there is no source s1\n"
    assert gone.out == ""


@pytest.mark.usefixtures("running")
def test_search_shows_places_and_json_lines(run: Run) -> None:
    ran = run("search", "harbour")
    assert ran.out.splitlines() == [
        "Understood: only harbour report.pdf.",
        " 1  harbour report.pdf  p. 3 at (72, 120)–(523, 160) pt  0.0300  dense, words",
        "    The harbour opened in 1872 after four years of work.",
    ]
    ran = run("search", "harbour", "--json")
    lines = ran.out.splitlines()
    assert [json.loads(line)["source"]["name"] for line in lines] == ["harbour report.pdf"]
    assert ran.err == "pincite: Understood: only harbour report.pdf.\n"


@pytest.mark.usefixtures("running")
def test_search_takes_filters(run: Run, service: ScriptedService) -> None:
    run("search", "harbour", "--filter", "kind=table", "-f", "pages=3-5", "-c", "legal")
    query, scope, _ = searched(service)
    assert query.filters == (("kind", "table"), ("pages", "3-5"))
    assert scope.collections == {"legal"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([""], "there is nothing to search for; give a question, a recording or a picture"),
        (["  "], "there is nothing to search for; give a question, a recording or a picture"),
        ([], "there is nothing to search for; give a question, a recording or a picture"),
        (
            ["pump " * 10_000],
            "the question has 49,999 characters, and at most 4,000 are searched for; "
            "shorten it, or add the text as a file",
        ),
        (["x", "-f", "table"], "'table' is no filter; write it as KEY=VALUE, such as kind=table"),
        (["x", "--audio", "/nowhere/a.wav"], "/nowhere/a.wav is no file"),
    ],
)
def test_what_cannot_be_searched_for_is_said_at_once(run: Run, words: list[str], said: str) -> None:
    ran = run("search", *words)
    assert (ran.code, ran.out, ran.err) == (3, "", f"pincite: {said}\n")


@pytest.mark.parametrize("cls", CODES)
def test_every_class_of_error_has_its_exit_code(
    run: Run, service: ScriptedService, library: Path, cls: type[errors.PinciteError]
) -> None:
    service.error = cls("one sentence\x1b[2J")
    with live(service, library):
        ran = run("search", "x")
    assert ran.code == CODES[cls]
    assert ran.err == "pincite: one sentence[2J\n"
    assert ran.out == ""


def test_a_subclass_has_the_code_of_its_class() -> None:
    assert code_of(errors.MissingModel("chat", "qwen")) == 4
    assert code_of(errors.PasswordNeeded("locked")) == 6


def test_a_folder_owned_by_another_command_is_one_sentence(run: Run, library: Path) -> None:
    with owning(library, "pincite ingest"):
        ran = run("ask", "x")
    assert ran.code == 4
    assert "in use by `pincite ingest` (process" in ran.err
    assert ran.err.count("\n") == 1


def test_wrong_usage_and_unknown_settings_are_told_apart(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("ask").code == 2
    assert run("nonsense").code == 2
    monkeypatch.setenv("PINCITE_NONSENSE", "1")
    ran = run("ask", "x")
    assert ran.code == 4
    assert "PINCITE_NONSENSE" in ran.err


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; sys.argv = ['pincite', '--help']\n"
        "from serving.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'fastapi', 'uvicorn', 'httpx', 'numpy', 'pydantic', 'rich.console', 'langgraph', "
        "'litellm', 'onnxruntime', 'qdrant_client', 'PIL'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        capture_output=True,
        cwd=Path(__file__).parents[3],
    )


def test_lines_lose_what_could_move_a_cursor() -> None:
    assert one_line(EVIL) == "a[31mred]0;owned2Jgnp.exeb"
    assert plain("two\nlines\tkept") == "two\nlines\tkept"
    assert one_line("a  b\n\nc", most=4) == "a b…"


@pytest.mark.usefixtures("running")
def test_reading_is_stopped_and_taken_up_again(run: Run, service: ScriptedService) -> None:
    stopped = run("sources", "stop", "s1")
    assert stopped.out == "Stopped s1; to go on: pincite sources retry s1\n"
    again = run("sources", "retry", "s1")
    assert again.code == 0
    assert "harbour report.pdf" in again.out
    assert [what for what in service.heard if what[0] in {"stop", "retry"}] == [
        ("stop", "s1"),
        ("retry", "s1"),
    ]
    assert run("sources", "retry", "nonsense").code == 3


@pytest.mark.usefixtures("running")
def test_a_synchronisation_says_what_it_would_do(
    run: Run, service: ScriptedService, tmp_path: Path
) -> None:
    papers = tmp_path / "papers"
    papers.mkdir()
    (papers / "new.txt").write_text("A new page.", encoding="utf-8")
    dry = run("sync", str(papers), "--dry-run")
    assert dry.code == 0
    assert dry.out == (
        "+ new.txt\n- /papers/call.wav\n- /papers/harbour report.pdf\n"
        "1 new, 2 gone, 0 unchanged. Nothing was changed.\n"
    )
    assert not service.uploaded
    refused = run("sync", str(papers))
    assert refused.code == 3
    assert "--allow-deletes" in refused.err
    assert not service.uploaded
    allowed = run("sync", str(papers), "--allow-deletes")
    assert allowed.code == 0
    assert service.uploaded == [("new.txt", b"A new page.")]
    assert [what for what, _ in service.heard].count("displace") == 2
    assert run("sync", str(tmp_path / "nowhere")).code == 3


@pytest.mark.usefixtures("running")
def test_missing_pages_and_near_copies_are_reported(run: Run) -> None:
    checked = run("sources", "check")
    assert checked.code == 1
    assert checked.out == (
        "✗ harbour report.pdf, 7: 4 elements were read, 0 are kept\n3 files, 14 units: 1 loss.\n"
    )
    copies = run("sources", "duplicates")
    assert copies.out == (
        "91% alike   s1  harbour report.pdf (/papers/harbour report.pdf)\n"
        "            s3  notes.md (/papers/notes.md)\n"
    )
    assert json.loads(run("sources", "duplicates", "--json").out)["share"] == 0.91


def test_a_sample_is_read_without_a_library_and_nothing_is_kept(
    run: Run, library: Path, tmp_path: Path
) -> None:
    papers = tmp_path / "papers"
    papers.mkdir()
    for number in range(3):
        (papers / f"{number}.txt").write_text(f"Paragraph {number}.", encoding="utf-8")
    looked = run("ingest", str(papers), "--sample", "2")
    assert looked.code == 0
    assert looked.out.count("text layer") == 2
    assert (
        "3 files (3 text) with about 3 pages: some 0:00 to read. Nothing was added." in looked.out
    )
    assert not library.exists()


# --- extract -------------------------------------------------------------------------------------


@pytest.mark.usefixtures("running")
def test_a_table_over_all_files_shows_what_is_missing(run: Run) -> None:
    ran = run("extract", "--column", "opened", "--column", "total:amount")
    assert ran.code == 0
    assert "✓ =1872" in ran.out
    assert "call.wav: not in the table, it is no sound." in ran.out
    assert "No total in 1 files: harbour report.pdf." in ran.out


@pytest.mark.usefixtures("running")
def test_a_table_is_written_by_its_ending(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "table.csv"
    ran = run("extract", "--column", "opened", "--out", str(out))
    assert f"Wrote 1 rows to {out}" in " ".join(ran.out.split())
    assert "'=1872" in out.read_text(encoding="utf-8-sig")
    assert [path.name for path in tmp_path.glob("*.part")] == []
    assert run("extract", "--column", "opened", "--out", "table.doc").code == 3


def test_a_column_that_is_none_is_refused_with_the_way_to_write_it(run: Run) -> None:
    ran = run("extract", "--column", "total:money")
    assert (ran.code, "NAME:KIND" in ran.err) == (3, True)
    assert run("extract", "--column", "a", "--column", "A").code == 3
