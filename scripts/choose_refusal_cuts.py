"""Choose from which score a question is answered, on the half of SQuAD 2.0 that is not measured.

    python -m scripts.choose_refusal_cuts FOLDER [--questions 300]

FOLDER is SQuAD's. Each question has its paragraph, as in `squad_closed` of the suite `refusal`.
Prints for every system the cut of the best balanced accuracy, the cut that refuses .15 of the
answerable questions, and what either finds. The cuts belong into `agent.sufficiency.FROM`,
`agent.selection.ANSWERS_FROM` and `evals.refusing.SIMILAR_FROM`.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from evals.datasets import squad
from evals.datasets.posed import chooses
from evals.refusal_figures import MOST_OVER_REFUSED
from evals.refusing import ALWAYS, CUTS, given, signals
from evals.sampling import sample
from evals.scorers.binary import counts
from pincite.config import Settings
from pincite.grounding.memory import remembering
from pincite.models.factory import text_encoder
from pincite.models.store import ModelStore


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("folder", type=Path)
    options.add_argument("--questions", type=int, default=300)
    told = options.parse_args()
    _, posed = squad.read_posed(told.folder)
    chosen = sample(
        (each for each in posed if chooses(each.id)),
        told.questions,
        id_of=lambda each: each.id,
        seed=0,
    )
    settings = Settings.load()
    encoder = remembering(text_encoder(settings.encoder, ModelStore(settings.models)))
    found = [signals(p.question, [given(p, encoder)], encoder).scores() for p in chosen]
    answerable = np.array([each.is_answerable for each in chosen])
    for system in CUTS:
        if system != ALWAYS:
            tell(system, answerable, np.array([scores[system] for scores in found]))


def tell(system: str, answerable: np.ndarray, scores: np.ndarray) -> None:
    cuts = np.unique(scores)
    accuracies = [counts(~answerable, scores < cut).balanced_accuracy for cut in cuts]
    best = float(cuts[int(np.argmax(accuracies))])
    few = float(np.quantile(scores[answerable], MOST_OVER_REFUSED))
    print(f"{system}: {len(scores)} questions, {(~answerable).mean():.2f} without an answer")
    for name, cut in (("best", best), ("over-refusal .15", few), ("as it is", CUTS[system])):
        made = counts(~answerable, scores < cut)
        over = float((scores < cut)[answerable].mean())
        print(
            f"  {name}: cut {cut:.3f}, balanced accuracy {made.balanced_accuracy:.3f}, "
            f"recall {made.recall:.3f}, over-refusal {over:.3f}"
        )


if __name__ == "__main__":
    main()
