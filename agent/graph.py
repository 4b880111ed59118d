"""The graph: what follows what.

understand → draw, where the question asks for a picture
    ↓          ↓
    ↓ ←──── what else is asked
  recall → exhaust → end, where every file is asked
                │        ↓ none of the kind
                ├──→ gather, by a model that calls tools → quote
                └──→ retrieve → enough? → quote → look → write → check → end
                        ↑         │                               │
                      refine ←────┤                               ↓
                                  └─────────────────────────→  refuse
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import Any, Final

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime

from agent.nodes.draw import asks, draw, onwards
from agent.nodes.end import check, end, refuse
from agent.nodes.exhaust import exhaust
from agent.nodes.gather import gather, gathered, way_on, way_out
from agent.nodes.look import look
from agent.nodes.quote import quote
from agent.nodes.recall import recall
from agent.nodes.refine import refine
from agent.nodes.retrieve import enough, retrieve
from agent.nodes.understand import understand
from agent.nodes.write import write
from agent.run import Run
from agent.state import Change, State

AnswerGraph = CompiledStateGraph[State, Run, State, State]
NodeRuntime = Runtime[Run]
Node = Callable[[State, NodeRuntime], Awaitable[Change]]
NODES: Final[tuple[Node, ...]] = (
    *(understand, draw, recall, exhaust, gather, retrieve, refine, quote, look, write, end, refuse),
)


@lru_cache(maxsize=4)
def build_graph(
    memory: BaseCheckpointSaver[Any] | None = None, nodes: tuple[Node, ...] = NODES
) -> AnswerGraph:
    """With `memory` conversations are remembered, without it every question stands alone.

    `nodes` may have others of the same names: so it is measured what each is worth.
    """
    graph = StateGraph(State, context_schema=Run)
    for node in nodes:
        graph.add_node(node.__name__, node)  # pyright: ignore[reportUnknownMemberType, reportArgumentType]
    graph.add_edge(START, "understand")
    graph.add_conditional_edges("understand", asks)
    graph.add_conditional_edges("draw", onwards)
    graph.add_conditional_edges("recall", way_on)
    graph.add_conditional_edges("exhaust", way_out)
    graph.add_conditional_edges("gather", gathered)
    graph.add_conditional_edges("retrieve", enough)
    graph.add_edge("refine", "retrieve")
    graph.add_edge("quote", "look")
    graph.add_edge("look", "write")
    graph.add_conditional_edges("write", check)
    graph.add_edge("end", END)
    graph.add_edge("refuse", END)
    return graph.compile(checkpointer=memory, name="answer")  # pyright: ignore[reportUnknownMemberType]


def drawn() -> AnswerGraph:
    """For LangGraph's own tools, which find it by `langgraph.json`: to be looked at.

    To run it needs a `Run` as its context, which the composition root makes.
    """
    return build_graph()
