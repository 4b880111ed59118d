"""The questions of the suites about answers, with the files that answer them: one library for all.

A set is a collection. Questions of FinanceBench, receipts and recordings are asked of all files of
their set; those of MMLongBench-Doc, as that set has it, and of forms of the file they are about.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from evals.datasets import financebench, funsd, icdar2013, mmlongbench_doc, speech, squad, sroie
from evals.datasets.answerable import Answerable
from evals.datasets.made_questions import of_clips, of_forms, of_receipts
from evals.datasets.posed import chooses
from evals.page_library import written
from evals.plain_search import Texts, page_texts
from evals.suites import Context

STANDARD: Final = {
    "financebench": 32,
    "mmlongbench_doc": 44,
    "sroie": 26,
    "funsd": 22,
    "speech": 20,
}
"""Questions in the standard profile: 144, as a local model takes some ten seconds for each."""
OPEN: Final = 20
"""Questions of SQuAD with an answer, and as many without, which `qa` alone asks."""
UNANSWERABLE: Final = 10
"""Questions of MMLongBench-Doc without an answer, which `qa` alone asks."""
TABLES: Final = "icdar2013_tables"
"""Asked nothing; claims are made of its cells."""


class AskedSet(NamedTuple):
    name: str
    """Of its folder, and of its collection."""
    files: Sequence[Path]
    asked: Sequence[Answerable]
    """In the order of the sample."""
    total: int
    """Questions that there are."""
    receipts: Sequence[sroie.Receipt] = ()
    forms: Sequence[funsd.Form] = ()
    clips: Sequence[speech.Clip] = ()
    tables: Sequence[icdar2013.TableDocument] = ()
    everything: Sequence[Answerable] = ()
    """All questions about files of this sample, asked or not."""
    unanswerable: Sequence[Answerable] = ()
    """Asked by `qa` alone, of the same files."""
    unanswerable_total: int = 0


def asked_set(context: Context, name: str) -> AskedSet | None:
    """None where its folder is missing, or nothing in it can be asked."""
    folder = context.dataset(name)
    found = _MAKE[name](context, folder) if folder else None
    return found if found and found.files else None


def _of_pages(
    context: Context, name: str, there: Sequence[Path], everything: Sequence[Answerable]
) -> AskedSet:
    """With the files of the sample only: the others would take long to read."""
    asked = context.sample(everything, lambda each: each.id, STANDARD[name])
    wanted = {page.file for each in asked for page in each.gold}
    files = [file for file in there if file.name in wanted]
    about = [each for each in everything if {page.file for page in each.gold} <= wanted]
    return AskedSet(name, files, asked, len(everything), everything=about)


def _financebench(context: Context, folder: Path) -> AskedSet:
    everything = financebench.read_answers(folder)
    return _of_pages(context, financebench.NAME, financebench.files(folder), everything)


def _mmlongbench(context: Context, folder: Path) -> AskedSet:
    everything = mmlongbench_doc.read_answers(folder)
    files = mmlongbench_doc.files(folder)
    found = _of_pages(context, mmlongbench_doc.NAME, files, everything)
    texts = {page: text for file in found.files for page, text in page_texts(file).items()}
    none = mmlongbench_doc.read_unanswerable(folder)
    there = {file.name for file in found.files}
    about = [each for each in none if each.about in there]
    return found._replace(
        everything=[_with_texts(each, texts) for each in found.everything],
        unanswerable=context.sample(about, lambda each: each.id, UNANSWERABLE),
        unanswerable_total=len(none),
    )


def _with_texts(asked: Answerable, texts: Texts) -> Answerable:
    """The set has none of its own: those of its pages, as PDFium gives them."""
    evidence = "\n".join(texts.get(page, "") for page in sorted(asked.gold))
    return asked.model_copy(update={"evidence": evidence})


def _sroie(context: Context, folder: Path) -> AskedSet:
    there = [receipt for receipt in sroie.read(folder) if receipt.fields]
    receipts = context.sample(there, lambda each: each.id, STANDARD["sroie"])
    files = [receipt.image for receipt in receipts]
    return AskedSet("sroie", files, of_receipts(receipts), len(there), receipts=receipts)


def _funsd(context: Context, folder: Path) -> AskedSet:
    forms = context.sample(funsd.read(folder), lambda each: each.id, STANDARD["funsd"])
    by_form = of_forms(forms)
    asked = context.sample(by_form, lambda each: each.id, STANDARD["funsd"])
    return AskedSet("funsd", [form.image for form in forms], asked, len(by_form), forms=forms)


def _speech(context: Context, folder: Path) -> AskedSet:
    clips = list(speech.read(folder))
    everything = of_clips(clips)
    asked = context.sample(everything, lambda each: each.id, STANDARD["speech"])
    files = [clip.audio for clip in clips]
    return AskedSet("speech", files, asked, len(everything), clips=clips)


def _squad(context: Context, folder: Path) -> AskedSet:
    """All articles as text files; those are asked about on which nothing was chosen."""
    articles, every = _open_questions(folder)
    measured = [each for each in every if not chooses(each.group)]
    parts = [[each for each in measured if each.is_answerable is kind] for kind in (True, False)]
    asked, none = (context.sample(part, lambda each: each.id, OPEN) for part in parts)
    files = written(articles, (context.shared.folder or context.scratch) / "articles")
    return AskedSet(
        squad.NAME,
        files if asked or none else [],
        asked,
        len(parts[0]),
        unanswerable=none,
        unanswerable_total=len(parts[1]),
    )


def _open_questions(folder: Path) -> tuple[list[squad.Article], list[Answerable]]:
    """Of version 2.0; without it of 1.1, all of which have an answer."""
    if any(folder.glob("dev-v2*.json")):
        return squad.read_open(folder)
    return squad.read_answers(folder)


def _tables(context: Context, folder: Path) -> AskedSet:
    there = icdar2013.load(folder)
    documents = context.sample(there, lambda each: each.name, len(there))
    return AskedSet(TABLES, [each.path for each in documents], (), 0, tables=documents)


_MAKE: Final[dict[str, Callable[[Context, Path], AskedSet]]] = {
    "financebench": _financebench,
    "mmlongbench_doc": _mmlongbench,
    "sroie": _sroie,
    "funsd": _funsd,
    "speech": _speech,
    squad.NAME: _squad,
    TABLES: _tables,
}
