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
ARTICLES: Final = 40
"""Questions of SQuAD, and at most so many articles, which `qa` alone asks about."""
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
    return found._replace(everything=[_with_texts(each, texts) for each in found.everything])


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
    """Among the articles of the sample, as text files."""
    articles, everything = squad.read_answers(folder)
    asked = context.sample(everything, lambda each: each.id, ARTICLES)
    titles = {page.file for each in asked for page in each.gold}
    wanted = [article for article in articles if article.title in titles]
    files = written(wanted, (context.shared.folder or context.scratch) / "articles")
    return AskedSet(squad.NAME, files, asked, len(everything))


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
