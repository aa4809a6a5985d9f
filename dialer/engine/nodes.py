"""What the engine knows of its switches: which may be used, and how full each is."""

from collections.abc import Collection
from dataclasses import dataclass

from dialer.model.ids import NodeName


@dataclass(slots=True)
class Node:
    """One switch. `n_sessions` is from its last heartbeat; `n_placed` counts our dials since."""

    name: NodeName
    is_up: bool = False
    max_sessions: int = 0
    sessions_per_s: int = 0
    n_sessions: int = 0
    n_placed: int = 0
    idle_cpu: float = 100.0

    @property
    def n_lines_left(self) -> int:
        """Legs it can still take, by its last heartbeat."""
        return max(self.max_sessions - self.n_sessions - self.n_placed, 0) if self.is_up else 0


class Nodes:
    def __init__(self) -> None:
        self._nodes: dict[NodeName, Node] = {}

    def get(self, name: NodeName) -> Node:
        """The node of that name; a new one is down until NodeUp."""
        return self._nodes.setdefault(name, Node(name))

    def any_name(self) -> NodeName:
        """Some node's name, for who must be placed while none is usable."""
        return min(self._nodes, default=NodeName(""))

    @property
    def n_lines_left(self) -> int:
        """Legs that all usable nodes can still take."""
        return sum(node.n_lines_left for node in self._nodes.values())

    def least_loaded(self, among: Collection[NodeName] | None = None) -> Node | None:
        """The usable node with the most lines left (of `among`, if given); names break ties."""
        usable = [
            node
            for node in self._nodes.values()
            if node.n_lines_left and (among is None or node.name in among)
        ]
        return min(usable, key=lambda node: (-node.n_lines_left, node.name), default=None)
