"""A telephone's keys: two tones at once, one of a row and one of a column (ITU-T Q.23).

A cheek leans on them, and people choose from menus on another line: they tell no machine.
"""

from dialer.amd.tones import Run

ROWS_HZ = (697.0, 770.0, 852.0, 941.0)
COLUMNS_HZ = (1209.0, 1336.0, 1477.0, 1633.0)
TOLERANCE = 0.018
"""Of the frequency: Q.24 asks that 1.5 % be taken, and 3.5 % not."""


def is_key(run: Run) -> bool:
    """Whether a run is a key's."""
    low, high = sorted((run.hz, run.other_hz))
    return run.is_dual and _is_one_of(low, ROWS_HZ) and _is_one_of(high, COLUMNS_HZ)


def _is_one_of(hz: float, nominal: tuple[float, ...]) -> bool:
    return any(abs(hz - one) <= TOLERANCE * one for one in nominal)
