"""Counters a client keeps for the people who run it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class ClientStats:
    """Counters since the client was made."""

    connections: int = 0
    losses: int = 0
    overflows: int = 0
    dropped_events: int = 0  # no handler wanted them, or an overflow forgot them
    repaired_events: int = 0  # bytes that were not UTF-8
    late_replies: int = 0
