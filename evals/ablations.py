"""The agent without one of its steps at a time: what is each worth?

Each way takes the product's own graph and services and puts something that does nothing in the
place of one step. An answer that was given before is never given again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import aclosing
from dataclasses import replace
from functools import partial
from typing import Any, Final, NamedTuple, cast

from agent.graph import NODES, Node, NodeRuntime, build_graph
from agent.nodes import quote as quoting
from agent.nodes import retrieve as retrieving
from agent.nodes import understand as understanding
from agent.nodes.quote import reading_tokens
from agent.run import Run
from agent.selection import LINE_TOKENS, Piece, citation, evidence_block
from agent.services import AgentServices
from agent.state import Change, State, opened
from evals.asking import Way
from evals.results import PRODUCT
from pincite.answers import Answer, Claim, Label, Verdict
from pincite.elements import Scope
from pincite.errors import ModelUnavailable
from pincite.events import Failed, Finished
from pincite.evidence import Evidence
from pincite.grounding.memory import remembering
from pincite.models.ports import Numbered
from serving.bootstrap import Services


class Without(NamedTuple):
    """What takes the place of a step."""

    node: Node | None = None
    services: Callable[[AgentServices], AgentServices] = lambda services: services


async def answered(without: Without, parts: Services, question: str, scope: Scope) -> Answer:
    """Raises ModelUnavailable where no answer came to its end."""
    own = parts.assistant.services
    settings = own.settings.model_copy(update={"recall": False})
    services = without.services(replace(own, settings=settings))
    run = Run(services=services, encoder=remembering(services.encoder), scope=scope)
    nodes = tuple(_instead(node, without.node) for node in NODES)
    # LangGraph's overloads name a type parameter that they leave open.
    graph = cast("Any", build_graph(None, nodes))
    stream = graph.astream(opened(question), {}, context=run, stream_mode="custom")
    last: object = None
    async with aclosing(stream):
        async for event in stream:
            last = event
    match last:
        case Finished(answer=answer):
            return answer
        case Failed(message=message):
            raise ModelUnavailable(message)
        case _:
            raise ModelUnavailable("the answer ended before it was complete")


def _instead(node: Node, other: Node | None) -> Node:
    return other if other is not None and other.__name__ == node.__name__ else node


# --- what takes the place of a step --------------------------------------------------------------


async def understand(state: State, runtime: NodeRuntime) -> Change:
    """The question as a whole, whatever it asks."""
    change = await understanding.understand(state, runtime)
    whole = change.get("understood", state["question"])
    return Change(understood=whole, queries=[whole])


async def retrieve(state: State, runtime: NodeRuntime) -> Change:
    """Goes on whatever was found, if anything was."""
    change = await retrieving.retrieve(state, runtime)
    found = bool(change.get("found"))
    return cast("Change", {**change, "enough": found})


async def quote(state: State, runtime: NodeRuntime) -> Change:
    """Gives the model whole elements in the order of the search, as far as they fit."""
    change = await quoting.quote(state, runtime)
    run, chat = runtime.context, runtime.context.chat
    if chat is None:
        return change
    evidence = await run.evidence_for(state["found"])
    tokens = reading_tokens(run, chat, state["question"])
    read = whole_pieces(evidence, tokens, chat.count_tokens)
    run.citations = tuple(citation(p.number, p.element, p.source, p.text) for p in read)
    run.evidence = tuple(
        Numbered(number=p.number, element=p.element, source_name=p.source.name) for p in read
    )
    run.block = evidence_block(read)
    return Change(numbered=[item.element.id for item in run.evidence])


def whole_pieces(
    found: Sequence[Evidence], tokens: int, count: Callable[[str], int]
) -> tuple[Piece, ...]:
    """Elements that were found, up to the first that does not fit; the first one in any case."""
    each = {
        element.id: (element, item.source)
        for item in found
        for element in item.elements
        if element.how.may_support and "hidden_text" not in element.flags
    }
    pieces: list[Piece] = []
    left = tokens
    for element, source in each.values():
        left -= count(element.text) + LINE_TOKENS
        if left < 0 and pieces:
            break
        pieces.append(Piece(len(pieces) + 1, element, source, element.text))
    return tuple(pieces)


class Believing:
    """Takes every claim for supported by all that it cites, or by the first piece."""

    id = "believing"

    def check(self, claim: Claim, evidence: Sequence[Numbered]) -> Verdict:
        cited = [item for item in evidence if item.number in claim.cites] or evidence[:1]
        return Verdict(
            label=Label.SUPPORTED,
            probability=1.0,
            supports=tuple(item.element.id for item in cited),
            reason="not checked",
        )


def _no_refining(services: AgentServices) -> AgentServices:
    return replace(services, settings=services.settings.model_copy(update={"refinements": 0}))


def _no_checking(services: AgentServices) -> AgentServices:
    return replace(services, checker=Believing())


def _no_tables(services: AgentServices) -> AgentServices:
    return replace(services, extractor=None)


_WITHOUT: Final = {
    "without sub-questions": Without(understand),
    "without another query": Without(services=_no_refining),
    "without the gate": Without(retrieve),
    "without choosing sentences": Without(quote),
    "without checking claims": Without(services=_no_checking),
    "without going through all files": Without(services=_no_tables),
}
ABLATIONS: Final = tuple(
    Way(f"{PRODUCT}, {name}", partial(answered, without)) for name, without in _WITHOUT.items()
)
