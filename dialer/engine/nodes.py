"""What the engine knows of its switches: which may be used, and how full each is.

Limits are paced under, never into: a switch that is over one refuses without a word to the carrier.
"""

from collections import deque
from collections.abc import Collection
from dataclasses import dataclass, field

from dialer.model.ids import NodeName
from dialer.policy.trunks import Trunk, choose

IDLE_CPU_MARGIN = 5.0
"""Percent above the switch's own `min-idle-cpu` at which it gets no new leg any more."""
SECOND_S = 1.1
"""FreeSWITCH counts sessions in seconds of its own clock, and an originate may be written a little
late: so many sessions in any window of this length are never more than its limit."""
UNSEEN_S = 2.0
"""A leg placed so shortly before a heartbeat may not be in its count."""
FIRST_REST_S, LONGEST_REST_S = 0.5, 30.0
"""Wait after a local refusal; doubled by each in a row."""


@dataclass(slots=True)
class Node:
    """One switch. `n_sessions` is from its last heartbeat; `n_placed` counts our legs since,
    agents' phones included."""

    name: NodeName
    is_up: bool = False
    is_draining: bool = False
    """No new leg; those that stand go on."""
    max_sessions: int = 0
    sessions_per_s: int = 0
    """The switch's setting: N admits N - 1 legs a second. 0: not known."""
    n_sessions: int = 0
    n_placed: int = 0
    idle_cpu: float = 100.0
    """Percent, by the last heartbeat."""
    min_idle_cpu: float = 0.0
    """Percent; under it the switch refuses. 0: it has no such limit."""
    n_refusals: int = 0
    """Local refusals in a row."""
    rests_until: float = float("-inf")
    trunks: list[Trunk] = field(default_factory=lambda: [Trunk()])
    _placed_at: deque[float] = field(default_factory=deque)

    @property
    def n_lines_left(self) -> int:
        """Legs it can still hold, by its last heartbeat."""
        return max(self.max_sessions - self.n_sessions - self.n_placed, 0) if self.is_up else 0

    def room(self, now: float) -> int:
        """Legs that may be placed on it at this instant."""
        if self.is_draining or now < self.rests_until or self.is_out_of_breath:
            return 0
        return min(self.n_lines_left, self._room_this_second(now))

    @property
    def is_out_of_breath(self) -> bool:
        """Its processor is nearly as busy as the switch itself admits."""
        return 0.0 < self.min_idle_cpu > self.idle_cpu - IDLE_CPU_MARGIN

    def way_out(self, now: float, tried: Collection[str] = ()) -> Trunk | None:
        """The trunk that takes a customer's call at this instant; None when none may."""
        return choose(self.trunks, now, tried) if self.room(now) else None

    def trunk(self, name: str) -> Trunk | None:
        """None when it is not known any more."""
        return next((trunk for trunk in self.trunks if trunk.rules.name == name), None)

    def place(self, now: float) -> None:
        """A leg is asked for, a customer's or a phone's."""
        self.n_placed += 1
        self._placed_at.append(now)

    def beat(self, n_sessions: int, max_sessions: int, idle_cpu: float, now: float) -> None:
        """Its heartbeat. Legs that it may not have counted yet still count here."""
        self._forget(now - UNSEEN_S)
        self.n_sessions, self.n_placed = n_sessions, len(self._placed_at)
        self.max_sessions, self.idle_cpu = max_sessions, idle_cpu

    def refuse(self, now: float) -> None:
        """It would not place a leg: leave it alone for a while, longer each time."""
        if now >= self.rests_until:  # those refused together count once
            self.rests_until = now + min(FIRST_REST_S * 2.0**self.n_refusals, LONGEST_REST_S)
            self.n_refusals += 1

    def accept(self) -> None:
        """A leg of it came to something."""
        self.n_refusals = 0

    def restart(self) -> None:
        """It came back as another process, with no leg."""
        self.n_sessions = self.n_placed = 0

    def _room_this_second(self, now: float) -> int:
        if not self.sessions_per_s:
            return self.n_lines_left
        self._forget(now - max(SECOND_S, UNSEEN_S))
        recent = sum(at > now - SECOND_S for at in self._placed_at)
        return max(self.sessions_per_s - 1 - recent, 0)

    def _forget(self, before: float) -> None:
        while self._placed_at and self._placed_at[0] <= before:
            self._placed_at.popleft()


class Nodes:
    """`listener_starts_at`: since when who hears the answers of all of them is being started; None
    while nobody is."""

    def __init__(self) -> None:
        self.listener_starts_at: float | None = None
        self._nodes: dict[NodeName, Node] = {}

    def get(self, name: NodeName) -> Node:
        """The node of that name; a new one is down until NodeUp."""
        node = self._nodes.get(name)
        if node is None:
            node = self._nodes[name] = Node(name)
        return node

    def any_name(self) -> NodeName:
        """Some node's name, for who must be placed while none is usable."""
        return min(self._nodes, default=NodeName(""))

    @property
    def n_lines_left(self) -> int:
        """Legs that all usable nodes can still hold."""
        return sum(node.n_lines_left for node in self._nodes.values())

    def room(self, now: float) -> int:
        """Legs that may be placed at this instant, on all nodes together."""
        return sum(node.room(now) for node in self._nodes.values())

    def least_loaded_way_out(self, now: float) -> Node | None:
        """The usable node with the most lines left that a call can leave by now."""
        names = {name for name, node in self._nodes.items() if node.way_out(now) is not None}
        return self.least_loaded(names)

    def least_loaded(self, among: Collection[NodeName] | None = None) -> Node | None:
        """The usable node with the most lines left (of `among`, if given); names break ties."""
        usable = [
            node
            for node in self._nodes.values()
            if node.n_lines_left and not node.is_draining and (among is None or node.name in among)
        ]
        return min(usable, key=lambda node: (-node.n_lines_left, node.name), default=None)
