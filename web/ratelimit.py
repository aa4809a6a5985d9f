"""Fixed-window counters in Redis: at most so many tries per window and key."""

import hashlib
from typing import Any, cast

from redis import Redis


def is_over(redis: Redis, key: str, limit: int, window_s: int) -> bool:
    """Count one try of `key`; True when it is past the limit. Keys are stored hashed."""
    name = "relance:web:limit:" + hashlib.sha256(key.encode()).hexdigest()[:32]
    with redis.pipeline() as pipe:
        pipe.set(name, 0, ex=window_s, nx=True)
        pipe.incr(name)
        count = cast(Any, pipe.execute())[1]
    return int(count) > limit
