"""What the suite `qa` reports of the answers that one system gave to the questions of one set."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Final

from evals.asking import Dealt
from evals.intervals import grouped_interval, interval_of, paired_difference
from evals.results import PRODUCT, Case, Result, Status, measured, missing
from evals.scorers import mmlongbench, squad_answers
from evals.scorers.answers import is_right
from evals.scorers.mmlongbench import Judged
from pincite.answers import Label

SUITE: Final = "qa"
METRICS: Final = ("score", "answer_rate", "seconds_per_answer")
COUNTS: Final = ("wrong", "wrong_supported", "wrong_supported_own_words", "refused")
TOKENS: Final = ("prompt_tokens", "output_tokens")
OF_SQUAD: Final = ("em", "f1", "f1_added", "correct_refusals")
RIGHT_FROM: Final = 0.5
"""Score from which an answer is no wrong one; only MMLongBench-Doc gives parts of the whole."""
POOLED: Final = "pooled"
PAIRED: Final = ("financebench", "mmlongbench_doc")
"""Sets on which the gain over one-shot generation is reported, each and together."""
More = Mapping[str, object]


def score(dealt: Dealt) -> float:
    """By the rules of the question's set; a question that failed is wrong."""
    asked, reply = dealt.asked, dealt.reply
    if reply is None:
        return 0.0
    if asked.written_as:
        return mmlongbench.score(asked.written_as, asked.answers, asked.question, reply.text)
    return float(is_right(asked, reply.text))


def of_one(dealt: Dealt) -> dict[str, float]:
    """By metric; a question that failed took no time that means anything."""
    reply = dealt.reply
    if reply is None:
        return {"score": 0.0, "answer_rate": 0.0}
    return {
        "score": score(dealt),
        "answer_rate": float(bool(reply.text)),
        "seconds_per_answer": reply.seconds,
        "prompt_tokens": reply.prompt_tokens,
        "output_tokens": reply.output_tokens,
        **(_as_squad(dealt, reply.text) if dealt.asked.id.startswith("squad/") else {}),
    }


def counted(dealt: Dealt) -> dict[str, bool]:
    """What became of a question that is not right. A refusal where there is no answer is right."""
    reply = dealt.reply
    is_answered = bool(reply and reply.text)
    wrong = is_answered and score(dealt) < RIGHT_FROM
    supported = [c for c in reply.claims if c.label is Label.SUPPORTED] if reply else []
    return {
        "wrong": wrong,
        "wrong_supported": wrong and bool(supported),
        "wrong_supported_own_words": wrong and any(not claim.is_quote for claim in supported),
        "refused": reply is not None and not is_answered,
    }


def _as_squad(dealt: Dealt, said: str) -> dict[str, float]:
    asked = dealt.asked
    if not asked.is_answerable:
        return {"correct_refusals": float(not said)}
    told = squad_answers.without_marks(said)
    added = squad_answers.added(asked.question, told)
    return {
        "em": squad_answers.exact(asked.answers, added),
        "f1": squad_answers.f1(asked.answers, told),
        "f1_added": squad_answers.f1(asked.answers, added),
    }


# --- figures -------------------------------------------------------------------------------------


def none(
    name: str, why: str, status: Status = "not_applicable", system: str = PRODUCT
) -> Iterator[Result]:
    for metric in METRICS:
        yield missing(SUITE, name, metric, why, status).model_copy(update={"system": system})


def figures(
    name: str, system: str, dealt: Sequence[Dealt], more: More, seed: int
) -> Iterator[Result | tuple[str, Case]]:
    """`more` has what all figures of the set share."""
    if not dealt:
        why = str(more.get("reason", "no question"))
        status: Status = "partial" if more.get("status") == "partial" else "not_applicable"
        yield from none(name, why, status, system)
        return
    shared = {**more, "system": system, "n_failed": sum(each.reply is None for each in dealt)}
    yield from _of_part(name, dealt, shared, seed)
    for part, of in slices(dealt).items():
        if len(of) < len(dealt):
            told = {**shared, "slice": part, "n_total": len(of)}
            told["n_failed"] = sum(each.reply is None for each in of)
            yield from _of_part(name, of, told, seed)
    if name == "mmlongbench_doc":
        yield _official_f1(name, dealt, shared, seed)
    yield from ((name, _case(each, system)) for each in dealt)


def slices(dealt: Sequence[Dealt]) -> dict[str, list[Dealt]]:
    """By whether there is an answer, by its form, and by the field of a receipt."""
    found: dict[str, list[Dealt]] = {}
    for each in dealt:
        found.setdefault(slice_of(each), []).append(each)
    return dict(sorted(found.items()))


def slice_of(dealt: Dealt) -> str:
    name, _, rest = dealt.asked.id.partition("/")
    if name == "sroie":
        return rest.rpartition("#")[2]
    if name == "financebench":
        return dealt.asked.form
    return "answerable" if dealt.asked.is_answerable else "unanswerable"


def _of_part(name: str, dealt: Sequence[Dealt], more: More, seed: int) -> Iterator[Result]:
    scores = [(each.asked.group, of_one(each)) for each in dealt]
    told = dict.fromkeys(metric for _, one in scores for metric in one)
    for metric in told:
        values = [(group, one[metric]) for group, one in scores if metric in one]
        yield _mean(name, metric, values, more, seed)
    counts = [counted(each) for each in dealt]
    for count in COUNTS:
        yield measured(
            SUITE,
            name,
            count,
            float(sum(each[count] for each in counts)),
            unit="questions",
            higher_is_better=False,
            **{**more, "n": len(dealt)},
        )


def _mean(
    name: str, metric: str, values: Sequence[tuple[str, float]], more: More, seed: int
) -> Result:
    costs = metric in TOKENS or metric == "seconds_per_answer"
    unit = "s" if metric == "seconds_per_answer" else "tokens" if costs else "fraction"
    told = {**more, "n": len(values)}
    if metric in OF_SQUAD:
        told["n_total"] = len(values)
    return measured(
        SUITE,
        name,
        metric,
        sum(value for _, value in values) / len(values),
        unit=unit,
        higher_is_better=not costs,
        ci95=grouped_interval(values, seed=seed),
        **told,
    )


def _official_f1(name: str, dealt: Sequence[Dealt], more: More, seed: int) -> Result:
    judged = [
        Judged(score(each), each.asked.is_answerable, bool(each.reply and each.reply.text))
        for each in dealt
    ]

    def of(chosen: Sequence[int]) -> float:
        return mmlongbench.f1([judged[at] for at in chosen])

    return measured(
        SUITE,
        name,
        "f1",
        mmlongbench.f1(judged),
        unit="fraction",
        higher_is_better=True,
        ci95=interval_of(of, len(judged), seed=seed),
        **{**more, "n": len(judged)},
    )


def _case(dealt: Dealt, system: str) -> Case:
    asked, reply = dealt.asked, dealt.reply
    marks = [name for name, is_so in counted(dealt).items() if is_so]
    return Case(
        input=asked.id,
        system=system,
        expected=" | ".join(asked.answers) or "no answer",
        got=(reply.text or "refused") if reply else None,
        score=score(dealt),
        why=dealt.why or " — ".join(filter(None, (asked.question, ", ".join(marks)))),
    )


# --- against another system ----------------------------------------------------------------------


def gains(
    ours: Mapping[str, Sequence[Dealt]],
    theirs: Mapping[str, Sequence[Dealt]],
    more: More,
    seed: int,
) -> Iterator[Result]:
    """Of the scores of the same questions, by set, and of the sets in `PAIRED` together.

    Slice `answerable`: without questions that have no answer.
    """
    pairs = {name: paired(ours.get(name, ()), theirs.get(name, ())) for name in ours}
    pairs[POOLED] = [pair for name in PAIRED for pair in pairs.get(name, ())]
    choose: dict[str, Callable[[Dealt], bool]] = {
        "all": lambda _: True,
        "answerable": lambda each: each.asked.is_answerable,
    }
    for name, both in pairs.items():
        for part, wanted in choose.items():
            chosen = [pair for pair in both if wanted(pair[0])]
            if chosen and (part == "all" or len(chosen) < len(both)):
                yield from map(partial(_gain, name, part, more, seed), (chosen,))


def paired(ours: Sequence[Dealt], theirs: Sequence[Dealt]) -> list[tuple[Dealt, Dealt]]:
    """Questions that both were asked."""
    by_id = {each.asked.id: each for each in theirs}
    return [(each, by_id[each.asked.id]) for each in ours if each.asked.id in by_id]


def _gain(
    name: str, part: str, more: More, seed: int, pairs: Sequence[tuple[Dealt, Dealt]]
) -> Result:
    ours, theirs = ([score(pair[at]) for pair in pairs] for at in (0, 1))
    mean, low, high = paired_difference(ours, theirs, seed=seed)
    return measured(
        SUITE,
        name,
        "score_gain",
        mean,
        unit="of questions",
        higher_is_better=True,
        ci95=(low, high),
        **{**more, "slice": part, "n": len(pairs), "n_total": len(pairs)},
    )
