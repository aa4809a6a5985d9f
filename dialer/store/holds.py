"""Leads that a rule keeps back, and the events that end it before its time.

A hold is what a claim, or the engine at the dial, found out about a lead, so that later claims
need not look at it again. Whoever changes a fact on which a rule hangs ends the holds of the
number, or of the campaign: the next claim judges anew.
"""

from collections.abc import Collection

from sqlalchemy import text
from sqlalchemy.orm import Session

from dialer.model.ids import LeadId
from dialer.model.permit import Refusal, RefusalReason
from dialer.store.instants import instant

SHORTEST_S = 60
"""A hold lasts so long at least: what just refused a lead is not asked again at once."""
CALL_S = 300
"""A number in a call is asked for again after so long; the end of the call asks sooner."""

HOLD = f"""
    held_for = {{reason}}, held_until = CASE
        WHEN {{reason}} = '{RefusalReason.BEING_CALLED}' THEN :now + interval '{CALL_S} seconds'
        ELSE GREATEST(COALESCE({{until}}, TIMESTAMPTZ '9999-01-01 00:00+00'),
                      :now + interval '{SHORTEST_S} seconds') END
"""

_UNTIL = "COALESCE(CAST(:until AS timestamptz), CASE WHEN l.next_number IS NOT NULL THEN :now END)"
"""What forbids one of a lead's numbers for good leaves others: the next claim looks for them."""
_HOLD_ONES = text(f"""
    UPDATE leads l SET {HOLD.format(reason="CAST(:reason AS text)", until=_UNTIL)}
    WHERE l.id = ANY(:ids)
""")

_FREE = "UPDATE leads SET held_for = NULL, held_until = NULL WHERE held_for IS NOT NULL AND "
_FREE_NUMBERS = text(_FREE + "(number = ANY(:numbers) OR next_number = ANY(:numbers))")
_FREE_CAMPAIGN = text(_FREE + "campaign_id = :campaign_id")
_FREE_CALLBACKS = text(_FREE + "callback_agent_id = :agent_id AND held_for = 'AWAITS_OWNER'")


def hold(session: Session, lead_ids: Collection[LeadId], refusal: Refusal, now: float) -> None:
    """Keep leads back for the reason given, until it ends."""
    facts = {"reason": refusal.reason, "until": instant(refusal.until), "now": instant(now)}
    session.execute(_HOLD_ONES, {"ids": list(lead_ids), **facts})


def free_numbers(session: Session, numbers: Collection[str]) -> None:
    """A fact of these numbers changed: their leads are judged anew."""
    session.execute(_FREE_NUMBERS, {"numbers": list(numbers)})


def free_campaign(session: Session, campaign_id: int) -> None:
    """The campaign's rules changed: its leads are judged anew."""
    session.execute(_FREE_CAMPAIGN, {"campaign_id": campaign_id})


def free_callbacks(session: Session, agent_id: int) -> None:
    """The agent is here: the callbacks that waited for him need wait no more."""
    session.execute(_FREE_CALLBACKS, {"agent_id": agent_id})
