"""What agents' screens are told, in order, by one greenlet.

In order is the point: a state that overtakes another leaves a screen (or a simulated agent) with
the wrong one for good. While Redis is away the notes wait.
"""

import logging

import gevent
from gevent.queue import Empty, Queue
from redis import RedisError

from dialer.bus import Bus
from dialer.model.commands import ScreenCommand

log = logging.getLogger(__name__)

BATCH = 200
RETRY_S = 0.5


class Screens:
    """`submit` never blocks; `run` sends for ever."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._queue: Queue[ScreenCommand] = Queue()

    def submit(self, note: ScreenCommand) -> None:
        """Queue a note for its agent's screen."""
        self._queue.put(note)

    def run(self) -> None:
        """Send batches in the order of submission."""
        while True:
            batch = self._batch()
            while not self._sent(batch):
                gevent.sleep(RETRY_S)

    def _batch(self) -> list[ScreenCommand]:
        batch = [self._queue.get()]
        while len(batch) < BATCH:
            try:
                batch.append(self._queue.get_nowait())
            except Empty:
                break
        return batch

    def _sent(self, batch: list[ScreenCommand]) -> bool:
        try:
            self._bus.show_agents(batch)
            return True
        except RedisError as error:
            log.warning("bus: %d notes for screens wait: %s", len(batch), error)
            return False
