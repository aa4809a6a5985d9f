"""Tells the engine of agents whose page answers no more."""

import logging
from collections.abc import Callable, Iterable

from dialer.bus import Bus
from dialer.model.agent import Agent, AgentState
from dialer.model.events import AgentLoggedOut, DeskFellSilent, PeopleEvent
from dialer.model.ids import AgentId
from dialer.policy.presence import is_gone, silent_desks

log = logging.getLogger(__name__)

LOOK_EVERY_S = 5.0


class Presence:
    """`look` is to be called every LOOK_EVERY_S; each silence is told once."""

    def __init__(
        self,
        bus: Bus,
        seated: Callable[[], Iterable[Agent]],
        emit: Callable[[PeopleEvent], None],
    ) -> None:
        self._bus = bus
        self._seated = seated
        self._emit = emit
        self._told: set[AgentId] = set()

    def look(self) -> None:
        """One round over all pages. Raises redis.RedisError when nothing can be known."""
        agents = {agent.agent_id: agent for agent in self._seated()}
        silences = self._bus.desk_silences(list(agents))
        silent = silent_desks(silences)
        for agent_id in sorted(silent - self._told):
            log.warning("agent=%s desk silent for %.0f s", agent_id, silences[agent_id])
            self._emit(DeskFellSilent(agent_id))
        for agent_id in sorted(silent):
            if is_gone(silences[agent_id]) and agents[agent_id].state is AgentState.PAUSED:
                self._emit(AgentLoggedOut(agent_id))
        self._told = silent
