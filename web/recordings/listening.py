"""When a listening begins: a player asks for pieces, and one entry in the audit log is due.

Requests of one person (or API key) for one recording belong together while less than a minute lies
between them. Not knowing is no reason to be silent: without Redis there is no sound either.
"""

from web.extensions import bus

PAUSE_S = 60


def begins(who: int | str, attempt_id: str) -> bool:
    """Whether this request is the first of a listening."""
    key = f"relance:web:listening:{who}:{attempt_id}"
    return bus().redis.set(key, 1, ex=PAUSE_S, get=True) is None
