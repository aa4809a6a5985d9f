"""Boosted trees in plain numpy: the chance of a recording from the features so far.

The file holds complete binary trees of one depth, level by level: a node's children are 2i + 1 and
2i + 2. A tree that is not complete was filled up with nodes that send everything the same way. It
is made by `benchmarks.amd.training`; docs/amd.md is its card.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from dialer.amd.features import NAMES
from dialer.amd.state import Floats

MODEL_FILE = Path(__file__).with_name("model.npz")


class ModelError(ValueError):
    """A model file that does not fit this code."""


@dataclass(frozen=True, slots=True)
class Trees:
    """`feature` and `threshold`: trees by inner nodes; `leaf`: trees by leaves, in log odds; a node
    goes left where the feature is at most the threshold. `base`: log odds before any tree."""

    feature: NDArray[np.intp]
    threshold: NDArray[np.float32]
    leaf: Floats
    base: float
    depth: int

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
        depth = int(leaf.shape[1]).bit_length() - 1
        n_inner = 2**depth - 1
        if leaf.shape[1] != n_inner + 1 or feature.shape != (len(leaf), n_inner):
            raise ModelError(f"{path}: trees are not complete")
        if threshold.shape != feature.shape or feature.max(initial=0) >= len(NAMES):
            raise ModelError(f"{path}: thresholds or features out of range")
        return cls(feature, threshold, leaf, base, depth)

    def chance(self, features: Floats) -> Floats:
        """P(recording) of n rows of features, each between 0 and 1."""
        asked = features.astype(np.float32)
        n_trees, n_inner = self.feature.shape
        rows = (np.arange(len(asked)) * asked.shape[1])[:, None]
        trees = np.arange(n_trees) * n_inner
        feature, threshold, values = self.feature.ravel(), self.threshold.ravel(), asked.ravel()
        node = np.zeros((len(asked), n_trees), dtype=np.intp)
        for _ in range(self.depth):
            at = node + trees
            goes_right = values.take(feature.take(at) + rows) > threshold.take(at)
            node = 2 * node + 1 + goes_right
        leaves = self.leaf.ravel().take(node - n_inner + np.arange(n_trees) * (n_inner + 1))
        odds = self.base + np.add.reduceat(leaves, [0], axis=1)[:, 0]
        return np.asarray(1.0 / (1.0 + np.exp(-odds)))
