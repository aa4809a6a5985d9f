"""Preview: a lead on the desk, the call that its agent places, and every way out of both."""

import pytest
from floor import Bench, lead, only

from dialer.engine.preview import CANCELLED, OVERRUN_CODE, SKIPPED_FOR_S
from dialer.model.agent import AgentState
from dialer.model.call import CallState
from dialer.model.campaign import CampaignState, PacingMode, PreviewEnd
from dialer.model.commands import (
    BridgeLegs,
    CallAgent,
    CloseAttempt,
    HangUpLeg,
    HoldLead,
    NoteAgent,
    NoteSkip,
    OfferLead,
    Originate,
    PlayNotice,
    PopLead,
    ReleaseLeads,
    ShowResult,
)
from dialer.model.events import (
    AgentAskedPause,
    AgentAskedReady,
    AgentCalledLead,
    AgentDisposed,
    AgentHungUp,
    AgentLoggedIn,
    AgentLoggedOut,
    AgentSkippedLead,
    AttemptRefused,
    LeadWithdrawn,
    LegAnswered,
    LegEnded,
    LegRinging,
    NumberBlocked,
)
from dialer.model.outcome import Outcome
from dialer.model.permit import Refusal, RefusalReason
from dialer.model.preview import DeskResult, SkipReason

BLOCKED = Refusal(RefusalReason.DO_NOT_CALL)


def bench(**settings):
    return Bench(mode=PacingMode.PREVIEW, **settings)


def shown(b, agent_id=1):
    """The lead on the agent's desk."""
    offers = [one for one in b.all(OfferLead) if one.agent_id == agent_id]
    assert b.agent(agent_id).state is AgentState.PREVIEWING, b.agent(agent_id)
    assert b.agent(agent_id).offer.lead.lead_id == offers[-1].lead_id
    return offers[-1]


def previewing(n_leads=3, **settings):
    """One agent who looks at lead 1."""
    b = bench(**settings)
    b.seat()
    b.stock(n=n_leads)
    b.wait(0.5)
    return b


def called(**settings):
    """He has called it; the order that went out."""
    b = previewing(**settings)
    return b, only(Originate, b.do(AgentCalledLead(1, 1)))[0]


def results(b):
    return [one.result for one in b.all(ShowResult)]


def test_a_free_agent_is_shown_the_next_lead_and_nothing_is_dialled():
    b = previewing()
    offer = shown(b)
    assert (offer.lead_id, offer.number, offer.attempt_number) == (1, "+33600000001", 1)
    assert offer.until == b.floor.campaign.preview_limit_s + offer.at
    b.wait(20.0)
    assert b.all(Originate) == []
    assert b.floor.last_decision.limit == "preview"


def test_the_claim_is_held_for_as_long_as_the_lead_may_be_looked_at():
    b = previewing(preview_limit_s=900.0)
    (held,) = b.all(HoldLead)
    assert held.lead_id == 1
    assert held.until > shown(b).until


def test_two_agents_never_see_the_same_lead():
    b = bench()
    for agent_id in (1, 2, 3):
        b.seat(agent_id)
    b.stock(n=3)
    b.wait(0.5)
    assert sorted(shown(b, agent_id).lead_id for agent_id in (1, 2, 3)) == [1, 2, 3]


def test_a_call_is_dialled_for_its_agent_alone_and_joined_to_him_at_the_answer():
    b, order = called()
    assert order.permit.lead_id == order.lead_id == 1
    assert order.agent_id == 1
    assert b.agent().state is AgentState.RESERVED
    assert b.all(PopLead)[-1].attempt_id == order.attempt_id
    b.seat(2)  # free, and ready before the answer
    ringing = only(NoteAgent, b.do(LegRinging(order.leg_id)))
    assert ringing[-1].is_ringing and ringing[-1].agent_id == 1
    (bridge,) = only(BridgeLegs, b.do(LegAnswered(order.leg_id)))
    assert (bridge.customer_leg_id, bridge.agent_leg_id) == (order.leg_id, b.agent(1).leg_id)
    b.bridge()
    assert b.agent().state is AgentState.TALKING
    assert b.floor.ledger.n_served == 1


def test_the_lead_is_shown_once_not_again_at_the_answer():
    b, order = called()
    b.do(LegAnswered(order.leg_id))
    b.bridge()
    assert len(b.all(PopLead)) == 1


@pytest.mark.parametrize(
    ("cause", "outcome"), [("USER_BUSY", Outcome.BUSY), ("NO_ANSWER", Outcome.NO_ANSWER)]
)
def test_an_agent_sees_why_nobody_answered_and_gets_the_next_lead(cause, outcome):
    b, order = called()
    b.do(LegEnded(order.leg_id, cause, 486))
    assert results(b) == [outcome]
    assert b.all(CloseAttempt)[-1].outcome is outcome
    b.wait(0.6)
    assert shown(b).lead_id == 2


def test_after_the_talk_and_its_disposition_the_next_lead_is_shown():
    b, order = called()
    b.do(LegAnswered(order.leg_id))
    b.bridge()
    b.wait(5.0)
    b.do(LegEnded(order.leg_id, "NORMAL_CLEARING"))
    assert b.agent().state is AgentState.WRAP_UP
    b.do(AgentDisposed(1, order.attempt_id, is_machine=False))
    b.wait(0.6)
    assert shown(b).lead_id == 2


# --- the law -------------------------------------------------------------------------------------


def test_the_law_is_asked_again_at_the_call():
    b = bench(min_gap_s=600.0)
    b.seat()
    b.stock(lead(1, n_tries=7), lead(2))
    b.wait(0.5)
    b.configure(max_attempts=7)  # meanwhile
    commands = b.do(AgentCalledLead(1, 1))
    assert only(Originate, commands) == []
    assert results(b) == [RefusalReason.TOO_MANY_ATTEMPTS]
    (back,) = only(ReleaseLeads, commands)
    assert back.lead_ids == (1,)
    assert back.refusal == Refusal(RefusalReason.TOO_MANY_ATTEMPTS)
    b.wait(0.6)
    assert shown(b).lead_id == 2


def test_a_lead_that_may_not_be_called_is_not_shown():
    b = bench()
    b.seat()
    b.stock(lead(1, is_do_not_call=True), lead(2, number="+8816123456"), lead(3))
    b.wait(0.5)
    assert shown(b).lead_id == 3
    forbidden = Refusal(RefusalReason.FORBIDDEN_DESTINATION)
    assert [one.refusal for one in b.all(ReleaseLeads)] == [BLOCKED, forbidden]


def test_a_number_blocked_meanwhile_leaves_the_desk_for_good():
    b = previewing()
    (back,) = only(ReleaseLeads, b.do(NumberBlocked("+33600000001")))
    assert back.lead_ids == (1,) and back.refusal == BLOCKED
    assert results(b) == [DeskResult.WITHDRAWN]
    b.wait(0.6)
    assert shown(b).lead_id == 2


def test_a_lead_withdrawn_meanwhile_leaves_the_desk():
    b = previewing()
    b.do(LeadWithdrawn(1, 1))
    assert results(b) == [DeskResult.WITHDRAWN]
    b.wait(0.6)
    assert shown(b).lead_id == 2


def test_a_press_that_comes_late_calls_and_skips_nothing():
    b = previewing()
    assert only(Originate, b.do(AgentCalledLead(1, 2), AgentCalledLead(9, 1))) == []
    b.do(AgentSkippedLead(1, 2, SkipReason.OTHER))
    assert shown(b).lead_id == 1
    b, _ = called()
    assert only(Originate, b.do(AgentCalledLead(1, 1))) == [], "pressed twice"


# --- passing over --------------------------------------------------------------------------------


def test_a_skip_is_noted_with_its_reason_and_the_lead_comes_back_later():
    b = previewing()
    commands = b.do(AgentSkippedLead(1, 1, SkipReason.NOT_IN_TARGET))
    (note,) = only(NoteSkip, commands)
    assert (note.lead_id, note.agent_id, note.reason) == (1, 1, SkipReason.NOT_IN_TARGET)
    (back,) = only(ReleaseLeads, commands)
    assert back.due_at == b.now.utc + SKIPPED_FOR_S
    b.wait(0.6)
    assert shown(b).lead_id == 2
    assert shown(b).n_skips_left == 2


def test_past_the_limit_a_lead_must_be_called():
    b = previewing(preview_skips=1)
    b.do(AgentSkippedLead(1, 1, SkipReason.OTHER))
    b.wait(0.6)
    b.do(AgentSkippedLead(1, 2, SkipReason.OTHER))
    assert results(b) == [DeskResult.NO_SKIP_LEFT]
    assert shown(b).lead_id == 2
    (order,) = only(Originate, b.do(AgentCalledLead(1, 2)))
    b.do(LegEnded(order.leg_id, "USER_BUSY", 486))
    b.wait(0.6)
    assert shown(b).n_skips_left == 1, "a call gives the skips back"


@pytest.mark.parametrize("reason", ["", "OVERRUN", "because", "\0"])
def test_a_reason_that_is_none_skips_nothing(reason):
    b = previewing()
    assert b.do(AgentSkippedLead(1, 1, reason)) == []
    assert shown(b).lead_id == 1


def test_at_the_time_limit_the_lead_is_called_if_the_campaign_says_so():
    b = previewing(preview_limit_s=30.0, preview_end=PreviewEnd.CALL)
    assert shown(b).ends_in_call
    assert only(Originate, b.wait(29.9)) == []
    (order,) = only(Originate, b.wait(1.0))
    assert (order.lead_id, order.agent_id) == (1, 1)


def test_an_agent_who_lets_too_many_limits_go_by_is_paused():
    b = previewing(preview_limit_s=30.0, preview_skips=1)
    b.wait(31.0)
    assert shown(b).lead_id == 2
    b.wait(31.0)
    assert (b.agent().state, b.agent().pause_code) == (AgentState.PAUSED, OVERRUN_CODE)
    assert {note.reason for note in b.all(NoteSkip)} == {SkipReason.OVERRUN}
    b.do(AgentAskedReady(1))
    b.wait(0.6)
    assert shown(b).lead_id == 3


def test_an_earlier_limit_does_not_end_a_later_preview_of_the_same_lead():
    b = previewing(n_leads=1, preview_limit_s=30.0)
    b.wait(20.0)
    b.do(AgentAskedPause(1, "LUNCH"), AgentAskedReady(1))
    b.stock(lead(1))
    b.wait(0.5)
    b.wait(15.0)
    assert shown(b).lead_id == 1


# --- leaving the desk ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("leaves", "state"),
    [
        (lambda b: b.do(AgentAskedPause(1, "LUNCH")), AgentState.PAUSED),
        (lambda b: b.do(AgentLoggedOut(1)), None),
        (lambda b: b.do(LegEnded(b.agent().leg_id, "NORMAL_CLEARING")), AgentState.READY),
        (lambda b: b.configure(state=CampaignState.PAUSED), AgentState.READY),
        (lambda b: b.configure(state=CampaignState.DRAINING), AgentState.READY),
        (lambda b: b.configure(mode=PacingMode.PROGRESSIVE), AgentState.READY),
        (lambda b: b.configure(mode=PacingMode.PREDICTIVE), AgentState.READY),
        (lambda b: b.configure(mode=PacingMode.MANUAL), AgentState.READY),
    ],
)
def test_whatever_takes_the_agent_away_gives_the_lead_back_at_once(leaves, state):
    b = previewing()
    back = [i for one in only(ReleaseLeads, leaves(b)) for i in one.lead_ids]
    assert back.count(1) == 1
    seated = b.floor.agents.get(1)
    assert (seated.state if seated else None) is state
    assert seated is None or seated.offer is None
    assert b.all(NoteSkip) == []


def test_a_lost_phone_is_called_back_before_the_next_lead_is_shown():
    b = previewing()
    b.do(LegEnded(b.agent().leg_id, "NORMAL_CLEARING"))
    b.wait(1.5)
    assert b.agent().state is AgentState.READY
    b.do(LegAnswered(b.all(CallAgent)[-1].leg_id))
    b.wait(0.5)
    assert shown(b).lead_id == 2


def test_a_second_tab_shows_the_same_lead():
    b = previewing()
    (again,) = only(OfferLead, b.do(AgentLoggedIn(1, 1, "A1", "1001")))
    assert (again.lead_id, again.until) == (1, b.all(OfferLead)[0].until)


# --- his own call --------------------------------------------------------------------------------


def test_a_call_whose_agent_has_no_phone_at_the_answer_goes_to_another_who_is_free():
    b, order = called()
    b.do(LegEnded(b.agent().leg_id, "NORMAL_CLEARING"))
    assert b.agent().state is AgentState.RESERVED, "the phone may be back before the answer"
    b.configure(mode=PacingMode.MANUAL)
    b.seat(2)
    b.do(LegAnswered(order.leg_id))
    bridge = b.bridge()
    assert bridge.agent_leg_id == b.agent(2).leg_id
    assert b.agent(1).state is AgentState.READY


def test_only_a_lost_phone_makes_an_own_call_an_abandoned_one():
    b, order = called()
    b.do(LegEnded(b.agent().leg_id, "NORMAL_CLEARING"))
    b.do(LegAnswered(order.leg_id))
    assert only(PlayNotice, b.wait(2.5))
    assert b.floor.ledger.n_abandoned == 1


def test_a_phone_that_is_back_before_the_answer_serves_it():
    b, order = called()
    b.do(LegEnded(b.agent().leg_id, "NORMAL_CLEARING"))
    b.wait(1.5)
    b.do(LegAnswered(b.all(CallAgent)[-1].leg_id), LegAnswered(order.leg_id))
    b.bridge()
    assert b.agent().state is AgentState.TALKING


def test_a_cancelled_call_is_hung_up_and_charged():
    b, order = called()
    b.do(LegRinging(order.leg_id))
    b.do(AgentHungUp(1))
    (kill,) = only(HangUpLeg, b.wait(0.0))
    assert (kill.leg_id, kill.cause) == (order.leg_id, CANCELLED)
    b.do(LegEnded(order.leg_id, CANCELLED))
    assert b.all(CloseAttempt)[-1].outcome is Outcome.NO_ANSWER
    assert b.all(CloseAttempt)[-1].retry_at is not None


def test_where_the_law_asks_for_it_a_cancelled_call_rings_fifteen_seconds():
    b, order = called(rule_set="US", windows=None)
    b.do(LegRinging(order.leg_id))
    b.wait(5.0)
    b.do(AgentHungUp(1))
    assert results(b) == [DeskResult.MUST_RING]
    assert only(HangUpLeg, b.wait(9.9)) == []
    assert [one.leg_id for one in only(HangUpLeg, b.wait(0.2))] == [order.leg_id]


def test_a_cancel_that_crosses_the_answer_changes_nothing():
    b, order = called(rule_set="US", windows=None)
    b.do(LegRinging(order.leg_id), AgentHungUp(1), LegAnswered(order.leg_id))
    b.bridge()
    assert only(HangUpLeg, b.wait(20.0)) == []
    assert b.agent().state is AgentState.TALKING


def test_a_disposition_that_is_owed_comes_before_the_lead_on_the_desk():
    b, order = called()
    b.do(LegAnswered(order.leg_id))
    b.bridge()
    b.wait(5.0)
    b.do(LegEnded(b.agent().leg_id, "NORMAL_CLEARING"))  # his phone dies, the customer waits
    b.wait(1.5)
    b.configure(answer_limit_s=10.0)
    b.floor.calls.of_attempt(order.attempt_id).settles_at = b.now.mono + 100.0
    b.do(LegAnswered(b.all(CallAgent)[-1].leg_id))
    b.do(LegEnded(order.leg_id, "NORMAL_CLEARING"))
    assert (b.agent().state, b.agent().attempt_id) == (AgentState.WRAP_UP, order.attempt_id)
    assert b.agent().offer is None


def test_an_attempt_that_the_store_does_not_open_frees_the_agent_with_a_word():
    b, order = called()
    b.do(AttemptRefused(order.attempt_id, "not opened"))
    assert results(b) == [DeskResult.LEAD_BUSY]
    assert len(b.floor.calls) == 0
    b.wait(0.6)
    assert shown(b).lead_id == 2


def test_without_a_phone_or_a_line_the_lead_stays_on_the_desk():
    b = previewing(max_lines=1)
    b.configure(max_lines=0)
    assert only(Originate, b.do(AgentCalledLead(1, 1))) == []
    assert results(b) == [DeskResult.NO_LINE]
    assert shown(b).lead_id == 1


def test_an_agent_who_leaves_while_it_rings_goes_after_the_call():
    b, order = called()
    b.do(AgentLoggedOut(1))
    assert b.agent().state is AgentState.RESERVED
    b.do(LegEnded(order.leg_id, "NO_ANSWER"))
    assert b.floor.agents.get(1) is None


# --- whose lead it is ----------------------------------------------------------------------------


def test_a_personal_callback_is_first_shown_to_who_promised_it():
    b = bench()
    b.seat(1)
    b.seat(2)
    mine = lead(5, is_callback=True, callback_agent_id=2, due_at=b.now.utc)
    b.stock(mine, lead(1), lead(2))
    b.wait(0.5)
    assert (shown(b, 1).lead_id, shown(b, 2).lead_id) == (1, 5)


def test_a_personal_callback_waits_for_its_agent_a_quarter_of_an_hour():
    b = bench(preview_limit_s=10_000.0, claim_lease_s=10_000.0)
    b.seat(2)
    b.do(AgentAskedPause(2, "LUNCH"))
    b.seat(1)
    b.stock(lead(5, is_callback=True, callback_agent_id=2, due_at=b.now.utc))
    b.wait(b.campaign.callback_wait_s - 1.0)
    assert b.agent(1).state is AgentState.READY
    b.wait(2.0)
    assert shown(b, 1).lead_id == 5


# --- other modes ---------------------------------------------------------------------------------


def test_agents_stay_free_for_calls_that_another_mode_has_left():
    b = Bench()
    b.seat(1)
    b.stock(n=4)
    order = b.dial(ringing=True)
    b.configure(mode=PacingMode.PREVIEW)
    b.wait(3.0)
    assert b.agent(1).state is AgentState.READY
    b.do(LegAnswered(order.leg_id))
    assert b.bridge().agent_leg_id == b.agent(1).leg_id


@pytest.mark.parametrize("after", [mode for mode in PacingMode if mode is not PacingMode.PREVIEW])
def test_an_own_call_goes_on_in_any_mode(after):
    b, order = called()
    b.configure(mode=after)
    b.do(LegAnswered(order.leg_id))
    b.bridge()
    assert b.agent().state is AgentState.TALKING
    assert b.floor.calls.of_attempt(order.attempt_id).state is CallState.CONNECTED
