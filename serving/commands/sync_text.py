"""What a synchronisation is about to do, as lines of a terminal."""

from __future__ import annotations

from rich.text import Text

from serving.sync.plan import Kind, Plan, Step
from serving.terminal import console, one_line

_MARKS: dict[Kind, tuple[str, str, str]] = {
    "add": ("+", "green", "new"),
    "change": ("~", "cyan", "changed"),
    "move": (">", "cyan", "moved"),
    "regrant": ("@", "yellow", "other readers"),
    "delete": ("-", "bold red", "gone"),
}
_MOST_LINES = 40


def show_plan(plan: Plan, *, dry_run: bool) -> None:
    """A line for each file that changes, but for very many, and one that counts."""
    shown = [step for step in plan.steps if step.kind in _MARKS]
    for step in shown[:_MOST_LINES]:
        console().print(_line(step), soft_wrap=True)
    if len(shown) > _MOST_LINES:
        console().print(Text(f"… and {len(shown) - _MOST_LINES} more"))
    counts = [f"{len(plan.of(kind))} {_MARKS[kind][2]}" for kind in _MARKS if plan.of(kind)]
    counts.append(f"{plan.unchanged + len(plan.of('touch'))} unchanged")
    if plan.refused:
        counts.append(f"{len(plan.refused)} unchanged, still refused")
        for one in plan.refused[:_MOST_LINES]:
            why = one_line(one.why)
            console().print(Text.assemble(("!", "yellow"), f" {why}"), soft_wrap=True)
    if plan.left_out:
        counts.append(f"{len(plan.left_out)} left out, as no rule names their readers")
    console().print(Text(f"{', '.join(counts)}.{' Nothing was changed.' if dry_run else ''}"))


def _line(step: Step) -> Text:
    mark, style, _ = _MARKS[step.kind]
    source = f"  (was {one_line(step.before[-1].origin)})" if step.kind == "move" else ""
    return Text.assemble((mark, style), f" {one_line(step.path)}{source}")
