"""Leads going out to the controller under a lease.

A claim walks the head of `ix_leads_due` once for each active list and each time zone where it is
open now, and judges what it finds there (store/verdict.py). A lead that may be called is claimed;
one that may not is held until its reason ends, and stands in no later claim's way. So the cost
depends on how many are asked for and not on how many there are, or are kept back.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import exists, select, text
from sqlalchemy.orm import Session

from dialer.model.campaign import Campaign, CampaignState
from dialer.model.ids import CampaignId, LeadId
from dialer.model.lead import LEAD_MACHINE, Lead, LeadState, LeadTrigger
from dialer.policy.compliance import hours_refusal, is_silent
from dialer.store.campaigns import get_campaign
from dialer.store.holds import HOLD
from dialer.store.instants import instant
from dialer.store.leads import CALLBACK_PRIORITY, NEVER, lead_of
from dialer.store.tables import AttemptRow, LeadRow
from dialer.store.verdict import parameters, verdict, zones_of

CHOOSABLE = frozenset({LeadState.NEW, LeadState.WAITING_RETRY, LeadState.CALLBACK, LeadState.DONE})
"""States of a lead that an agent may choose to call."""
MOST_ROUNDS = 8
ROUND_SIZE = 1000
"""Leads that a further round looks at, when rules kept the first ones back."""

_CLAIM = text(f"""
    WITH head AS (
        SELECT first.* FROM lists
        CROSS JOIN unnest(CAST(:open_zones AS text[])) AS zone
        CROSS JOIN LATERAL (
            SELECT l.* FROM leads l
            WHERE l.list_id = lists.id AND l.time_zone = zone
              AND l.state IN ('NEW', 'WAITING_RETRY', 'CALLBACK')
              AND l.dialable_at <= :now
            ORDER BY l.priority, l.dialable_at, l.id LIMIT :n_seen
            FOR UPDATE OF l SKIP LOCKED
        ) AS first
        WHERE lists.campaign_id = :campaign_id AND lists.is_active
          AND lists.state IN ('READY', 'IMPORTING')
        ORDER BY first.priority, first.dialable_at, first.id LIMIT :n_seen
    ), judged AS MATERIALIZED ({verdict("head l")}), held AS (
        UPDATE leads l SET {HOLD.format(reason="j.reason", until="j.until")}
        FROM judged j WHERE l.id = j.id AND j.reason IS NOT NULL
    ), chosen AS (
        SELECT * FROM judged WHERE reason IS NULL ORDER BY priority, dialable_at, id LIMIT :n
    ), claimed AS (
        UPDATE leads l SET state = 'CLAIMED', claimed_until = :until
        FROM chosen f WHERE l.id = f.id
        RETURNING l.id AS lead_id, l.list_id, l.number, l.time_zone, l.n_attempts, l.n_tries,
            l.last_outcome, l.name, l.fields, l.priority, l.callback_agent_id,
            f.due_at, f.tries_at, f.refused_at, f.abandoned_at, f.has_consent, f.caller_id,
            (f.state = 'CALLBACK' OR l.priority <= :callback_priority) AS is_callback,
            f.dialable_at
    )
    SELECT seen.n_seen, c.* FROM (SELECT count(*) AS n_seen FROM judged) seen
    LEFT JOIN claimed c ON true
    ORDER BY c.priority, c.dialable_at, hashint8(c.lead_id)
""")
"""Leads of equal standing come mixed: lists are often sorted by what decides whether people answer
(region, segment, source), and pacing holds neighbours for independent. A lab list of 40 numbers
that all answer, then 40 of which none does, and so on, brought 15 % abandoned in ten minutes."""

_STEADY_OFF = ("sort", "hashjoin", "mergejoin", "bitmapscan", "seqscan", "material")
_STEADY = text("; ".join(f"SET LOCAL enable_{way} = off" for way in _STEADY_OFF))
_AS_BEFORE = text("; ".join(f"SET LOCAL enable_{way} TO DEFAULT" for way in _STEADY_OFF))
"""Without statistics (a list just imported) the planner would sort the whole list: seconds in
place of milliseconds. With every other way closed it walks the index and stops after `n`."""

_FACTS = text(verdict("leads l") + " WHERE f.id = ANY(:ids)")


def claim(
    session: Session, campaign_id: CampaignId, n: int, lease_s: float, now: float
) -> tuple[Lead, ...]:
    """Up to `n` leads that may be called, first by priority and due time, leased for `lease_s`."""
    campaign = get_campaign(session, campaign_id)
    if campaign.state is not CampaignState.RUNNING or is_silent(campaign):
        return ()
    session.execute(_STEADY)
    claimed = _claim_in_rounds(session, campaign, n, lease_s, now)
    session.execute(_AS_BEFORE)
    return claimed


def _claim_in_rounds(
    session: Session, campaign: Campaign, n: int, lease_s: float, now: float
) -> tuple[Lead, ...]:
    zones = zones_of(session, campaign.campaign_id)
    wanted = parameters(campaign, zones, now, has_own_agent=True) | {
        "campaign_id": campaign.campaign_id,
        "open_zones": [zone for zone in zones if _may_open(campaign, zone, now)],
        "until": instant(now + lease_s),
        "callback_priority": CALLBACK_PRIORITY,
    }
    found: list[Lead] = []
    n_seen = n
    for _ in range(MOST_ROUNDS):
        rows = session.execute(_CLAIM, wanted | {"n": n - len(found), "n_seen": n_seen})
        leads = rows.mappings().all()
        found += [lead_of(row) for row in leads if row["lead_id"] is not None]
        if len(found) == n or leads[0]["n_seen"] < n_seen:
            break
        n_seen = max(n, ROUND_SIZE)
    return tuple(found)


def _may_open(campaign: Campaign, zone: str, now: float) -> bool:
    """Open now; or of no known name, which the claim finds and holds."""
    refusal = hours_refusal(campaign, zone, now)
    return refusal is None or refusal.until is None


def claim_one(
    session: Session, campaign_id: CampaignId, lead_id: LeadId, lease_s: float, now: float
) -> Lead | None:
    """This very lead for an agent who chose it, due or not, finished or not.

    None when somebody has it, it may never be called, or its number is being called.
    """
    known = select(LeadRow).where(LeadRow.id == lead_id, LeadRow.campaign_id == campaign_id)
    row = session.scalar(known.with_for_update(skip_locked=True))
    if row is None or row.state not in CHOOSABLE or _is_being_called(session, row.number):
        return None
    was = LeadState(row.state)
    facts = facts_of(session, get_campaign(session, campaign_id), [lead_id], now)[lead_id]
    resting = LEAD_MACHINE.step(was, LeadTrigger.RECYCLE) if was is LeadState.DONE else was
    row.state = LEAD_MACHINE.step(resting, LeadTrigger.CLAIM)
    row.claimed_until = instant(now + lease_s)
    if was is LeadState.DONE:
        row.due_at = NEVER  # whatever becomes of this claim, nothing dials it by itself
    kept = ("list_id", "number", "time_zone", "n_attempts", "n_tries", 
            "last_outcome", "name", "fields")  # fmt: skip
    return lead_of(
        {name: getattr(row, name) for name in kept}
        | {name: facts[name] for name in _OF_NUMBER}
        | {"lead_id": row.id, "due_at": facts["due_at"], "is_callback": was is LeadState.CALLBACK,
           "is_finished": was is LeadState.DONE}
    )  # fmt: skip


_OF_NUMBER = ("tries_at", "refused_at", "abandoned_at", "has_consent", "caller_id",
              "is_do_not_call")  # fmt: skip


def facts_of(
    session: Session, campaign: Campaign, ids: Collection[int], now: float
) -> dict[int, Any]:
    """Facts and verdicts of leads of one campaign, by identity."""
    zones = session.scalars(select(LeadRow.time_zone).where(LeadRow.id.in_(ids)).distinct())
    wanted = parameters(campaign, zones, now, has_own_agent=True) | {"ids": list(ids)}
    return {row["id"]: row for row in session.execute(_FACTS, wanted).mappings()}


def _is_being_called(session: Session, number: str) -> bool:
    live = exists().where(AttemptRow.number == number, AttemptRow.ended_at.is_(None))
    return bool(session.scalar(select(live)))
