"""Broadcast: the message, its keys, and the ways in which such a call may end."""

import pytest
from floor import Bench, lead, only

from dialer.engine.broadcast import KEYS_FOR_S, MESSAGE_LIMIT_S
from dialer.model.agent import AgentState
from dialer.model.amd import AmdProfile, Cause, Verdict
from dialer.model.call import CallState
from dialer.model.campaign import PacingMode
from dialer.model.commands import (
    BlockPerson,
    BridgeLegs,
    CloseAttempt,
    HangUpLeg,
    Originate,
    PlayNotice,
    PlaySound,
    ReleaseLeads,
)
from dialer.model.events import (
    CallAdopted,
    LegAnswered,
    LegAwaitsMessage,
    LegEnded,
    LegPlayed,
    LegPressed,
    LegRinging,
    LegScreened,
)
from dialer.model.ids import AttemptId
from dialer.model.outcome import Outcome
from dialer.model.screening import MachineAction


def bench(**settings):
    given = {"mode": PacingMode.BROADCAST, "broadcast_message": "hello"} | settings
    return Bench(**given)


def answered(**settings):
    """One person who hears the message; the order of the call."""
    b = bench(**settings)
    b.stock(n=1)
    (order,) = only(Originate, b.wait(1.0))
    b.do(LegRinging(order.leg_id), LegAnswered(order.leg_id))
    return b, order


def ended(b, order):
    b.do(LegEnded(order.leg_id, "NORMAL_CLEARING", 200))
    return b.all(CloseAttempt)[-1]


def test_no_agent_is_needed_and_lines_and_calls_a_second_are_the_bounds():
    b = bench(max_lines=7, max_calls_per_s=2.0)
    b.stock(n=50)
    b.wait(2.0)
    assert len(b.all(Originate)) in (4, 5, 6)
    b.wait(20.0)
    assert len(b.floor.calls) == 7


def test_without_consent_the_permit_is_refused():
    b = bench(rule_set="US", windows=None)
    b.stock(n=3)
    assert only(Originate, b.wait(3.0)) == []
    b.configure(has_consent=True)
    b.stock(n=3)
    assert len(only(Originate, b.wait(3.0))) == 3


def test_the_answer_hears_the_message_and_nobody_waits():
    b, order = answered()
    (played,) = b.all(PlaySound)
    assert (played.leg_id, played.sound) == (order.leg_id, "hello")
    b.wait(3.0)
    assert b.all(PlayNotice) == []
    assert b.floor.ledger.n_live == 0


def test_after_the_message_there_is_time_for_a_key_then_the_call_ends():
    b, order = answered()
    b.do(LegPlayed(order.leg_id))
    assert only(HangUpLeg, b.wait(KEYS_FOR_S - 0.1)) == []
    assert [one.leg_id for one in only(HangUpLeg, b.wait(0.2))] == [order.leg_id]
    close = ended(b, order)
    assert (close.outcome, close.retry_at) == (Outcome.MESSAGE_PLAYED, None)
    assert not (close.is_live_answer or close.is_abandoned or close.sends_message)


def test_who_hangs_up_in_the_message_is_not_called_again():
    b, order = answered()
    close = ended(b, order)
    assert (close.outcome, close.retry_at) == (Outcome.MESSAGE_CUT, None)


def test_a_message_that_never_ends_ends_with_its_limit():
    b, order = answered()
    assert [c.leg_id for c in only(HangUpLeg, b.wait(MESSAGE_LIMIT_S + 1.0))][:1] == [order.leg_id]


def test_the_key_9_blocks_the_person_for_good():
    b, order = answered()
    b.stock(lead(77, number=order.number))
    commands = b.do(LegPressed(order.leg_id, "9"))
    assert [one.attempt_id for one in only(BlockPerson, commands)] == [order.attempt_id]
    assert [one.leg_id for one in only(HangUpLeg, commands)] == [order.leg_id]
    assert any(
        one.refusal is not None and one.lead_ids == (77,) for one in only(ReleaseLeads, commands)
    )
    assert only(BlockPerson, b.do(LegPressed(order.leg_id, "9"))) == []
    close = ended(b, order)
    assert (close.outcome, close.retry_at) == (Outcome.OPTED_OUT, None)


def test_the_key_1_brings_an_agent_who_is_free():
    b = bench()
    b.seat()
    b.stock(n=1)
    (order,) = only(Originate, b.wait(1.0))
    b.do(LegAnswered(order.leg_id))
    assert b.agent().state is AgentState.READY, "nobody is taken from his desk unasked"
    commands = b.do(LegPressed(order.leg_id, "1"))
    assert len(only(BridgeLegs, commands)) == 1
    b.bridge()
    assert b.agent().state is AgentState.TALKING
    assert ended(b, order).outcome is Outcome.HANDLED


def test_without_an_agent_who_is_free_the_key_1_ends_in_the_notice():
    b, order = answered(answer_limit_s=2.0)
    b.do(LegPressed(order.leg_id, "1"))
    assert [one.leg_id for one in only(PlayNotice, b.wait(2.1))] == [order.leg_id]
    assert ended(b, order).outcome is Outcome.ABANDONED


@pytest.mark.parametrize("digit", ["", "5", "*", "#", "11", "x"])
def test_other_keys_mean_nothing(digit):
    b, order = answered()
    assert b.do(LegPressed(order.leg_id, digit)) == []


def test_keys_of_other_calls_mean_nothing():
    b = Bench()
    call, _ = b.talk()
    assert b.do(LegPressed(call.leg_id, "9")) == []


@pytest.mark.parametrize("after", sorted(set(PacingMode) - {PacingMode.BROADCAST}))
def test_a_call_that_was_dialled_for_the_message_hears_it_in_any_mode(after):
    b = bench()
    b.stock(n=1)
    (order,) = only(Originate, b.wait(1.0))
    b.configure(mode=after)
    b.do(LegAnswered(order.leg_id))
    assert [one.sound for one in b.all(PlaySound)] == ["hello"]
    assert b.floor.calls.of_attempt(order.attempt_id).state is CallState.ANNOUNCING


def test_a_call_of_another_mode_is_not_played_the_message():
    b = Bench(broadcast_message="hello")
    b.seat()
    b.stock(n=1)
    order = b.dial(ringing=True)
    b.configure(mode=PacingMode.BROADCAST)
    b.do(LegAnswered(order.leg_id))
    b.bridge()
    assert b.agent().state is AgentState.TALKING


def test_a_broadcast_call_of_an_earlier_run_is_ended_not_abandoned():
    b = bench()
    b.do(CallAdopted(AttemptId("old"), "old-leg", 1, lead(5), "n1", CallState.WAITING, True, 9.0,
                     answered_ago_s=4.0))  # fmt: skip
    assert [one.leg_id for one in b.all(HangUpLeg)] == ["old-leg"]
    b.do(LegEnded("old-leg", "NORMAL_CLEARING", 200))
    assert b.all(CloseAttempt)[-1].outcome is Outcome.MESSAGE_CUT
    assert b.floor.ledger.n_abandoned == 0


# --- who is listened to first


LISTENS = {
    "amd": AmdProfile.CONSUMER, "machine_action": MachineAction.LEAVE_MESSAGE,
    "machine_message": "for_machines", "amd_check_share": 1.0,
}  # fmt: skip


def heard(order, verdict):
    return LegScreened(order.leg_id, verdict, Cause.SPEECH, 3.0, 0.5, 0.2, 1.9)


def sounds(b):
    return [one.sound for one in b.all(PlaySound)]


@pytest.mark.parametrize("verdict", [Verdict.HUMAN, Verdict.UNSURE, Verdict.SCREENED])
def test_whoever_may_be_a_person_hears_the_message_when_he_has_said_hello(verdict):
    b, order = answered(**LISTENS)
    assert sounds(b) == []
    b.do(heard(order, verdict))
    assert sounds(b) == ["hello"]
    b.wait(3.0)
    assert b.all(PlayNotice) == []
    b.do(LegPlayed(order.leg_id))
    assert ended(b, order).outcome is Outcome.MESSAGE_PLAYED
    assert b.floor.ledger.n_live == 0


def test_a_machine_hears_its_own_message_at_the_beep():
    b, order = answered(**LISTENS)
    b.do(heard(order, Verdict.MACHINE))
    assert sounds(b) == []
    b.do(LegAwaitsMessage(order.leg_id, may_speak=True))
    assert sounds(b) == ["for_machines"]
    assert ended(b, order).outcome is Outcome.MESSAGE_LEFT
    assert b.floor.ledger.n_abandoned == 0


def test_a_machine_without_a_message_is_hung_up():
    b, order = answered(**LISTENS | {"machine_action": MachineAction.HANG_UP})
    assert only(HangUpLeg, b.do(heard(order, Verdict.MACHINE))) != []
    assert sounds(b) == []
    assert ended(b, order).outcome is Outcome.MACHINE


def test_an_assistant_that_asks_who_is_calling_hears_the_message():
    b, order = answered(**LISTENS)
    b.do(heard(order, Verdict.MACHINE))
    b.do(LegAwaitsMessage(order.leg_id, may_speak=True, is_screening=True))
    assert sounds(b) == ["hello"]
