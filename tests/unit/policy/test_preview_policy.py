from dataclasses import replace

import pytest

from dialer.model.agent import Agent, AgentState, Offer
from dialer.model.campaign import Campaign, CampaignState, PacingMode
from dialer.model.lead import Lead
from dialer.policy.preview import (
    may_choose,
    may_stay,
    must_ring_s,
    n_offers,
    place_in_queue,
)

LEAD = Lead(1, 1, "+33612345678", "Europe/Paris")
CALLBACK = replace(LEAD, is_callback=True, callback_agent_id=7, due_at=1000.0)
RUNNING = Campaign(1, "c", state=CampaignState.RUNNING)
MANUAL = replace(RUNNING, mode=PacingMode.MANUAL)
PREVIEW = replace(RUNNING, mode=PacingMode.PREVIEW)


def agent(state, **facts):
    return Agent(1, 1, "A", "1001", "n1", 0.0, state=state, **facts)


@pytest.mark.parametrize(("n_free", "n_unowned", "n"), [(3, 0, 3), (3, 2, 1), (3, 5, 0), (0, 0, 0)])
def test_as_many_agents_stay_free_as_calls_have_no_owner(n_free, n_unowned, n):
    assert n_offers(n_free, n_unowned) == n


def test_a_callback_is_first_for_who_promised_it_and_hidden_from_others():
    assert place_in_queue(CALLBACK, 7, 900.0, 1000.0) == 0
    assert place_in_queue(CALLBACK, 8, 900.0, 1000.0) is None
    assert place_in_queue(LEAD, 8, 900.0, 1000.0) == 1


def test_a_callback_is_anybodys_when_who_promised_it_is_late():
    assert place_in_queue(CALLBACK, 8, 900.0, 1899.9) is None
    assert place_in_queue(CALLBACK, 8, 900.0, 1900.0) == 1
    assert place_in_queue(CALLBACK, 7, 900.0, 1900.0) == 0


@pytest.mark.parametrize(
    ("campaign", "state", "may"),
    [
        (MANUAL, AgentState.PAUSED, True),
        (MANUAL, AgentState.READY, True),
        (MANUAL, AgentState.TALKING, False),
        (MANUAL, AgentState.WRAP_UP, False),
        (MANUAL, AgentState.PREVIEWING, False),
        (PREVIEW, AgentState.PAUSED, False),
        (replace(PREVIEW, has_manual_calls=True), AgentState.PAUSED, True),
        (replace(RUNNING, has_manual_calls=True), AgentState.PAUSED, True),
        (replace(RUNNING, has_manual_calls=True), AgentState.READY, False),
        (replace(MANUAL, state=CampaignState.PAUSED), AgentState.PAUSED, False),
    ],
)
def test_a_manual_call_begins_in_a_pause_or_where_nothing_else_dials(campaign, state, may):
    assert may_choose(agent(state), campaign) is may


def test_no_manual_call_while_a_disposition_is_owed_or_the_agent_is_going():
    assert not may_choose(agent(AgentState.PAUSED, attempt_id="a"), MANUAL)
    assert not may_choose(agent(AgentState.PAUSED, is_leaving=True), MANUAL)


@pytest.mark.parametrize(
    ("campaign", "is_own_choice", "may"),
    [
        (PREVIEW, False, True),
        (RUNNING, False, False),
        (MANUAL, False, False),
        (MANUAL, True, True),
        (RUNNING, True, False),
        (replace(RUNNING, has_manual_calls=True), True, True),
        (replace(PREVIEW, state=CampaignState.DRAINING), False, False),
    ],
)
def test_a_lead_stays_on_the_desk_only_as_the_settings_put_it_there(campaign, is_own_choice, may):
    seated = agent(AgentState.PREVIEWING, offer=Offer(LEAD, 9.0, is_own_choice))
    assert may_stay(seated, campaign) is may
    assert not may_stay(agent(AgentState.PREVIEWING), campaign)


def test_a_ringing_call_is_given_up_only_after_the_seconds_that_the_law_asks():
    assert must_ring_s("US", 4.0) == 11.0
    assert must_ring_s("UK", 15.0) == must_ring_s("US", 99.0) == 0.0
    assert must_ring_s("FR", 0.0) == 0.0
    assert must_ring_s("US", None) == 0.0, "it has not rung: nobody was disturbed"
