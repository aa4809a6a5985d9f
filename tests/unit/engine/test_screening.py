"""Listening to who answered: a person is served from the end of his greeting, a machine is not."""

from dataclasses import replace

import pytest
from floor import Bench, lead, only

from dialer.engine.verdicts import CUE_LIMIT_S, SCREEN_LIMIT_S
from dialer.model.alarm import AlarmCode
from dialer.model.amd import AmdProfile, Cause, SitCategory, Verdict
from dialer.model.call import CallState
from dialer.model.campaign import PacingMode
from dialer.model.commands import (
    BridgeLegs,
    CloseAttempt,
    HangUpLeg,
    NoteAgent,
    Originate,
    PlayNotice,
    PlaySound,
    RaiseAlarm,
)
from dialer.model.events import (
    AgentAskedPause,
    AgentDisposed,
    HistoryRead,
    LegAnnounced,
    LegAnswered,
    LegAwaitsMessage,
    LegEnded,
    LegLooksMachine,
    LegPlayed,
    LegRinging,
    LegScreened,
    ListenerReady,
    ListenerStarts,
)
from dialer.model.outcome import Outcome
from dialer.model.screening import MachineAction, ScreeningCounts
from dialer.policy.screening import LISTENER_PATIENCE_S

LISTENS = {"amd": AmdProfile.CONSUMER, "mode": PacingMode.RATIO, "ratio": 3.0}


def bench(**settings):
    made = Bench(**LISTENS | {"amd_check_share": 0.0} | settings)
    made.seat()
    made.stock(n=20)
    return made


def answered(bench):
    """A call that has just been answered, and its place on the floor."""
    for _ in range(20):
        if found := only(Originate, bench.wait(0.5)):
            break
    order = found[0]
    bench.do(LegAnswered(order.leg_id))
    return order, bench.floor.calls.of_attempt(order.attempt_id)


def person(order, at_s=2.0, end_s=1.4):
    return LegScreened(order.leg_id, Verdict.HUMAN, Cause.PAUSE, at_s, 0.02, 0.3, end_s)


def machine(order, cause=Cause.SPEECH, sit=None):
    return LegScreened(order.leg_id, Verdict.MACHINE, cause, 3.0, 0.99, 0.2, None, sit)


def hang_ups(order, commands):
    return [c for c in only(HangUpLeg, commands) if c.leg_id == order.leg_id]


def closed(bench, order):
    """The attempt's end, once its leg is gone."""
    bench.do(LegEnded(order.leg_id, "NORMAL_CLEARING"))
    (end,) = [c for c in bench.all(CloseAttempt) if c.attempt_id == order.attempt_id]
    return end


# --- people


def test_nobody_is_bridged_before_it_is_known_who_answered():
    floor = bench()
    order, call = answered(floor)
    assert order.amd is AmdProfile.CONSUMER
    assert call.state is CallState.SCREENING
    assert only(BridgeLegs, floor.wait(2.0)) == []
    floor.do(person(order))
    assert call.state is CallState.CONNECTING
    floor.bridge()
    assert (call.state, call.screening.verdict) == (CallState.CONNECTED, Verdict.HUMAN)


def test_the_wait_begins_with_the_end_of_the_greeting():
    floor = bench()
    order, call = answered(floor)
    begun = floor.now.mono
    floor.do(AgentAskedPause(1, "LUNCH"))
    floor.wait(2.0)
    floor.do(person(order, at_s=2.0, end_s=1.4))
    assert call.waiting_since == pytest.approx(begun + 1.4)
    assert only(PlayNotice, floor.wait(1.35)) == []
    assert len(only(PlayNotice, floor.wait(0.1))) == 1, "two seconds after the greeting"
    assert closed(floor, order).is_abandoned


def test_an_agent_within_the_limit_of_the_greeting_is_in_time_however_long_it_was():
    floor = bench()
    order, _ = answered(floor)
    floor.wait(5.0)
    floor.do(person(order, at_s=5.0, end_s=4.2))
    floor.bridge()
    assert (floor.floor.ledger.n_served, floor.floor.ledger.n_abandoned) == (1, 0)
    assert not closed(floor, order).is_abandoned


@pytest.mark.parametrize("cause", [Cause.NO_AUDIO, Cause.NO_LISTENER, Cause.GARBAGE])
def test_who_was_not_heard_waits_since_the_answer(cause):
    floor = bench()
    order, call = answered(floor)
    begun = floor.now.mono
    floor.wait(1.0)
    floor.do(LegScreened(order.leg_id, Verdict.UNSURE, cause))
    assert call.waiting_since == begun
    assert len(floor.all(BridgeLegs)) == 1


def test_a_detector_that_says_nothing_costs_seconds_and_not_the_call():
    floor = bench()
    _, call = answered(floor)
    floor.wait(SCREEN_LIMIT_S + 0.01)
    assert (call.screening.verdict, call.state) == (Verdict.UNSURE, CallState.CONNECTING)


def test_a_verdict_is_taken_once():
    floor = bench()
    order, call = answered(floor)
    floor.do(person(order), machine(order), person(order))
    assert call.screening.verdict is Verdict.HUMAN
    assert floor.all(HangUpLeg) == []


def test_a_person_who_hangs_up_meanwhile_is_an_early_hang_up():
    floor = bench()
    order, _ = answered(floor)
    end = closed(floor, order)
    assert (end.outcome, end.is_abandoned, end.is_live_answer) == (
        Outcome.EARLY_HANGUP, False, False,
    )  # fmt: skip
    floor.do(person(order))  # which comes late, and finds nobody
    assert floor.all(BridgeLegs) == []


def test_the_agent_is_told_when_his_customer_speaks_like_a_recording():
    floor = bench()
    order, call = answered(floor)
    floor.do(person(order))
    floor.bridge()
    told = only(NoteAgent, floor.do(LegLooksMachine(order.leg_id, Cause.SPEECH, 5.0, 0.99)))
    assert [note.looks_machine for note in told] == [True]
    assert call.state is CallState.CONNECTED, "what is done about it is the agent's to say"
    assert floor.floor.tally.n_late_machines == 1
    assert floor.do(LegLooksMachine(order.leg_id, Cause.BEEP, 6.0, 0.99)) == []


# --- machines


def test_a_machine_is_hung_up_and_called_another_day():
    floor = bench()
    order, _ = answered(floor)
    assert only(HangUpLeg, floor.do(machine(order))) == [HangUpLeg("n1", order.leg_id)]
    end = closed(floor, order)
    assert (end.outcome, end.is_live_answer) == (Outcome.MACHINE, False)
    assert end.retry_at >= floor.now.utc + 24 * 3600
    assert end.screening.verdict is Verdict.MACHINE
    assert floor.all(BridgeLegs) == []


def test_a_machine_counts_as_abandoned_with_the_chance_that_it_was_a_person():
    floor = bench()
    order, _ = answered(floor)
    chance = floor.floor.audit.chance_person
    floor.do(machine(order))
    assert floor.floor.ledger.n_abandoned == pytest.approx(chance)
    assert 0.0 < chance < 0.05


def test_a_hang_up_that_is_not_carried_out_is_asked_for_again():
    floor = bench()
    order, _ = answered(floor)
    floor.do(machine(order))
    assert len(hang_ups(order, floor.wait(11.0))) == 2
    closed(floor, order)
    assert hang_ups(order, floor.wait(60.0)) == []


@pytest.mark.parametrize(
    ("cause", "sit", "outcome"),
    [
        (Cause.SIT, SitCategory.VACANT, Outcome.WRONG_NUMBER),
        (Cause.SIT, SitCategory.INTERCEPT, Outcome.WRONG_NUMBER),
        (Cause.SIT, SitCategory.NO_CIRCUIT, Outcome.CONGESTION),
        (Cause.SIT, None, Outcome.CONGESTION),
        (Cause.FAX, None, Outcome.FAX),
        (Cause.BUSY, None, Outcome.BUSY),
        (Cause.BEEP, None, Outcome.MACHINE),
        (Cause.FINGERPRINT, None, Outcome.MACHINE),
    ],
)
def test_what_a_tone_says_is_the_outcome_and_a_wrong_number_is_never_called_again(
    cause, sit, outcome
):
    floor = bench()
    order, _ = answered(floor)
    floor.do(machine(order, cause, sit))
    end = closed(floor, order)
    assert end.outcome is outcome
    if outcome in (Outcome.WRONG_NUMBER, Outcome.FAX):
        assert end.retry_at is None


def leaves(floor_settings=None):
    return bench(
        machine_action=MachineAction.LEAVE_MESSAGE, machine_message="back_soon",
        **floor_settings or {},
    )  # fmt: skip


def test_a_message_is_left_at_the_beep():
    floor = leaves()
    order, call = answered(floor)
    assert only(HangUpLeg, floor.do(machine(order))) == []
    assert only(PlaySound, floor.wait(4.0)) == []
    said = floor.do(LegAwaitsMessage(order.leg_id, may_speak=True))
    assert only(PlaySound, said) == [PlaySound("n1", order.leg_id, "back_soon")]
    assert call.state is CallState.PLAYING
    assert only(HangUpLeg, floor.do(LegPlayed(order.leg_id))) == [HangUpLeg("n1", order.leg_id)]
    end = closed(floor, order)
    assert (end.outcome, end.is_abandoned) == (Outcome.MESSAGE_LEFT, False)


def test_a_machine_that_takes_no_message_is_hung_up():
    floor = leaves()
    order, _ = answered(floor)
    floor.do(machine(order), LegAwaitsMessage(order.leg_id, may_speak=False))
    assert len(floor.all(HangUpLeg)) == 1
    assert closed(floor, order).outcome is Outcome.MACHINE


def test_no_message_is_left_on_a_fax():
    floor = leaves()
    order, _ = answered(floor)
    assert len(only(HangUpLeg, floor.do(machine(order, Cause.FAX)))) == 1


def test_a_greeting_without_end_is_not_awaited_for_ever():
    floor = leaves()
    order, _ = answered(floor)
    floor.do(machine(order))
    assert hang_ups(order, floor.wait(CUE_LIMIT_S - 0.1)) == []
    assert len(hang_ups(order, floor.wait(0.2))) == 1
    assert closed(floor, order).outcome is Outcome.MACHINE


# --- assistants that ask who is calling


def test_an_assistant_that_asks_who_is_calling_gets_an_agent():
    floor = leaves()
    order, call = answered(floor)
    floor.do(machine(order))
    floor.wait(2.0)
    floor.do(LegAwaitsMessage(order.leg_id, may_speak=True, is_screening=True))
    assert (call.state, call.screening.verdict) == (CallState.CONNECTING, Verdict.SCREENED)
    assert floor.all(PlaySound) == []


def test_an_assistant_whom_no_agent_answers_is_no_abandoned_person():
    floor = bench()
    order, _ = answered(floor)
    floor.do(AgentAskedPause(1, "LUNCH"))
    floor.do(LegScreened(order.leg_id, Verdict.SCREENED, Cause.FINGERPRINT, 3.0, 0.5))
    assert len(only(PlayNotice, floor.wait(2.1))) == 1, "it hears who called"
    assert floor.floor.ledger.n_abandoned == 0
    end = closed(floor, order)
    assert (end.outcome, end.is_abandoned) == (Outcome.SCREENED, False)


# --- before the answer


@pytest.mark.parametrize("outcome", [Outcome.WRONG_NUMBER, Outcome.BUSY])
def test_what_is_announced_before_the_answer_ends_the_call(outcome):
    floor = bench()
    (order, *_) = only(Originate, floor.wait(0.5))
    floor.do(LegRinging(order.leg_id, has_early_media=True))
    assert len(only(HangUpLeg, floor.do(LegAnnounced(order.leg_id, outcome)))) == 1
    floor.do(LegEnded(order.leg_id, "ORIGINATOR_CANCEL"))
    (end,) = [c for c in floor.all(CloseAttempt) if c.attempt_id == order.attempt_id]
    assert end.outcome is outcome
    assert (end.retry_at is None) == (outcome is Outcome.WRONG_NUMBER)


# --- the audit


def check(floor, *, is_machine):
    """One machine that an agent got all the same; what he said it was."""
    order, call = answered(floor)
    floor.do(machine(order))
    assert call.screening.is_checked
    floor.bridge()
    floor.do(LegEnded(order.leg_id, "NORMAL_CLEARING"))
    return floor.do(AgentDisposed(1, order.attempt_id, is_machine=is_machine))


def test_some_machines_go_to_agents_who_say_what_they_were():
    floor = bench(amd_check_share=1.0, ratio=1.0)
    check(floor, is_machine=True)
    check(floor, is_machine=False)
    assert floor.floor.audit.counts == ScreeningCounts(n_machine=2, n_checked=2, n_people=1)


def test_no_machine_is_checked_while_no_agent_is_free():
    floor = bench(amd_check_share=1.0)
    order, call = answered(floor)
    floor.do(AgentAskedPause(1, "LUNCH"))
    floor.do(machine(order))
    assert not call.screening.is_checked
    assert len(floor.all(HangUpLeg)) == 1


def test_a_detector_that_takes_people_for_machines_switches_itself_off_with_an_alarm():
    floor = bench(amd_check_share=1.0, ratio=1.0)
    for _ in range(20):
        told = only(RaiseAlarm, check(floor, is_machine=False))
        if told:
            break
    assert [alarm.code for alarm in told] == [AlarmCode.AMD_OFF]
    floor.stock(*(lead(i) for i in range(100, 110)))
    orders = [order for _ in range(4) for order in only(Originate, floor.wait(0.5))]
    assert orders and {order.amd for order in orders} == {AmdProfile.OFF}
    floor.configure(amd_budget=0.02)
    assert len(floor.all(RaiseAlarm)) == 2, "it is as bad as before, by the new budget too"


def test_what_earlier_runs_found_condemns_the_detector_at_the_start():
    floor = Bench(**LISTENS)
    counts = ScreeningCounts(n_machine=100, n_checked=50, n_people=40)
    told = floor.do(HistoryRead(1, 10, 0, screening=counts))
    assert [alarm.code for alarm in only(RaiseAlarm, told)] == [AlarmCode.AMD_OFF]


# --- who is listened to at all


def test_a_campaign_that_does_not_listen_serves_who_answers_unheard():
    floor = bench(amd=AmdProfile.OFF)
    order, call = answered(floor)
    assert (order.amd, call.screening) == (AmdProfile.OFF, None)
    assert call.state is not CallState.SCREENING


def test_pacing_learns_of_an_answer_when_it_is_known_for_one():
    floor = bench()
    learned = floor.floor.pacing.learned
    first, _ = answered(floor)
    assert learned.flow.n_answers == 0
    floor.wait(2.0)
    floor.do(person(first))
    assert learned.flow.n_answers == pytest.approx(1.0)
    assert learned.screening_s == pytest.approx(2.0)
    second, _ = answered(floor)
    floor.do(machine(second))
    assert learned.flow.n_answers <= 1.0
    assert replace(floor.campaign).amd is AmdProfile.CONSUMER


# --- while whoever listens is being started -----------------------------------------------------


def n_dialled(bench, seconds):
    return sum(len(only(Originate, bench.wait(0.5))) for _ in range(round(seconds / 0.5)))


def test_the_first_calls_wait_for_the_listener_and_no_longer():
    made = Bench(**LISTENS)
    made.do(ListenerStarts())
    made.seat()
    made.stock(n=20)
    assert n_dialled(made, 2.0) == 0
    assert made.floor.last_decision.limit == "listener"
    made.do(ListenerReady())
    assert n_dialled(made, 1.0) == 3


def test_a_listener_that_does_not_come_up_stops_nobody_for_long():
    made = Bench(**LISTENS)
    made.do(ListenerStarts())
    made.seat()
    made.stock(n=20)
    assert n_dialled(made, LISTENER_PATIENCE_S - 1.0) == 0
    assert n_dialled(made, 2.0) == 3


def test_who_listens_to_nobody_does_not_wait():
    made = Bench(**LISTENS | {"amd": AmdProfile.OFF})
    made.do(ListenerStarts())
    made.seat()
    made.stock(n=20)
    assert n_dialled(made, 1.0) == 3
