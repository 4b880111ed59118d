"""How much memory ingestion takes: the proportional set size of the whole process tree."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import perf_counter, sleep

from PIL import Image

from evals.results import Result, measured, missing
from evals.speed.reading import longest_pdf
from evals.suites import Context

EVERY_S = 0.25
MAIN = "from serving.cli import main; main()"
SUITE, DATASET = "speed", "memory"
SCANS = 184
"""Pages of the scan."""
_DPI = 100
"""At which a form of FUNSD is a page of common size."""


def measure(context: Context) -> Iterator[Result]:
    """Ingest the longest filing, then a long scan, by the command line, and watch the tree."""
    pdf = longest_pdf(context.dataset("financebench"))
    if pdf is None:
        yield missing(SUITE, DATASET, "ingest_peak_pss_mib", "no folder financebench in --data")
    else:
        yield from _ingested(context, pdf, "ingest", 1)
    if context.out_of_time:
        yield missing(SUITE, DATASET, "scan_peak_pss_mib", "the time budget was spent", "partial")
        return
    pictures = _page_pictures(context)
    if not pictures:
        yield missing(SUITE, DATASET, "scan_peak_pss_mib", "no folder funsd or sroie in --data")
        return
    pages = min(SCANS, context.limit or SCANS)
    scan = context.scratch / f"scan-{pages}.pdf"
    write_scan(scan, pictures, pages)
    yield from _ingested(context, scan, "scan", pages)


def write_scan(pdf: Path, pictures: Sequence[Path], pages: int) -> None:
    """A PDF of page pictures without any text layer, from the beginning again where they end."""
    first, *others = (pictures[number % len(pictures)] for number in range(pages))

    def opened(path: Path) -> Image.Image:
        with Image.open(path) as picture:
            return picture.convert("RGB")

    following = (opened(path) for path in others)
    opened(first).save(pdf, "PDF", save_all=True, append_images=following, resolution=_DPI)


def _page_pictures(context: Context) -> list[Path]:
    folders = (context.dataset(name) for name in ("funsd", "sroie"))
    found = (path for folder in folders if folder for path in sorted(folder.rglob("*")))
    return [path for path in found if path.suffix.lower() in {".png", ".jpg", ".jpeg"}]


def _ingested(context: Context, pdf: Path, name: str, pages: int) -> Iterator[Result]:
    """Peak of the tree and seconds, as `<name>_…`."""
    command = [sys.executable, "-c", MAIN, "ingest", str(pdf), "--json"]
    environment = {
        "PATH": "/usr/bin:/bin",
        "PINCITE_DATA_DIR": str(context.scratch / f"library-{name}"),
        "PINCITE_MODELS__DIR": str(context.settings.models.dir),
        "PINCITE_CHAT__KIND": "none",
    }
    began = perf_counter()
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as process:
        peak = _peak_kib(process)
    if process.returncode != 0:
        reason = f"pincite ingest ended with {process.returncode}"
        yield missing(SUITE, DATASET, f"{name}_peak_pss_mib", reason, status="failed")
        return
    shared = {"n": pages, "n_total": pages, "higher_is_better": False}
    seconds = perf_counter() - began
    yield measured(SUITE, DATASET, f"{name}_peak_pss_mib", peak / 1024, unit="MiB", **shared)
    yield measured(SUITE, DATASET, f"{name}_seconds", seconds, unit="s", **shared)


def _peak_kib(process: subprocess.Popen[bytes]) -> int:
    peak = 0
    while process.poll() is None:
        peak = max(peak, sum(map(_pss_kib, _tree(process.pid))))
        sleep(EVERY_S)
    return peak


def _tree(root: int) -> list[int]:
    """A process and all that descend from it."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
        children.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    tree = [root]
    for pid in tree:
        tree += children.get(pid, [])
    return tree


def _pss_kib(pid: int) -> int:
    """Proportional set size; 0 for a process that is gone."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
