from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from evals.speed.engines import LOCAL_MOST, made_up, measure_engine, noisy, recall

VECTORS, QUESTIONS = made_up(300, 5, dimensions=8, seed=1)


@pytest.mark.parametrize("kind", ["exact", "numpy", "qdrant_client_local"])
def test_engines_that_look_at_everything_miss_nothing(kind: str, tmp_path: Path) -> None:
    seen = measure_engine(kind, VECTORS, QUESTIONS, tmp_path)
    assert seen is not None
    assert (seen.kind, seen.points, seen.recall) == (kind, 300, 1.0)
    assert seen.p95 >= seen.p50 > 0
    assert (seen.bytes_per_point is not None) == (kind == "exact")


def test_an_engine_is_not_measured_where_it_is_not_made_for(tmp_path: Path) -> None:
    many = np.zeros((LOCAL_MOST + 1, 8), np.float32)
    assert measure_engine("qdrant_client_local", many, QUESTIONS, tmp_path) is None


def test_recall_is_the_share_of_the_true_nearest_that_were_found() -> None:
    vectors = np.eye(20, dtype=np.float32)
    question = np.linspace(1, 0, 20, dtype=np.float32)
    assert recall(vectors, question[None], [list(range(10))]) == 1.0
    assert recall(vectors, question[None], [[0, 1, 2, 3, 4, 15, 16]]) == 0.5
    assert recall(vectors, question[None], [[]]) == 0.0


def test_questions_near_real_passages_are_of_length_one_and_near_one() -> None:
    drawn = noisy(VECTORS, 7, seed=2)
    assert np.allclose(np.linalg.norm(drawn, axis=1), 1, atol=1e-5)
    assert (drawn @ VECTORS.T).max(axis=1).min() > 0.8
