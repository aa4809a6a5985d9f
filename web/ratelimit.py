"""Fixed-window counters in Redis: at most so many tries per window and key."""

import hashlib
from dataclasses import dataclass
from typing import Any, cast

from redis import Redis


@dataclass(frozen=True, slots=True)
class Window:
    """Where a key stands in its present window."""

    limit: int
    count: int
    resets_in_s: int

    @property
    def n_left(self) -> int:
        """Tries that the window still takes."""
        return max(self.limit - self.count, 0)

    @property
    def is_over(self) -> bool:
        """Whether the last try was one too many."""
        return self.count > self.limit


def counted(redis: Redis, key: str, limit: int, window_s: int) -> Window:
    """Count one try of `key`. Keys are stored hashed."""
    name = "relance:web:limit:" + hashlib.sha256(key.encode()).hexdigest()[:32]
    with redis.pipeline() as pipe:
        pipe.set(name, 0, ex=window_s, nx=True)
        pipe.incr(name)
        pipe.ttl(name)
        _set, count, left_s = cast(Any, pipe.execute())
    return Window(limit, int(count), max(int(left_s), 0))


def is_over(redis: Redis, key: str, limit: int, window_s: int) -> bool:
    """Count one try of `key`; True when it is past the limit."""
    return counted(redis, key, limit, window_s).is_over
