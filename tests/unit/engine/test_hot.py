"""A hot lead: dialled at once for an agent who is free, first of all when nobody is."""

from floor import Bench, lead, only

from dialer.model.agent import AgentState
from dialer.model.campaign import CampaignState, PacingMode
from dialer.model.commands import BridgeLegs, FetchLead, OfferLead, Originate, ReleaseLeads
from dialer.model.events import LeadAdded, LeadFetched, LegAnswered, LegEnded

HOT = lead(77)


def come(bench: Bench, one=HOT):
    """The lead is added, and claimed as asked; what that leads to at this very instant."""
    (asked,) = only(FetchLead, bench.do(LeadAdded(1, one.lead_id)))
    assert (asked.campaign_id, asked.lead_id) == (1, one.lead_id)
    return bench.do(LeadFetched(1, one))


def test_it_is_dialled_in_the_same_instant_for_the_agent_who_is_free_and_is_his():
    for mode in (PacingMode.PREDICTIVE, PacingMode.PROGRESSIVE, PacingMode.RATIO):
        bench = Bench(mode=mode)
        bench.seat(1)
        (call,) = only(Originate, come(bench))
        assert (call.lead_id, call.agent_id) == (77, 1), mode
        assert bench.agent().state is AgentState.RESERVED
        bridge = only(BridgeLegs, bench.do(LegAnswered(call.leg_id)))
        assert [one.customer_leg_id for one in bridge] == [call.leg_id]


def test_it_does_not_wait_for_the_calls_that_ring_already():
    bench = Bench(mode=PacingMode.RATIO, ratio=3.0)
    bench.seat(1)
    bench.stock(n=20)
    bench.wait(2.0)
    assert len(bench.all(Originate)) >= 3 and bench.agent().state is AgentState.READY
    (call,) = only(Originate, come(bench))
    assert call.lead_id == 77


def test_when_nobody_is_free_it_is_the_next_one_before_all_that_wait():
    bench = Bench()
    talk, _leg = bench.talk()
    bench.stock(n=20)
    assert only(Originate, come(bench)) == only(Originate, come(bench, lead(78))) == []
    bench.do(LegEnded(talk.leg_id, "NORMAL_CLEARING"))
    bench.wait(1.0)
    assert bench.agent().state is AgentState.WRAP_UP
    bench.seat(2)
    bench.wait(1.0)
    assert bench.all(Originate)[1].lead_id == 77


def test_the_law_holds_for_it_too():
    bench = Bench(windows=())
    bench.seat(1)
    assert only(Originate, come(bench)) == []
    assert [one.lead_ids for one in bench.all(ReleaseLeads)] == [(77,)]
    assert bench.agent().state is AgentState.READY


def test_it_is_left_to_the_next_claim_where_nothing_is_dialled():
    for settings in ({"mode": PacingMode.MANUAL}, {"state": CampaignState.PAUSED}):
        bench = Bench(**settings)
        assert bench.do(LeadAdded(1, 77)) == []
        bench.do(LeadFetched(1, HOT))
        assert [one.lead_ids for one in bench.all(ReleaseLeads)] == [(77,)]


def test_what_was_called_meanwhile_or_is_gone_is_not_dialled():
    bench = Bench()
    bench.seat(1)
    bench.do(LeadFetched(1, None))
    bench.do(LeadFetched(1, lead(77, is_finished=True)))
    assert bench.all(Originate) == []
    assert [one.is_finished for one in bench.all(ReleaseLeads)] == [True]


def test_a_line_more_than_there_are_is_not_taken_and_it_goes_as_soon_as_one_is_free():
    bench = Bench(max_lines=1)
    bench.seat(1)
    bench.seat(2)
    bench.stock(lead(1))
    first = bench.dial()
    assert only(Originate, come(bench)) == []
    bench.do(LegEnded(first.leg_id, "USER_BUSY"))
    assert [call.lead_id for call in only(Originate, bench.wait(1.0))] == [77]


def test_in_preview_it_is_the_first_that_is_shown():
    bench = Bench(mode=PacingMode.PREVIEW)
    bench.stock(n=5)
    come(bench)
    bench.seat(1)
    bench.wait(1.0)
    assert [one.lead_id for one in bench.all(OfferLead)] == [77]


def test_two_that_come_together_get_an_agent_each():
    bench = Bench()
    bench.seat(1)
    bench.seat(2)
    come(bench)
    come(bench, lead(78))
    assert sorted((call.lead_id, call.agent_id) for call in bench.all(Originate)) == [
        (77, 1),
        (78, 2),
    ]
