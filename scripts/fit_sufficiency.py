"""Weigh the signals of `agent.sufficiency`, on questions that the suite `refusal` does not report.

    python -m scripts.fit_sufficiency FOLDER --journal FILE [--closed 700] [--open 300]

FOLDER is SQuAD's. Asked are questions of those articles that neither the suite reports
(`evals.datasets.posed.chooses`) nor the reader was trained on, with their paragraph and then with
all articles as one library, as in the suite. What was found is kept in FILE, so that a run that was
cut goes on. Prints the weights with the reader and without, for `agent/sufficiency.py`; what either
finds on articles that were left out in turn; and how probabilities meet the truth.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from agent.sufficiency import Signals
from evals.datasets import squad
from evals.datasets.posed import Posed, chooses
from evals.doubtful import clear
from evals.page_library import fill, written
from evals.refusal_figures import MOST_OVER_REFUSED
from evals.refusing import Library, given, known, searched
from evals.sampling import sample
from evals.scorers.binary import auroc
from evals.scorers.selective import calibration_error, recall_at, reliability
from pincite.config import NoChat, Settings
from pincite.elements import Scope
from pincite.grounding.memory import remembering
from pincite.models.passage_reader import shipped_reader
from scripts.train_reader.questions import validates
from serving.bootstrap import services

READ: Final = ("answered", "doubt")
"""Signals that the reader gives."""
AGAINST: Final = ("opposed", "doubt")
"""Signals that can only speak against an answer; the others only for one."""
PENALTY: Final = 2.0
"""Of squared weights, whose signals have deviation 1."""
OVER_REFUSED: Final = 0.05
"""Share of the answerable questions that the cut may refuse here. A third of what the suite allows:
questions about filings and tables look less answered than those about an encyclopaedia."""

Floats = npt.NDArray[np.float64]


class Row(NamedTuple):
    set: str
    article: str
    answerable: bool
    signals: Signals


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("folder", type=Path)
    options.add_argument("--journal", type=Path, required=True)
    options.add_argument("--closed", type=int, default=700)
    options.add_argument("--open", type=int, default=300)
    told = options.parse_args()
    asyncio.run(_look(told.folder, told.journal, told.closed, told.open))
    rows = list(_rows(told.journal))
    for names in (Signals._fields, tuple(n for n in Signals._fields if n not in READ)):
        tell(rows, names)


async def _look(folder: Path, journal: Path, closed: int, opened: int) -> None:
    """Asks what is not in the journal yet."""
    done = {json.loads(line)[0] for line in _lines(journal)}
    articles, posed = squad.read_posed(folder)
    free = {each.id for each in posed if chooses(each.group) and validates(each.group)}
    shown = _chosen([each for each in posed if each.id in free], closed)
    alone = _chosen([each for each in clear(posed) if each.id in free], opened)
    with tempfile.TemporaryDirectory() as scratch:
        data = Path(scratch)
        settings = Settings.load().model_copy(
            update={"data_dir": data / "library", "chat": NoChat()}
        )
        async with services(settings) as parts:
            library = Library(parts.retriever, remembering(parts.encoder), shipped_reader())
            if any(f"open/{each.id}" not in done for each in alone):
                files = {squad.NAME: written(articles, data / "articles")}
                await fill(parts.service, files, lambda: True)
            scope = Scope(collections=frozenset({squad.NAME}))
            keep, tries = settings.retrieval.keep, settings.agent.refinements
            with journal.open("a", encoding="utf-8") as lines:
                for set_, each in [("closed", e) for e in shown] + [("open", e) for e in alone]:
                    if f"{set_}/{each.id}" in done:
                        continue
                    found = (
                        [given(each, library.encoder)]
                        if set_ == "closed"
                        else searched(each.question, scope, library, keep=keep, refinements=tries)
                    )
                    signals = known(each.question, found, library.encoder, library.reader).signals
                    row = Row(set_, each.group, each.is_answerable, signals)
                    lines.write(f"{json.dumps([f'{set_}/{each.id}', *row])}\n")
                    lines.flush()


def _chosen(posed: list[Posed], number: int) -> list[Posed]:
    return sample(posed, number, id_of=lambda each: each.id, seed=0)


def _lines(journal: Path) -> list[str]:
    return journal.read_text(encoding="utf-8").splitlines() if journal.is_file() else []


def _rows(journal: Path) -> Iterator[Row]:
    for line in _lines(journal):
        _, set_, article, answerable, signals = json.loads(line)
        yield Row(set_, article, answerable, Signals(*signals))


def tell(rows: list[Row], names: tuple[str, ...]) -> None:
    values = np.array([[getattr(row.signals, name) for name in names] for row in rows])
    truth = np.array([row.answerable for row in rows])
    apart = np.zeros(len(rows))
    articles = np.array([row.article for row in rows])
    for article in sorted(set(articles)):
        left_out = articles == article
        weights, bias = meant(values[~left_out], truth[~left_out], names)
        apart[left_out] = sigmoid(values[left_out] @ weights + bias)
    weights, bias = meant(values, truth, names)
    likely = sigmoid(values @ weights + bias)
    sets = np.array([row.set for row in rows])
    cut = min(float(np.quantile(likely[truth & (sets == s)], OVER_REFUSED)) for s in set(sets))
    each = ", ".join(f"{n}={w:.3f}" for n, w in zip(names, weights, strict=True))
    print(f"Weights({bias:.3f}, Signals({each}), {cut:.3f})")
    for name in sorted(set(sets)):
        here = sets == name
        print(
            f"  {name}: {here.sum()} questions; articles left out in turn: "
            f"AUROC {auroc(truth[here], apart[here]):.3f}, recall at over-refusal .15 "
            f"{recall_at(truth[here], apart[here], MOST_OVER_REFUSED):.3f}, calibration error "
            f"{calibration_error(truth[here], apart[here]):.3f}; cosine alone "
            f"{recall_at(truth[here], values[here, 0], MOST_OVER_REFUSED):.3f}; at the cut "
            f"recall {np.mean(likely[here & ~truth] < cut):.3f}, "
            f"over-refusal {np.mean(likely[here & truth] < cut):.3f}"
        )
    for said, was, count in reliability(truth, apart):
        print(f"    said {said:.2f}, was {was:.2f} ({count})")
    few = float(np.quantile(values[truth, 0], OVER_REFUSED))
    print(f"  cosine that refuses {OVER_REFUSED:.2f}: {few:.3f}")


def meant(
    values: Floats, truth: npt.NDArray[np.bool_], names: tuple[str, ...]
) -> tuple[Floats, float]:
    """As `fitted`, without signals that would count the wrong way round: that is chance, or holds
    for this set only."""
    signs = np.array([-1.0 if name in AGAINST else 1.0 for name in names])
    used = np.ones(len(names), dtype=bool)
    while True:
        weights, bias = fitted(values * used, truth)
        wrong = used & (weights * signs < 0)
        if not wrong.any():
            return weights * used, bias
        used &= ~(wrong & (weights * signs == (weights * signs)[wrong].min()))


def fitted(values: Floats, truth: npt.NDArray[np.bool_]) -> tuple[Floats, float]:
    """Weights and bias of a logistic function, by Newton's method."""
    middle, spread = values.mean(0), values.std(0) + 1e-9
    shown = np.column_stack([(values - middle) / spread, np.ones(len(values))])
    penalty = PENALTY * np.eye(shown.shape[1])
    penalty[-1, -1] = 0
    weights = np.zeros(shown.shape[1])
    for _ in range(25):
        likely = sigmoid(shown @ weights)
        curve = shown.T @ (shown * (likely * (1 - likely))[:, None]) + penalty
        weights -= np.linalg.solve(curve, shown.T @ (likely - truth) + penalty @ weights)
    scaled = weights[:-1] / spread
    return scaled, float(weights[-1] - scaled @ middle)


def sigmoid(logits: Floats) -> Floats:
    return 1 / (1 + np.exp(-np.clip(logits, -30, 30)))


if __name__ == "__main__":
    main()
