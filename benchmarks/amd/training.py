"""Train the trees: python -m benchmarks.amd.training --corpus FOLDER [--out FILE].

Fits on `train` only; scikit-learn is needed here and nowhere else. What it writes is what
`dialer/amd/trees.py` reads. Every call weighs the same, and people weigh as much as machines.
"""

import argparse
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier

from benchmarks.amd.corpus import files
from benchmarks.amd.corpus.calls import length_of
from benchmarks.amd.corpus.timeline import Kind
from benchmarks.amd.hearing import features
from dialer.amd.features import NAMES
from dialer.amd.state import Floats
from dialer.amd.trees import MODEL_FILE, Trees

UNTIL_S = length_of("train").least_s
DEPTH = 5
N_TREES = 200
AT_ONCE = 250
THINNED_AFTER_S = 7.0
COMPANY_WEIGHT = 0.15
"""Receptionists are few among those a campaign calls; at full weight they cost machines found."""
SEED = 11


def gather(split: files.Split) -> tuple[Floats, NDArray[np.bool_], Floats]:
    """Rows of features once somebody has spoken, whether each is a machine's, and its weight.

    Calls that their tones tell are left out: trees that learnt tones would take a voice that
    whistles for a machine after half a word."""
    rows, answers, weights = [], [], []
    asked = [truth for truth in split.truths if not truth.is_told_by_tones]
    for first in range(0, len(asked), AT_ONCE):
        truths = asked[first : first + AT_ONCE]
        cube = features(split, truths, UNTIL_S)
        cube = cube[:, kept_moments(cube.shape[1])]
        for truth, call in zip(truths, cube, strict=True):
            heard = call[call[:, NAMES.index("n_runs")] > 0]
            rows.append(heard)
            answers.append(np.full(len(heard), not truth.kind.is_person))
            weight = COMPANY_WEIGHT if truth.kind is Kind.COMPANY else 1.0
            weights.append(np.full(len(heard), weight / max(len(heard), 1)))
    answer, weight = np.concatenate(answers), np.concatenate(weights)
    for side in (answer, ~answer):
        weight[side] /= weight[side].sum()
    return np.concatenate(rows), answer, weight * len(weight)


def kept_moments(n: int) -> NDArray[np.intp]:
    """Every second one, since neighbours are alike, and of those after the verdict every sixth."""
    number = np.arange(n)
    at_s = 0.4 + 0.1 * number
    return np.flatnonzero(number % np.where(at_s <= THINNED_AFTER_S, 2, 6) == 0)


def train(
    rows: Floats, answers: NDArray[np.bool_], weights: Floats
) -> HistGradientBoostingClassifier:
    """Boosted trees on the rows."""
    model = HistGradientBoostingClassifier(
        max_iter=N_TREES,
        max_depth=DEPTH,
        learning_rate=0.06,
        min_samples_leaf=400,
        l2_regularization=10.0,
        max_features=0.5,
        early_stopping=False,
        random_state=SEED,
    )
    return model.fit(rounded(rows), answers, sample_weight=weights)


def rounded(rows: Floats) -> Floats:
    """The rows as the product sees them: in single precision."""
    return rows.astype(np.float32).astype(np.float64)


def complete(model: HistGradientBoostingClassifier) -> dict[str, NDArray[np.generic]]:
    """The model's trees as complete ones, in the arrays that the product reads."""
    n_inner = 2**DEPTH - 1
    n = len(model._predictors)
    feature = np.zeros((n, n_inner), dtype=np.uint8)
    threshold = np.zeros((n, n_inner), dtype=np.float32)
    leaf = np.zeros((n, n_inner + 1), dtype=np.float32)
    for tree, (predictor,) in enumerate(model._predictors):
        _fill(predictor.nodes, 0, 0, feature[tree], threshold[tree], leaf[tree])
    base = np.float64(np.ravel(model._baseline_prediction)[0])
    return {
        "names": np.array(NAMES),
        "feature": feature,
        "threshold": threshold,
        "leaf": leaf,
        "base": base,
    }


def _fill(
    nodes: NDArray[np.void],
    node: int,
    place: int,
    feature: NDArray[np.uint8],
    threshold: NDArray[np.float32],
    leaf: NDArray[np.float32],
) -> None:
    """Copy the subtree at `node` to `place`; a leaf above the last level fills all below it."""
    if place >= len(feature):
        leaf[place - len(feature)] = nodes[node]["value"]
        return
    is_leaf = bool(nodes[node]["is_leaf"])
    if not is_leaf:
        feature[place] = nodes[node]["feature_idx"]
        threshold[place] = nodes[node]["num_threshold"]
    left, right = (node, node) if is_leaf else (nodes[node]["left"], nodes[node]["right"])
    _fill(nodes, int(left), 2 * place + 1, feature, threshold, leaf)
    _fill(nodes, int(right), 2 * place + 2, feature, threshold, leaf)


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--corpus", type=Path, required=True)
    options.add_argument("--out", type=Path, default=MODEL_FILE)
    asked = options.parse_args()
    split = files.read(asked.corpus, "train")
    rows, answers, weights = gather(split)
    model = train(rows, answers, weights)
    np.savez_compressed(asked.out, **complete(model))
    sample = rows[:: max(1, len(rows) // 5000)]
    ours, theirs = Trees.load(asked.out).chance(sample), model.predict_proba(rounded(sample))[:, 1]
    print(f"{len(split.truths)} calls, {len(rows)} rows, {asked.out.stat().st_size} bytes")
    print(f"largest difference from scikit-learn: {np.abs(ours - theirs).max():.2g}")


if __name__ == "__main__":
    main()
