import pytest
from floor import Bench, only

from dialer.model.commands import CloseAttempt, Originate
from dialer.model.events import (
    AttemptRefused,
    LegAnswered,
    LegEnded,
    LegRinging,
    NodeTrunks,
    OriginateFailed,
)
from dialer.model.outcome import Outcome
from dialer.model.trunk import TrunkRules

DOWN = "NORMAL_TEMPORARY_FAILURE"


@pytest.fixture
def bench():
    made = Bench()
    rules = (TrunkRules("a", max_failures=3, rest_s=30.0), TrunkRules("b", max_failures=3))
    made.do(NodeTrunks("n1", rules))
    made.seat()
    made.stock(n=40)
    return made


@pytest.mark.parametrize("is_told_by_job", [True, False])
def test_a_call_that_its_trunk_failed_goes_on_to_the_next_within_the_attempt(bench, is_told_by_job):
    first = bench.dial()
    failure = (
        OriginateFailed(first.leg_id, DOWN, is_local=False)
        if is_told_by_job
        else LegEnded(first.leg_id, DOWN, 503)
    )
    (again,) = only(Originate, bench.do(failure))
    assert (first.trunk, again.trunk, again.is_again) == ("a", "b", True)
    assert (again.attempt_id, again.lead_id) == (first.attempt_id, first.lead_id)
    assert again.leg_id != first.leg_id
    late = bench.do(LegEnded(first.leg_id, DOWN, 503), OriginateFailed(first.leg_id, DOWN, False))
    assert late == []
    bench.do(LegRinging(again.leg_id), LegAnswered(again.leg_id))
    bench.bridge()
    (close,) = only(CloseAttempt, bench.do(LegEnded(again.leg_id, "NORMAL_CLEARING", 200)))
    assert (close.attempt_id, close.outcome) == (first.attempt_id, Outcome.HANDLED)
    assert bench.floor.tally.n_attempts == 1


def test_when_every_trunk_failed_the_attempt_is_closed_once(bench):
    first = bench.dial()
    (again,) = only(Originate, bench.do(LegEnded(first.leg_id, DOWN, 503)))
    commands = bench.do(LegEnded(again.leg_id, DOWN, 503))
    assert [close.outcome for close in only(CloseAttempt, commands)] == [Outcome.CONGESTION]
    assert [trunk.n_calls for trunk in bench.dispatcher.nodes.get("n1").trunks] == [0, 0]
    assert bench.floor.orders == {}


@pytest.mark.parametrize(("cause", "status"), [("USER_BUSY", 486), ("UNALLOCATED_NUMBER", 404)])
def test_what_the_person_or_the_number_says_is_not_asked_of_another_trunk(bench, cause, status):
    call = bench.dial()
    commands = bench.do(LegEnded(call.leg_id, cause, status))
    assert only(Originate, commands) == []
    assert len(only(CloseAttempt, commands)) == 1


def test_a_call_that_rang_is_not_placed_again(bench):
    call = bench.dial(ringing=True)
    assert only(Originate, bench.do(LegEnded(call.leg_id, DOWN, 503))) == []


def test_a_gateway_that_is_down_leaves_the_switch_in_use(bench):
    call = bench.dial()
    (again,) = only(Originate, bench.do(OriginateFailed(call.leg_id, "GATEWAY_DOWN", True)))
    assert again.trunk == "b"
    assert bench.dispatcher.nodes.get("n1").n_refusals == 0


def test_after_failures_in_a_row_calls_begin_on_the_next_trunk_and_come_back(bench):
    for _ in range(3):
        call = bench.dial()
        (again,) = only(Originate, bench.do(LegEnded(call.leg_id, DOWN, 503)))
        bench.do(LegRinging(again.leg_id), LegEnded(again.leg_id, "NO_ANSWER"))
    call = bench.dial()
    assert call.trunk == "b"
    bench.do(LegEnded(call.leg_id, "USER_BUSY", 486))
    bench.wait(31.0)
    bench.do(LegEnded(bench.all(Originate)[-1].leg_id, "USER_BUSY", 486))
    assert bench.dial().trunk == "a"


def test_an_attempt_whose_second_leg_the_store_refused_is_closed_not_forgotten(bench):
    first = bench.dial()
    bench.do(LegEnded(first.leg_id, DOWN, 503))
    commands = bench.do(AttemptRefused(first.attempt_id, "permit is past"))
    assert [c.outcome for c in only(CloseAttempt, commands)] == [Outcome.CONGESTION]
    assert len(bench.floor.calls) == 0
