"""Agents at their screens: people who log in, talk, wrap up, dispose, and sometimes pause.

A pure reactor: it gets what the screen shows (NoteAgent, PopLead) and answers with what people
do (PeopleEvents, and a Disposal for the form they save). It meets the same persons as the
simulated switch, by the same population. Must not know of legs or of the switch.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from dialer.model.agent import AgentState
from dialer.model.commands import NoteAgent, OfferLead, PopLead, ScreenCommand
from dialer.model.disposition import SEED_DISPOSITIONS, Disposition
from dialer.model.events import (
    AgentAskedPause,
    AgentAskedReady,
    AgentCalledLead,
    AgentDisposed,
    AgentHungUp,
    AgentLoggedIn,
    AgentLoggedOut,
    AgentSkippedLead,
    PeopleEvent,
)
from dialer.model.ids import AgentId, AttemptId, CampaignId
from dialer.model.moment import Moment
from dialer.model.preview import SkipReason
from dialer.sim import chance
from dialer.sim.agenda import Agenda, Due
from dialer.sim.forms import Weighted
from dialer.sim.population import Population

MACHINE_CODE = "MACHINE"
CALLBACK_CODE = "RAPPEL"


@dataclass(frozen=True, slots=True)
class DeskAgent:
    """Who sits at a desk."""

    agent_id: AgentId
    campaign_id: CampaignId
    name: str
    phone_address: str


@dataclass(frozen=True, slots=True)
class Disposal:
    """The form that an agent saves: to be stored before the AgentDisposed that comes with it.

    `callback_in_s`: for a promised callback only.
    """

    agent_id: AgentId
    attempt_id: AttemptId
    code: str
    note: str = ""
    callback_in_s: float | None = None


@dataclass(frozen=True, slots=True)
class Habits:
    """How the agents behave. Times in seconds."""

    stagger_s: float = 0.5
    """Between two log-ins."""
    ready_after_s: float = 1.0
    """From a phone that is up to the click on "ready"."""
    pause_share: float = 0.02
    """Share of the calls after which an agent pauses."""
    pause_s: tuple[float, float] = (60.0, 300.0)
    pause_code: str = "PAUSE"
    preview_s: tuple[float, float] = (2.0, 8.0)
    """How long an agent looks at a lead that is offered."""
    skip_share: float = 0.1
    """Share of the offered leads that are passed over, if the campaign lets."""


@dataclass(slots=True)
class _Desk:
    agent: DeskAgent
    state: AgentState = AgentState.OFFLINE
    pop: PopLead | None = None
    offer: OfferLead | None = None
    attempt_id: AttemptId | None = None
    """The call on the screen whose form is not saved yet."""
    is_phone_up: bool = False
    is_pausing: bool = False
    intent: Due | None = None
    """What this person is about to do."""


DeskEvent = PeopleEvent | Disposal


class Desks:
    """All desks of one run. `handle`, `expire`, `next_deadline` as every reactor here."""

    def __init__(
        self,
        population: Population,
        agents: Sequence[DeskAgent],
        now: Moment,
        *,
        habits: Habits | None = None,
        dispositions: Sequence[Disposition] = SEED_DISPOSITIONS,
    ) -> None:
        self._population = population
        self._habits = habits if habits is not None else Habits()
        self._table = Weighted.of(dispositions)
        self._started = now.mono
        self._mono = now.mono
        self._agenda = Agenda()
        self._events: list[DeskEvent] = []
        self._desks = {agent.agent_id: _Desk(agent) for agent in agents}
        for i, desk in enumerate(self._desks.values()):
            self._agenda.at(now.mono + i * self._habits.stagger_s, self._log_in, desk)

    # --- reactor --------------------------------------------------------------------------------

    def handle(self, command: ScreenCommand, now: Moment) -> list[DeskEvent]:
        """Something new on a screen; of agents without a desk here nothing is known."""
        self._mono = now.mono
        desk = self._desks.get(command.agent_id)
        if desk is None:
            return []
        if isinstance(command, PopLead):
            desk.pop = command
        elif isinstance(command, OfferLead):
            desk.offer = command
        elif isinstance(command, NoteAgent):
            self._see(desk, command)
        return self._take()

    def expire(self, now: Moment) -> list[DeskEvent]:
        """What people do by themselves up to `now`."""
        while (entry := self._agenda.pop(now.mono)) is not None:
            self._mono, due = entry
            if due.action is not None:
                due.action(*due.subject)
        self._mono = now.mono
        return self._take()

    def next_deadline(self) -> float | None:
        """Monotonic second of the next thing somebody does."""
        return self._agenda.next_at()

    def log_out_all(self, now: Moment) -> list[DeskEvent]:
        """The end of the day."""
        self._mono = now.mono
        for desk in self._desks.values():
            self._forget(desk)
            self._events.append(AgentLoggedOut(desk.agent.agent_id))
        return self._take()

    def _take(self) -> list[DeskEvent]:
        events, self._events = self._events, []
        return events

    # --- what the screen shows ------------------------------------------------------------------

    def _see(self, desk: _Desk, note: NoteAgent) -> None:
        before, desk.state = desk.state, note.state
        desk.is_phone_up = note.is_phone_up
        if note.state is AgentState.TALKING and before is not AgentState.TALKING:
            self._begin_talk(desk, note.attempt_id)
        elif note.state is AgentState.WRAP_UP and before is not AgentState.WRAP_UP:
            self._begin_wrap_up(desk, note.attempt_id)
        elif note.state is AgentState.PREVIEWING and before is not AgentState.PREVIEWING:
            self._begin_preview(desk)
        elif note.state is AgentState.PAUSED:
            self._begin_pause(desk, before)
        elif note.state in (AgentState.READY, AgentState.RESERVED, AgentState.OFFLINE):
            self._forget(desk)

    def _begin_talk(self, desk: _Desk, attempt_id: AttemptId | None) -> None:
        """Know a machine by ear, or talk until one of the two has had enough."""
        self._forget(desk)
        desk.attempt_id = attempt_id
        pop = desk.pop
        if pop is None or pop.attempt_id != attempt_id:
            return  # nothing to go by: the customer ends the call
        age_s = self._mono - self._started
        key = str(pop.lead_id)
        person = self._population.person(key, pop.attempt_number, pop.number, age_s)
        if person.is_machine:
            u, *_ = chance.draws(self._population.seed, f"{key}:{pop.attempt_number}", "recognise")
            profile = self._population.profile_at(age_s)
            self._intend(desk, chance.between(*profile.recognition_s, u), self._hang_up)
        elif not person.hangs_up_first and person.talk_s < 1e9:
            self._intend(desk, person.talk_s, self._hang_up)

    def _begin_preview(self, desk: _Desk) -> None:
        """Look at the lead, then call it or, now and then, pass it over."""
        offer = desk.offer
        if offer is None:
            return
        key = f"{offer.lead_id}:{offer.attempt_number}"
        u, v, *_ = chance.draws(self._population.seed, key, "preview")
        skips = v < self._habits.skip_share and offer.n_skips_left > 0
        look_s = chance.between(*self._habits.preview_s, u)
        self._intend(desk, look_s, self._skip if skips else self._call)

    def _begin_wrap_up(self, desk: _Desk, attempt_id: AttemptId | None) -> None:
        desk.attempt_id = attempt_id if attempt_id is not None else desk.attempt_id
        self._intend(desk, self._wrap_up_s(desk), self._dispose)

    def _begin_pause(self, desk: _Desk, before: AgentState) -> None:
        """A pause of one's own lasts; any other (log-in, overrun, phone lost) is left at once."""
        if desk.is_pausing:
            if before is not AgentState.PAUSED:
                u, *_ = chance.draws(self._population.seed, self._key(desk), "pause")
                self._intend(desk, chance.between(*self._habits.pause_s, u), self._get_ready)
            return
        after_s = self._habits.ready_after_s
        if before is AgentState.WRAP_UP and desk.attempt_id is not None:
            self._intend(desk, after_s, self._dispose)  # the form was late: save it now
            return
        self._intend(desk, after_s if desk.is_phone_up else 10.0 * after_s, self._get_ready)

    def _wrap_up_s(self, desk: _Desk) -> float:
        age_s = self._mono - self._started
        if self._is_machine(desk):
            return self._population.profile_at(age_s).machine_wrap_up_s
        pop = desk.pop
        if pop is None:
            return self._population.wrap_up_s(str(desk.attempt_id), 0, age_s)
        return self._population.wrap_up_s(str(pop.lead_id), pop.attempt_number, age_s)

    # --- what the person does -------------------------------------------------------------------

    def _log_in(self, desk: _Desk) -> None:
        agent = desk.agent
        self._events.append(
            AgentLoggedIn(agent.agent_id, agent.campaign_id, agent.name, agent.phone_address)
        )

    def _get_ready(self, desk: _Desk) -> None:
        desk.is_pausing = False
        self._events.append(AgentAskedReady(desk.agent.agent_id))

    def _call(self, desk: _Desk) -> None:
        if desk.offer is not None:
            self._events.append(AgentCalledLead(desk.agent.agent_id, desk.offer.lead_id))

    def _skip(self, desk: _Desk) -> None:
        if desk.offer is not None:
            skip = AgentSkippedLead(desk.agent.agent_id, desk.offer.lead_id, SkipReason.NOT_NOW)
            self._events.append(skip)

    def _hang_up(self, desk: _Desk) -> None:
        self._events.append(AgentHungUp(desk.agent.agent_id))

    def _dispose(self, desk: _Desk) -> None:
        """Save the form: the Disposal first, then the end of wrap-up."""
        attempt_id, agent_id = desk.attempt_id, desk.agent.agent_id
        if attempt_id is None:
            self._get_ready(desk)
            return
        disposal, is_machine, desk.is_pausing = self._fill_form(desk, attempt_id)
        desk.attempt_id = None
        is_ready = not desk.is_pausing
        self._events += [disposal, AgentDisposed(agent_id, attempt_id, is_machine, is_ready)]
        if desk.is_pausing:
            self._events.append(AgentAskedPause(agent_id, self._habits.pause_code))

    def _fill_form(self, desk: _Desk, attempt_id: AttemptId) -> tuple[Disposal, bool, bool]:
        """The form, whether it names a machine, and whether the agent wants a pause now."""
        u, v, w, *_ = chance.draws(self._population.seed, self._key(desk), "disposition")
        wants_pause = v < self._habits.pause_share
        form = partial(Disposal, desk.agent.agent_id, attempt_id)
        if self._is_machine(desk):
            return form(MACHINE_CODE), True, wants_pause
        chosen = self._table.choose(u)
        note = "À rappeler, voir fiche." if chosen.needs_note else ""
        in_s = chance.between(1800.0, 3.0 * 86_400.0, w) if chosen.needs_callback else None
        return form(chosen.code, note, in_s), False, wants_pause

    # --- small things ---------------------------------------------------------------------------

    def _key(self, desk: _Desk) -> str:
        """What this call's choices hang on: the lead and attempt, else the attempt alone."""
        pop = desk.pop
        return f"{pop.lead_id}:{pop.attempt_number}" if pop is not None else str(desk.attempt_id)

    def _is_machine(self, desk: _Desk) -> bool:
        pop = desk.pop
        if pop is None or pop.attempt_id != desk.attempt_id:
            return False
        age_s = self._mono - self._started
        person = self._population.person(str(pop.lead_id), pop.attempt_number, pop.number, age_s)
        return person.is_machine

    def _intend(self, desk: _Desk, after_s: float, action: Callable[[_Desk], None]) -> None:
        self._forget(desk)
        desk.intent = self._agenda.at(self._mono + after_s, action, desk)

    def _forget(self, desk: _Desk) -> None:
        if desk.intent is not None:
            desk.intent.cancel()
            desk.intent = None
