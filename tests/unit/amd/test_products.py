"""Products of matrices: each row's bits are its own."""

import numpy as np
import pytest

from dialer.amd.products import ROWS_AT_ONCE, by_rows

N = 5 * ROWS_AT_ONCE + 3


@pytest.mark.parametrize("kind", [np.float32, np.float64])
@pytest.mark.parametrize(("width", "n_columns"), [(32, 192), (64, 192), (96, 288), (107, 96)])
def test_a_row_has_the_same_bits_wherever_it_stands(kind, width, n_columns):
    draw = np.random.default_rng(width)
    rows = draw.standard_normal((N, width)).astype(kind)
    weights = draw.standard_normal((width, n_columns)).astype(kind)
    alone = np.concatenate([by_rows(row[None], weights) for row in rows])
    assert alone == pytest.approx(rows @ weights, rel=1e-4, abs=1e-4)
    for first in range(N):
        assert (by_rows(rows[first:], weights) == alone[first:]).all()
        assert (by_rows(rows[:first], weights) == alone[:first]).all()
