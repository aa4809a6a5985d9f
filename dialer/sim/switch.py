"""The core of the simulated switch: every part wired together, no clock and no I/O.

Two faces use it: `typed` (model objects) and `wire` (event socket). Whoever drives it gives the
time in, gets happenings told, and asks `next_deadline` when to come back.
"""

from dialer.model.moment import Moment
from dialer.sim import chance
from dialer.sim import happenings as ev
from dialer.sim.bridges import Bridges
from dialer.sim.dialing import Dialing, Limits
from dialer.sim.exchange import NOTHING, Exchange, Tell
from dialer.sim.legs import Leg, Order
from dialer.sim.person import Person
from dialer.sim.population import Population
from dialer.sim.rooms import Rooms
from dialer.sim.sounds import Sounds
from dialer.sim.tapped import Taps

HEARTBEAT_S = 20.0
INBOUND_WAIT_S = 20.0
"""A call that nobody answers rings so long: `park_timeout` of the dialplan."""
NOTICE_S = 6.0
"""Length of every recorded notice."""


class Switch:
    """A FreeSWITCH that does not exist. `tell` hears everything that happens on it."""

    def __init__(
        self,
        population: Population,
        now: Moment,
        tell: Tell,
        *,
        limits: Limits | None = None,
        is_detailed: bool = True,
        notice_s: float = NOTICE_S,
    ) -> None:
        self.population = population
        self.started = now
        self._up_since = now.mono
        self.limits = limits if limits is not None else Limits()
        self.exchange = Exchange(now, tell, is_detailed=is_detailed)
        self.dialing = Dialing(self.exchange, self.limits)
        self.bridges = Bridges(self.exchange, self.dialing)
        self.rooms = Rooms(self.exchange, self.bridges.begin_talk, self.bridges.end_talk)
        self.sounds = Sounds(self.exchange, self.bridges.split, self.rooms, notice_s)
        self.dialing.start_app = self.sounds.start_app
        self.taps = Taps(self.exchange)
        self.exchange.on_gone.append(self.taps.hung_up)
        self.n_restarts = 0
        self.core_uuid = self.mint("core")
        self._beat_at(now.mono + HEARTBEAT_S)

    # --- time ---------------------------------------------------------------------------------

    def set_time(self, now: Moment) -> None:
        """The instant of the commands that follow."""
        self.exchange.set_time(now)

    def settle(self) -> None:
        """Let the consequences of the last command happen, after its answer was taken."""
        self.exchange.settle()

    def expire(self, now: Moment) -> None:
        """Do what is due up to `now`."""
        self.exchange.expire(now)

    def next_deadline(self) -> float | None:
        """Monotonic second of the next thing that happens by itself."""
        return self.exchange.agenda.next_at()

    @property
    def age_s(self) -> float:
        """Seconds since the scenario began."""
        return self.exchange.mono - self.started.mono

    @property
    def up_s(self) -> float:
        """Seconds since the (simulated) process started."""
        return self.exchange.mono - self._up_since

    def leg(self, leg_id: str) -> Leg | None:
        """A living leg."""
        return self.exchange.legs.get(leg_id)

    def mint(self, purpose: str) -> str:
        """A UUID that the same run makes again."""
        return chance.uuid(self.population.seed, str(self.n_restarts), purpose)

    # --- callers --------------------------------------------------------------------------------

    def arrive(self, called: str, caller: str, person: Person) -> str:
        """Somebody calls a number that is served; the leg's identity."""
        leg_id = self.mint(f"arrival {self.dialing.n_sessions_ever}")
        name = f"sofia/carrier/{caller}@127.0.0.1"
        self.dialing.arrive(
            Order(
                leg_id, name, called, person, INBOUND_WAIT_S, {"relance_inbound": called},
                arrives_from=caller,
            )
        )  # fmt: skip
        return leg_id

    # --- faults, for tests ----------------------------------------------------------------------

    def drop_leg(self, leg_id: str, cause: str = "NORMAL_TEMPORARY_FAILURE") -> None:
        """A phone loses its network: the leg ends with no goodbye from the far end."""
        leg = self.leg(leg_id)
        if leg is not None:
            self.exchange.hang_up(leg, cause)

    def restart(self) -> None:
        """The process dies and comes back: every leg is gone untold, and Core-UUID changes."""
        self.exchange.legs.clear()
        self.taps.clear()
        self.exchange.agenda.clear()
        self.n_restarts += 1
        self._up_since = self.exchange.mono
        self.core_uuid = self.mint("core")
        self._beat_at(self.exchange.mono + HEARTBEAT_S)

    # --- the node itself ------------------------------------------------------------------------

    def _beat_at(self, when: float) -> None:
        self.exchange.agenda.at(when, self._beat, when)

    def _beat(self, when: float) -> None:
        self.dialing.count_second()
        self.exchange.tell(ev.HEARTBEAT, None, NOTHING)
        self._beat_at(when + HEARTBEAT_S)
