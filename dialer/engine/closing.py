"""The end of a call: its outcome, what the law counts it as, and what the lead waits for."""

from dialer.engine.floor import Floor
from dialer.engine.offering import show_result
from dialer.engine.reserving import release
from dialer.engine.third import let_go
from dialer.engine.ways_out import leg_over
from dialer.engine.wrapping import ask_for_disposition, begin_wrap_up
from dialer.model.agent import AgentState
from dialer.model.amd import Verdict
from dialer.model.call import Call, CallState, CallTrigger
from dialer.model.commands import CloseAttempt
from dialer.model.moment import Moment
from dialer.model.outcome import TRAITS, Outcome, outcome_of_cause
from dialer.policy.retry import retry_at
from dialer.policy.screening import outcome_of as screening_outcome

SIP_OK = 200


def close_call(
    floor: Floor, call: Call, cause: str, sip_status: int | None, now: Moment,
    *, is_local: bool = False,
) -> None:  # fmt: skip
    """The customer's leg is gone: close the attempt and free the agent."""
    outcome = outcome_of(call, cause, sip_status, is_local)
    leg_over(floor, call, cause, now, is_local=is_local)
    floor.orders.pop(call.attempt_id, None)
    floor.calls.fire(call, CallTrigger.END)
    let_go(floor, call, now)
    floor.calls.remove(call)
    floor.tally.outcomes[outcome] += 1
    _tell_owner(floor, call, outcome, now)
    if (trial := floor.trials.pop(call.attempt_id, None)) is not None:
        is_fault = TRAITS[outcome].is_carrier_fault
        floor.pacing.learned.ended_unanswered(trial, now.mono, is_fault)
    _free_agent(floor, call, now)
    ask_for_disposition(floor, call, now)
    floor.out.append(_closing(floor, call, outcome, cause, sip_status, now))


def outcome_of(call: Call, cause: str, sip_status: int | None, is_local: bool) -> Outcome:
    """What became of a call that ends in its present state.

    FreeSWITCH tells no answer when the far end hangs up within it: only the status says 200.
    """
    if call.bridged_at is not None:
        return Outcome.HANDLED
    if call.has_opted_out:
        return Outcome.OPTED_OUT
    if call.state is CallState.ANNOUNCING:
        return Outcome.MESSAGE_PLAYED if call.has_heard_message else Outcome.MESSAGE_CUT
    if (heard := _heard(call)) is not None:
        return heard
    if call.state is CallState.PLAYING:
        return Outcome.ABANDONED
    if call.answered_at is not None or sip_status == SIP_OK:
        return Outcome.EARLY_HANGUP
    if cause == "LOST":
        return Outcome.LOST
    return Outcome.REFUSED_LOCALLY if is_local else outcome_of_cause(cause)


def is_abandoned(call: Call, limit_s: float) -> bool:
    """Whether the law counts the call as abandoned: nobody, or an agent too late."""
    if call.answered_at is None or call.greeted_at is None:
        return False
    if call.bridged_at is None:
        return call.notice_at is not None and not is_assistant(call)
    return call.bridged_at - call.greeted_at > limit_s


def is_assistant(call: Call) -> bool:
    """A machine that asked who is calling: no person was kept waiting."""
    return call.screening is not None and call.screening.verdict is Verdict.SCREENED


def _heard(call: Call) -> Outcome | None:
    """What tones, or the detector, said of a call that reached no agent."""
    if call.answered_at is None or call.screening is None:
        return call.announced
    return screening_outcome(call.screening)


def _closing(
    floor: Floor, call: Call, outcome: Outcome, cause: str, sip_status: int | None, now: Moment
) -> CloseAttempt:
    campaign = floor.campaign
    abandoned = is_abandoned(call, campaign.answer_limit_s)
    return CloseAttempt(
        attempt_id=call.attempt_id,
        campaign_id=campaign.campaign_id,
        lead_id=call.lead.lead_id,
        outcome=outcome,
        cause=cause,
        sip_status=sip_status,
        ended_at=now.utc,
        retry_at=retry_at(call.lead, outcome, campaign, now.utc),
        is_live_answer=abandoned or call.bridged_at is not None,
        is_abandoned=abandoned,
        sends_message=TRAITS[outcome].wants_message and bool(campaign.message_template),
        answered_at=_utc(call.answered_at, now),
        bridged_at=_utc(call.bridged_at, now),
        agent_id=call.talked_to,
        screening=call.screening if call.answered_at is not None else None,
        entrusted_at=_utc(call.entrusted_at, now),
    )


def _utc(mono: float | None, now: Moment) -> float | None:
    return None if mono is None else now.utc_at(mono)


def _tell_owner(floor: Floor, call: Call, outcome: Outcome, now: Moment) -> None:
    """An agent who was reserved for the call and talked to nobody sees why."""
    agent = floor.agents.get(call.agent_id)
    if agent is not None and agent.attempt_id == call.attempt_id and call.bridged_at is None:
        show_result(floor, agent, call.lead.lead_id, outcome, now)


def _free_agent(floor: Floor, call: Call, now: Moment) -> None:
    agent = floor.agents.get(call.agent_id)
    if agent is None or agent.attempt_id != call.attempt_id:
        return
    if agent.state is AgentState.TALKING:
        learned = floor.pacing.learned
        learned.ended(learned.talks, agent.since, now.mono)
        begin_wrap_up(floor, agent, now)
    elif agent.state is AgentState.RESERVED:
        release(floor, agent, now)
