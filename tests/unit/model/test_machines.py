"""Every pair of every machine: a transition, a known late arrival, or a fault of ours."""

from itertools import product

import pytest

from dialer.model.agent import AGENT_MACHINE, AgentState, AgentTrigger
from dialer.model.arrival import ARRIVAL_MACHINE, ArrivalState, ArrivalTrigger
from dialer.model.call import CALL_MACHINE, CallState, CallTrigger
from dialer.model.call_list import LIST_MACHINE, ListState, ListTrigger
from dialer.model.campaign import CAMPAIGN_MACHINE, CampaignState, CampaignTrigger
from dialer.model.errors import IllegalTransition, StaleEvent
from dialer.model.lead import LEAD_MACHINE, LeadState, LeadTrigger
from dialer.model.message import MESSAGE_MACHINE, MessageState, MessageTrigger
from dialer.model.supervision import SUPERVISION_MACHINE, SupervisionState, SupervisionTrigger
from dialer.model.third import THIRD_MACHINE, ThirdState, ThirdTrigger

MACHINES = [
    (CALL_MACHINE, CallState, CallTrigger),
    (AGENT_MACHINE, AgentState, AgentTrigger),
    (CAMPAIGN_MACHINE, CampaignState, CampaignTrigger),
    (LEAD_MACHINE, LeadState, LeadTrigger),
    (MESSAGE_MACHINE, MessageState, MessageTrigger),
    (SUPERVISION_MACHINE, SupervisionState, SupervisionTrigger),
    (THIRD_MACHINE, ThirdState, ThirdTrigger),
    (ARRIVAL_MACHINE, ArrivalState, ArrivalTrigger),
    (LIST_MACHINE, ListState, ListTrigger),
]
PAIRS = [
    pytest.param(machine, state, trigger, id=f"{machine.name}-{state}-{trigger}")
    for machine, states, triggers in MACHINES
    for state, trigger in product(states, triggers)
]
each_machine = pytest.mark.parametrize(
    ("machine", "states", "triggers"), MACHINES, ids=[machine.name for machine, _, _ in MACHINES]
)


@pytest.mark.parametrize(("machine", "state", "trigger"), PAIRS)
def test_each_pair_moves_or_is_late_or_is_our_fault(machine, state, trigger):
    pair = (state, trigger)
    assert machine.can(state, trigger) is (pair in machine.table)
    if pair in machine.table:
        assert machine.step(state, trigger) is machine.table[pair]
        return
    error = StaleEvent if pair in machine.ignored else IllegalTransition
    with pytest.raises(error, match=rf"{machine.name}: {trigger} .* in {state}"):
        machine.step(state, trigger)


@each_machine
def test_no_pair_is_both_a_transition_and_ignored(machine, states, triggers):
    """A pair in both would hide a late arrival; CALLBACK and BLOCKED repeats stay transitions."""
    assert not machine.ignored & set(machine.table)


@each_machine
def test_every_state_is_reached_and_every_trigger_used(machine, states, triggers):
    reached, open_ = {machine.initial}, [machine.initial]
    while open_:
        state = open_.pop()
        for (origin, _), following in machine.table.items():
            if origin is state and following not in reached:
                reached.add(following)
                open_.append(following)
    assert reached == set(states)
    assert {trigger for _, trigger in machine.table} == set(triggers)


@each_machine
def test_timeouts_lead_out_of_their_state(machine, states, triggers):
    for state, trigger in machine.timeouts.items():
        assert machine.step(state, trigger) is not state


@pytest.mark.parametrize("machine", [CALL_MACHINE, LEAD_MACHINE], ids=lambda m: m.name)
def test_a_final_state_has_no_way_out(machine):
    ways = {after for (state, _), after in machine.table.items() if state in machine.final}
    assert ways <= machine.final


def test_a_delivered_message_stays_delivered_and_failed_may_still_arrive():
    """FAILED is final for us, but a second device of the person may have got the message."""
    assert {s for (s, _) in MESSAGE_MACHINE.table} & MESSAGE_MACHINE.final == {MessageState.FAILED}
    failed = MessageState.FAILED
    assert MESSAGE_MACHINE.step(failed, MessageTrigger.DELIVER) is MessageState.DELIVERED


def test_every_call_state_can_end():
    for state in CallState:
        if state not in CALL_MACHINE.final:
            assert CALL_MACHINE.step(state, CallTrigger.END) is CallState.ENDED


def test_a_call_never_goes_back_before_its_answer():
    before = {CallState.DIALING, CallState.RINGING}
    for (state, _), following in CALL_MACHINE.table.items():
        assert following not in before or state in before


def test_wrap_up_that_lasts_too_long_is_a_pause_never_ready():
    assert AGENT_MACHINE.step(AgentState.WRAP_UP, AgentTrigger.OVERRUN) is AgentState.PAUSED


def test_every_agent_state_can_log_out():
    for state in set(AgentState) - {AgentState.OFFLINE}:
        assert AGENT_MACHINE.step(state, AgentTrigger.LOG_OUT) is AgentState.OFFLINE
