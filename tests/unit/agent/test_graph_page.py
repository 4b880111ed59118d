"""The picture of the graph in the documentation, and what LangGraph's own tools open."""

from __future__ import annotations

import json
import re
from importlib import import_module
from pathlib import Path

from agent.graph import drawn

ROOT = Path(__file__).parents[3]
_EDGE = re.compile(r"^\s*(\w+) (-->|-\.->) (\w+);$", re.MULTILINE)


def test_the_page_shows_the_graph_as_it_is() -> None:
    page = (ROOT / "docs" / "agent.md").read_text(encoding="utf-8")
    assert set(_EDGE.findall(page)) == set(_EDGE.findall(drawn().get_graph().draw_mermaid()))


def test_the_file_for_the_tools_names_a_graph() -> None:
    told = json.loads((ROOT / "langgraph.json").read_text(encoding="utf-8"))
    path, _, name = told["graphs"]["answer"].partition(":")
    module = import_module(path.removeprefix("./").removesuffix(".py").replace("/", "."))
    assert getattr(module, name)().name == "answer"
