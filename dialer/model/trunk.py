"""A way out of a switch to the network: its name, its dial string, and what it may be asked."""

from dataclasses import dataclass

NO_LIMIT = float("inf")


@dataclass(frozen=True, slots=True)
class TrunkRules:
    """Trunks of one switch are tried in the order of its settings."""

    name: str = ""
    max_calls_per_s: float = NO_LIMIT
    max_calls: float = NO_LIMIT
    """Calls at once, ringing or talking."""
    max_failures: float = NO_LIMIT
    """Carrier failures in a row after which it rests. A switch without named trunks has one way
    out that is not judged."""
    rest_s: float = 30.0
    """After it one call is let through as a probe; its end decides."""
