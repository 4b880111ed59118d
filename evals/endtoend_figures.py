"""The figures of the suite `endtoend`: shares of claims and of questions, by medium and system."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from evals.asked_sets import AskedSet
from evals.asking import Dealt, shared_fields
from evals.claim_truth import is_joint, truth
from evals.datasets.answerable import MEDIA
from evals.intervals import grouped_interval
from evals.pair_checks import PairLabels
from evals.results import PRODUCT, Case, Result, Status, measured, missing
from evals.scorers.answers import is_right
from evals.suites import Context
from evals.twins import Pair
from pincite.answers import Label

SUITE: Final = "endtoend"
OF_CLAIMS: Final = ("false_support", "supported_share", "not_checkable_share")
OF_QUESTIONS: Final = ("joint", "answer_right", "answer_rate")
KEYS: Final = (*OF_CLAIMS, "joint")
LOWER: Final = frozenset({"false_support", "not_checkable_share"})
RIGHT: Final = "right"
OTHERWISE: Final = "answer otherwise"
"""Kind of a wrong claim of a real answer."""
ALL: Final = "all"


class Held(NamedTuple):
    """A pair, checked."""

    collection: str
    pair: Pair
    labels: PairLabels


class Told(NamedTuple):
    """A claim of which it is known whether it is right, with its label by system."""

    medium: str
    collection: str
    group: str
    origin: str
    """`pairs` or `answers`."""
    kind: str
    """`right`, or how it was turned wrong."""
    labels: Mapping[str, Label]


class Tried(NamedTuple):
    context: Context
    sets: tuple[AskedSet, ...]
    unread: tuple[str, ...]


def of_pairs(held: Iterable[Held]) -> Iterator[Told]:
    for collection, pair, labels in held:
        kinds = (RIGHT, *(wrong.kind for wrong in pair.wrong))
        for place, kind in enumerate(kinds):
            by = {name: told[place] for name, told in labels.by.items()}
            yield Told(pair.medium, collection, pair.pages[0].file, "pairs", kind, by)


def of_answers(dealt: Iterable[Dealt]) -> Iterator[Told]:
    for asked, reply, _ in dealt:
        for claim in reply.claims if reply else ():
            is_true = truth(asked, reply, claim) if reply else None
            if is_true is not None:
                kind = RIGHT if is_true else OTHERWISE
                by = {PRODUCT: claim.label, **claim.others}
                collection = asked.id.partition("/")[0]
                yield Told(asked.medium, collection, asked.group, "answers", kind, by)


def none(why: str, status: Status = "not_applicable", system: str = PRODUCT) -> Iterator[Result]:
    for medium in (*MEDIA, ALL):
        for metric in KEYS:
            yield missing(SUITE, medium, metric, why, status).model_copy(update={"system": system})


# --- claims --------------------------------------------------------------------------------------


def claim_figures(tried: Tried, claims: Sequence[Told], systems: Sequence[str]) -> Iterator[Result]:
    for medium in (*MEDIA, ALL):
        of = [claim for claim in claims if medium in {claim.medium, ALL}]
        for system in systems:
            if not of:
                status, why = _why_none(tried)
                for metric in OF_CLAIMS:
                    found = missing(SUITE, medium, metric, why, status)
                    yield found.model_copy(update={"system": system})
                continue
            yield from _of_claims(tried, medium, system, of, ALL)
            for name, chosen in _slices(of).items():
                yield from _of_claims(tried, medium, system, chosen, name)


def _slices(claims: Sequence[Told]) -> dict[str, list[Told]]:
    """Where a claim comes from, its set, and how it was turned wrong."""
    slices: dict[str, list[Told]] = {}
    for claim in claims:
        names = {claim.origin, claim.collection}
        if claim.kind != RIGHT:
            names.add(f"wrong: {claim.kind}")
        for name in names:
            slices.setdefault(name, []).append(claim)
    return dict(sorted(slices.items()))


def _of_claims(
    tried: Tried, medium: str, system: str, claims: Sequence[Told], slice_: str
) -> Iterator[Result]:
    wrong = [claim for claim in claims if claim.kind != RIGHT]
    right = [claim for claim in claims if claim.kind == RIGHT]
    more = {"system": system, "slice": slice_}
    for metric, of, label in (
        ("false_support", wrong, Label.SUPPORTED),
        ("supported_share", right, Label.SUPPORTED),
        ("not_checkable_share", claims, Label.NOT_CHECKABLE),
    ):
        values = [(claim.group, float(claim.labels[system] is label)) for claim in of]
        if values:
            yield _share(tried, medium, metric, values, more)


# --- questions -----------------------------------------------------------------------------------


def question_figures(
    tried: Tried, system: str, dealt: Sequence[Dealt], mute: str = ""
) -> Iterator[Result]:
    """`mute` is why nothing could be asked."""
    failed = [each.why for each in dealt if each.reply is None]
    for medium in (*MEDIA, ALL):
        of = [each for each in dealt if medium in {each.asked.medium, ALL}]
        if not of:
            status, why = ("not_applicable", mute) if mute else _why_none(tried)
            for metric in OF_QUESTIONS:
                found = missing(SUITE, medium, metric, why, status)
                yield found.model_copy(update={"system": system})
            continue
        more: dict[str, object] = {"system": system, "n_failed": sum(e.reply is None for e in of)}
        if failed:
            more["reason"] = "; ".join(failed[:3])
        yield from _of_questions(tried, medium, of, {**more, "n_total": len(of)})
        for name in sorted({each.asked.id.partition("/")[0] for each in of}):
            part = [each for each in of if each.asked.id.startswith(f"{name}/")]
            shared = {**more, "slice": name, "n_total": len(part)}
            yield from _of_questions(tried, medium, part, shared)


_SCORES: Final[dict[str, Callable[[Dealt], bool]]] = {
    "joint": is_joint,
    "answer_right": lambda each: is_right(each.asked, each.reply.text if each.reply else ""),
    "answer_rate": lambda each: bool(each.reply and each.reply.text),
}


def _of_questions(
    tried: Tried, medium: str, dealt: Sequence[Dealt], more: Mapping[str, object]
) -> Iterator[Result]:
    for metric, score in _SCORES.items():
        values = [(each.asked.group, float(score(each))) for each in dealt]
        yield _share(tried, medium, metric, values, more)


def _share(
    tried: Tried,
    medium: str,
    metric: str,
    values: Sequence[tuple[str, float]],
    more: Mapping[str, object],
) -> Result:
    shared = shared_fields(tried.context, tried.unread, len(values))
    return measured(
        SUITE,
        medium,
        metric,
        sum(value for _, value in values) / len(values),
        unit="fraction",
        higher_is_better=metric not in LOWER,
        ci95=grouped_interval(values, seed=tried.context.seed),
        **{**shared, **more, "n": len(values)},
    )


def _why_none(tried: Tried) -> tuple[Status, str]:
    if tried.context.out_of_time:
        return "partial", "the time budget was spent"
    return "not_applicable", "no set of this medium in --data"


# --- cases ---------------------------------------------------------------------------------------


def cases(held: Iterable[Held], dealt: Iterable[Dealt], system: str) -> Iterator[tuple[str, Case]]:
    """A line for each claim of a pair, and one for each question."""
    for _, pair, labels in held:
        texts = [(RIGHT, pair.right, ""), *((w.kind, w.text, w.held_against) for w in pair.wrong)]
        for (kind, text, against), label in zip(texts, labels.by[system], strict=True):
            is_good = (label is Label.SUPPORTED) is (kind == RIGHT)
            place = ", ".join(f"{page.file} p. {page.number}" for page in pair.pages)
            yield (
                pair.medium,
                Case(
                    input=f"{pair.id} ({kind})",
                    system=system,
                    expected="supported" if kind == RIGHT else "not supported",
                    got=label.value,
                    score=float(is_good),
                    why=f"{pair.question} {text} — {against or place}".strip(),
                ),
            )
    for each in dealt:
        yield each.asked.medium, _asked_case(each, system)


_WORTH: Final = {True: "right", False: "wrong", None: "not judged"}


def _asked_case(dealt: Dealt, system: str) -> Case:
    asked, reply = dealt.asked, dealt.reply
    if reply is None:
        return Case(input=asked.id, system=system, score=0, why=dealt.why)
    right = is_right(asked, reply.text)
    claims = [f"{c.label} ({_WORTH[truth(asked, reply, c)]})" for c in reply.claims]
    pages = ", ".join(f"{page.file} p. {page.number}" for page in reply.cited)
    return Case(
        input=asked.id,
        system=system,
        expected="; ".join(asked.answers),
        got=reply.text or "refused",
        score=0.5 * right + 0.5 * is_joint(dealt),
        why=f"{asked.question} — {'right' if right else 'not right'}; "
        f"{', '.join(claims) or 'no claims'}; cites {pages or 'nothing'}",
    )
