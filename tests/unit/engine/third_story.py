"""Agent 1 with a customer, agent 2 free, and a destination: what a third party may come into."""

from floor import Bench, only

from dialer.model.call import CallState
from dialer.model.campaign import Destination
from dialer.model.commands import BridgeLegs, CallOutside, NoteAgent, NoteStep, SwitchCommand
from dialer.model.events import (
    AgentAskedThreeWay,
    AgentConsulted,
    AgentConsultedOut,
    LegAnswered,
    LegJoined,
    LegParked,
    LegsBridged,
)

HOTLINE = Destination("Service client", "+33155667788")


def third_bench():
    return Bench(
        destinations=(HOTLINE,), machine_message="message_fr", caller_ids=("+33100000000",)
    )


class Story:
    """Agent 1 with a customer, agent 2 free: `consult` and what follows."""

    def __init__(self, bench):
        self.bench = bench
        self.call, self.phone = bench.talk(1)
        self.attempt = self.call.attempt_id
        self.other = bench.seat(2)

    @property
    def record(self):
        return self.bench.floor.calls.of_attempt(self.attempt)

    def park(self):
        """The switch tells that customer and agent are alone."""
        return self.bench.do(LegParked(self.call.leg_id), LegParked(self.phone))

    def consult(self):
        """Agent 1 talks with agent 2, the customer hears music."""
        bench = self.bench
        bench.do(AgentConsulted(1, self.attempt, 2))
        self.park()
        return bench.do(LegsBridged(self.other, self.phone))

    def call_out(self):
        """The outside leg that is being called for a consultation."""
        commands = self.bench.do(AgentConsultedOut(1, self.attempt, HOTLINE.label))
        self.park()
        return only(CallOutside, commands)[0].leg_id

    def consult_out(self):
        """Agent 1 talks with somebody outside; that leg."""
        leg = self.call_out()
        self.bench.do(LegAnswered(leg), LegsBridged(leg, self.phone))
        return leg

    def meet(self, third):
        """All three are in the room."""
        bench = self.bench
        bench.do(AgentAskedThreeWay(1, self.attempt))
        return bench.do(LegJoined(third), LegJoined(self.phone), LegJoined(self.call.leg_id))

    def states(self):
        agents = self.bench.floor.agents
        return tuple(found.state if (found := agents.get(i)) else None for i in (1, 2))

    def rejoin(self):
        """The agent's leg is alone again, and the switch joins it with the customer's."""
        bench = self.bench
        commands = bench.do(LegParked(self.phone))
        assert only(BridgeLegs, commands) == [BridgeLegs("n1", self.call.leg_id, self.phone)]
        bench.do(LegsBridged(self.call.leg_id, self.phone))
        assert self.record.state is CallState.CONNECTED


def on_switch(commands):
    return [command for command in commands if isinstance(command, SwitchCommand)]


def shown(commands, agent_id=1):
    return [note for note in only(NoteAgent, commands) if note.agent_id == agent_id][-1]


def steps(bench):
    return [(step.step, step.agent_id, step.other_name) for step in bench.all(NoteStep)]
