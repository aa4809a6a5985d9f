"""One call onto a switch: the order, its place in the books, and what it takes of the limits.

Whoever decides that a lead is called (pacing, or an agent) comes here with a permit.
"""

from dialer.engine.floor import Floor
from dialer.engine.nodes import Node
from dialer.engine.verdicts import profile_for
from dialer.model.amd import AmdProfile
from dialer.model.call import Call
from dialer.model.campaign import PacingMode
from dialer.model.commands import Originate, ReleaseLeads
from dialer.model.ids import AgentId, AttemptId, LegId
from dialer.model.lead import Lead
from dialer.model.moment import Moment
from dialer.model.permit import Permit, Refusal
from dialer.model.screening import Screening
from dialer.policy.answer_model import traits_of
from dialer.policy.caller_id import caller_id_for

TICK_S = 0.5
BURST_S = 0.25
"""Of the calls that a second allows, so many seconds' worth may go out at once; and one more, which
a decision that comes late would lose."""
ROUNDING = 1e-6
REAP_AFTER_S = 10.0
"""Past the ring timeout without a word from the switch: ask it to hang up."""


def lines_left(floor: Floor, now: Moment) -> int:
    """Calls that the campaign's lines and the switches still take."""
    of_campaign = floor.campaign.max_lines - len(floor.calls) - floor.calls.n_outside
    return max(min(of_campaign, floor.nodes.room(now.mono)), 0)


def calls_allowed(floor: Floor, now: Moment) -> int:
    """Token bucket of the campaign's calls per second. It is a small one: twenty calls dialled at
    once are often answered at once, and each of the twenty waits for the others on the switch."""
    rate = floor.campaign.max_calls_per_s
    elapsed = now.mono - (floor.tokens_at if floor.tokens_at is not None else now.mono - TICK_S)
    floor.tokens = min(floor.tokens + elapsed * rate, rate * BURST_S + 1.0)
    floor.tokens_at = now.mono
    return int(floor.tokens + ROUNDING)


def next_call_at(floor: Floor, now: Moment) -> float | None:
    """When the calls per second allow one more; None when they do now."""
    missing = 1.0 - floor.tokens
    if missing <= ROUNDING or floor.campaign.max_calls_per_s <= 0.0:
        return None
    return now.mono + missing / floor.campaign.max_calls_per_s


def refuse_lead(floor: Floor, lead: Lead, refusal: Refusal, now: Moment) -> None:
    """Give a lead back that may not be called; the store holds it until the reason ends."""
    floor.out.append(
        ReleaseLeads(
            floor.campaign.campaign_id, (lead.lead_id,), due_at=now.utc, refusal=refusal,
            is_finished=lead.is_finished,
        )
    )  # fmt: skip


def place(
    floor: Floor, lead: Lead, permit: Permit, node: Node, now: Moment,
    agent_id: AgentId | None = None,
) -> Call:  # fmt: skip
    """Dial the lead on the switch, for whoever is free at the answer or for `agent_id` alone."""
    campaign, trunk = floor.campaign, node.way_out(now.mono)
    assert trunk is not None  # asked a moment ago
    node.place(now.mono)
    trunk.place(now.mono)
    amd = profile_for(floor, agent_id)
    attempt_id, leg_id = AttemptId(floor.mint()), LegId(floor.mint())
    call = Call(
        attempt_id, leg_id, campaign.campaign_id, lead, node.name, dialed_at=now.mono,
        is_broadcast=campaign.mode is PacingMode.BROADCAST and agent_id is None,
        screening=Screening() if amd is not AmdProfile.OFF else None,
        agent_id=agent_id, trunk=trunk.rules.name, tried_trunks=(trunk.rules.name,),
    )  # fmt: skip
    floor.calls.add(call)
    floor.tokens -= 1.0
    floor.tally.n_attempts += 1
    floor.trials[attempt_id] = floor.pacing.learned.dialed(now.mono, traits_of(lead, now.utc))
    floor.deadlines.ask(now.mono + campaign.ring_timeout_s + REAP_AFTER_S, "reap", attempt_id)
    order = floor.orders[attempt_id] = Originate(
        permit=permit,
        campaign_id=campaign.campaign_id,
        attempt_id=attempt_id,
        leg_id=leg_id,
        lead_id=lead.lead_id,
        attempt_number=lead.n_attempts + 1,
        node=node.name,
        number=lead.number,
        caller_id=caller_id_for(lead.lead_id, campaign.caller_ids),
        ring_timeout_s=campaign.ring_timeout_s,
        at=now.utc,
        claim_no=lead.claim_no,
        agent_id=agent_id,
        trunk=trunk.rules.name,
        amd=amd,
    )
    floor.out.append(order)
    return call
