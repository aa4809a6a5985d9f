"""Pools of numbers to show: chosen where the attempt's row is written, counted by day.

All controllers count in the same rows, locked while a batch is written, so that a number's limit
holds whoever dials.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from dialer.model.campaign import Campaign
from dialer.model.commands import Originate
from dialer.model.ids import AttemptId
from dialer.policy.abandon import rule_of
from dialer.policy.caller_id import CallerNumber, choose
from dialer.store import holds
from dialer.store.tables import CallerNumberRow, CampaignRow, NumberHistory

_NUMBERS = text("""
    SELECT c.number, c.region, c.most_a_day, COALESCE(d.n_calls, 0) AS n_today
    FROM caller_numbers c LEFT JOIN caller_number_days d ON d.number = c.number AND d.day = :day
    WHERE c.pool = :pool AND c.retired_at IS NULL ORDER BY c.number FOR UPDATE OF c
""")
_COUNT = text("""
    INSERT INTO caller_number_days (number, day, n_calls) VALUES (:number, :day, :n_calls)
    ON CONFLICT (number, day) DO UPDATE SET n_calls = excluded.n_calls
""")


def assign(
    session: Session, campaign: Campaign, originates: Sequence[Originate], now: float
) -> dict[AttemptId, str]:
    """The number that each call of the campaign shows; those for which none is left are missing."""
    day, _ = day_of(campaign, now)
    rows = session.execute(_NUMBERS, {"pool": campaign.caller_pool, "day": day}).mappings()
    pool = [CallerNumber(**row) for row in rows]
    before = {one.number: one.n_today for one in pool}
    shown = _shown_before(session, [one.number for one in originates])
    chosen: dict[AttemptId, str] = {}
    for one in originates:
        number = choose(one.number, pool, shown.get(one.number, ""), campaign)
        if number is not None:
            number.n_today += 1
            chosen[one.attempt_id] = number.number
    used = [one for one in pool if one.n_today != before[one.number]]
    for one_used in used:
        counted = {"number": one_used.number, "day": day, "n_calls": one_used.n_today}
        session.execute(_COUNT, counted)
    return chosen


def day_of(campaign: Campaign, now: float) -> tuple[date, float]:
    """The day that it is where the campaign's rules hold, and the UTC second of its end."""
    zone = ZoneInfo(rule_of(campaign.rule_set).zone)
    today = datetime.fromtimestamp(now, UTC).astimezone(zone).date()
    tomorrow = today + timedelta(days=1)
    return today, datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=zone).timestamp()


def numbers_of(session: Session, pool: str) -> tuple[str, ...]:
    """All numbers of a pool, retired ones as well: whom they were shown to may call them back."""
    mine = select(CallerNumberRow.number).where(CallerNumberRow.pool == pool)
    return tuple(session.scalars(mine.order_by(CallerNumberRow.number)))


def pools(session: Session) -> tuple[str, ...]:
    """Names of the pools."""
    names = select(CallerNumberRow.pool).distinct().order_by(CallerNumberRow.pool)
    return tuple(session.scalars(names))


def pool_changed(session: Session, pool: str) -> None:
    """Numbers came or went: leads that waited for one are judged anew."""
    mine = select(CampaignRow.id).where(CampaignRow.caller_pool == pool)
    for campaign_id in session.scalars(mine).all():
        holds.free_campaign(session, campaign_id)


def _shown_before(session: Session, numbers: Sequence[str]) -> dict[str, str]:
    known = select(NumberHistory.number, NumberHistory.caller_id)
    rows = session.execute(known.where(NumberHistory.number.in_(numbers)))
    return {number: caller_id for number, caller_id in rows}
