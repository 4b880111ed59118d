"""Has a picture drawn, where the question itself asks for one. The picture is no evidence."""

from __future__ import annotations

from typing import Literal

from langgraph.runtime import Runtime

from agent.drawing import draw_picture
from agent.nodes.exhaust import way
from agent.nodes.gather import where_to
from agent.picture_requests import picture_asked
from agent.run import Run
from agent.state import Change, State
from pincite.answers import CheckedSentence, SentenceId


def asks(state: State) -> Literal["draw", "recall"]:
    """By the asker's own words of this turn, and by nothing else."""
    return "draw" if picture_asked(state["question"]) else "recall"


async def draw(state: State, runtime: Runtime[Run]) -> Change:
    """What else is asked goes on as the question; a model that calls tools is left to draw then."""
    run, asked = runtime.context, picture_asked(state["question"])
    if asked is None:
        return Change()
    run.asked = state["question"]
    if asked.rest and run.gathers and way(state) != "exhaust":
        run.to_draw = asked.prompt
        return Change(question=asked.rest)
    failed = await draw_picture(run, asked.prompt, runtime.stream_writer)
    if asked.rest:
        if failed is not None:
            run.tell(failed.said)
        return Change(question=asked.rest)
    if failed is not None:
        run.reason, run.refused_because = failed
        return Change(refusal=failed.reason.value)
    run.sentences = [CheckedSentence(id=SentenceId("s1"), text=_told(run))]
    return Change(labels=[sentence.label.value for sentence in run.sentences])


def _told(run: Run) -> str:
    [picture] = run.pictures
    return (
        f"Here is a picture of “{picture.prompt}”; {picture.model} generated it, "
        "and it is no evidence of anything."
    )


def onwards(
    state: State, runtime: Runtime[Run]
) -> Literal["end", "refuse", "exhaust", "gather", "retrieve"]:
    """A question that asks for more than a picture is answered as ever, and anew."""
    if state["refusal"]:
        return "refuse"
    if state["labels"]:
        return "end"
    return "exhaust" if way(state) == "exhaust" else where_to(state, runtime)
