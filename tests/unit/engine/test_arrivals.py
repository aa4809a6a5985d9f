"""Those who call back hear who called, once, and nobody is left on the line."""

import pytest
from floor import Bench, only

from dialer.model.campaign import Campaign, CampaignState
from dialer.model.commands import AnswerLeg, HangUpLeg, NoteArrival, PlayNotice
from dialer.model.events import (
    CampaignConfigured,
    LegAnswered,
    LegArrived,
    LegEnded,
    LegPlayed,
    NodeRestarted,
)

CALL = LegArrived("in-1", "n1", called="33188000001", caller="33612345678")


@pytest.fixture
def bench():
    return Bench(caller_ids=("+33188000001",), notice="who_called")


def test_a_call_to_a_number_we_show_is_answered_and_noted(bench):
    commands = bench.do(CALL)
    assert only(AnswerLeg, commands) == [AnswerLeg("n1", "in-1")]
    (note,) = only(NoteArrival, commands)
    assert (note.campaign_id, note.caller, note.called) == (1, "33612345678", "33188000001")


def test_the_caller_hears_who_called_and_is_let_go(bench):
    bench.do(CALL)
    assert only(PlayNotice, bench.do(LegAnswered("in-1"))) == [
        PlayNotice("n1", "in-1", "who_called")
    ]
    assert only(HangUpLeg, bench.do(LegPlayed("in-1"))) == [HangUpLeg("n1", "in-1")]
    bench.do(LegEnded("in-1", "NORMAL_CLEARING"))
    assert bench.floor.arrivals == {}
    assert list(bench.dispatcher.legs()) == []


def test_a_call_that_is_told_twice_is_answered_once(bench):
    assert len(only(AnswerLeg, bench.do(CALL, CALL))) == 1
    assert len(only(PlayNotice, bench.do(LegAnswered("in-1"), LegAnswered("in-1")))) == 1


@pytest.mark.parametrize("is_answered", [False, True])
def test_a_leg_that_does_not_end_is_hung_up_until_it_does(bench, is_answered):
    bench.do(CALL, *[LegAnswered("in-1")] * is_answered)
    assert len(only(HangUpLeg, bench.wait(70.0))) >= 2


def test_the_notice_is_not_cut_by_the_limit_of_the_answer(bench):
    bench.do(CALL)
    bench.wait(4.0)
    bench.do(LegAnswered("in-1"))
    assert only(HangUpLeg, bench.wait(10.0)) == []


def test_a_caller_who_leaves_before_the_answer_is_forgotten(bench):
    bench.do(CALL, LegEnded("in-1", "ORIGINATOR_CANCEL"))
    assert bench.floor.arrivals == {}
    assert only(HangUpLeg, bench.wait(30.0)) == []


def test_a_number_that_no_campaign_shows_is_left_to_others(bench):
    assert bench.do(LegArrived("in-2", "n1", called="33199999999", caller="")) == []


def test_of_two_campaigns_that_show_a_number_the_one_that_dials_answers(bench):
    bench.configure(state=CampaignState.PAUSED)
    second = Campaign(
        2, "b", state=CampaignState.RUNNING, caller_ids=("+33188000001",), rule_set="ANY"
    )
    bench.do(CampaignConfigured(second))
    assert only(NoteArrival, bench.do(CALL))[0].campaign_id == 2


def test_a_restarted_switch_has_no_callers(bench):
    bench.do(CALL, NodeRestarted("n1"))
    assert bench.floor.arrivals == {}
