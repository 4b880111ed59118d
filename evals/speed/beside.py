"""Pages with a text layer a second, of one filing: ours and other programs, ten pages in turn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from time import perf_counter

from evals.datasets.pdfs import PAGES, Stretch, stretches
from evals.peers_parse import Peer, cut
from evals.results import PRODUCT, Result, measured, missing
from evals.shipped import reader_of
from evals.suites import Context
from pincite.errors import ParserFailed

SUITE, DATASET, METRIC = "parse", "financebench", "digital_pages_per_second"
_STRETCHES = 6
_LEFT_OUT = frozenset({"tesseract", "pymupdf4llm no margins"})
"""Peers that do not read the text layer, or do the same work as another."""


def measure(context: Context, peers: Sequence[Peer]) -> Iterator[Result]:
    """Of the first 60 pages of the first filing; opening the file counts."""
    chosen = _chosen(context)
    if not chosen:
        yield missing(SUITE, DATASET, METRIC, f"no filing under {DATASET} in --data")
        return
    systems = {PRODUCT: None, **{peer.name: peer for peer in peers if peer.name not in _LEFT_OUT}}
    seconds: dict[str, list[float]] = {system: [] for system in systems}
    for position, stretch in enumerate([chosen[0], *chosen]):
        if context.out_of_time:
            break
        with cut(stretch.file, range(stretch.pages[0], stretch.pages[-1] + 1)) as file:
            for system, peer in systems.items():
                taken = _ours(context, file) if peer is None else _theirs(peer, file)
                # The first is read twice, as models may load.
                if position and taken is not None:
                    seconds[system].append(taken)
    for system, found in seconds.items():
        yield _result(system, found, len(chosen))


def _chosen(context: Context) -> list[Stretch]:
    folder = context.dataset(DATASET)
    if folder is None:
        return []
    whole = [stretch for stretch in stretches(folder) if len(stretch.pages) == PAGES]
    return [stretch for stretch in whole if stretch.file == whole[0].file][
        : _STRETCHES if context.limit is None else min(context.limit, _STRETCHES)
    ]


def _ours(context: Context, file: Path) -> float:
    began = perf_counter()
    reader = reader_of(context, file)
    for unit in range(1, reader.outline(file).units + 1):
        reader.read(file, unit, slow=False)
    return perf_counter() - began


def _theirs(peer: Peer, file: Path) -> float | None:
    """None where the peer fails."""
    try:
        read = peer.read(file)
    except ParserFailed:
        return None
    return None if read.failed else read.seconds


def _result(system: str, seconds: Sequence[float], wanted: int) -> Result:
    if not seconds:
        gone = missing(SUITE, DATASET, METRIC, "no stretch of pages was read", "partial")
        return gone.model_copy(update={"system": system})
    cut_short = len(seconds) < wanted
    return measured(
        SUITE,
        DATASET,
        METRIC,
        len(seconds) * PAGES / sum(seconds),
        system=system,
        unit="pages/s",
        higher_is_better=True,
        n=len(seconds) * PAGES,
        n_total=wanted * PAGES,
        status="partial" if cut_short else "ok",
        reason=f"{wanted - len(seconds)} stretches of pages were not read" if cut_short else None,
    )
