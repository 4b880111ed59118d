"""What is said where the rule of a collection keeps its text on this machine."""

from __future__ import annotations

from collections.abc import Iterable

from agent.services import AgentServices
from pincite.egress import Allowed
from pincite.models.ports import ChatModel


def held_back(services: AgentServices, allowed: Allowed, chat: ChatModel | None) -> str:
    """Which configured models are not asked, and why, as sentences; `chat` answers."""
    told: list[str] = []
    wanted = services.chat
    if wanted is not None and not allowed.permits(wanted.endpoint):
        who = f"{chat.name} answers" if chat else "Quotes are the answer"
        told.append(f"{who}, as {allowed.why_not(wanted.endpoint)}.")
    left_out = [each for each in services.elsewhere if not allowed.permits(each.endpoint)]
    for endpoint in dict.fromkeys(each.endpoint for each in left_out):
        what = _joined(each.what for each in left_out if each.endpoint == endpoint)
        told.append(f"Left out: {what}, as {allowed.why_not(endpoint)}.")
    return " ".join(told)


def _joined(names: Iterable[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
