"""Why nobody is called: of a whole campaign, counted by reason, and of one lead.

The reasons, and what asks them, are those of the claim (store/verdict.py), so what is shown here
as callable is what the next claim takes.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from dialer.model.campaign import OF_AGENTS, Campaign, PacingMode
from dialer.model.permit import Refusal, RefusalReason
from dialer.store.campaigns import get_campaign
from dialer.store.claims import places_of
from dialer.store.instants import seconds_of
from dialer.store.tables import LeadRow
from dialer.store.verdict import parameters, verdict

_ONE_AGENT_EACH = OF_AGENTS | {PacingMode.PROGRESSIVE}
"""Modes in which an agent is kept free for every call."""

_JUDGED = f"""
    SELECT v.id,
        COALESCE(v.reason, CASE WHEN v.held_until > :now THEN v.held_for END) AS reason,
        CASE WHEN v.reason IS NULL AND v.held_until > :now THEN v.held_until ELSE v.until END
            AS until
    FROM ({verdict("{leads}")}) v
"""
"""A lead that nothing speaks against any more may still be held, until the claim looks again."""

_OF_CAMPAIGN = text(f"""
    SELECT j.reason, count(*) AS n_leads, min(j.until) AS first_at, max(j.until) AS last_at
    FROM ({_JUDGED.format(leads="(SELECT * FROM leads WHERE campaign_id = :campaign_id) l")}) j
    GROUP BY j.reason
""")
_OF_LEAD = text(_JUDGED.format(leads="leads l") + " WHERE v.id = :lead_id")
NEVER = 250_000_000_000.0
"""In the year 9892: later than any end that is meant."""


@dataclass(frozen=True, slots=True)
class ReasonCount:
    """Leads with one reason; None: they may be called. When it ends for the first and the last of
    them, in UTC seconds, or None: not by itself."""

    reason: RefusalReason | None
    n_leads: int
    first_at: float | None
    last_at: float | None


def reasons_of_campaign(session: Session, campaign_id: int, now: float) -> tuple[ReasonCount, ...]:
    """Each reason that holds for some lead, in the order in which they are asked; the callable
    ones first. Reads all leads of the campaign."""
    campaign = get_campaign(session, campaign_id)
    zones = sorted({place.zone for place in places_of(session, campaign_id)})
    asked = _asked(campaign, zones, now) | {"campaign_id": campaign_id}
    rows = session.execute(_OF_CAMPAIGN, asked).all()
    found = {
        row.reason: ReasonCount(
            None if row.reason is None else RefusalReason(row.reason),
            row.n_leads,
            _end(seconds_of(row.first_at)),
            _end(seconds_of(row.last_at)),
        )
        for row in rows
    }
    return tuple(found[reason] for reason in (None, *RefusalReason) if reason in found)


def reason_of_lead(session: Session, row: LeadRow, now: float) -> Refusal | None:
    """Why the lead is not called now, or None: it may be."""
    campaign = get_campaign(session, row.campaign_id)
    asked = _asked(campaign, [row.time_zone], now) | {"lead_id": row.id}
    found = session.execute(_OF_LEAD, asked).one()
    if found.reason is None:
        return None
    return Refusal(RefusalReason(found.reason), _end(seconds_of(found.until)))


def _asked(campaign: Campaign, zones: Iterable[str], now: float) -> dict[str, object]:
    return parameters(campaign, zones, now, has_own_agent=campaign.mode in _ONE_AGENT_EACH)


def _end(at: float | None) -> float | None:
    """A hold without an end is kept as a day that nobody will see."""
    return at if at is not None and at < NEVER else None
