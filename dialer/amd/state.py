"""Running numbers of many streams at once."""

from typing import Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Indices = NDArray[np.intp]


class State:
    """One number of each name for each stream: the annotations of a subclass are its names.

    All lie in one matrix, names by streams, so that the streams of a pass are taken out and put
    back in one step each. Counters and flags are floats as well.
    """

    _names: tuple[str, ...] = ()

    def __init_subclass__(cls) -> None:
        cls._names = tuple(cls.__annotations__)

    def __init__(self, matrix: Floats) -> None:
        self.matrix = matrix
        for name, row in zip(self._names, matrix, strict=True):
            setattr(self, name, row)

    @classmethod
    def zeros(cls, n_streams: int) -> Self:
        return cls(np.zeros((len(cls._names), n_streams)))

    def take(self, at: Indices) -> Self:
        """A copy of the streams `at`."""
        return type(self)(np.take(self.matrix, at, axis=1))

    def put(self, at: Indices, state: Self) -> None:
        self.matrix[:, at] = state.matrix

    def grown(self, n_streams: int) -> Self:
        """The same with room for more."""
        bigger = type(self).zeros(n_streams)
        bigger.matrix[:, : self.matrix.shape[1]] = self.matrix
        return bigger
