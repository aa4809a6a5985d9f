"""Leads going out to the controller under a lease.

Leads stand at *places*: one for each active list, time zone where it is open now, and priority. A
claim goes from priority to priority, walks the head of `ix_leads_due` at each place, locks as many
as it asks for of what it finds there (another claim's are skipped), and judges those
(store/verdict.py). A lead that may be called is claimed; one that may not is held until its reason
ends, and stands in no later claim's way. So the cost depends on how many are asked for and not on
how many there are, wait for their time, or are kept back.

Each claim has a number, the fence: an attempt opens by the lead's last claim only, so that whoever
held a lead and was believed dead dials nothing that somebody else holds now.
"""

from collections.abc import Collection, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import exists, select, text
from sqlalchemy.orm import Session

from dialer.model.campaign import Campaign, CampaignState, LeadOrder
from dialer.model.ids import CampaignId, LeadId
from dialer.model.lead import LEAD_MACHINE, LIST_PRIORITY, Lead, LeadState, LeadTrigger
from dialer.policy.compliance import hours_refusal, is_silent
from dialer.store import turns
from dialer.store.campaigns import get_campaign
from dialer.store.holds import HOLD
from dialer.store.instants import instant
from dialer.store.leads import CALLBACK_PRIORITY, NEVER, lead_of
from dialer.store.tables import AttemptRow, LeadRow
from dialer.store.turns import HAS_OTHERS, OF_NUMBER, number_of, others_than
from dialer.store.verdict import parameters, verdict

CHOOSABLE = frozenset({LeadState.NEW, LeadState.WAITING_RETRY, LeadState.CALLBACK, LeadState.DONE})
"""States of a lead that an agent may choose to call."""
MOST_ROUNDS = 8
ROUND_SIZE = 1000
"""Leads that a further round looks at, when rules kept the first ones back."""

_PLACES = text("""
    WITH RECURSIVE mine AS (
        SELECT id, priority, weight FROM lists
        WHERE campaign_id = :campaign_id AND is_active AND state IN ('READY', 'IMPORTING')
    ), found(list_id, zone, priority) AS (
        SELECT mine.id, first.time_zone, first.priority FROM mine CROSS JOIN LATERAL (
            SELECT l.time_zone, l.priority FROM leads l
            WHERE l.list_id = mine.id AND l.state IN ('NEW', 'WAITING_RETRY', 'CALLBACK')
            ORDER BY l.time_zone, l.priority LIMIT 1
        ) AS first
        UNION ALL
        SELECT found.list_id, next.time_zone, next.priority FROM found CROSS JOIN LATERAL (
            SELECT l.time_zone, l.priority FROM leads l
            WHERE l.list_id = found.list_id AND l.state IN ('NEW', 'WAITING_RETRY', 'CALLBACK')
              AND (l.time_zone, l.priority) > (found.zone, found.priority)
            ORDER BY l.time_zone, l.priority LIMIT 1
        ) AS next
    )
    SELECT found.*, mine.weight,
        CASE WHEN found.priority = :list_priority THEN mine.priority ELSE found.priority END AS rank
    FROM found JOIN mine ON mine.id = found.list_id
    ORDER BY rank, found.list_id, found.zone, found.priority
""")
"""One step of the index for each place. A lead without a priority of its own has its list's."""

_BY = {
    LeadOrder.PRIORITY: "dialable_at, id",
    LeadOrder.NEWEST: "dialable_at DESC, id DESC",
    LeadOrder.RANDOM: "dialable_at, id",
    LeadOrder.WEIGHTED: "dialable_at, id",
    LeadOrder.BEST: "dialable_at, id",
}
"""How a place is walked. RANDOM: due times were scattered (store/scatter.py). BEST: the engine
ranks what it was given."""
_MERGED = _BY | {LeadOrder.WEIGHTED: "(stride - 0.5) / weight, dialable_at, id"}
"""How the heads of several places become one order; by weight, in strides."""
_STRIDE = dict.fromkeys(LeadOrder, "0") | {
    LeadOrder.WEIGHTED: "row_number() OVER (PARTITION BY place.list_id ORDER BY dialable_at, id)",
}

_CLAIM = """
    WITH waiting AS (
        SELECT first.id, first.dialable_at, place.weight,
            {stride} AS stride
        FROM unnest(CAST(:list_ids AS bigint[]), CAST(:zones_at AS text[]),
                    CAST(:priorities AS int[]), CAST(:weights AS int[]))
            AS place(list_id, zone, priority, weight)
        CROSS JOIN LATERAL (
            SELECT l.id, l.dialable_at FROM leads l
            WHERE l.list_id = place.list_id AND l.time_zone = place.zone
              AND l.priority = place.priority
              AND l.state IN ('NEW', 'WAITING_RETRY', 'CALLBACK')
              AND l.dialable_at <= :now
            ORDER BY {by} LIMIT :n_looked
        ) AS first
    ), ranked AS (
        SELECT l.*, w.nth FROM (
            SELECT id, row_number() OVER () AS nth FROM (
                SELECT id FROM waiting ORDER BY {merged} LIMIT 4 * :n_looked
            ) in_turn ORDER BY nth
        ) w JOIN leads l ON l.id = w.id
        WHERE l.state IN ('NEW', 'WAITING_RETRY', 'CALLBACK') AND l.dialable_at <= :now
        ORDER BY w.nth LIMIT :n_seen
        FOR UPDATE OF l SKIP LOCKED
    ), judged AS MATERIALIZED (
        {judged}
    ), held AS (
        UPDATE leads l SET {hold}
        FROM judged j WHERE l.id = j.id AND j.reason IS NOT NULL
    ), chosen AS (
        SELECT * FROM judged WHERE reason IS NULL ORDER BY nth LIMIT :n
    ), claimed AS (
        UPDATE leads l SET state = 'CLAIMED', claimed_until = :until, claim_no = :claim_no
        FROM chosen f WHERE l.id = f.id
        RETURNING l.id AS lead_id, l.list_id, f.number, {has_others} AS has_other_numbers,
            l.time_zone, l.n_attempts, l.n_tries,
            l.last_outcome, l.name, l.fields, l.priority, l.callback_agent_id,
            f.due_at, f.tries_at, f.refused_at, f.abandoned_at, f.has_consent, f.is_withdrawn,
            f.caller_id,
            (f.state = 'CALLBACK' OR l.priority <= :callback_priority) AS is_callback,
            f.dialable_at, f.nth, l.claim_no
    )
    SELECT seen.*, c.* FROM (
        SELECT (SELECT count(*) FROM waiting) AS n_waiting, count(*) AS n_seen,
            array_agg(id) FILTER (WHERE next_number IS NOT NULL AND reason IN ({of_number}))
                AS out_of_turn
        FROM judged) seen
    LEFT JOIN claimed c ON true
    ORDER BY {given}
"""
_MIXED = "c.dialable_at{way}, hashint8(c.lead_id)"
_GIVEN = {order: _MIXED.format(way="") for order in LeadOrder} | {
    LeadOrder.NEWEST: _MIXED.format(way=" DESC"),
    LeadOrder.WEIGHTED: "c.nth",
}
"""Leads of equal standing come mixed: lists are often sorted by what decides whether people answer
(region, segment, source), and pacing holds neighbours for independent. A lab list of 40 numbers
that all answer, then 40 of which none does, and so on, brought 15 % abandoned in ten minutes."""

_STEADY_OFF = ("sort", "hashjoin", "mergejoin", "bitmapscan", "seqscan", "material")
_STEADY = text("; ".join(f"SET LOCAL enable_{way} = off" for way in _STEADY_OFF))
_AS_BEFORE = text("; ".join(f"SET LOCAL enable_{way} TO DEFAULT" for way in _STEADY_OFF))
"""Without statistics (a list just imported) the planner would sort the whole list: seconds in
place of milliseconds. With every other way closed it walks the index and stops after `n`."""

_FACTS = text(verdict("leads l") + " WHERE f.id = ANY(:ids)")
_CLAIMS = {
    order: text(
        _CLAIM.format(
            by=_BY[order], merged=_MERGED[order], stride=_STRIDE[order], given=_GIVEN[order],
            judged=verdict("ranked l", also="nth"), has_others=HAS_OTHERS,
            of_number=", ".join(f"'{reason}'" for reason in sorted(OF_NUMBER)),
            hold=HOLD.format(reason="j.reason", until="j.until"),
        )
    )
    for order in LeadOrder
}  # fmt: skip
_NEXT_CLAIM = text("SELECT nextval('lead_claims')")


def claim(
    session: Session, campaign_id: CampaignId, n: int, lease_s: float, now: float
) -> tuple[Lead, ...]:
    """Up to `n` leads that may be called, by priority and the campaign's order, leased for
    `lease_s`."""
    campaign = get_campaign(session, campaign_id)
    if campaign.state is not CampaignState.RUNNING or is_silent(campaign):
        return ()
    session.execute(_STEADY)
    claimed = _claim_by_rank(session, campaign, n, lease_s, now)
    session.execute(_AS_BEFORE)
    return claimed


def _claim_by_rank(
    session: Session, campaign: Campaign, n: int, lease_s: float, now: float
) -> tuple[Lead, ...]:
    places = places_of(session, campaign.campaign_id)
    zones = sorted({place.zone for place in places})
    wanted = parameters(campaign, zones, now, has_own_agent=True) | {
        "until": instant(now + lease_s),
        "callback_priority": CALLBACK_PRIORITY,
        "claim_no": session.scalar(_NEXT_CLAIM),
    }
    awake = {zone for zone in zones if _may_open(campaign, zone, now)}
    found: list[Lead] = []
    for _rank, same in groupby(places, lambda place: place.rank):
        here = [place for place in same if place.zone in awake]
        if here and len(found) < n:
            found += _claim_at(session, campaign, here, n - len(found), wanted, now)
    return tuple(found)


def _claim_at(
    session: Session, campaign: Campaign, places: Sequence[Any], n: int,
    wanted: dict[str, Any], now: float,
) -> list[Lead]:  # fmt: skip
    """Leads of places of one rank, in rounds while rules keep the first ones back."""
    here = as_columns(places)
    found: list[Lead] = []
    n_seen = n_looked = n
    for _ in range(MOST_ROUNDS):
        asked = wanted | here | {"n": n - len(found), "n_seen": n_seen, "n_looked": n_looked}
        rows = session.execute(_CLAIMS[campaign.lead_order], asked)
        names = tuple(rows.keys())
        leads = [dict(zip(names, row, strict=True)) for row in rows]
        found += [lead_of(lead) for lead in leads if lead["lead_id"] is not None]
        if out_of_turn := leads[0]["out_of_turn"]:
            turns.reconsider(session, campaign, out_of_turn, now)
        if len(found) == n or leads[0]["n_waiting"] < n_looked:
            break
        if leads[0]["n_seen"] < n_seen:  # another claim has the first ones
            n_looked *= 2
        else:
            n_seen = max(n, ROUND_SIZE)
            n_looked = max(n_looked, n_seen)
    return found


def places_of(session: Session, campaign_id: int) -> Sequence[Any]:
    """Where leads stand that may still be called, by rank; one step of an index for each."""
    known = {"campaign_id": campaign_id, "list_priority": LIST_PRIORITY}
    return session.execute(_PLACES, known).all()


def as_columns(places: Sequence[Any]) -> dict[str, list[Any]]:
    """Places as the claim takes them."""
    return {
        "list_ids": [place.list_id for place in places],
        "zones_at": [place.zone for place in places],
        "priorities": [place.priority for place in places],
        "weights": [place.weight for place in places],
    }


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
    if row is None or row.state not in CHOOSABLE or _is_being_called(session, number_of(row)):
        return None
    was = LeadState(row.state)
    facts = facts_of(session, get_campaign(session, campaign_id), [lead_id], now)[lead_id]
    resting = LEAD_MACHINE.step(was, LeadTrigger.RECYCLE) if was is LeadState.DONE else was
    row.state = LEAD_MACHINE.step(resting, LeadTrigger.CLAIM)
    row.claimed_until = instant(now + lease_s)
    row.claim_no = session.scalar(_NEXT_CLAIM)
    if was is LeadState.DONE:
        row.due_at = NEVER  # whatever becomes of this claim, nothing dials it by itself
    kept = ("list_id", "time_zone", "n_attempts", "n_tries", "priority", "claim_no", 
            "last_outcome", "name", "fields")  # fmt: skip
    return lead_of(
        {name: getattr(row, name) for name in kept}
        | {name: facts[name] for name in _OF_NUMBER}
        | {"lead_id": row.id, "number": facts["number"], "due_at": facts["due_at"],
           "has_other_numbers": bool(others_than(row, facts["number"])),
           "is_callback": was is LeadState.CALLBACK,
           "is_finished": was is LeadState.DONE}
    )  # fmt: skip


_OF_NUMBER = ("tries_at", "refused_at", "abandoned_at", "has_consent", "is_withdrawn",
              "caller_id", "is_do_not_call")  # fmt: skip


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
