"""A day of dialling, rehearsed: people, agents and a pacing policy, with nothing between them.

The same persons as on the simulated switch, without engine, switch or bytes: almost all of the
time goes into the policy's decisions, where `run/virtual.py` drives the whole engine. A test holds
the two together. Whatever paces is behind `Pacer`; randomness belongs to the call, so all pacers
meet the same people in the same order of dialling.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from heapq import heappop, heappush

from dialer.engine.dialing import FASTEST_DECISION_S
from dialer.model.outcome import TRAITS, outcome_of_cause
from dialer.policy.picture import Seat
from dialer.sim import chance
from dialer.sim.causes import cause_of_sip
from dialer.sim.pacer import Pacer, SimAgent, SimCall, SimFloor
from dialer.sim.population import Population
from dialer.sim.takings import Takings

SIP_OK = 200


@dataclass(frozen=True, slots=True)
class Work:
    """Who works, from when on, under which limits of the campaign."""

    shifts: tuple[tuple[float, int], ...]
    """(second, agents logged in from then on); those who leave finish their call first."""
    ring_timeout_s: float = 25.0
    patience_s: float = 2.0
    """From the answer, or the end of screening, to the abandon."""
    screening_s: tuple[float, float] | None = None
    """How long it takes to know a machine from a person, between these; machines are hung up on.
    None: machines reach agents, who know them by ear."""


class Rehearsal:
    """One run. `run` moves on; `takings` holds what came of it."""

    def __init__(self, population: Population, work: Work, pacer: Pacer) -> None:
        self.floor = SimFloor()
        self.takings = Takings()
        self._people = population
        self._work = work
        self._pacer = pacer
        self._free: deque[SimAgent] = deque()
        self._waiting: deque[SimCall] = deque()
        self._decided_at = float("-inf")
        self._n_beats = 0
        self._heap: list[tuple[float, int, Callable[[object], None], object]] = []
        self._n_entered = 0
        for at_s, n_agents in work.shifts:
            self._at(at_s, self._employ, n_agents)
        self._at(0.0, self._beat, None)

    def run(self, until_s: float) -> Takings:
        """Move on to `until_s` and count what is still under way there."""
        heap, floor = self._heap, self.floor
        while heap and heap[0][0] <= until_s:
            floor.now, _, action, subject = heappop(heap)
            action(subject)
        floor.now = until_s
        for agent in floor.staff.agents:
            self._credit(agent)
            agent.credited_at = until_s
        return self.takings

    # --- the policy -----------------------------------------------------------------------------

    def _beat(self, _: object) -> None:
        self._n_beats += 1
        self._at(self._n_beats * self._pacer.beat_s, self._beat, None)
        self._decide()

    def _happened(self) -> None:
        """Something changed who is free, or what may be answered."""
        since_s = self.floor.now - self._decided_at
        if self._pacer.hears_events and since_s >= FASTEST_DECISION_S:
            self._decide()

    def _decide(self) -> None:
        self._decided_at = self.floor.now
        for _ in range(self._pacer.calls_to_place(self.floor)):
            self._dial()

    # --- calls ----------------------------------------------------------------------------------

    def _dial(self) -> None:
        now = self.floor.now
        number = self.takings.n_dialed = self.takings.n_dialed + 1
        person = self._people.reached(str(number), 1, "", now)
        call = SimCall(number, now, person)
        self.floor.lines.add(call)
        self._pacer.dialed(call, now)
        timeout_s = self._work.ring_timeout_s
        if person.ring_delay_s is not None and person.ring_delay_s < timeout_s:
            self._at(now + person.ring_delay_s, self._ring, call)
        if person.answer_after_s > timeout_s:
            self._at(now + timeout_s, self._end_unanswered, call)
        elif person.sip_status == SIP_OK:
            self._at(now + person.answer_after_s, self._pick_up, call)
        else:
            self._at(now + person.answer_after_s, self._end_unanswered, call)

    def _ring(self, call: SimCall) -> None:
        self.floor.lines.ring(call, self.floor.now)
        self._pacer.rang(call, self.floor.now)

    def _end_unanswered(self, call: SimCall) -> None:
        floor = self.floor
        floor.lines.remove(call)
        is_fault = _is_fault(call.person.sip_status)
        self._pacer.ended_unanswered(call, floor.now, is_fault)
        self._happened()

    def _pick_up(self, call: SimCall) -> None:
        """Somebody or something answers; with screening it takes a while to know which."""
        screening_s = self._work.screening_s
        if screening_s is None:
            self._answer(call)
            return
        self.floor.lines.pick_up(call, self.floor.now)
        self._pacer.picked_up(call, self.floor.now)
        u, *_ = chance.draws(self._people.seed, call.key, "screening")
        after_s = chance.between(*screening_s, u)
        ends = self._end_unanswered if call.person.is_machine else self._answer
        self._at(self.floor.now + after_s, ends, call)

    def _answer(self, call: SimCall) -> None:
        """As far as pacing knows this is a live answer: an agent, or the two-second clock."""
        self.floor.lines.remove(call)
        self._pacer.answered(call, self.floor.now)
        if self._free:
            self._connect(self._free.popleft(), call)
        else:
            call.is_waiting = True
            self._waiting.append(call)
            self.floor.n_waiting += 1
            self._at(self.floor.now + self._work.patience_s, self._abandon, call)
        self._happened()

    def _abandon(self, call: SimCall) -> None:
        if call.is_waiting:
            self._stop_waiting(call)
            self._pacer.abandoned(self.floor.now)
            self.takings.abandon(self.floor.now)

    def _stop_waiting(self, call: SimCall) -> None:
        call.is_waiting = False
        self.floor.n_waiting -= 1
        self._waiting.remove(call)

    # --- agents ---------------------------------------------------------------------------------

    def _connect(self, agent: SimAgent, call: SimCall) -> None:
        now = self.floor.now
        self.takings.serve(now, now - agent.since)
        self._pacer.served(now)
        self._seat(agent, Seat.TALKING)
        agent.call = call
        self._at(now + self._talk_s(call), self._end_talk, agent)

    def _talk_s(self, call: SimCall) -> float:
        if not call.person.is_machine:
            return call.person.talk_s
        u, *_ = chance.draws(self._people.seed, f"{call.key}:1", "recognise")
        return chance.between(*self._people.profile_at(self.floor.now).recognition_s, u)

    def _end_talk(self, agent: SimAgent) -> None:
        now, call = self.floor.now, agent.call
        assert call is not None  # who talks has a call
        self._pacer.talk_ended(agent.since, now)
        self._seat(agent, Seat.WRAP_UP)
        if call.person.is_machine:
            wrap_up_s = self._people.profile_at(now).machine_wrap_up_s
        else:
            wrap_up_s = self._people.wrap_up_s(call.key, 1, now)
        self._at(now + wrap_up_s, self._end_wrap_up, agent)
        self._happened()

    def _end_wrap_up(self, agent: SimAgent) -> None:
        now, call = self.floor.now, agent.call
        assert call is not None
        if call.person.is_machine:
            self._pacer.found_machine()
            self.takings.n_machines += 1
        self._pacer.wrap_up_ended(agent.since, now)
        agent.call = None
        if agent.is_leaving:
            self._leave(agent)
            return
        self._get_free(agent)

    def _get_free(self, agent: SimAgent) -> None:
        self._seat(agent, Seat.FREE)
        if self._waiting:
            call = self._waiting[0]
            self._stop_waiting(call)
            self._connect(agent, call)
        else:
            self._free.append(agent)
        self._happened()

    def _employ(self, n_agents: object) -> None:
        """So many agents from now on: new ones begin, the last to come leave first."""
        assert isinstance(n_agents, int)
        staff, now = self.floor.staff, self.floor.now
        staying = [agent for agent in staff.agents if not agent.is_leaving]
        for agent in staying[n_agents:]:
            agent.is_leaving = True
        gone = {agent for agent in staying[n_agents:] if agent.seat is Seat.FREE}
        for agent in gone:
            self._credit(agent)
            self._free.remove(agent)
        new = [SimAgent(now) for _ in range(n_agents - len(staying))]
        staff.replace([agent for agent in staff.agents if agent not in gone] + new)
        for agent in new:
            self._get_free(agent)

    def _leave(self, agent: SimAgent) -> None:
        self._credit(agent)
        staff = self.floor.staff
        staff.replace([other for other in staff.agents if other is not agent])

    def _seat(self, agent: SimAgent, seat: Seat) -> None:
        self._credit(agent)
        agent.credited_at = self.floor.now
        self.floor.staff.seat(agent, seat, self.floor.now)

    def _credit(self, agent: SimAgent) -> None:
        self.takings.seconds[agent.seat] += self.floor.now - agent.credited_at

    def _at(self, when: float, action: Callable[..., None], subject: object) -> None:
        self._n_entered += 1
        heappush(self._heap, (when, self._n_entered, action, subject))


@lru_cache
def _is_fault(sip_status: int) -> bool:
    """Whether a refusal says nothing about the person, as the engine reads it."""
    if sip_status == SIP_OK:  # rang out
        return False
    return TRAITS[outcome_of_cause(cause_of_sip(sip_status))].is_carrier_fault
