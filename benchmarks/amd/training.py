"""Train the models: python -m benchmarks.amd.training --corpus FOLDER [--out FILE].

Fits on `train` only: first the network of what is said (`wording_training`), then the trees, which
are given what it makes of calls it has not heard. scikit-learn and JAX are needed here and nowhere
else. What it writes is what `dialer/amd/trees.py` and `wording.py` read. Every call weighs the
same, and people weigh as much as machines.
"""

import argparse
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier

from benchmarks.amd import wording_training
from benchmarks.amd.corpus import files
from benchmarks.amd.corpus.calls import length_of, side_of
from benchmarks.amd.corpus.timeline import Truth
from benchmarks.amd.hearing import study
from dialer.amd.chain import FIRST_SCORE_FRAMES, SCORE_FRAMES
from dialer.amd.features import NAMES
from dialer.amd.recurrent import Weights
from dialer.amd.spectrum import FRAME_S
from dialer.amd.state import Floats
from dialer.amd.trees import MODEL_FILE, Trees
from dialer.amd.wording import STEP_FRAMES, WordingModel

UNTIL_S = length_of("train").least_s
DEPTH = 5
N_TREES = 200
AT_ONCE = 250
THINNED_AFTER_S = 7.0
WORDS_WEIGHT = {"company": 0.15, "recorded company": 0.4}
TREES_WEIGHT = {"company": 0.25, "recorded company": 0.6, "announcement": 2.5}
"""Of a stratum's calls, for the networks and for the trees. Receptionists are few among those a
campaign calls; at full weight they cost machines found. Announcements have few texts."""
SEED = 11
ODDS = NAMES.index("wording_odds")
FIRST_SCORE_S, SCORE_S = FIRST_SCORE_FRAMES * FRAME_S, SCORE_FRAMES * FRAME_S


@dataclass(frozen=True, slots=True)
class Lesson:
    """Calls that a voice tells: their truths, features at the moments kept, and the network's
    steps. Calls that their tones tell are left out: a model that learnt tones would take a voice
    that whistles for a machine after half a word."""

    truths: list[Truth]
    cube: Floats
    steps: Weights

    @property
    def answers(self) -> NDArray[np.bool_]:
        return np.array([not truth.kind.is_person for truth in self.truths])

    def weights(self, by_stratum: Mapping[str, float]) -> Floats:
        """Of each call; people weigh as much as machines."""
        of_stratum = [by_stratum.get(truth.stratum, 1.0) for truth in self.truths]
        return balanced(np.array(of_stratum), self.answers)


def gather(split: files.Split) -> Lesson:
    """All that the models are shown."""
    truths = [truth for truth in split.truths if not truth.is_told_by_tones]
    cubes, steps = [], []
    for first in range(0, len(truths), AT_ONCE):
        heard = study(split, truths[first : first + AT_ONCE], UNTIL_S)
        cubes.append(heard.features[:, kept_moments(heard.features.shape[1])])
        steps.append(heard.steps)
    return Lesson(truths, np.concatenate(cubes), np.concatenate(steps))


def learn_wording(lesson: Lesson) -> WordingModel:
    """The network; the lesson's cube gets the log odds that a network of the other side's calls
    gives. One that has heard a text already is too sure of it, and the trees would trust it."""
    shown = wording_training.Shown(lesson.steps, lesson.answers, lesson.weights(WORDS_WEIGHT))
    moments = kept_moments(round((UNTIL_S - FIRST_SCORE_S) / SCORE_S) + 1)
    frames = FIRST_SCORE_FRAMES + SCORE_FRAMES * moments
    side_of_call = np.array([side_of(truth.number) for truth in lesson.truths])
    sides = [np.flatnonzero(side_of_call == side) for side in (0, 1)]
    whole, *halves = wording_training.fit([shown, *map(shown.part, sides)], SEED)
    for own, model in zip(reversed(sides), halves, strict=True):
        told = wording_training.odds(model, lesson.steps[own])
        lesson.cube[own, :, ODDS] = told[:, frames // STEP_FRAMES - 1]
    return whole


def rows_of(lesson: Lesson) -> tuple[Floats, NDArray[np.bool_], Floats]:
    """Rows of features once somebody has spoken, whether each is a machine's, and its weight."""
    spoke = lesson.cube[:, :, NAMES.index("n_runs")] > 0
    of_call = np.broadcast_to(np.arange(len(spoke))[:, None], spoke.shape)[spoke]
    answers = lesson.answers[of_call]
    weights = (lesson.weights(TREES_WEIGHT) / np.maximum(spoke.sum(axis=1), 1))[of_call]
    return lesson.cube[spoke], answers, balanced(weights, answers)


def balanced(weights: Floats, answers: NDArray[np.bool_]) -> Floats:
    """The weights, with half of them on each side; their mean is 1."""
    even = weights.copy()
    for side in (answers, ~answers):
        even[side] /= even[side].sum()
    return np.asarray(even * len(even) / 2.0)


def kept_moments(n: int) -> NDArray[np.intp]:
    """Every second one, since neighbours are alike, and of those after the verdict every sixth."""
    number = np.arange(n)
    at_s = FIRST_SCORE_S + SCORE_S * number
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
    lesson = gather(split)
    words = learn_wording(lesson)
    rows, answers, weights = rows_of(lesson)
    model = train(rows, answers, weights)
    np.savez_compressed(asked.out, **complete(model), **words.arrays())
    sample = rows[:: max(1, len(rows) // 5000)]
    ours, theirs = Trees.load(asked.out).chance(sample), model.predict_proba(rounded(sample))[:, 1]
    print(f"{len(split.truths)} calls, {len(rows)} rows, {asked.out.stat().st_size} bytes")
    print(f"largest difference from scikit-learn: {np.abs(ours - theirs).max():.2g}")


if __name__ == "__main__":
    main()
