"""The model file: what it gives, and what is refused."""

import numpy as np
import pytest

from dialer.amd.features import NAMES
from dialer.amd.trees import MODEL_FILE, ModelError, Trees


def save(path, **changes):
    """One tree of depth 1: the first feature at most 2.5 is -1, above is +1."""
    parts = {
        "names": np.array(NAMES),
        "feature": np.zeros((1, 1), dtype=np.uint8),
        "threshold": np.full((1, 1), 2.5, dtype=np.float32),
        "leaf": np.array([[-1.0, 1.0]], dtype=np.float32),
        "base": np.float64(0.5),
    }
    np.savez(path, **(parts | changes))
    return path


def test_a_row_follows_the_branches_to_its_leaf(tmp_path):
    trees = Trees.load(save(tmp_path / "m.npz"))
    rows = np.zeros((3, len(NAMES)))
    rows[:, 0] = 1.0, 2.5, 2.6
    odds = np.array([-0.5, -0.5, 1.5])
    assert trees.chance(rows) == pytest.approx(1 / (1 + np.exp(-odds)))


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"names": np.array(["other"])}, "other features"),
        ({"leaf": np.zeros((1, 3), dtype=np.float32)}, "not complete"),
        ({"feature": np.full((1, 1), 99, dtype=np.uint8)}, "out of range"),
        ({"threshold": np.zeros((2, 1), dtype=np.float32)}, "out of range"),
    ],
)
def test_a_model_that_does_not_fit_is_refused(tmp_path, changes, why):
    with pytest.raises(ModelError, match=why):
        Trees.load(save(tmp_path / "m.npz", **changes))


def test_the_model_in_use_is_small_and_gives_chances():
    assert MODEL_FILE.stat().st_size <= 600_000
    rows = np.random.default_rng(1).uniform(0, 10, (200, len(NAMES)))
    chances = Trees.load().chance(rows)
    assert ((chances > 0) & (chances < 1)).all()


def test_a_row_does_not_depend_on_the_rows_beside_it():
    rows = np.random.default_rng(2).uniform(0, 10, (40, len(NAMES)))
    trees = Trees.load()
    alone = np.concatenate([trees.chance(row[None]) for row in rows])
    assert (alone == trees.chance(rows)).all()
