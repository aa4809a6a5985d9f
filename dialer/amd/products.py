"""Matrix products of which each row has the same bits whatever rows are beside it.

BLAS picks its kernel, and with it the order in which it sums, by the number of rows; some kernels
sum otherwise in the last rows than in the first. So rows go to it by eight, which all of OpenBLAS's
kernels for x86 take in one piece: of sixteen, Haswell's sums the last four in another way.
"""

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

ROWS_AT_ONCE = 8

Number = TypeVar("Number", np.float32, np.float64)


def by_rows(rows: NDArray[Number], weights: NDArray[Number]) -> NDArray[Number]:
    """The product of n x k rows and k x m weights, n x m."""
    n, width = rows.shape
    padded = np.zeros((-(-n // ROWS_AT_ONCE), ROWS_AT_ONCE, width), dtype=rows.dtype)
    padded.reshape(-1, width)[:n] = rows
    return np.asarray(np.matmul(padded, weights).reshape(-1, weights.shape[1])[:n])
