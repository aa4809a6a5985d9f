from dataclasses import replace

from dialer.model.agent import Agent, AgentState, PhoneState
from dialer.model.call import Call, CallState
from dialer.model.lead import Lead
from dialer.policy.routing import choose_agent, in_order_of_wait


def agent(agent_id, ready_since=0.0, state=AgentState.READY, phone=PhoneState.UP):
    made = Agent(agent_id, 1, "n", "1001", "n1", since=0.0, state=state, phone=phone)
    made.ready_since = ready_since
    return made


def call(attempt_id, waiting_since, state=CallState.WAITING):
    lead = Lead(1, 1, "+33612345678", "Europe/Paris")
    made = Call(attempt_id, attempt_id, 1, lead, "n1", dialed_at=0.0, state=state)
    return replace(made, waiting_since=waiting_since)


def test_the_agent_who_is_ready_longest_is_chosen():
    assert choose_agent([agent(1, 30.0), agent(2, 10.0), agent(3, 20.0)]).agent_id == 2


def test_identities_break_ties_so_replays_agree():
    assert choose_agent([agent(9, 5.0), agent(4, 5.0)]).agent_id == 4


def test_busy_agents_and_agents_without_phone_are_not_chosen():
    busy = [agent(i, state=state) for i, state in enumerate(AgentState) if state != "READY"]
    mute = [agent(20 + i, phone=phone) for i, phone in enumerate(PhoneState) if phone != "UP"]
    assert choose_agent([*busy, *mute]) is None
    assert choose_agent([*busy, *mute, agent(99, 50.0)]).agent_id == 99


def test_nobody_is_chosen_from_nobody():
    assert choose_agent([]) is None


def test_the_longest_waiting_caller_comes_first_and_others_do_not_wait():
    calls = [call("b", 5.0), call("a", 5.0), call("c", 1.0), call("d", 0.0, CallState.CONNECTED)]
    assert [one.attempt_id for one in in_order_of_wait(calls)] == ["c", "a", "b"]
