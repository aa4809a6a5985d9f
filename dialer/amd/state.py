"""Running numbers of many streams at once."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Indices = NDArray[np.intp]
Samples = NDArray[np.int16]


class Rows:
    """A dataclass of arrays of one length, a row for each frame."""

    __slots__ = ()
    __dataclass_fields__: ClassVar[dict[str, Any]]

    def rows(self, part: slice) -> Self:
        return type(self)(*(getattr(self, field.name)[part] for field in fields(self)))

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> Self:
        if len(parts) == 1:
            return parts[0]
        columns = ([getattr(part, field.name) for part in parts] for field in fields(cls))
        return cls(*(np.concatenate(column) for column in columns))


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

    def first(self, n_streams: int) -> Self:
        """The first few streams; what is done to them is done here."""
        return type(self)(self.matrix[:, :n_streams])

    def put(self, at: Indices, state: Self) -> None:
        self.matrix[:, at] = state.matrix

    def grown(self, n_streams: int) -> Self:
        """The same with room for more."""
        bigger = type(self).zeros(n_streams)
        bigger.matrix[:, : self.matrix.shape[1]] = self.matrix
        return bigger
