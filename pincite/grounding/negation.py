"""Whether two texts that share their words say the opposite of each other."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from pincite.grounding.words import COMMON, folded, stem, words

_NEGATORS: Final = frozenset(
    re.findall(
        r"\S+",
        "not no never without none neither nor cannot can't won't don't doesn't didn't isn't "
        "aren't wasn't weren't hasn't haven't hadn't couldn't shouldn't wouldn't unable fails "
        "failed fail lacks lacked lack hardly nobody nothing refused refuses nicht kein keine",
    )
)
_NO_NEGATION: Final = re.compile(
    r"\bnot only\b|\bno (?:later|earlier|more|less|fewer|sooner) than\b|\bnot (?:less|more) than\b"
    r"|\bno\. ?\d|\bno doubt\b|\bnot just\b|\bwhether or not\b|\bfailed? (?:part|unit|test)\b"
)
_CLAUSE_END: Final = re.compile(r"[,;:.!?()]|\b(?:but|and|although|though|however|instead|while)\b")
REACH: Final = 4
"""Content words behind a negator that it bears on, within its clause."""

_OPPOSITES: Final = (
    "increase:decrease,decline,fall,drop,reduce,shrink,lower rise:fall,drop,decline,decrease "
    "grow:shrink,decline,fall rose:fell,dropped,declined,decreased grew:fell,shrank,declined "
    "gain:loss,lose profit:loss higher:lower more:less,fewer above:below over:under up:down "
    "before:after earlier:later first:last open:closed,close opened:closed start:end,stop,finish "
    "began:ended begin:end accept:reject,refuse,decline approve:reject,deny,refuse "
    "approved:rejected,denied,refused allow:forbid,prohibit,ban,deny allowed:forbidden,banned "
    "permitted:prohibited,forbidden include:exclude included:excluded win:lose won:lost pass:fail "
    "passed:failed agree:disagree agreed:disagreed,refused success:failure succeed:fail "
    "successful:unsuccessful always:never buy:sell bought:sold same:different true:false "
    "maximum:minimum most:least largest:smallest highest:lowest best:worst hot:cold warm:cold "
    "left:right north:south east:west inside:outside internal:external public:private "
    "safe:unsafe,dangerous legal:illegal guilty:innocent alive:dead present:absent full:empty "
    "enable:disable enabled:disabled on:off married:divorced,single male:female man:woman "
    "add:remove added:removed deny:confirm,admit denied:confirmed,admitted improve:worsen "
    "improved:worsened,deteriorated support:oppose supported:opposed possible:impossible "
    "complete:incomplete paid:unpaid available:unavailable dry:wet day:night morning:evening "
    "indoor:outdoor required:optional mandatory:optional,voluntary positive:negative old:new "
    "expensive:cheap strong:weak long:short early:late fast:slow arrived:departed,left"
)


def _read_opposites() -> dict[str, frozenset[str]]:
    pairs: dict[str, set[str]] = {}
    for entry in _OPPOSITES.split():
        word, _, others = entry.partition(":")
        for other in others.split(","):
            pairs.setdefault(stem(word), set()).add(stem(other))
            pairs.setdefault(stem(other), set()).add(stem(word))
    return {word: frozenset(others) for word, others in pairs.items()}


_ANTONYMS: Final = _read_opposites()


class Polarity(NamedTuple):
    """Stems of a text, by whether a negation bears on them."""

    asserted: frozenset[str]
    negated: frozenset[str]


def polarity(text: str) -> Polarity:
    plain = _NO_NEGATION.sub(" ", folded(text))
    asserted: set[str] = set()
    negated: set[str] = set()
    for clause in _CLAUSE_END.split(plain):
        reach = 0
        for word in re.findall(r"[^\W_]+(?:'[^\W_]+)?", clause):
            if word in _NEGATORS:
                reach = REACH
            elif word not in COMMON:
                (negated if reach else asserted).add(stem(word))
                reach = max(0, reach - 1)
    both = asserted & negated
    return Polarity(frozenset(asserted - both), frozenset(negated - both))


def flipped(claim: str, evidence: str) -> str:
    """The stem that one text asserts and the other denies, or an empty string.

    Only meaningful for texts that otherwise share most of their words.
    """
    a, b = polarity(claim), polarity(evidence)
    turned = (a.asserted & b.negated) | (a.negated & b.asserted)
    return min(turned, default="")


def opposed(claim: str, evidence: str) -> tuple[str, str] | None:
    """A word of the claim and its opposite in the evidence, where neither text has both."""
    mine, its = {stem(word) for word in words(claim)}, {stem(word) for word in words(evidence)}
    for word in sorted(mine - its):
        for other in sorted(_ANTONYMS.get(word, frozenset()) & (its - mine)):
            if not _ANTONYMS[word] & mine:
                return word, other
    return None
