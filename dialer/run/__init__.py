"""Composition: the processes, their loops, clocks and the adapters they join."""
