"""Garbage collection that nobody on the telephone hears."""

import gc


def settle_heap() -> None:
    """Call once, when everything is imported and set up: what lives now is not looked at again.

    A full collection of the controller's 120,000 lasting objects takes 65 ms, in which no answer is
    bridged; without them it takes less than one.
    """
    gc.collect()
    gc.freeze()
