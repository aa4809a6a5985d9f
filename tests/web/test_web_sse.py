"""Streams on the wire: heartbeats come in time, whether nothing happens or too much."""

import pytest

from web import clock, sse


class Source:
    """Reads that wait as long as they may, unless there is something; time is the test's own."""

    def __init__(self, monkeypatch, events_each=0, takes_s=0.0):
        self.now, self.waits, self.events_each, self.takes_s = 0.0, [], events_each, takes_s
        monkeypatch.setattr(clock, "mono", lambda: self.now)

    def read(self, wait_s):
        self.waits.append(wait_s)
        self.now += self.takes_s if self.events_each else wait_s
        return [b"event"] * self.events_each


def test_a_silent_stream_beats_after_its_time_with_reads_that_the_bus_allows(monkeypatch):
    source = Source(monkeypatch)
    assert list(sse.until_heartbeat(source.read)) == [sse.HEARTBEAT]
    assert source.now == pytest.approx(sse.HEARTBEAT_S)
    assert source.waits == [sse.LONGEST_WAIT_S] * 5


def test_a_stream_of_many_events_beats_no_sooner_and_no_later(monkeypatch):
    source = Source(monkeypatch, events_each=1, takes_s=0.25)
    pieces = list(sse.until_heartbeat(source.read))
    assert pieces == [b"event"] * 40 + [sse.HEARTBEAT]


@pytest.mark.parametrize("heartbeat_s", [-1.0, 0.0, 0.02, 1.0, 1.9])
def test_however_short_the_heartbeat_is_set_the_stream_waits_before_it(monkeypatch, heartbeat_s):
    monkeypatch.setattr(sse, "HEARTBEAT_S", heartbeat_s)
    source = Source(monkeypatch)
    assert list(sse.until_heartbeat(source.read)) == [sse.HEARTBEAT]
    assert source.waits == [max(heartbeat_s, sse.LEAST_WAIT_S)]


def test_each_read_waits_for_what_is_left_and_never_for_nothing(monkeypatch):
    monkeypatch.setattr(sse, "HEARTBEAT_S", 2.05)
    source = Source(monkeypatch)
    assert list(sse.until_heartbeat(source.read)) == [sse.HEARTBEAT]
    assert source.waits == [sse.LONGEST_WAIT_S, sse.LEAST_WAIT_S]
