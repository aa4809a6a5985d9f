"""Nouns of the dialer: states, events, commands and the pictures that policies and screens see.

Pure: the standard library only, no clock, no randomness, no I/O.
"""
