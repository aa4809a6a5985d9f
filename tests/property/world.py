"""A small campaign in a bad world: one switch with faults, few leads that come back, a witness."""

import math
from collections import Counter
from dataclasses import dataclass, field, replace

from dialer.engine.books import HAS_AGENT, WITH_THIRD
from dialer.engine.floor import Floor
from dialer.model.agent import Agent, AgentState
from dialer.model.call import CallState
from dialer.model.campaign import (
    Campaign,
    CampaignState,
    Destination,
    PacingMode,
    RecordingMode,
)
from dialer.model.commands import (
    BridgeLegs,
    CloseAttempt,
    Command,
    FinishCampaign,
    HoldLead,
    Originate,
    PlayNotice,
    ReleaseLeads,
    SwitchCommand,
)
from dialer.model.events import (
    AgentDisposed,
    AgentLoggedIn,
    AgentLoggedOut,
    BridgeFailed,
    CampaignConfigured,
    Event,
    SupervisorAsked,
    SwitchEvent,
)
from dialer.model.lead import Lead
from dialer.model.moment import Moment
from dialer.model.outcome import Outcome
from dialer.model.permit import Permit
from dialer.model.supervision import OVERHEARING, SupervisionMode, SupervisionState
from dialer.run.virtual import START_UTC, VirtualWorld
from dialer.sim.desks import DeskAgent, Desks, Habits
from dialer.sim.population import DEMO, Population
from dialer.sim.typed import TypedSwitch

PEOPLE = replace(
    DEMO, live=0.45, voicemail=0.10, no_answer=0.30, busy=0.10, fail=0.05, patience_mean_s=math.inf
)
"""Short talks; and nobody hangs up for impatience, so whoever we forget stays on the line."""
OUTSIDE = Destination("outside", "+33155667788")
N_AGENTS = 6
N_LEADS = 40
SUPERVISORS = (90, 91)
HEARS = OVERHEARING | {SupervisionState.TAKING_OVER}
MAX_LINES = 9
COMES_BACK_S = 30.0
LEASE_S = 300.0  # as a campaign has it


UNTOLD = {Outcome.EARLY_HANGUP, Outcome.MESSAGE_PLAYED, Outcome.MESSAGE_CUT, Outcome.OPTED_OUT}
"""Of answers that met no agent and no notice."""


class FaultySwitch(TypedSwitch):
    """A switch that can be told to fail its next bridges, or to do nothing about them."""

    n_bridges_to_fail = 0
    n_bridges_to_forget = 0

    def handle(self, command: SwitchCommand, now: Moment) -> list[SwitchEvent]:
        if isinstance(command, BridgeLegs) and self.n_bridges_to_forget:
            self.n_bridges_to_forget -= 1
            return []
        if isinstance(command, BridgeLegs) and self.n_bridges_to_fail:
            self.n_bridges_to_fail -= 1
            failed = BridgeFailed(command.customer_leg_id, command.agent_leg_id, "told to")
            self._events.append(failed)
            return self._take()
        return super().handle(command, now)

    @property
    def is_silent(self) -> bool:
        return self._held is not None


@dataclass
class Leads:
    """Few leads that come back soon, each in one pair of hands at a time, as the store has it."""

    leads: dict[int, Lead] = field(default_factory=dict)
    due: dict[int, float] = field(default_factory=dict)
    held: dict[int, float] = field(default_factory=dict)
    """When the lease of each claimed lead ends; never while it is dialled."""

    def __post_init__(self) -> None:
        for i in range(1, N_LEADS + 1):
            self.leads[i] = Lead(i, 1, f"+336{i:08d}", "Europe/Paris")
            self.due[i] = -math.inf

    def claim(self, n_leads: int, now: Moment) -> tuple[Lead, ...]:
        self.sweep(now)
        free = [i for i in self.leads if i not in self.held and self.due[i] <= now.mono]
        self.held.update({i: now.mono + LEASE_S for i in free[:n_leads]})
        return tuple(self.leads[i] for i in free[:n_leads])

    def claim_one(self, lead_id: int, now: Moment) -> Lead | None:
        """As the store does it for an agent's own choice: due or not, but never twice."""
        self.sweep(now)
        if lead_id in self.held or lead_id not in self.leads:
            return None
        self.held[lead_id] = now.mono + LEASE_S
        return self.leads[lead_id]

    def sweep(self, now: Moment) -> None:
        """A lease that ended frees its lead, as the store's sweep does."""
        self.held = {i: until for i, until in self.held.items() if now.mono < until}

    def give_back(self, lead_id: int, now: Moment) -> None:
        assert lead_id in self.held, f"lead {lead_id} was given back by who did not hold it"
        del self.held[lead_id]
        lead = self.leads[lead_id]
        self.leads[lead_id] = replace(lead, n_attempts=lead.n_attempts + 1)
        self.due[lead_id] = now.mono + COMES_BACK_S


class Witness:
    """Stands where the journal stands: sees each event and command, and checks the rules."""

    def __init__(self, leads: Leads) -> None:
        self.leads = leads
        self.floor: Floor | None = None
        self.live: dict[str, Originate] = {}
        self.closed: dict[str, CloseAttempt] = {}
        self.noticed: set[str] = set()
        self.machines: set[str] = set()
        self.bridges: Counter[tuple[str, float]] = Counter()
        self.overdue: dict[str, float] = {}
        """Who waits past the limit, and since when: a bridge given up late is due at once."""
        self.legs: dict[str, str] = {}
        self.commands: Counter[str] = Counter()

    def note(self, now: Moment, event: Event | None, commands: list[Command]) -> None:
        assert self.floor is not None
        if isinstance(event, AgentDisposed) and event.is_machine:
            self.machines.add(event.attempt_id)
        for command in commands:
            self.commands[type(command).__name__] += 1
            self._witness(command, now)
        self._look(now)

    def _witness(self, command: Command, now: Moment) -> None:
        match command:
            case Originate():
                self._originate(command, now)
            case CloseAttempt():
                self._close(command, now)
            case BridgeLegs(customer_leg_id=leg_id):
                self.bridges[leg_id, now.mono] += 1
                assert self.bridges[leg_id, now.mono] <= N_AGENTS, "bridged again and again"
            case PlayNotice(leg_id=leg_id):
                self.noticed.add(self.legs[leg_id])
            case HoldLead(lead_id, until):
                assert lead_id in self.leads.held, "a lead shown that was not claimed"
                self.leads.held[lead_id] = now.mono + until - now.utc
            case ReleaseLeads(lead_ids=lead_ids):
                for lead_id in lead_ids:
                    self.leads.give_back(lead_id, now)

    def _originate(self, call: Originate, now: Moment) -> None:
        assert self.floor is not None
        assert isinstance(call.permit, Permit)
        assert (call.permit.lead_id, call.permit.number) == (call.lead_id, call.number)
        assert call.permit.expires_at >= now.utc
        assert self.floor.campaign.state is CampaignState.RUNNING
        is_broadcast = self.floor.campaign.mode is PacingMode.BROADCAST
        assert len(self.floor.agents) > 0 or is_broadcast, "a call without any agent logged in"
        assert call.lead_id in self.leads.held, "a lead that was not claimed"
        self.leads.held[call.lead_id] = math.inf
        for other in self.live.values():
            assert other.lead_id != call.lead_id, "two live calls for one lead"
            assert other.number != call.number, "two live calls to one number"
        assert call.attempt_id not in self.live.keys() | self.closed.keys()
        self.live[call.attempt_id] = call
        self.legs[call.leg_id] = call.attempt_id
        assert len(self.live) <= MAX_LINES

    def _close(self, close: CloseAttempt, now: Moment) -> None:
        assert close.attempt_id not in self.closed, "an attempt closed twice"
        del self.live[close.attempt_id]
        self.closed[close.attempt_id] = close
        self.leads.give_back(close.lead_id, now)
        was_told = close.attempt_id in self.noticed
        if close.bridged_at is not None:
            assert close.outcome is Outcome.HANDLED
        elif close.answered_at is not None:
            alone = {Outcome.ABANDONED} if was_told else UNTOLD
            assert close.outcome in alone
            assert close.is_abandoned is was_told
        else:
            assert not (close.is_live_answer or close.is_abandoned or was_told)

    def _look(self, now: Moment) -> None:
        """What must hold between any two events."""
        assert self.floor is not None
        late = now.mono - self.floor.campaign.answer_limit_s - 1e-6
        waiting = self.floor.calls.in_state(CallState.WAITING)
        overdue = {call.attempt_id for call in waiting if (call.waiting_since or 0.0) < late}
        self.overdue = {one: self.overdue.get(one, now.mono) for one in overdue}
        assert set(self.overdue.values()) <= {now.mono}, "silence past the limit"
        busy = [
            a for a in self.floor.agents if a.state in (AgentState.RESERVED, AgentState.TALKING)
        ]
        for agent in self.floor.agents:
            if agent.is_leaving or agent.wants_pause is not None:
                occupied = {AgentState.RESERVED, AgentState.TALKING, AgentState.WRAP_UP}
                if agent.offer is not None and agent.offer.is_own_choice:
                    occupied.add(AgentState.PREVIEWING)  # he returns to his pause from there
                assert agent.state in occupied, "asked to leave or to pause, and is still here"
        owners = {call.agent_id for call in self.floor.calls if call.agent_id is not None}
        asked = {
            call.third.agent_id
            for call in self.floor.calls
            if call.third is not None and call.third.agent_id is not None
        }
        assert not owners & asked, "asked by a colleague while he has a customer"
        self._look_at_desks(now)
        for agent in busy:  # a call has one owner, and one colleague whom he asks at most
            call = self.floor.calls.of_attempt(agent.attempt_id)
            assert call is not None, "busy with nobody"
            third_id = call.third.agent_id if call.third is not None else None
            assert agent.agent_id in (call.agent_id, third_id), "a call that is not his"
        for agent in self.floor.agents:
            assert not agent.is_muted or agent.state is AgentState.TALKING, "muted beyond the call"
        for call in self.floor.calls:
            has_third = call.state in WITH_THIRD or call.state is CallState.ENTRUSTED
            assert (call.third is not None) >= has_third, "left alone with music"
            assert call.third is None or has_third or call.state is CallState.OUTSIDE
        assert self.floor.calls.n_outside <= self.floor.campaign.max_outside_legs
        for call in self.floor.calls.in_state(*HAS_AGENT):
            assert call.agent_id in {agent.agent_id for agent in busy}, "a call without its agent"
        assert {call.attempt_id for call in self.floor.calls} == set(self.live)
        self._look_into_the_books(self.floor)

    @staticmethod
    def _look_into_the_books(floor: Floor) -> None:
        """What the books know of states is what the states are."""
        for state in CallState:
            known = {call.attempt_id for call in floor.calls.in_state(state)}
            assert known == {call.attempt_id for call in floor.calls if call.state is state}
        for node in {agent.node for agent in floor.agents}:
            free = {agent.agent_id for agent in floor.agents.free_on(node)}
            assert free == {a.agent_id for a in floor.agents if a.is_free and a.node == node}

    def _look_at_desks(self, now: Moment) -> None:
        """A lead lies on one desk, and nowhere else."""
        assert self.floor is not None
        for agent in self.floor.agents:
            assert (agent.offer is not None) is (agent.state is AgentState.PREVIEWING)
        shown = [agent.offer.lead.lead_id for agent in self.floor.agents if agent.offer is not None]
        assert len(set(shown)) == len(shown), "one lead on two desks"
        assert all(self.leads.held[i] > now.mono for i in shown), "a lead shown beyond its claim"
        assert not set(shown) & {call.lead_id for call in self.live.values()}
        assert not any(self.floor.hopper.holds(lead_id) for lead_id in shown)


class BadWorld:
    """The virtual world of one campaign, with a hand on its faults."""

    def __init__(self, seed: int, mode: PacingMode) -> None:
        start = Moment(0.0, START_UTC)
        people = Population(seed, PEOPLE)
        desks = [DeskAgent(i, 1, f"A{i}", f"{1000 + i}") for i in range(1, N_AGENTS + 1)]
        self.leads = Leads()
        self.witness = Witness(self.leads)
        self.switch = FaultySwitch("n1", people, start)
        self.campaign = Campaign(
            1, "c", state=CampaignState.RUNNING, mode=mode, ratio=2.5, rule_set="ANY",
            ring_timeout_s=15.0, wrap_up_limit_s=8.0, max_lines=MAX_LINES, hopper_size=12,
            max_attempts=10**6, min_gap_s=0.0, notice_limit_s=10.0,
            has_manual_calls=True, preview_limit_s=20.0, preview_skips=2,
            recording=RecordingMode.ALWAYS, machine_message="message", sounds=("sound",),
            destinations=(OUTSIDE,), max_outside_legs=3, max_outside_per_h=10**6,
            broadcast_message="message",
        )  # fmt: skip
        habits = Habits(pause_share=0.1, pause_s=(5.0, 20.0))
        self.world = VirtualWorld(
            replace(self.campaign, state=CampaignState.DRAFT), self.switch,
            Desks(people, desks, start, habits=habits), seed, supply=self.leads,
        )  # fmt: skip
        self.floor = self.world.dispatcher.campaigns[1].floor
        self.witness.floor = self.floor
        self.world.journal = self.witness
        self.set_state(CampaignState.RUNNING)

    @property
    def now(self) -> Moment:
        return self.world.clock.now()

    def run(self, seconds: float) -> None:
        self.world.run(self.now.mono + seconds)
        if not self.switch.is_silent:
            self._nobody_overhears_in_secret()

    def _nobody_overhears_in_secret(self) -> None:
        """Whoever hears a leg on the switch is known to, and hears an agent in the conversation
        that was asked for."""
        for leg in self.switch.switch.exchange.legs.values():
            if leg.overhears is None:
                continue
            supervision = self.floor.supervisions.of_leg(leg.leg_id)
            assert supervision is not None and supervision.state in HEARS, "heard in secret"
            agent = self.floor.agents.of_leg(leg.overhears.leg_id)
            assert agent is not None and agent.attempt_id == supervision.attempt_id
            assert agent.state is AgentState.TALKING

    def ask(self, supervisor_id: int, agent_id: int, mode: SupervisionMode) -> None:
        agent = self.floor.agents.get(agent_id)
        attempt_id = (agent.attempt_id if agent is not None else None) or "none"
        name, phone = f"S{supervisor_id}", f"{1000 + supervisor_id}"
        self.world.tell([SupervisorAsked(supervisor_id, agent_id, attempt_id, mode, name, phone)])

    def run_until_reserved(self) -> Agent | None:
        """On to the next instant at which a bridge is under way; None when none comes soon."""
        for _ in range(1000):
            if reserved := self.floor.agents.in_state(AgentState.RESERVED):
                return reserved[0]
            self.run(0.02)
        return None

    def run_until_talking(self) -> Agent | None:
        """On to an instant at which an agent has a customer; None when none comes soon."""
        for _ in range(100):
            if talking := self.floor.agents.in_state(AgentState.TALKING):
                return talking[0]
            self.run(0.2)
        return None

    def set_state(self, state: CampaignState) -> None:
        self.campaign = replace(self.campaign, state=state)
        self.world.tell([CampaignConfigured(self.campaign)])

    def set_mode(self, mode: PacingMode, *, has_manual_calls: bool = True) -> None:
        self.campaign = replace(self.campaign, mode=mode, has_manual_calls=has_manual_calls)
        self.world.tell([CampaignConfigured(self.campaign)])

    def log_in(self, agent_id: int) -> None:
        self.world.tell([AgentLoggedIn(agent_id, 1, f"A{agent_id}", f"{1000 + agent_id}")])

    def close_down(self) -> None:
        """The end of the day: nothing and nobody may be left anywhere."""
        if self.switch.is_silent:
            self.world.tell(self.switch.speak(self.now))
        self.switch.n_bridges_to_fail = self.switch.n_bridges_to_forget = 0
        self.set_state(CampaignState.DRAINING)
        self.world.tell([AgentLoggedOut(i) for i in range(1, N_AGENTS + 1)])
        self.run(400.0)
        for call in self.floor.calls.in_state(CallState.OUTSIDE):  # nobody else ends those
            self.world.tell(self.switch.drop_leg(call.third.leg_id, self.now, "NORMAL_CLEARING"))
        self.run(60.0)
        assert len(self.floor.calls) == 0, list(self.floor.calls)
        assert len(self.floor.agents) == 0, list(self.floor.agents)
        assert not self.floor.supervisions, list(self.floor.supervisions)
        assert list(self.switch.switch.exchange.legs) == [], "legs left on the switch"
        assert self.witness.live == {}
        self.leads.sweep(self.now)
        assert self.leads.held == {}, "leads that nobody gave back"
        assert self.witness.commands[FinishCampaign.__name__] > 0
        self._recount()

    def _recount(self) -> None:
        """The bank's counters from what was closed, as the store would count them."""
        closes = self.witness.closed.values()
        abandoned = [close for close in closes if close.is_abandoned]
        served = [close for close in closes if close.is_live_answer and not close.is_abandoned]
        persons = [close for close in served if close.attempt_id not in self.witness.machines]
        ledger = self.floor.ledger
        assert (ledger.n_abandoned, ledger.n_served) == (len(abandoned), len(persons))
        assert math.isclose(
            ledger.bank, ledger.target * ledger.n_live - ledger.n_abandoned, abs_tol=1e-6
        )
