"""Which claims of a real answer are right, which are wrong, and which nobody can tell from gold."""

from __future__ import annotations

import re
from typing import Final

from evals.asking import Dealt, Reply, ToldClaim
from evals.datasets.answerable import Answerable
from evals.scorers.answers import figures, is_right, share_told
from pincite.answers import Label

ON_TOPIC: Final = 0.5
"""Share of the question's telling words from which a claim is taken for a reply to it."""
_DENYING: Final = re.compile(r"\b(?:not?|never|none|nothing|neither|nor)\b|n't\b", re.IGNORECASE)


def truth(asked: Answerable, reply: Reply, claim: ToldClaim) -> bool | None:
    """True for a claim that tells the gold answer, or an item of it.

    False, in an answer that is not right, for a claim that replies to the question with something
    else: a fragment, or a sentence with at least `ON_TOPIC` of the question's words, which has a
    figure where the gold has one and denies nothing. What stands so in the source is not false,
    whatever was asked: None, as for all others.
    """
    said = claim.text.removeprefix(asked.question)
    if any(is_right(_item(asked, item), said) for item in asked.answers):
        return True
    if claim.is_quote or is_right(asked, reply.text) or _DENYING.search(said):
        return None
    has_figure = bool(figures(said)) or not any(figures(gold) for gold in asked.answers)
    replies = said != claim.text or share_told(asked.question, "", said) >= ON_TOPIC
    return False if replies and has_figure else None


def is_joint(dealt: Dealt) -> bool:
    """Whether the answer is right, and what tells it is supported and points at a gold page."""
    asked, reply = dealt.asked, dealt.reply
    if reply is None or not is_right(asked, reply.text):
        return False
    telling = [claim for claim in reply.claims if truth(asked, reply, claim)] or reply.claims
    return any(
        claim.label is Label.SUPPORTED and asked.gold & set(claim.cites) for claim in telling
    )


def _item(asked: Answerable, item: str) -> Answerable:
    return asked.model_copy(update={"answers": (item,)})
