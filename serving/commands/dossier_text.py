"""A replay as lines of a terminal; text of the dossier is untrusted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from serving.terminal import console, one_line

if TYPE_CHECKING:
    from serving.dossier.replay import Again, Replay


def show(replay: Replay) -> None:
    out = console()
    out.print(Text(one_line(replay.question, most=200), style="bold"))
    for damage in replay.damages:
        out.print(Text(f"✗ {one_line(damage)}", style="bold red"))
    if not replay.damages:
        out.print("✓ Every part of the file is as it was packed.")
    _show_claims(replay)
    _show_library(replay)
    told = "All as it was." if replay.is_same else "Something differs."
    out.print(Text(told, style="green" if replay.is_same else "bold red"))


def _show_claims(replay: Replay) -> None:
    out, differing = console(), replay.differing
    if not replay.claims:
        out.print("– It states nothing that could be judged anew.")
        return
    same = len(replay.claims) - len(differing)
    mark = "✗" if differing else "✓"
    out.print(f"{mark} {same} of {len(replay.claims)} verdicts come out the same.")
    computed = sum(again.by_figures for again in replay.claims)
    if computed:
        out.print(f"  {computed} of them were computed: only their figures were looked for.")
    for again in differing:
        out.print(Text(f"  {_differs(again)}", style="yellow"))
    then, now = one_line(replay.checker_then), one_line(replay.checker_now)
    if then != now:
        out.print(f"  The checker is another one: {then or 'not known'} then, {now} now.")
    if not replay.is_exact:
        out.print("  Not all evidence of then is in the dossier as it was; its page says which.")


def _differs(again: Again) -> str:
    claim = one_line(again.claim, most=120)
    return f"“{claim}”: {again.then} then, {again.now} now. {one_line(again.reason)}"


def _show_library(replay: Replay) -> None:
    out = console()
    if not replay.library:
        out.print("– There is no library on this machine to look for the sources in.")
        return
    for source in replay.sources:
        name = one_line(source.name, most=120)
        if source.source:
            out.print(f"✓ {name} is in this library, byte for byte: {one_line(source.source)}")
        else:
            out.print(f"– {name} is not in this library under the same hash.")
    for quote in replay.quotes:
        where = one_line(quote.where, most=120)
        told = "still stands at" if quote.stands else "is not any more what is read at"
        out.print(f"{'✓' if quote.stands else '✗'} The quote [{quote.number}] {told} {where}")
