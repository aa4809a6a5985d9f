"""Running numbers of many streams at once."""

from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Indices = NDArray[np.intp]
Samples = NDArray[np.int16]


def places_of(flags: Flags) -> Indices:
    """Where flags are set; numpy's own `flatnonzero` takes four times as long for so few."""
    return flags.nonzero()[0]


class Rows:
    """A dataclass of arrays of one length, a row for each frame."""

    __slots__ = ()
    __dataclass_fields__: ClassVar[dict[str, Any]]

    def rows(self, part: slice) -> Self:
        return type(self)(*[getattr(self, name)[part] for name in self.__dataclass_fields__])


class State:
    """One number of each name for each stream, and `width` numbers of each name in `wide`: the
    annotations of a subclass are its names.

    All lie in one matrix, names by streams, so that the streams of a pass are taken out and put
    back in one step each; the wide ones come last. Where all streams are kept, the numbers of one
    stream lie together in memory, for that is what is moved; where they were taken to, those of one
    name, for that is what is worked with. Counters and flags are floats as well.
    """

    _names: ClassVar[tuple[str, ...]] = ()
    _wide: ClassVar[dict[str, slice]] = {}
    _n_rows: ClassVar[int] = 0

    def __init_subclass__(cls, wide: tuple[str, ...] = (), width: int = 1) -> None:
        cls._names = tuple(name for name in cls.__annotations__ if name not in wide)
        begins = range(len(cls._names), len(cls._names) + width * len(wide), width)
        cls._wide = {name: slice(at, at + width) for name, at in zip(wide, begins, strict=True)}
        cls._n_rows = len(cls._names) + width * len(wide)

    def __init__(self, matrix: Floats) -> None:
        self.matrix = matrix
        vars(self).update(zip(self._names, matrix, strict=False))
        for name, rows in self._wide.items():
            setattr(self, name, matrix[rows])

    @classmethod
    def zeros(cls, n_streams: int) -> Self:
        return cls(np.zeros((n_streams, cls._n_rows)).T)

    def take(self, at: Indices) -> Self:
        """A copy of the streams `at`."""
        return type(self)(np.ascontiguousarray(self.matrix.T.take(at, axis=0).T))

    def first(self, n_streams: int) -> Self:
        """The first few streams; what is done to them is done here."""
        return type(self)(self.matrix[:, :n_streams])

    def put(self, at: Indices, state: Self) -> None:
        self.matrix.T[at] = state.matrix.T

    def grown(self, n_streams: int) -> Self:
        """The same with room for more."""
        bigger = type(self).zeros(n_streams)
        bigger.matrix[:, : self.matrix.shape[1]] = self.matrix
        return bigger
