"""The same engine under virtual time: no thread, no sleep, the same run from the same seed.

The engine, the simulated switch and the simulated agents each say when they next want to act; the
clock jumps to the earliest, all who are due act, and what they say to each other is passed on
until all is quiet. Published figures on abandon rate and occupancy come from here.
"""

import random
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol, get_args
from uuid import UUID

from dialer.engine.dispatcher import Dispatcher
from dialer.engine.journal import Journal
from dialer.engine.tally import Tally
from dialer.model.campaign import Campaign
from dialer.model.commands import (
    ClaimLead,
    CloseAttempt,
    Command,
    FetchLead,
    NoteAgent,
    OfferLead,
    PopLead,
    RefillHopper,
    SwitchCommand,
)
from dialer.model.events import CampaignConfigured, Event, LeadClaimed, LeadFetched, LeadsClaimed
from dialer.model.ids import LeadId, ListId
from dialer.model.lead import Lead
from dialer.model.moment import Moment
from dialer.policy.abandon import Ledger
from dialer.run.clocks import VirtualClock
from dialer.sim.desks import Desks, Disposal
from dialer.sim.typed import TypedSwitch

START_UTC = 1_790_000_000.0
"""A Monday morning in September 2026; nothing depends on it but calling hours."""
EVENTS = frozenset(get_args(Event))
BUSY_LIMIT = 1_000_000
"""Messages at one instant past which the world is caught in a circle: a fault of ours."""


class Supply(Protocol):
    """Where leads come from in a virtual world."""

    def claim(self, n_leads: int, now: Moment) -> tuple[Lead, ...]:
        """Up to `n_leads` leads that nobody has claimed."""

    def claim_one(self, lead_id: LeadId, now: Moment) -> Lead | None:
        """This very lead, when nobody has claimed it."""


@dataclass(slots=True)
class EndlessSupply:
    """New leads for ever, in one time zone."""

    time_zone: str = "Europe/Paris"
    n_given: int = 0

    def claim(self, n_leads: int, now: Moment) -> tuple[Lead, ...]:
        first = self.n_given + 1
        self.n_given += n_leads
        return tuple(self._lead(i) for i in range(first, first + n_leads))

    def claim_one(self, lead_id: LeadId, now: Moment) -> Lead | None:
        """One that was not given yet."""
        return self._lead(lead_id) if lead_id > self.n_given else None

    def _lead(self, number: int) -> Lead:
        return Lead(LeadId(number), ListId(1), f"+336{number:08d}", self.time_zone)


@dataclass(slots=True)
class VirtualWorld:
    """One campaign on one simulated switch. Give it a `journal` to compare runs."""

    campaign: Campaign
    switch: TypedSwitch
    desks: Desks
    seed: int
    supply: Supply = field(default_factory=EndlessSupply)
    journal: Journal | None = None
    on_close: Callable[[CloseAttempt, Moment], None] | None = None
    clock: VirtualClock = field(default_factory=lambda: VirtualClock(START_UTC))
    dispatcher: Dispatcher = field(init=False)
    disposals: list[Disposal] = field(default_factory=list)
    n_messages: int = 0
    _pending: deque[Event | Command] = field(default_factory=deque)

    def __post_init__(self) -> None:
        self.dispatcher = Dispatcher(_mint(self.seed))
        self._exchange([self.switch.up(), CampaignConfigured(self.campaign)])

    def run(self, until_s: float) -> None:
        """Move on to virtual second `until_s`."""
        while (when := self._next()) is not None and when <= until_s:
            self.clock.move_to(when)
            now = self.clock.now()
            commands = self.dispatcher.expire(now)
            self._note(now, None, commands)
            self._pending.extend(commands)
            self._pending.extend(self.switch.expire(now))
            self._take_from_desks(self.desks.expire(now))
            self._exchange([])
        self.clock.move_to(until_s)

    def tell(self, events: Sequence[Event]) -> None:
        """Have something happen at this instant."""
        self._exchange(events)

    @property
    def tally(self) -> Tally:
        """Counters of the campaign."""
        return self.dispatcher.campaigns[self.campaign.campaign_id].floor.tally

    @property
    def ledger(self) -> Ledger:
        """Live answers of the campaign."""
        return self.dispatcher.campaigns[self.campaign.campaign_id].floor.ledger

    def _next(self) -> float | None:
        reactors = (self.dispatcher, self.switch, self.desks)
        times = [reactor.next_deadline() for reactor in reactors]
        return min((time for time in times if time is not None), default=None)

    def _exchange(self, first: Sequence[Event]) -> None:
        self._pending.extend(first)
        now = self.clock.now()
        for _ in range(BUSY_LIMIT):
            if not self._pending:
                return
            self._pass_on(self._pending.popleft(), now)
            self.n_messages += 1
        raise RuntimeError(f"virtual world: no end of messages at {now.mono}")

    def _pass_on(self, message: Event | Command, now: Moment) -> None:
        match message:
            case _ if isinstance(message, SwitchCommand):
                self._pending.extend(self.switch.handle(message, now))
            case NoteAgent() | PopLead() | OfferLead():
                self._take_from_desks(self.desks.handle(message, now))
            case RefillHopper() | ClaimLead() | FetchLead():
                self._pending.append(self._claimed(message, now))
            case CloseAttempt():
                if self.on_close is not None:
                    self.on_close(message, now)
            case _ if type(message) in EVENTS:
                commands = self.dispatcher.handle(message, now)  # type: ignore[arg-type]
                self._note(now, message, commands)  # type: ignore[arg-type]
                self._pending.extend(commands)

    def _claimed(self, command: RefillHopper | ClaimLead | FetchLead, now: Moment) -> Event:
        if isinstance(command, RefillHopper):
            return LeadsClaimed(command.campaign_id, self.supply.claim(command.n_leads, now))
        lead = self.supply.claim_one(command.lead_id, now)
        if isinstance(command, FetchLead):
            return LeadFetched(command.campaign_id, lead)
        return LeadClaimed(
            command.campaign_id, command.agent_id, command.lead_id, lead, command.is_call_now
        )

    def _take_from_desks(self, found: Sequence[object]) -> None:
        for item in found:
            if isinstance(item, Disposal):
                self.disposals.append(item)
            else:
                self._pending.append(item)  # type: ignore[arg-type]

    def _note(self, now: Moment, event: Event | None, commands: list[Command]) -> None:
        if self.journal is not None:
            self.journal.note(now, event, commands)


def _mint(seed: int) -> Callable[[], str]:
    """Identities that are the same in every run from one seed."""
    source = random.Random(f"{seed}:identities")
    return lambda: str(UUID(int=source.getrandbits(128), version=4))
