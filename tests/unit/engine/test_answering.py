import pytest
from floor import Bench, lead, only

from dialer.engine.answering import BRIDGE_LIMIT_S, SETTLE_S
from dialer.model.agent import AgentState
from dialer.model.commands import (
    BridgeLegs,
    CloseAttempt,
    HangUpLeg,
    NoteAttempt,
    PlayNotice,
    PopLead,
)
from dialer.model.events import (
    AgentAskedPause,
    AgentDisposed,
    AgentLoggedOut,
    BridgeFailed,
    LegAnswered,
    LegEnded,
    LegParked,
    LegPlayed,
    LegRinging,
    LegsBridged,
)
from dialer.model.outcome import Outcome


@pytest.fixture
def bench():
    return Bench()


def closing(bench):
    (found,) = bench.all(CloseAttempt)
    return found


def unserved(bench):
    """A person answered while the only agent's phone has just gone."""
    phone = bench.seat(1)
    bench.stock(lead(5))
    call = bench.dial(ringing=True)
    bench.do(LegEnded(phone, "NORMAL_CLEARING"))
    bench.do(LegAnswered(call.leg_id))
    return call


# --- the bridge ----------------------------------------------------------------------------------


def test_an_answer_goes_to_a_ready_agent_at_once_with_the_lead_on_the_screen(bench):
    phone = bench.seat(1)
    bench.stock(lead(5, n_attempts=1, name="Awa", fields={"city": "Lyon"}, is_callback=True))
    call = bench.dial(ringing=True)
    commands = bench.do(LegAnswered(call.leg_id))
    assert only(BridgeLegs, commands) == [BridgeLegs("n1", call.leg_id, phone)]
    (pop,) = only(PopLead, commands)
    assert (pop.agent_id, pop.attempt_id, pop.lead_id) == (1, call.attempt_id, 5)
    assert (pop.attempt_number, pop.name, pop.is_callback) == (2, "Awa", True)
    assert pop.fields == (("city", "Lyon"),)
    assert bench.agent(1).state is AgentState.RESERVED


def test_a_bridge_in_time_is_served(bench):
    call, _ = bench.talk(1)
    assert bench.agent(1).state is AgentState.TALKING
    ledger = bench.floor.ledger
    assert (ledger.n_served, ledger.n_abandoned) == (1, 0)
    bridged = [note for note in bench.all(NoteAttempt) if note.bridged_at is not None]
    assert [(note.attempt_id, note.agent_id) for note in bridged] == [(call.attempt_id, 1)]


def test_the_longest_waiting_caller_goes_to_the_longest_ready_agent(bench):
    legs = [bench.seat(1)]
    bench.wait(1.0)
    legs.append(bench.seat(2))
    bench.wait(1.0)
    bench.stock(lead(1), lead(2))
    bench.wait(0.5)
    first, second = [call.leg_id for call in bench.floor.calls]
    assert only(BridgeLegs, bench.do(LegAnswered(second)))[0].agent_leg_id == legs[0]
    assert only(BridgeLegs, bench.do(LegAnswered(first)))[0].agent_leg_id == legs[1]


def test_of_two_who_wait_the_first_to_answer_is_served_first():
    bench = Bench()
    legs = [bench.seat(1), bench.seat(2)]
    bench.stock(lead(1), lead(2))
    bench.wait(0.5)
    first, second = [call.leg_id for call in bench.floor.calls]
    bench.do(LegEnded(legs[0], "NORMAL_CLEARING"), LegEnded(legs[1], "NORMAL_CLEARING"))
    bench.do(LegAnswered(second))
    bench.wait(0.2)
    bench.do(LegAnswered(first))
    bench.wait(1.0)
    asked = only(BridgeLegs, bench.do(LegAnswered(bench.agent(2).leg_id)))
    assert [bridge.customer_leg_id for bridge in asked] == [second]


def test_a_caller_is_never_given_to_an_agent_of_another_switch():
    bench = Bench("n1", "n2")
    bench.seat(1)
    bench.stock(lead(5))
    call = bench.dial(ringing=True)
    bench.agent(1).node = "n2" if call.node == "n1" else "n1"
    assert only(BridgeLegs, bench.do(LegAnswered(call.leg_id))) == []


def test_an_agent_who_becomes_ready_takes_the_caller_who_waits(bench):
    call = unserved(bench)
    commands = bench.wait(1.0)
    phone = bench.agent(1).leg_id
    assert only(BridgeLegs, commands) == []
    assert only(BridgeLegs, bench.do(LegAnswered(phone))) == [BridgeLegs("n1", call.leg_id, phone)]


# --- the two-second clock ------------------------------------------------------------------------


def test_after_two_seconds_the_notice_then_the_end_and_the_call_is_abandoned(bench):
    call = unserved(bench)
    assert only(PlayNotice, bench.wait(1.99)) == []
    assert only(PlayNotice, bench.wait(0.02)) == [PlayNotice("n1", call.leg_id, "safe_harbour_fr")]
    assert bench.floor.ledger.n_abandoned == 1
    assert only(HangUpLeg, bench.do(LegPlayed(call.leg_id))) == [HangUpLeg("n1", call.leg_id)]
    bench.do(LegEnded(call.leg_id, "NORMAL_CLEARING"))
    close = closing(bench)
    assert close.outcome is Outcome.ABANDONED
    assert (close.is_live_answer, close.is_abandoned) == (True, True)
    assert close.retry_at == bench.now.utc + 72 * 3600.0


def test_a_person_who_hangs_up_before_the_limit_was_not_abandoned(bench):
    call = unserved(bench)
    bench.wait(1.9)
    bench.do(LegEnded(call.leg_id, "NORMAL_CLEARING", 200, is_by_far_end=True))
    bench.wait(5.0)
    close = closing(bench)
    assert (close.outcome, close.is_live_answer) == (Outcome.EARLY_HANGUP, False)
    assert bench.floor.ledger.n_live == 0


def test_a_person_who_hangs_up_under_the_notice_was_abandoned(bench):
    call = unserved(bench)
    bench.wait(2.5)
    bench.do(LegEnded(call.leg_id, "NORMAL_CLEARING", 200, is_by_far_end=True))
    assert closing(bench).outcome is Outcome.ABANDONED


def test_nobody_is_connected_under_the_notice(bench):
    unserved(bench)
    bench.wait(2.5)
    bench.do(LegAnswered(bench.agent(1).leg_id))
    assert bench.all(BridgeLegs) == []


def test_a_notice_that_does_not_end_is_ended_and_asked_for_until_it_is(bench):
    call = unserved(bench)
    bench.wait(2.0)
    hang_ups = only(HangUpLeg, bench.wait(65.0))
    assert hang_ups == [HangUpLeg("n1", call.leg_id)] * 3
    bench.do(LegEnded(call.leg_id, "NORMAL_CLEARING"))
    assert only(HangUpLeg, bench.wait(60.0)) == []


def test_a_bridge_after_the_limit_is_abandoned_to_the_law_though_they_talk(bench):
    bench.seat(1)
    bench.stock(lead(5))
    call = bench.dial(answered=True)
    bench.wait(2.1)
    bench.do(LegsBridged(call.leg_id, bench.agent(1).leg_id))
    assert bench.agent(1).state is AgentState.TALKING
    assert (bench.floor.ledger.n_served, bench.floor.ledger.n_abandoned) == (0, 1)
    bench.do(LegEnded(call.leg_id, "NORMAL_CLEARING"))
    close = closing(bench)
    assert (close.outcome, close.is_live_answer, close.is_abandoned) == (
        Outcome.HANDLED, True, True,
    )  # fmt: skip


def test_a_machine_that_was_bridged_late_takes_no_served_call_out_of_the_ledger(bench):
    """The store keeps such an answer as abandoned; so does the engine."""
    bench.floor.ledger.recall(10, 0)
    bench.seat(1)
    bench.stock(lead(5))
    call = bench.dial(answered=True)
    bench.wait(2.1)
    bench.do(LegsBridged(call.leg_id, bench.agent(1).leg_id))
    bench.do(AgentDisposed(1, call.attempt_id, is_machine=True))
    assert (bench.floor.ledger.n_served, bench.floor.ledger.n_abandoned) == (10, 1)


# --- bridges that fail ---------------------------------------------------------------------------


def test_a_failed_bridge_frees_both_and_is_tried_again_a_little_later(bench):
    phone = bench.seat(1)
    bench.stock(lead(5))
    call = bench.dial(answered=True)
    bench.wait(0.1)
    assert only(BridgeLegs, bench.do(BridgeFailed(call.leg_id, phone, "Invalid uuid"))) == []
    assert bench.agent(1).state is AgentState.READY
    assert bench.agent(1).attempt_id is None
    again = only(BridgeLegs, bench.wait(SETTLE_S + 0.01))
    assert again == [BridgeLegs("n1", call.leg_id, phone)]


def test_bridges_that_go_on_failing_end_in_the_notice(bench):
    phone = bench.seat(1)
    bench.stock(lead(5))
    call = bench.dial(answered=True)
    n_bridges = 1
    for _ in range(100):
        if bench.all(PlayNotice):
            break
        if len(bench.all(BridgeLegs)) >= n_bridges:
            n_bridges = len(bench.all(BridgeLegs)) + 1
            bench.do(BridgeFailed(call.leg_id, phone, "Invalid uuid"))
        bench.wait(0.05)
    assert len(bench.all(PlayNotice)) == 1
    assert len(bench.all(BridgeLegs)) < 10
    assert bench.floor.ledger.n_abandoned == 1
    assert bench.agent(1).state is AgentState.READY


def test_a_bridge_that_is_never_confirmed_is_given_up(bench):
    bench.seat(1)
    bench.stock(lead(5))
    bench.dial(answered=True)
    bench.wait(BRIDGE_LIMIT_S + 0.1)
    assert bench.agent(1).state is AgentState.READY
    assert len(bench.all(PlayNotice)) == 1


def test_a_bridge_confirmed_with_an_agent_who_was_given_up_is_not_the_new_ones(bench):
    bench.seat(1)
    phone = bench.agent(1).leg_id
    bench.stock(lead(5))
    call = bench.dial(answered=True)
    bench.seat(2)
    bench.wait(0.1)
    bench.do(BridgeFailed(call.leg_id, phone, "timeout"))
    bench.wait(SETTLE_S + 0.01)
    assert bench.agent(2).state is AgentState.RESERVED
    bench.do(LegsBridged(call.leg_id, phone))
    assert bench.agent(2).state is AgentState.RESERVED
    bench.do(LegsBridged(call.leg_id, bench.agent(2).leg_id))
    assert bench.agent(2).state is AgentState.TALKING


def test_the_switch_may_name_the_two_legs_in_either_order(bench):
    phone = bench.seat(1)
    bench.stock(lead(5))
    call = bench.dial(answered=True)
    bench.do(LegsBridged(phone, call.leg_id))
    assert bench.agent(1).state is AgentState.TALKING


# --- at the same instant, and out of order -------------------------------------------------------


def test_an_answer_and_a_hang_up_at_once_leave_the_agent_ready(bench):
    bench.seat(1)
    bench.stock(lead(5))
    call = bench.dial(ringing=True)
    bench.do(LegAnswered(call.leg_id), LegEnded(call.leg_id, "NORMAL_CLEARING", 200))
    assert closing(bench).outcome is Outcome.EARLY_HANGUP
    assert (bench.agent(1).state, bench.agent(1).attempt_id) == (AgentState.READY, None)
    bench.do(LegsBridged(call.leg_id, bench.agent(1).leg_id))
    assert bench.agent(1).state is AgentState.READY


def test_a_hang_up_that_overtakes_the_answer_closes_the_call_once(bench):
    bench.seat(1)
    bench.stock(lead(5))
    call = bench.dial(ringing=True)
    bench.do(LegEnded(call.leg_id, "NO_ANSWER"), LegAnswered(call.leg_id), LegParked(call.leg_id))
    assert closing(bench).outcome is Outcome.NO_ANSWER
    assert bench.agent(1).state is AgentState.READY


def test_an_answer_without_ringing_and_a_ring_after_it(bench):
    bench.seat(1)
    bench.stock(lead(5))
    call = bench.dial(answered=True)
    bench.do(LegRinging(call.leg_id))
    bench.bridge()
    assert bench.agent(1).state is AgentState.TALKING


def test_a_second_answer_and_a_second_bridge_change_nothing(bench):
    call, phone = bench.talk(1)
    commands = bench.do(LegAnswered(call.leg_id), LegsBridged(call.leg_id, phone))
    assert commands == []
    assert (bench.floor.ledger.n_served, bench.floor.tally.n_stale_events) == (1, 2)


def test_events_of_unknown_legs_are_nobodys(bench):
    bench.seat(1)
    strangers = [
        LegRinging("x"), LegAnswered("x"), LegParked("x"), LegPlayed("x"),
        LegsBridged("x", "y"), LegEnded("x", "Y"), BridgeFailed("x", "y", "z"),
    ]  # fmt: skip
    assert bench.do(*strangers) == []


def test_an_answer_that_only_the_status_tells_is_an_early_hang_up(bench):
    bench.seat(1)
    bench.stock(lead(5))
    call = bench.dial(ringing=True)
    bench.do(LegEnded(call.leg_id, "NORMAL_CLEARING", 200, is_by_far_end=True))
    close = closing(bench)
    assert (close.outcome, close.is_live_answer) == (Outcome.EARLY_HANGUP, False)


# --- the agent's phone, lost under a customer ----------------------------------------------------


def test_a_customer_whose_agent_is_lost_goes_to_another_once_the_leg_has_parked(bench):
    call, phone = bench.talk(1)
    other = bench.seat(2)
    assert only(BridgeLegs, bench.do(LegEnded(phone, "NETWORK_OUT_OF_ORDER"))) == []
    assert only(BridgeLegs, bench.do(LegParked(call.leg_id))) == [
        BridgeLegs("n1", call.leg_id, other)
    ]
    bench.bridge()
    assert bench.agent(2).state is AgentState.TALKING
    bench.do(LegEnded(call.leg_id, "NORMAL_CLEARING"))
    close = closing(bench)
    assert (close.outcome, close.agent_id, close.is_abandoned) == (Outcome.HANDLED, 2, False)
    assert bench.floor.ledger.n_served == 1


def test_a_customer_whose_agent_is_lost_is_bridged_after_a_moment_without_a_park(bench):
    call, phone = bench.talk(1)
    other = bench.seat(2)
    bench.do(LegEnded(phone, "NETWORK_OUT_OF_ORDER"))
    assert only(BridgeLegs, bench.wait(SETTLE_S + 0.01)) == [BridgeLegs("n1", call.leg_id, other)]


def test_a_customer_whose_agent_is_lost_hears_the_notice_and_counts_as_handled(bench):
    call, phone = bench.talk(1)
    bench.do(LegEnded(phone, "NETWORK_OUT_OF_ORDER"))
    bench.floor.agents.remove(bench.agent(1))  # and nobody calls back in time
    assert only(PlayNotice, bench.wait(2.1)) == [PlayNotice("n1", call.leg_id, "safe_harbour_fr")]
    bench.do(LegEnded(call.leg_id, "NORMAL_CLEARING"))
    close = closing(bench)
    assert (close.outcome, close.is_abandoned) == (Outcome.HANDLED, False)
    assert (bench.floor.ledger.n_served, bench.floor.ledger.n_abandoned) == (1, 0)


def test_a_phone_lost_while_the_bridge_is_under_way_does_not_leave_the_customer_in_silence(bench):
    """The limit passed while CONNECTING; the phone goes; the notice must still come."""
    call = unserved(bench)
    bench.wait(1.9)
    phone = bench.agent(1).leg_id
    bench.do(LegAnswered(phone))
    assert bench.agent(1).state is AgentState.RESERVED
    bench.wait(0.2)
    bench.do(LegEnded(phone, "NETWORK_OUT_OF_ORDER"))
    assert only(PlayNotice, bench.wait(0.5)) == [PlayNotice("n1", call.leg_id, "safe_harbour_fr")]


def test_a_phone_lost_while_the_bridge_is_under_way_gives_the_customer_to_another(bench):
    phone = bench.seat(1)
    bench.stock(lead(5))
    call = bench.dial(answered=True)
    other = bench.seat(2)
    commands = bench.do(LegEnded(phone, "NETWORK_OUT_OF_ORDER"))
    assert only(BridgeLegs, commands) == [BridgeLegs("n1", call.leg_id, other)]


# --- what a reserved agent asked for, when the call does not come --------------------------------


def reserved(bench):
    bench.seat(1)
    bench.stock(lead(5))
    return bench.dial(answered=True)


def test_an_agent_who_logged_out_while_reserved_leaves_when_the_caller_hangs_up(bench):
    call = reserved(bench)
    phone = bench.agent(1).leg_id
    bench.do(AgentLoggedOut(1))
    commands = bench.do(LegEnded(call.leg_id, "NORMAL_CLEARING"))
    assert HangUpLeg("n1", phone) in commands
    assert len(bench.floor.agents) == 0


def test_an_agent_who_asked_for_a_pause_while_reserved_gets_it_when_the_bridge_fails(bench):
    call = reserved(bench)
    phone = bench.agent(1).leg_id
    bench.do(AgentAskedPause(1, "LUNCH"), BridgeFailed(call.leg_id, phone, "x"))
    assert (bench.agent(1).state, bench.agent(1).pause_code) == (AgentState.PAUSED, "LUNCH")
    assert bench.agent(1).wants_pause is None


def test_an_agent_who_logged_out_while_reserved_leaves_when_the_phone_is_lost(bench):
    reserved(bench)
    bench.do(AgentLoggedOut(1), LegEnded(bench.agent(1).leg_id, "NETWORK_OUT_OF_ORDER"))
    assert len(bench.floor.agents) == 0
