"""From the pacing decision to the dial: ticks, hopper, permits, and calls that never answer."""

from dataclasses import replace

from dialer.engine.books import IN_FLIGHT
from dialer.engine.callbacks import call_back
from dialer.engine.closing import close_call
from dialer.engine.floor import Floor
from dialer.engine.hot import call_hot
from dialer.engine.loads import Load, loads_of, where_to_dial
from dialer.engine.offering import show_result
from dialer.engine.placing import (
    REAP_AFTER_S,
    TICK_S,
    calls_allowed,
    next_call_at,
    place,
    refuse_lead,
)
from dialer.engine.reserving import release
from dialer.engine.sight import chances_of, see
from dialer.engine.tell import begin_day, tell_decision
from dialer.engine.verdicts import profile_for
from dialer.engine.ways_out import goes_on_elsewhere, leg_over, reached
from dialer.model.agent import AgentState
from dialer.model.call import CallState, CallTrigger
from dialer.model.campaign import CampaignState, LeadOrder, PacingMode
from dialer.model.commands import (
    FinishCampaign,
    HangUpLeg,
    NoteAttempt,
    RefillHopper,
    ReleaseLeads,
)
from dialer.model.events import (
    AttemptRefused,
    LeadsClaimed,
    LeadWithdrawn,
    LegRinging,
    NumberBlocked,
    OriginateFailed,
)
from dialer.model.ids import AttemptId, NodeName
from dialer.model.moment import Moment
from dialer.model.permit import Permit, Refusal, RefusalReason
from dialer.model.preview import DeskResult
from dialer.model.snapshot import PacingView
from dialer.policy.compliance import may_dial
from dialer.policy.pacing import Decision, PacingRules
from dialer.policy.preview import is_for_anybody
from dialer.policy.screening import awaits_listener
from dialer.policy.shared_pacing import Share, decide_together

FASTEST_DECISION_S = 0.1
"""Between two decisions on events; ticks come besides."""
LATE_S = 1.0
"""A beat, or an event, so much behind its time: what is known of the floor is old."""
UNREACHABLE_FOR_S = 600.0
"""How long a call of a switch that is out of reach is waited for before its lead is free again."""
NO_TRUNK = "NETWORK_OUT_OF_ORDER"
"""Cause of an attempt whose next trunk could not be asked any more."""


def tick(floor: Floor, now: Moment) -> None:
    """The regular pacing beat of a running or draining campaign."""
    if now.mono > floor.ticks_at + LATE_S:
        floor.fall_behind(now)
    floor.ticks_at = now.mono + TICK_S
    floor.deadlines.ask(floor.ticks_at, "tick")
    state = floor.campaign.state
    if state is CampaignState.RUNNING:
        if next(floor.pool.running()) is floor:  # one beat for all who share agents
            pace(floor, now)
    elif state is CampaignState.DRAINING and _is_drained(floor):
        floor.out.append(FinishCampaign(floor.campaign.campaign_id))


def _is_drained(floor: Floor) -> bool:
    """No call is left, and none of its agents still writes about the last one: a finished campaign
    sends its agents home."""
    campaign_id = floor.campaign.campaign_id
    writers = floor.agents.in_state(AgentState.WRAP_UP)
    return not len(floor.calls) and all(agent.campaign_id != campaign_id for agent in writers)


def pace(floor: Floor, now: Moment) -> None:
    """Refill the hoppers of all who share agents, decide for them together, and dial."""
    pool = floor.pool
    if not any(pool.running()):
        return
    pool.may_pace_at = now.mono + FASTEST_DECISION_S
    if now.mono < floor.behind_until:
        for each in pool.running():
            each.last_decision = PacingView(limit="late")
        return
    for each in pool.running():
        _refill(each, now)
        begin_day(each, now)
        call_back(each, now)
        call_hot(each, now)
    floors = list(pool.floors.values())
    decisions = decide_together([_share(each, now) for each in floors])
    loads = loads_of(floor) if any(decision.n_calls for decision in decisions) else {}
    for each, decision in zip(floors, decisions, strict=True):
        if each.campaign.state is CampaignState.RUNNING:
            tell_decision(each, _explained(each, decision, now), now)
        _place(each, decision, loads, now)


def _place(floor: Floor, decision: Decision, loads: dict[NodeName, Load], now: Moment) -> None:
    for _ in range(decision.n_calls):
        if not _dial_next(floor, loads, now, has_own_agent=decision.is_one_per_agent):
            return
    again_at = next_call_at(floor, now)
    if again_at is not None:  # without the limit the decision might have been more calls
        floor.deadlines.ask(max(again_at, floor.pool.may_pace_at), "pace")


def pace_on_event(floor: Floor, now: Moment) -> None:
    """A decision between ticks, after something that changes who is free; never too often.

    It is a deadline of this instant: what the event itself leads to (a bridge) goes out first, and
    ten answers that came together are bridged before one decision is made for them all.
    """
    pool = floor.pool
    if now.mono >= pool.may_pace_at and pool.paces_at != now.mono:
        pool.paces_at = now.mono
        floor.deadlines.ask(now.mono, "pace")


def pace_due(floor: Floor, now: Moment) -> None:
    """The decision that an event asked for, or the calls per second put off."""
    if now.mono >= floor.pool.may_pace_at:
        pace(floor, now)


def leads_claimed(floor: Floor, event: LeadsClaimed, now: Moment) -> None:
    floor.hopper.fill(event.leads, now.mono + floor.campaign.claim_lease_s * 0.8, now.mono)
    if floor.campaign.state is not CampaignState.RUNNING:
        empty_hopper(floor, now)
    elif floor.campaign.lead_order is LeadOrder.BEST:
        floor.hopper.best_first(lambda traits: chances_of(floor, traits), now.utc)


def empty_hopper(floor: Floor, now: Moment) -> None:
    """Give all claimed leads back: the campaign does not dial now."""
    if lead_ids := floor.hopper.drain():
        floor.out.append(ReleaseLeads(floor.campaign.campaign_id, lead_ids, due_at=now.utc))


def number_blocked(floor: Floor, event: NumberBlocked, now: Moment) -> None:
    if gone := floor.hopper.remove(number=event.number):
        refusal = Refusal(RefusalReason.DO_NOT_CALL)
        floor.out.append(
            ReleaseLeads(floor.campaign.campaign_id, gone, due_at=now.utc, refusal=refusal)
        )


def lead_withdrawn(floor: Floor, event: LeadWithdrawn, now: Moment) -> None:
    if gone := floor.hopper.remove(lead_id=event.lead_id):
        floor.out.append(ReleaseLeads(floor.campaign.campaign_id, gone, due_at=now.utc))


def leg_ringing(floor: Floor, event: LegRinging, now: Moment) -> None:
    call = floor.calls.of_leg(event.leg_id)
    if call is not None:
        floor.calls.fire(call, CallTrigger.RING)
        reached(floor, call)
        call.ringing_at, call.has_early_media = now.mono, event.has_early_media
        if (trial := floor.trials.get(call.attempt_id)) is not None:
            floor.pacing.learned.rang(trial, event.has_early_media)
        floor.out.append(NoteAttempt(call.attempt_id, ringing_at=now.utc))
        if (owner := floor.agents.get(call.agent_id)) is not None:
            floor.show_agent(owner, now)


def originate_failed(floor: Floor, event: OriginateFailed, now: Moment) -> None:
    """The job said -ERR. A leg that has rung tells its own end, with more of the reason.

    A local refusal is our own switch's: it is left alone for a while, and the lead's try is not
    charged.
    """
    call = floor.calls.of_leg(event.leg_id)
    if call is None or goes_on_elsewhere(floor, call, event.cause, now, is_local=event.is_local):
        return
    if event.is_local:
        floor.nodes.get(call.node).refuse(now.mono)
    if event.is_local or call.state is CallState.DIALING:
        close_call(floor, call, event.cause, None, now, is_local=event.is_local)


def attempt_refused(floor: Floor, event: AttemptRefused, now: Moment) -> None:
    """No row, no dial: forget the call; the store has dealt with the lead."""
    call = floor.calls.of_attempt(event.attempt_id)
    if call is not None and len(call.tried_trunks) > 1:  # its row is open since the first trunk
        close_call(floor, call, NO_TRUNK, None, now)
    elif call is not None:
        leg_over(floor, call, "NOT_SENT", now, is_local=True)
        floor.orders.pop(call.attempt_id, None)
        floor.calls.fire(call, CallTrigger.END)
        floor.calls.remove(call)
        if (owner := floor.agents.get(call.agent_id)) is not None:
            show_result(floor, owner, call.lead.lead_id, DeskResult.LEAD_BUSY, now)
            release(floor, owner, now)
        floor.tally.n_attempts -= 1
        if (trial := floor.trials.pop(call.attempt_id, None)) is not None:
            floor.pacing.learned.forget(trial)


def reap(floor: Floor, key: str, now: Moment) -> None:
    """A call that has rung past its timeout without a word: hang up, then close it ourselves."""
    call = floor.calls.of_attempt(AttemptId(key))
    if call is None or call.state not in IN_FLIGHT:
        return
    floor.out.append(HangUpLeg(call.node, call.leg_id, "NO_ANSWER"))
    floor.deadlines.ask(now.mono + REAP_AFTER_S, "bury", key)


def bury(floor: Floor, key: str, now: Moment) -> None:
    """The switch never answered the hang-up: the call is lost to us.

    Not while the switch is out of reach: its person may have answered, which a forgotten call
    would leave in silence. What was missed is told when the links are back.
    """
    call = floor.calls.of_attempt(AttemptId(key))
    if call is None or call.state not in IN_FLIGHT:
        return
    if floor.nodes.get(call.node).is_up or now.mono >= call.dialed_at + UNREACHABLE_FOR_S:
        close_call(floor, call, "LOST", None, now)
    else:
        floor.deadlines.ask(now.mono + REAP_AFTER_S, "bury", key)


def _refill(floor: Floor, now: Moment) -> None:
    campaign = floor.campaign
    if campaign.mode is PacingMode.MANUAL:
        return
    if wanted := floor.hopper.wants(campaign.hopper_size, now.mono):
        floor.out.append(RefillHopper(campaign.campaign_id, wanted, campaign.claim_lease_s))


def _share(floor: Floor, now: Moment) -> Share:
    """The campaign's part in a decision; one that does not run places nothing, yet its calls in
    flight want agents too."""
    campaign = floor.campaign
    allowed = calls_allowed(floor, now) if campaign.state is CampaignState.RUNNING else 0
    if _awaits_listener(floor, now):
        allowed = 0
    return Share(see(floor, allowed, now), floor.pacing, _rules(floor), campaign.pool_weight)


def _awaits_listener(floor: Floor, now: Moment) -> bool:
    """Whether calls from the lists wait until somebody can hear who answers."""
    return awaits_listener(profile_for(floor, None), floor.nodes.listener_starts_at, now.mono)


def _explained(floor: Floor, decision: Decision, now: Moment) -> Decision:
    """No call is allowed while the listener starts, and that is what it is called."""
    if decision.view.limit != "calls_per_s" or not _awaits_listener(floor, now):
        return decision
    return replace(decision, view=replace(decision.view, limit="listener"))


def _rules(floor: Floor) -> PacingRules:
    campaign = floor.campaign
    return PacingRules(campaign.mode, campaign.ratio, campaign.max_lines_per_agent)


def _dial_next(
    floor: Floor, loads: dict[NodeName, Load], now: Moment, *, has_own_agent: bool
) -> bool:
    """Dial the first lead of the hopper that the law allows; False when there is none."""
    node = where_to_dial(floor, loads, now)
    if node is None:
        return False
    wait_s = floor.campaign.callback_wait_s
    while (
        lead := floor.hopper.pop(now.mono, lambda one: is_for_anybody(one, wait_s, now.utc))
    ) is not None:
        answer = may_dial(lead, floor.campaign, now.utc, has_own_agent=has_own_agent)
        if isinstance(answer, Permit):
            if node.name in loads:
                loads[node.name].n_taken += 1
            place(floor, lead, answer, node, now)
            return True
        refuse_lead(floor, lead, answer, now)
    return False
