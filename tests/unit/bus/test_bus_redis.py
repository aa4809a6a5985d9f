"""The bus on a real Redis."""

import pytest

from dialer.bus.redis import (
    AGENT_STREAM_LENGTH,
    LIVE_CHANNEL,
    PEOPLE_STREAM,
    SNAPSHOT_LIFE_S,
    TRAIL_FIELDS,
    TRAIL_LENGTH,
    connect,
    snapshot_key,
    trail_key,
)
from dialer.model.agent import AgentState
from dialer.model.campaign import CampaignState, PacingMode
from dialer.model.commands import NoteAgent, PopLead
from dialer.model.errors import BadInput
from dialer.model.events import AgentAskedPause, AgentAskedReady, AgentLoggedOut
from dialer.model.snapshot import CampaignView


@pytest.fixture
def bus(redis_url):
    made = connect(redis_url)
    yield made
    made.redis.close()


def note(agent_id=7, state=AgentState.READY):
    return NoteAgent(agent_id, 1, state, 10.0)


def view(version=1, campaign_id=1):
    return CampaignView(
        campaign_id, "c", version, 10.0, CampaignState.RUNNING, PacingMode.PREDICTIVE, 0.03, 10.0,
        True, *[0] * 10, 0.0, 0.0, 0.0,
    )  # fmt: skip


def test_what_people_say_is_heard_in_order_and_once(bus):
    said = [AgentAskedReady(7), AgentAskedPause(8, "LUNCH"), AgentLoggedOut(7)]
    for event in said:
        bus.tell(event)
    heard = bus.heard("0", 10)
    assert [event for _, event in heard] == said
    assert bus.heard(heard[-1][0], 10) == []
    assert [event for _, event in bus.heard(heard[0][0], 10)] == said[1:]


def test_the_last_minutes_figures_are_kept_for_a_chart_opened_later(bus):
    for version in range(TRAIL_LENGTH + 5):
        bus.publish(view(version, campaign_id=6))
    trail = bus.trail(6)
    assert len(trail) == TRAIL_LENGTH
    assert set(trail[0]) == set(TRAIL_FIELDS)
    assert bus.trail(7) == []
    assert 0 < bus.redis.ttl(trail_key(6)) <= TRAIL_LENGTH


def test_what_was_said_while_the_controller_was_down_waits_for_it(bus):
    assert bus.cursor("c1") == "0"
    first = bus.tell(AgentAskedReady(7))
    bus.keep_cursor("c1", first)
    bus.tell(AgentLoggedOut(7))
    assert bus.cursor("c1") == first
    assert [event for _, event in bus.heard(bus.cursor("c1"), 10)] == [AgentLoggedOut(7)]
    assert bus.cursor("c2") == "0"


@pytest.mark.parametrize(
    "entry", [{"event": b'{"type":"LegAnswered","leg_id":"x"}'}, {"event": b"{"}, {"other": b"x"},
              {"event": b'{"type":[]}'}],
)  # fmt: skip
def test_what_does_not_decode_is_handed_on_as_bad_input_and_blocks_nobody(bus, entry):
    bus.redis.xadd(PEOPLE_STREAM, entry)
    bus.tell(AgentAskedReady(7))
    (_, bad), (_, good) = bus.heard("0", 10)
    assert isinstance(bad, BadInput)
    assert good == AgentAskedReady(7)


def test_a_screen_sees_its_own_agents_events_only(bus):
    bus.show_agent(note(7))
    bus.show_agent(note(8))
    bus.show_agent(PopLead(7, 1, "t", 5, 1, "+33612345678", "Awa", (), False, 9.0))
    seen = bus.agent_events(7, "0", 10)
    assert [body["type"] for _, body in seen] == ["NoteAgent", "PopLead"]
    assert bus.agent_events(7, seen[-1][0], 10) == []


def test_several_agents_can_be_watched_at_once(bus):
    bus.show_agent(note(7))
    bus.show_agent(note(8, AgentState.PAUSED))
    seen = bus.agents_events({7: "0", 8: "0", 9: "0"}, 10)
    assert sorted((agent_id, body["state"]) for agent_id, _, body in seen) == [
        (7, "READY"), (8, "PAUSED"),
    ]  # fmt: skip


def test_a_screen_that_opens_gets_the_newest_events_oldest_first(bus):
    assert (bus.newest(7), bus.agent_tail(7)) == ("0", [])
    for state in (AgentState.PAUSED, AgentState.READY, AgentState.RESERVED):
        bus.show_agent(note(7, state))
    tail = bus.agent_tail(7, count=2)
    assert [body["state"] for _, body in tail] == ["READY", "RESERVED"]
    assert bus.newest(7) == tail[-1][0]


def test_a_screens_stream_stays_short(bus):
    for _ in range(AGENT_STREAM_LENGTH * 3):
        bus.show_agent(note(7))
    assert bus.redis.xlen("relance:agent:7") < 2 * AGENT_STREAM_LENGTH


def test_the_newest_picture_replaces_the_last_and_dies_with_its_controller(bus):
    assert bus.snapshot(1) is None
    bus.publish(view(1))
    bus.publish(view(2))
    assert bus.snapshot(1)["version"] == 2
    assert 0 < bus.redis.ttl(snapshot_key(1)) <= SNAPSHOT_LIFE_S
    assert bus.snapshot(2) is None


def test_who_watches_sees_each_picture_and_silence_as_none(bus):
    watching = bus.watch(0.5)
    assert next(watching) is None
    bus.publish(view(3, campaign_id=4))
    picture = next(watching)
    assert (picture["campaign_id"], picture["version"]) == (4, 3)
    watching.close()
    assert bus.redis.pubsub_numsub(LIVE_CHANNEL)[0][1] == 0
