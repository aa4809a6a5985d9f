"""Who is on the floor: calls, agents and supervisions, each by identity and by leg.

States change through the books, which so know without looking who waits and who is free: an answer
does not look at a thousand busy agents.
"""

from collections.abc import Iterator

from dialer.model.agent import Agent, AgentState, AgentTrigger, PhoneState
from dialer.model.call import Call, CallState, CallTrigger
from dialer.model.ids import AgentId, AttemptId, LegId, NodeName, SupervisorId
from dialer.model.supervision import Supervision
from dialer.model.third import Third

IN_FLIGHT = frozenset({CallState.DIALING, CallState.RINGING})
WITH_THIRD = frozenset({CallState.CONSULTING, CallState.THREE_WAY})
"""States in which an agent and a third party are in the call."""
HAS_AGENT = frozenset({CallState.CONNECTING, CallState.CONNECTED, CallState.HELD}) | WITH_THIRD
"""States in which the call holds its agent."""
GIVEN_OUT = frozenset({CallState.ENTRUSTED, CallState.OUTSIDE})
"""States in which no agent has the customer, and none is wanted."""


class CallBook:
    def __init__(self) -> None:
        self._by_attempt: dict[AttemptId, Call] = {}
        self._by_leg: dict[LegId, Call] = {}
        self._by_third: dict[LegId, Call] = {}
        self._by_state: dict[CallState, dict[AttemptId, Call]] = {state: {} for state in CallState}

    def __len__(self) -> int:
        return len(self._by_attempt)

    def __iter__(self) -> Iterator[Call]:
        return iter(self._by_attempt.values())

    def add(self, call: Call) -> None:
        self._by_attempt[call.attempt_id] = call
        self._by_leg[call.leg_id] = call
        self._by_state[call.state][call.attempt_id] = call

    def fire(self, call: Call, trigger: CallTrigger) -> None:
        """Advance a call of this book by its table; raises as Machine.step does."""
        before = call.state
        call.fire(trigger)
        self._by_state[call.state][call.attempt_id] = self._by_state[before].pop(call.attempt_id)

    def move(self, call: Call, leg_id: LegId) -> None:
        """The call goes on under another leg; news of the former one finds nobody."""
        self._by_leg.pop(call.leg_id, None)
        call.leg_id = leg_id
        self._by_leg[leg_id] = call

    def remove(self, call: Call) -> None:
        self._by_attempt.pop(call.attempt_id, None)
        self._by_leg.pop(call.leg_id, None)
        self._by_state[call.state].pop(call.attempt_id, None)
        self.dismiss(call)

    def bring(self, call: Call, third: Third) -> None:
        """A third party comes into the call."""
        call.third = third
        self._by_third[third.leg_id] = call

    def dismiss(self, call: Call) -> None:
        """The call has no third party any more."""
        if call.third is not None:
            self._by_third.pop(call.third.leg_id, None)
            call.third = None

    def of_third(self, leg_id: LegId) -> Call | None:
        """The call in which that leg is the third party's."""
        return self._by_third.get(leg_id)

    @property
    def n_outside(self) -> int:
        """Legs to outside numbers."""
        return sum(bool(call.third and call.third.is_outside) for call in self._by_third.values())

    def of_attempt(self, attempt_id: AttemptId | None) -> Call | None:
        return self._by_attempt.get(attempt_id) if attempt_id else None

    def of_leg(self, leg_id: LegId) -> Call | None:
        return self._by_leg.get(leg_id)

    def in_state(self, *states: CallState) -> list[Call]:
        """In the order of the states' table, then in that of coming into the state: a set's own
        order would make two runs differ."""
        wanted = (calls for state, calls in self._by_state.items() if state in states)
        return [call for calls in wanted for call in calls.values()]


class AgentBook:
    def __init__(self) -> None:
        self._by_id: dict[AgentId, Agent] = {}
        self._by_leg: dict[LegId, Agent] = {}
        self._free: dict[AgentId, Agent] = {}

    def __len__(self) -> int:
        return len(self._by_id)

    def __iter__(self) -> Iterator[Agent]:
        return iter(self._by_id.values())

    def add(self, agent: Agent) -> None:
        self._by_id[agent.agent_id] = agent
        self._note_free(agent)

    def remove(self, agent: Agent) -> None:
        self._by_id.pop(agent.agent_id, None)
        self._note_free(agent)
        self.unplug(agent)

    def fire(self, agent: Agent, trigger: AgentTrigger, now: float) -> None:
        """Advance an agent by his table; raises as Machine.step does."""
        agent.fire(trigger, now)
        self._note_free(agent)

    def set_phone(self, agent: Agent, phone: PhoneState) -> None:
        """What the agent's phone is from now on."""
        agent.phone = phone
        self._note_free(agent)

    def free_on(self, node: NodeName) -> list[Agent]:
        """Who may be given a call of that switch now."""
        return [agent for agent in self._free.values() if agent.node == node]

    def get(self, agent_id: AgentId | None) -> Agent | None:
        return self._by_id.get(agent_id) if agent_id is not None else None

    def of_leg(self, leg_id: LegId) -> Agent | None:
        return self._by_leg.get(leg_id)

    def plug(self, agent: Agent, leg_id: LegId) -> None:
        """Bind the agent's phone to a new leg."""
        self.unplug(agent)
        agent.leg_id = leg_id
        self._by_leg[leg_id] = agent

    def unplug(self, agent: Agent) -> None:
        """Forget the agent's leg."""
        if agent.leg_id is not None:
            self._by_leg.pop(agent.leg_id, None)
            agent.leg_id = None

    def hand_over(self, agent: Agent, other: "AgentBook") -> None:
        """The agent, and the leg with him, goes to another book."""
        leg_id = agent.leg_id
        self.remove(agent)
        other.add(agent)
        if leg_id is not None:
            other.plug(agent, leg_id)

    def in_state(self, *states: AgentState) -> list[Agent]:
        return [agent for agent in self._by_id.values() if agent.state in states]

    def _note_free(self, agent: Agent) -> None:
        if agent.is_free and agent.agent_id in self._by_id:
            self._free[agent.agent_id] = agent
        else:
            self._free.pop(agent.agent_id, None)


class SupervisionBook:
    """Those at work, and for a while those that ended: a screen must be able to say why."""

    def __init__(self) -> None:
        self._by_id: dict[str, Supervision] = {}
        self._by_leg: dict[LegId, Supervision] = {}

    def __bool__(self) -> bool:
        return bool(self._by_id)

    def __iter__(self) -> Iterator[Supervision]:
        return iter(list(self._by_id.values()))

    def add(self, supervision: Supervision) -> None:
        self._by_id[supervision.supervision_id] = supervision

    def remove(self, supervision: Supervision) -> None:
        self._by_id.pop(supervision.supervision_id, None)
        self.unplug(supervision)

    def get(self, supervision_id: str) -> Supervision | None:
        return self._by_id.get(supervision_id)

    def of_supervisor(self, supervisor_id: SupervisorId) -> Supervision | None:
        """What this supervisor is doing, if it is not over."""
        mine = (one for one in self._by_id.values() if one.supervisor_id == supervisor_id)
        return next((one for one in mine if not one.is_over), None)

    def of_leg(self, leg_id: LegId) -> Supervision | None:
        return self._by_leg.get(leg_id)

    def plug(self, supervision: Supervision, leg_id: LegId) -> None:
        """Bind the supervisor's phone to its leg."""
        supervision.leg_id = leg_id
        self._by_leg[leg_id] = supervision

    def unplug(self, supervision: Supervision) -> None:
        """Forget the supervisor's leg."""
        if supervision.leg_id is not None:
            self._by_leg.pop(supervision.leg_id, None)
            supervision.leg_id = None
