"""The fan-out of pictures, without a network."""

from web import sse
from web.live import QUEUE_LENGTH, Live


class Silence:
    """A bus on which nothing ever happens."""

    def watch(self, timeout_s):
        return iter(())


def _live():
    live = Live(Silence())
    live._start = lambda: None
    return live


def _next(pictures, count):
    return [next(pictures) for _ in range(count)]


def test_a_client_gets_the_greeting_then_what_comes():
    live = _live()
    pictures = live.pictures([{"campaign_id": 1}], None, lambda: True)
    assert _next(pictures, 2) == [
        b'data: {"campaign_id":1}\n\n', b"event: drawn\ndata: {}\n\n",
    ]  # fmt: skip
    live.spread({"campaign_id": 2})
    assert next(pictures) == b'data: {"campaign_id":2}\n\n'


def test_a_client_of_one_campaign_sees_no_other():
    live = _live()
    pictures = live.pictures([], 2, lambda: True)
    next(pictures)
    live.spread({"campaign_id": 1})
    live.spread({"campaign_id": 2})
    assert next(pictures) == b'data: {"campaign_id":2}\n\n'


def test_a_slow_client_loses_the_oldest_and_delays_nobody():
    live = _live()
    slow, quick = live.pictures([], None, lambda: True), live.pictures([], None, lambda: True)
    next(slow)
    next(quick)
    for version in range(QUEUE_LENGTH + 5):
        live.spread({"v": version})
        next(quick)
    assert next(slow) == b'data: {"v":5}\n\n'


def test_a_silent_stream_beats_and_goes_on(monkeypatch):
    monkeypatch.setattr(sse, "HEARTBEAT_S", 0.0)
    live = _live()
    pictures = live.pictures([], None, lambda: True)
    next(pictures)
    assert next(pictures) == sse.HEARTBEAT
    live.spread({"campaign_id": 1})
    assert next(pictures) == b'data: {"campaign_id":1}\n\n'


def test_a_client_that_left_is_forgotten():
    live = _live()
    pictures = live.pictures([], None, lambda: True)
    next(pictures)
    pictures.close()
    assert live.queues == {}


def test_the_stream_ends_with_its_session():
    live = _live()
    pictures = live.pictures([], None, lambda: False)
    next(pictures)
    assert list(pictures) == []
