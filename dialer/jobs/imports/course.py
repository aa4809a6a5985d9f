"""How far a running import is, in Redis: screens ask for it while the worker writes it."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Protocol, cast

import orjson
from redis import Redis

LIFE_S = 3600


class Phase(StrEnum):
    WAITING = "WAITING"
    """For a worker."""
    READING = "READING"
    COMPARING = "COMPARING"
    """With do-not-call lists and other lists."""
    LOADING = "LOADING"
    UNDOING = "UNDOING"


BEGINS_AT = {Phase.WAITING: 0.0, Phase.READING: 0.0, Phase.COMPARING: 0.4, Phase.LOADING: 0.5,
             Phase.UNDOING: 0.0}  # fmt: skip
"""Share of an import's time that is over when a phase begins."""
LASTS = {Phase.WAITING: 0.0, Phase.READING: 0.4, Phase.COMPARING: 0.1, Phase.LOADING: 0.5,
         Phase.UNDOING: 1.0}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Progress:
    """`n_rows`: rows done in this phase. `left_s` None: nobody can say yet."""

    phase: Phase
    n_rows: int
    rows_per_s: float
    share: float
    left_s: float | None


class Course(Protocol):
    """Where an import says how far it is."""

    def note(self, phase: Phase, n_rows: int, share: float) -> None:
        """`share`: of this phase's work that is done, 0 to 1."""


class Unwatched:
    """The course of an import that nobody looks at."""

    def note(self, phase: Phase, n_rows: int, share: float) -> None:
        """Nothing."""


class RedisCourse:
    """`now`: seconds of a clock that only goes on."""

    def __init__(self, redis: Redis, list_id: int, now: Callable[[], float]) -> None:
        self._redis, self._list_id, self._now = redis, list_id, now
        self._began_at = self._phase_began_at = now()
        self._phase = Phase.WAITING

    def note(self, phase: Phase, n_rows: int, share: float) -> None:
        now = self._now()
        if phase is not self._phase:
            self._phase, self._phase_began_at = phase, now
        done = BEGINS_AT[phase] + LASTS[phase] * min(1.0, share)
        spent_s, phase_s = now - self._began_at, now - self._phase_began_at
        told = Progress(
            phase,
            n_rows,
            rows_per_s=round(n_rows / phase_s) if phase_s > 0 else 0,
            share=round(done, 4),
            left_s=round(spent_s * (1 - done) / done, 1) if done > 0.02 and spent_s > 1 else None,
        )
        self._redis.set(_key(self._list_id), orjson.dumps(asdict(told)), ex=LIFE_S)


def progress_of(redis: Redis, list_id: int) -> Progress | None:
    """How far the list is, or None when no import of it ran within the hour."""
    found = cast(Any, redis.get(_key(list_id)))
    if found is None:
        return None
    told = orjson.loads(found)
    return Progress(**{**told, "phase": Phase(told["phase"])})


def forget_progress(redis: Redis, list_id: int) -> None:
    """A list that is given to the workers has no progress yet."""
    redis.delete(_key(list_id))


def _key(list_id: int) -> str:
    return f"relance:import:{list_id}"
