"""Boosted trees in plain numpy: the chance of a recording from the features so far.

The file holds complete binary trees of one depth, level by level: a node's children are 2i + 1 and
2i + 2. A tree that is not complete was filled up with nodes that send everything the same way. It
is made by `benchmarks.amd.training`; docs/amd.md is its card.

Trees are not walked node by node. A feature's value decides all nodes that ask for it at once, in
every tree: between two thresholds it always rules out the same leaves. So each feature has a table
of the leaves that are left, a bit for each, and the first leaf that all features leave is where the
walk would have ended (the idea is QuickScorer's, Lucchese et al., SIGIR 2015).
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from dialer.amd.features import NAMES
from dialer.amd.state import Floats, Indices

MODEL_FILE = Path(__file__).with_name("model.npz")
MOST_LEAVES = 32
"""Of one tree: the bits of a word."""
ALL_LEAVES = np.uint32(2**MOST_LEAVES - 1)

Words = NDArray[np.uint32]


class ModelError(ValueError):
    """A model file that does not fit this code."""


@dataclass(frozen=True, slots=True)
class Trees:
    """`thresholds`: of each feature, rising. `leaves_left`: for each feature, by how many of its
    thresholds the value exceeds, the leaves that this leaves of each tree. `leaf`: trees by leaves,
    in log odds; `base`: log odds before any tree."""

    thresholds: tuple[NDArray[np.float32], ...]
    leaves_left: tuple[Words, ...]
    leaf: Floats
    base: float

    @classmethod
    def load(cls, path: Path = MODEL_FILE) -> Self:
        """Read a model. Raises ModelError if it is of other features or shapes."""
        with np.load(path, allow_pickle=False) as file:
            names = tuple(str(name) for name in file["names"])
            feature = file["feature"].astype(np.intp)
            threshold, leaf = file["threshold"], file["leaf"].astype(np.float64)
            base = float(file["base"])
        if names != NAMES:
            raise ModelError(f"{path}: made for other features than this code's")
        n_inner = leaf.shape[1] - 1
        is_complete = leaf.shape[1] & n_inner == 0 and 0 < n_inner < MOST_LEAVES
        if not is_complete or feature.shape != (len(leaf), n_inner):
            raise ModelError(f"{path}: trees are not complete, or too deep")
        if threshold.shape != feature.shape or feature.max(initial=0) >= len(NAMES):
            raise ModelError(f"{path}: thresholds or features out of range")
        asked = [np.unique(threshold[feature == which]) for which in range(len(NAMES))]
        left = [
            _leaves_left(feature == which, threshold, steps) for which, steps in enumerate(asked)
        ]
        return cls(tuple(asked), tuple(left), leaf, base)

    def chance(self, features: Floats) -> Floats:
        """P(recording) of n rows of features, each between 0 and 1."""
        asked = features.astype(np.float32)
        left = np.full((len(asked), len(self.leaf)), ALL_LEAVES)
        of_one = np.empty_like(left)
        for column, steps, leaves in zip(asked.T, self.thresholds, self.leaves_left, strict=True):
            leaves.take(steps.searchsorted(column), axis=0, out=of_one, mode="clip")
            left &= of_one
        n_leaves = self.leaf.shape[1]
        at = _lowest_bit(left) + np.arange(len(self.leaf)) * n_leaves
        odds = self.base + np.add.reduceat(self.leaf.ravel().take(at), [0], axis=1)[:, 0]
        return np.asarray(1.0 / (1.0 + np.exp(-odds)))


def _leaves_left(
    asks: NDArray[np.bool_], threshold: NDArray[np.float32], steps: NDArray[np.float32]
) -> Words:
    """Of one feature, which the nodes `asks` ask for: 1 + its thresholds by trees."""
    left = np.full((len(steps) + 1, len(threshold)), ALL_LEAVES)
    for tree, node in zip(*np.nonzero(asks), strict=True):
        exceeded = int(np.searchsorted(steps, threshold[tree, node])) + 1
        left[exceeded, tree] &= ~_leaves_below(2 * int(node) + 1, threshold.shape[1])
    return np.bitwise_and.accumulate(left, axis=0)


def _leaves_below(node: int, n_inner: int) -> np.uint32:
    """The leaves of the subtree of `node`, a bit for each."""
    first = last = node
    while first < n_inner:
        first, last = 2 * first + 1, 2 * last + 2
    return np.uint32((1 << (last - n_inner + 1)) - (1 << (first - n_inner)))


def _lowest_bit(words: Words) -> Indices:
    """The place of the lowest bit that is set; each word has one."""
    return np.bitwise_count(~words & (words - np.uint32(1))).astype(np.intp)
