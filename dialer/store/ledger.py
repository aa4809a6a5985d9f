"""The abandon rate, twice: from the ledger, and from the attempts without the ledger.

The rule is that of the French and British regulators as the product states it: abandoned live
answers over live answers, where a live answer is a person who was bridged within the limit or
abandoned. The two must agree; where they do not, one of the writers is wrong.
"""

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from dialer.model.events import DayAnswers
from dialer.model.ids import CampaignId
from dialer.store.instants import instant

_FROM_LEDGER = text("""
    SELECT count(*) FILTER (WHERE kind <> 'MACHINE') AS n_live,
           count(*) FILTER (WHERE kind = 'ABANDONED') AS n_abandoned
    FROM abandon_ledger
    WHERE campaign_id = :campaign_id AND at >= :since AND at < :until
""")

_FROM_ATTEMPTS = text("""
    WITH answered AS (
        SELECT a.outcome = 'ABANDONED' OR COALESCE(
                   a.bridged_at - a.answered_at
                       > make_interval(secs => c.answer_limit_s + COALESCE(a.amd_greeted_s, 0)),
                   false
               ) AS is_abandoned,
               a.bridged_at IS NOT NULL AND NOT COALESCE(d.is_machine, false) AS is_served
        FROM attempts a JOIN campaigns c ON c.id = a.campaign_id
        LEFT JOIN dispositions d ON d.campaign_id = a.campaign_id AND d.code = a.disposition
        WHERE a.campaign_id = :campaign_id AND a.ended_at IS NOT NULL
          AND COALESCE(a.answered_at, a.ended_at) >= :since
          AND COALESCE(a.answered_at, a.ended_at) < :until
    )
    SELECT count(*) FILTER (WHERE is_abandoned OR is_served) AS n_live,
           count(*) FILTER (WHERE is_abandoned) AS n_abandoned
    FROM answered
""")


_BY_DAY = text("""
    SELECT (at AT TIME ZONE :zone)::date AS day,
           count(*) FILTER (WHERE kind = 'SERVED') AS n_served,
           count(*) FILTER (WHERE kind = 'ABANDONED') AS n_abandoned
    FROM abandon_ledger
    WHERE campaign_id = :campaign_id AND at >= :since AND at < :until
    GROUP BY day ORDER BY day
""")


@dataclass(frozen=True, slots=True)
class AbandonCount:
    """`rate`: abandoned over live answers, 0 when there was none."""

    n_live: int
    n_abandoned: int

    @property
    def rate(self) -> float:
        """Share from 0 to 1."""
        return self.n_abandoned / self.n_live if self.n_live else 0.0


def abandon_by_ledger(
    session: Session, campaign_id: CampaignId, since: float, until: float
) -> AbandonCount:
    """Live and abandoned answers from `since` until before `until`, as the ledger has them."""
    return _count(session, _FROM_LEDGER.text, campaign_id, since, until)


def answers_by_day(
    session: Session, campaign_id: CampaignId, zone: str, since: float, until: float
) -> tuple[DayAnswers, ...]:
    """Live answers of each day (midnight of `zone`, an IANA name) that had any; the first day may
    be cut by `since`."""
    window = {"campaign_id": campaign_id, "since": instant(since), "until": instant(until)}
    rows = session.execute(_BY_DAY, window | {"zone": zone})
    return tuple(DayAnswers(row.day.toordinal(), row.n_served, row.n_abandoned) for row in rows)


def abandon_by_attempts(
    session: Session, campaign_id: CampaignId, since: float, until: float
) -> AbandonCount:
    """The same from the attempts' times and dispositions, by the campaign's present limit."""
    return _count(session, _FROM_ATTEMPTS.text, campaign_id, since, until)


def _count(
    session: Session, query: str, campaign_id: CampaignId, since: float, until: float
) -> AbandonCount:
    window = {"campaign_id": campaign_id, "since": instant(since), "until": instant(until)}
    row = session.execute(text(query), window).one()
    return AbandonCount(row.n_live, row.n_abandoned)
