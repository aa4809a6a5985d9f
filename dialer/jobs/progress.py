"""How far a running import is, in Redis: the screen asks for it while the worker writes it."""

from typing import Any, cast

from redis import Redis

LIFE_S = 3600


def note_progress(redis: Redis, list_id: int, n_rows: int) -> None:
    """Remember the rows read so far."""
    redis.set(_key(list_id), n_rows, ex=LIFE_S)


def progress_of(redis: Redis, list_id: int) -> int | None:
    """Rows read so far, or None when no import of the list ran within the hour."""
    found = cast(Any, redis.get(_key(list_id)))
    return None if found is None else int(found)


def _key(list_id: int) -> str:
    return f"relance:import:{list_id}"
