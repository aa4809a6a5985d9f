"""Why the leads of a large campaign are not called: counted in the background, shown with its age.

A count of ten million leads takes a minute or more of the database. It is made when somebody looks
and the last one is old, and it is old only after ten times what it took: however many look, a
tenth of one core is spent. The count lies in Redis: it can always be made again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import orjson
from redis import Redis

from dialer.jobs.context import context
from dialer.jobs.queues import enqueue_why_not
from dialer.model.permit import RefusalReason
from dialer.store.why_not import ReasonCount, reasons_by_pages

FRESH_S = 60.0
"""A younger count is not made again."""
TIMES_TAKEN = 10.0
KEPT_S = 86_400


@dataclass(frozen=True, slots=True)
class KeptCount:
    """What a count found. `at`: UTC seconds of its beginning; `took_s`: how long it took."""

    reasons: tuple[ReasonCount, ...]
    at: float
    took_s: float

    def is_old(self, now: float) -> bool:
        return now > self.at + self.took_s + max(FRESH_S, TIMES_TAKEN * self.took_s)


def run(campaign_id: int) -> None:
    """The job: count, and keep."""
    here = context()
    at = here.now()
    reasons = reasons_by_pages(here.session_factory, campaign_id, at)
    keep(here.redis, campaign_id, KeptCount(reasons, at, here.now() - at))


def last_count(redis: Redis, campaign_id: int, now: float) -> KeptCount | None:
    """The last count of the campaign, or None: it has not been counted yet. A new one is queued
    when there is none or it is old."""
    found = cast(bytes | None, redis.get(_key(campaign_id)))
    kept = None if found is None else _read(found)
    if kept is None or kept.is_old(now):
        enqueue_why_not(redis, campaign_id)
    return kept


def keep(redis: Redis, campaign_id: int, count: KeptCount) -> None:
    redis.set(_key(campaign_id), orjson.dumps(count), ex=KEPT_S)


def _read(found: bytes) -> KeptCount:
    told = orjson.loads(found)
    return KeptCount(_reasons(told["reasons"]), told["at"], told["took_s"])


def _reasons(told: Sequence[dict[str, object]]) -> tuple[ReasonCount, ...]:
    return tuple(
        ReasonCount(**{**one, "reason": one["reason"] and RefusalReason(one["reason"])})  # type: ignore[arg-type]
        for one in told
    )


def _key(campaign_id: int) -> str:
    return f"relance:why-not:{campaign_id}"
