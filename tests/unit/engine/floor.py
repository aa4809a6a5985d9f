"""A floor under a clock that the test moves, driven by events alone, as a driver does."""

from dataclasses import replace
from itertools import count
from typing import TypeVar

from dialer.engine.campaign import CampaignEngine
from dialer.engine.dispatcher import Dispatcher
from dialer.engine.floor import Floor
from dialer.model.agent import Agent
from dialer.model.campaign import Campaign, CampaignState, PacingMode
from dialer.model.commands import BridgeLegs, CallAgent, Command, Originate
from dialer.model.events import (
    AgentAskedReady,
    AgentLoggedIn,
    CampaignConfigured,
    Event,
    LeadsClaimed,
    LegAnswered,
    LegRinging,
    LegsBridged,
    NodeUp,
)
from dialer.model.lead import Lead
from dialer.model.moment import Moment

START = Moment(1000.0, 1_790_000_000.0)
C = TypeVar("C")


def lead(lead_id: int, **changes: object) -> Lead:
    return replace(
        Lead(lead_id, 1, f"+336{lead_id:08d}", "Europe/Paris", name=f"N{lead_id}"), **changes
    )


def only(kind: type[C], commands: list[Command]) -> list[C]:
    """The commands of one type, in order."""
    return [command for command in commands if isinstance(command, kind)]


class Bench:
    """One running campaign (progressive, no limit of hours) on one switch that is up."""

    def __init__(self, *nodes: str, **settings: object) -> None:
        self.now = START
        self.sent: list[Command] = []
        self._ids = count(1)
        self.dispatcher = Dispatcher(lambda: f"id-{next(self._ids)}")
        self.campaign = Campaign(
            1, "test", **{"state": CampaignState.RUNNING, "mode": PacingMode.PROGRESSIVE,
                          "rule_set": "ANY"} | settings
        )  # fmt: skip
        for node in nodes or ("n1",):
            self.do(NodeUp(node, 1000, 30))
        self.configure()
        self.wait(0.0)

    # --- driving ----------------------------------------------------------------------------------

    def do(self, *events: Event) -> list[Command]:
        """Have events happen now; the commands that they lead to."""
        commands = [c for event in events for c in self.dispatcher.handle(event, self.now)]
        self.sent += commands
        return commands

    def wait(self, seconds: float) -> list[Command]:
        """Let time pass, each deadline at its own instant."""
        commands, end = [], self.now.plus(seconds)
        while (due := self.dispatcher.next_deadline()) is not None and due <= end.mono:
            self.now = self.now.plus(max(due - self.now.mono, 0.0))
            commands += self.dispatcher.expire(self.now)
        self.now = end
        self.sent += commands
        return commands

    def configure(self, **changes: object) -> list[Command]:
        self.campaign = replace(self.campaign, **changes)
        return self.do(CampaignConfigured(self.campaign))

    # --- looking ----------------------------------------------------------------------------------

    @property
    def engine(self) -> CampaignEngine:
        return self.dispatcher.campaigns[1]

    @property
    def floor(self) -> Floor:
        return self.engine.floor

    def agent(self, agent_id: int = 1) -> Agent:
        found = self.floor.agents.get(agent_id)
        assert found is not None, f"agent {agent_id} is not on the floor"
        return found

    def all(self, kind: type[C]) -> list[C]:
        """Every command of one type so far."""
        return only(kind, self.sent)

    # --- small stories ----------------------------------------------------------------------------

    def log_in(self, agent_id: int = 1) -> str:
        """The agent logs in; the leg that calls the phone."""
        commands = self.do(AgentLoggedIn(agent_id, 1, f"A{agent_id}", f"10{agent_id:02d}"))
        return only(CallAgent, commands)[0].leg_id

    def seat(self, agent_id: int = 1) -> str:
        """An agent who is ready, phone up; the phone's leg."""
        leg_id = self.log_in(agent_id)
        self.do(LegAnswered(leg_id), AgentAskedReady(agent_id))
        return leg_id

    def stock(self, *leads: Lead, n: int = 0) -> list[Command]:
        """Leads come into the hopper."""
        return self.do(LeadsClaimed(1, leads or tuple(lead(i) for i in range(1, n + 1))))

    def dial(self, *, answered: bool = False, ringing: bool = False) -> Originate:
        """The next call that the pacing places; needs a stocked hopper and a free agent."""
        for _ in range(20):
            if found := only(Originate, self.wait(0.5)):
                break
        (call,) = found
        if ringing:
            self.do(LegRinging(call.leg_id))
        if answered:
            self.do(LegAnswered(call.leg_id))
        return call

    def bridge(self) -> BridgeLegs:
        """The switch confirms the last bridge asked for, 40 ms later."""
        asked = self.all(BridgeLegs)[-1]
        self.wait(0.04)
        self.do(LegsBridged(asked.customer_leg_id, asked.agent_leg_id))
        return asked

    def talk(self, agent_id: int = 1) -> tuple[Originate, str]:
        """One agent in conversation: the customer's call, and the phone's leg."""
        leg_id = self.seat(agent_id)
        self.stock(lead(100 + agent_id))
        call = self.dial(answered=True)
        self.bridge()
        return call, leg_id
