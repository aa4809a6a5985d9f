"""Agents whose page answers no more, found on a real Redis."""

import pytest

from dialer.bus.redis import DESK_MEMORY_MS, connect, desk_key
from dialer.model.agent import Agent, AgentState
from dialer.model.events import AgentLoggedOut, DeskFellSilent
from dialer.policy.presence import GONE_S, SILENT_S
from dialer.run.presence import Presence


@pytest.fixture
def bus(redis_url):
    made = connect(redis_url)
    yield made
    made.redis.close()


class Room:
    """Agents at their desks, and what the engine is told of them."""

    def __init__(self, bus, *agent_ids):
        self.bus, self.told = bus, []
        self.agents = [
            Agent(agent_id, 1, "Awa", "1001", "n1", 0.0, AgentState.READY) for agent_id in agent_ids
        ]
        self.presence = Presence(bus, lambda: self.agents, self.told.append)

    def silence(self, agent_id, seconds):
        left_ms = DESK_MEMORY_MS - int(seconds * 1000)
        self.bus.redis.set(desk_key(agent_id), b"", px=left_ms)

    def look(self):
        self.told.clear()
        self.presence.look()
        return list(self.told)


def test_a_silence_is_told_once_and_again_after_a_return(bus):
    room = Room(bus, 1, 2)
    bus.desk_lives(2)
    room.silence(1, SILENT_S)
    assert [room.look(), room.look()] == [[DeskFellSilent(1)], []]
    bus.desk_lives(1)
    assert room.look() == []
    room.silence(1, SILENT_S + 1)
    assert room.look() == [DeskFellSilent(1)]


def test_a_desk_without_a_page_is_never_asked(bus):
    room = Room(bus, 1)
    assert bus.desk_silences([1]) == {}
    assert room.look() == []


def test_one_who_is_paused_and_gone_for_long_is_logged_out(bus):
    room = Room(bus, 1)
    room.silence(1, GONE_S)
    assert room.look() == [DeskFellSilent(1)]
    room.agents[0].state = AgentState.PAUSED
    assert room.look() == [AgentLoggedOut(1)]


def test_an_empty_floor_asks_nothing(bus):
    assert Room(bus).look() == []
