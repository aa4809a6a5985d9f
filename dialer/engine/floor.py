"""The floor of one campaign: all its live state, and the commands it has decided on.

Handlers (dialing, answering, desks, adoption) are functions over a Floor; they hold no state of
their own. Only the owner of the floor calls them, one event at a time, so nothing is locked.
"""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from dialer.engine.audit import Audit
from dialer.engine.books import WITH_THIRD, AgentBook, CallBook, SupervisionBook
from dialer.engine.deadlines import Deadlines
from dialer.engine.hopper import Hopper
from dialer.engine.minutes import MinuteBook
from dialer.engine.nodes import Nodes
from dialer.engine.pool import Pool
from dialer.engine.tally import Tally
from dialer.model.agent import Agent, AgentTrigger, PhoneState
from dialer.model.arrival import Arrival
from dialer.model.call import Call, CallState, RecordingState
from dialer.model.campaign import Campaign
from dialer.model.commands import Command, NoteAgent, Originate
from dialer.model.ids import AttemptId, LegId, NodeName
from dialer.model.moment import Moment
from dialer.model.snapshot import PacingView
from dialer.policy.abandon import Ledger, rule_of
from dialer.policy.outlook import PacingState
from dialer.policy.preview import may_choose
from dialer.policy.statistics import Learned, Trial

CATCH_UP_S = 1.0
"""In time again for so long: then the picture is new."""


@dataclass(slots=True)
class Floor:
    """`mint` makes new opaque identities (UUIDs); seeded in the virtual driver."""

    campaign: Campaign
    mint: Callable[[], str]
    nodes: Nodes
    pacing: PacingState
    hopper: Hopper = field(default_factory=Hopper)
    calls: CallBook = field(default_factory=CallBook)
    pool: Pool = field(default_factory=Pool)
    audit: Audit = field(default_factory=Audit)
    supervisions: SupervisionBook = field(default_factory=SupervisionBook)
    arrivals: dict[LegId, Arrival] = field(default_factory=dict)
    deadlines: Deadlines = field(default_factory=Deadlines)
    tally: Tally = field(default_factory=Tally)
    last_decision: PacingView = field(default_factory=PacingView)
    minute: MinuteBook = field(default_factory=MinuteBook)
    tokens: float = 1.0
    """Dials that the calls-per-second limit leaves."""
    tokens_at: float | None = None
    orders: dict[AttemptId, Originate] = field(default_factory=dict)
    """Of calls that have not rung: what to say again on another trunk."""
    settled: set[AttemptId] = field(default_factory=set)
    """Of today: what the law counts of them no disposition can change any more. A machine is taken
    out of the count once, whoever says so; an answer that waited too long stays abandoned."""
    trials: dict[AttemptId, Trial] = field(default_factory=dict)
    """Calls that were dialled in this run and not answered yet, as evidence for pacing."""
    ticks_at: float = float("inf")
    """When the next beat is due."""
    behind_until: float = float("-inf")
    """Events came late: until then nothing is dialled on what may be an old picture."""
    alarmed_at: dict[str, float] = field(default_factory=dict)
    """When each alarm of pacing was last raised."""
    outside_at: deque[float] = field(default_factory=deque)
    """When destinations were called, in the last hour."""
    version: int = 0

    @classmethod
    def open(cls, campaign: Campaign, mint: Callable[[], str], nodes: Nodes) -> "Floor":
        """An empty floor for a campaign."""
        ledger = Ledger(campaign.abandon_target, rule_of(campaign.rule_set))
        state = PacingState(Learned.prior(campaign.ring_timeout_s), ledger)
        floor = cls(campaign, mint, nodes, state)
        floor.pool.floors[campaign.campaign_id] = floor
        return floor

    def fall_behind(self, now: Moment) -> None:
        """What is known of the floor is old: wait until beats and events are in time again."""
        self.behind_until = now.mono + CATCH_UP_S

    @property
    def agents(self) -> AgentBook:
        """Those who may take this campaign's calls: its own, and the others of its pool."""
        return self.pool.agents

    def seated(self) -> list[Agent]:
        """Of the pool's agents those who work for this campaign now."""
        mine = self.campaign.campaign_id
        return [agent for agent in self.agents if agent.campaign_id == mine]

    def node_of(self, leg_id: LegId) -> NodeName | None:
        """The switch of a leg that is in one of its calls, supervisions or arrivals, or of an
        agent who works for it now; None for any other leg."""
        agent = self.agents.of_leg(leg_id)
        if agent is not None:
            return agent.node if agent.campaign_id == self.campaign.campaign_id else None
        holder = (
            self.calls.of_leg(leg_id)
            or self.calls.of_third(leg_id)
            or self.supervisions.of_leg(leg_id)
            or self.arrivals.get(leg_id)
        )
        return holder.node if holder is not None else None

    def legs(self) -> Iterator[tuple[LegId, NodeName]]:
        """All its legs and their switches: customers', callers', outside parties', phones'."""
        for call in self.calls:
            yield call.leg_id, call.node
            if call.third is not None and call.third.is_outside:
                yield call.third.leg_id, call.node
        yield from ((arrival.leg_id, arrival.node) for arrival in self.arrivals.values())
        for phone in (*self.seated(), *self.supervisions):
            if phone.leg_id is not None:
                yield phone.leg_id, phone.node

    @property
    def out(self) -> list[Command]:
        """Where commands go; one row for the whole pool, so that their order is kept."""
        return self.pool.out

    @property
    def ledger(self) -> Ledger:
        """Live answers of this campaign, as the law counts them."""
        return self.pacing.ledger

    def take(self) -> list[Command]:
        """The commands decided since the last call."""
        out, self.pool.out = self.pool.out, []
        return out

    def move_agent(self, agent: Agent, trigger: AgentTrigger, now: Moment) -> None:
        """Change an agent's state, keep the books of time, and tell store and screen."""
        self.tally.count_time(agent, now.mono)
        self.agents.fire(agent, trigger, now.mono)
        self.show_agent(agent, now)

    def show_agent(self, agent: Agent, now: Moment, refused: str = "") -> None:
        """Tell store and screen what the agent's state is, and that of his conversation."""
        seated = self.pool.call_of(agent.attempt_id)
        call = seated if seated is not None and seated.agent_id == agent.agent_id else None
        self.out.append(
            NoteAgent(
                agent_id=agent.agent_id,
                campaign_id=agent.campaign_id,
                state=agent.state,
                since=now.utc_at(agent.since),
                pause_code=agent.pause_code,
                attempt_id=agent.attempt_id,
                leg_id=agent.leg_id,
                is_phone_up=agent.phone is PhoneState.UP,
                wants_pause=agent.wants_pause,
                is_ringing=call is not None and call.state is CallState.RINGING,
                may_choose=may_choose(agent, self.campaign),
                is_held=call is not None and call.state is CallState.HELD,
                is_muted=agent.is_muted,
                recording=call.recording if call is not None else RecordingState.OFF,
                met_machine=agent.met_machine,
                looks_machine=call is not None and _looks_machine(call),
                refused=refused,
                **self._company(agent, seated),
            )
        )

    def _company(self, agent: Agent, call: Call | None) -> dict[str, Any]:
        """Who else is in the agent's call besides the customer, in the fields of NoteAgent."""
        if call is None or call.third is None or call.state not in WITH_THIRD:
            return {}
        is_consulted = call.third.agent_id == agent.agent_id
        owner = self.agents.get(call.agent_id)
        return {
            "stage": call.state.value,
            "third": call.third.state.value,
            "third_name": owner.name if is_consulted and owner else call.third.name,
            "is_consulted": is_consulted,
        }


def _looks_machine(call: Call) -> bool:
    return call.screening is not None and call.screening.looks_machine
