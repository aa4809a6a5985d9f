import pytest
from sim_replay import START, Session, run_until

from dialer.sim import portrait
from dialer.sim.population import LAB, Population
from dialer.sim.wire import WireSwitch
from esl.frames import FrameReader


class Peer:
    """A client of a wire switch, in memory."""

    def __init__(self, switch, *commands):
        self.switch, self.reader, self.session = switch, FrameReader(), Session()
        self.client = switch.connect()
        for command in ("auth secret", *commands):
            self.say(command)

    def say(self, command, at=0.0):
        self.switch.handle(self.client, command.encode() + b"\n\n", START.plus(at))

    def hear(self):
        for frame in self.reader.feed(self.client.take()):
            self.session.add(frame)
        return self.session

    @property
    def names(self):
        return [event.name for event in self.hear().events]


@pytest.fixture
def switch():
    return WireSwitch(Population(1, LAB), START, "secret")


DIAL = "originate {origination_uuid=c,ignore_early_media=true}sofia/switch/33612345601@x &park()"


def test_nothing_but_auth_is_understood_before_auth(switch):
    peer = Peer(switch)
    other = switch.connect()
    switch.handle(other, b"api status\n\n", START)
    assert b"-ERR command not found" in other.take()
    assert peer.hear().replies[-1] == "+OK accepted"


def test_events_that_nobody_wants_are_never_rendered(switch, monkeypatch):
    Peer(switch, "event json BACKGROUND_JOB")
    monkeypatch.setattr(portrait, "leg_event", None)
    Peer(switch).say(f"bgapi {DIAL}")
    run_until(switch, 5.0)


def test_an_answer_comes_before_its_events_and_others_hear_them_too(switch):
    peer, other = Peer(switch, "event plain CHANNEL_CREATE"), Peer(switch, "event json ALL")
    peer.say(f"bgapi {DIAL}\nJob-UUID: j1")
    raw = peer.client.take()
    assert raw.index(b"+OK Job-UUID: j1") < raw.index(b"Event-Name: CHANNEL_CREATE")
    assert other.names[:2] == ["CHANNEL_OUTGOING", "CHANNEL_STATE"]


def test_api_originate_blocks_its_connection_until_the_answer(switch):
    peer = Peer(switch, "event json CHANNEL_CREATE CHANNEL_ANSWER", f"api {DIAL}", "api echo after")
    before = len(peer.hear().replies)
    run_until(switch, 1.0)
    assert len(peer.hear().replies) == before
    assert peer.names == []
    run_until(switch, 3.0)
    assert peer.hear().replies[-2:] == ["api/response +OK c\n", "api/response after"]
    assert peer.names == ["CHANNEL_CREATE", "CHANNEL_ANSWER"]


def test_filters_and_custom_events(switch):
    peer = Peer(switch, "event json CUSTOM relance::test", "filter X-Wanted yes")
    Peer(switch, "sendevent CUSTOM\nEvent-Subclass: relance::test\nX-Wanted: yes")
    Peer(switch, "sendevent CUSTOM\nEvent-Subclass: relance::test\nX-Wanted: no")
    Peer(switch, "sendevent CUSTOM\nEvent-Subclass: other::test\nX-Wanted: yes")
    assert [event.get("X-Wanted") for event in peer.hear().events] == ["yes"]


def test_events_are_numbered_whether_or_not_they_are_heard(switch):
    peer = Peer(switch, "event json CHANNEL_CREATE CHANNEL_PROGRESS", f"bgapi {DIAL}")
    numbers = [event.integer("Event-Sequence") for event in peer.hear().events]
    assert numbers == [3, 7]


def test_the_heartbeat_tells_limits_and_load(switch):
    peer = Peer(switch, "event json HEARTBEAT", f"bgapi {DIAL}", "api fsctl max_sessions 77")
    run_until(switch, 20.0)
    beat = peer.hear().events[-1]
    assert (beat.get("Session-Count"), beat.get("Max-Sessions")) == ("1", "77")
    assert beat.integer("Uptime-msec") == 20_000
    assert beat.get("Up-Time").startswith("0 years, 0 days, 0 hours, 0 minutes, 20 seconds")


def test_a_silent_switch_tells_no_event_and_a_restarted_one_is_another(switch):
    peer = Peer(switch, "event json ALL")
    switch.is_silent = True
    peer.say(f"bgapi {DIAL}")
    run_until(switch, 30.0)
    assert peer.names == []
    before = switch.switch.core_uuid
    switch.restart(START.plus(31.0))
    assert peer.client.is_closing
    assert switch.clients == []
    assert switch.switch.core_uuid != before
    later = Peer(switch, "api show channels as json", "api global_getvar core_uuid")
    assert later.hear().replies[-2:] == [
        'api/response {"row_count": 0}\n', f"api/response {switch.switch.core_uuid}"
    ]  # fmt: skip


def test_the_person_hangs_on_lead_and_attempt_not_on_the_number():
    from dialer.sim.population import DEMO

    population = Population(4, DEMO)
    switch = WireSwitch(population, START, "secret")
    peer = Peer(switch)
    for lead in range(30):
        peer.say(
            f"bgapi originate {{origination_uuid=c{lead},relance_lead={lead},relance_try=3}}"
            f"sofia/gateway/carrier/33600000000 &park()"
        )
        assert switch.switch.leg(f"c{lead}").order.person == population.person(str(lead), 3)


def test_a_command_over_the_limit_ends_the_connection(switch):
    peer = Peer(switch)
    switch.handle(peer.client, b"sendevent X\ncontent-length: 99999999999\n\n", START)
    assert peer.client.is_closing
