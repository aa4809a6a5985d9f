"""The listening process: orders come in by standard input, findings go out by standard output.

It ends with its input, so it never outlives the controller that started it. It is not a gevent
process. The folders that it is given hold nothing but its own taps, and are swept at the start.
"""

import logging
import os
import select
import signal
import sys
from pathlib import Path

from dialer.amd.batch import Batch
from dialer.model.errors import BadInput
from dialer.run.clocks import SystemClock
from dialer.run.ears.hearing import Hearing
from dialer.run.ears.words import Alive, Told, say, understand
from dialer.switch.taps import sweep
from dialer.telemetry import configure_logging

log = logging.getLogger("dialer.run.ears")

TICK_S = 0.04
"""Two frames together cost little more than one; who waits for the verdict waits 10 ms longer."""
ALIVE_EVERY_S = 1.0
_ORDERS, _FINDINGS = 0, 1
_PIECE = 64 * 1024


class Process:
    """Reads file descriptor `orders` and writes `findings`; both are pipes."""

    def __init__(self, orders: int = _ORDERS, findings: int = _FINDINGS) -> None:
        self._orders, self._findings = orders, findings
        self._clock = SystemClock()
        self._unread = b""
        self._hearing = Hearing(Batch(), self._tell)

    def run(self) -> None:
        """Listen until the orders end."""
        self._tell(Alive(0))
        tick_at = alive_at = self._clock.now().mono
        while True:
            if self._has_orders(tick_at) and not self._obey():
                break
            now = self._clock.now().mono
            if now >= tick_at:
                self._hearing.tick(now)
                tick_at = max(tick_at + TICK_S, now)  # a tick that is late is not made up for
            if now >= alive_at + ALIVE_EVERY_S:
                self._tell(Alive(len(self._hearing)))
                alive_at = now
        self._hearing.close()

    def _has_orders(self, tick_at: float) -> bool:
        """Wait for orders until the next tick is due."""
        wait_s = max(0.0, tick_at - self._clock.now().mono) if len(self._hearing) else ALIVE_EVERY_S
        return bool(select.select([self._orders], [], [], wait_s)[0])

    def _obey(self) -> bool:
        """Carry out the orders that have come; False when there will be no more."""
        piece = os.read(self._orders, _PIECE)
        *lines, self._unread = (self._unread + piece).split(b"\n")
        for line in lines:
            try:
                self._hearing.obey(understand(line))
            except BadInput as error:
                log.error("%s", error)
        return bool(piece)

    def _tell(self, word: Told) -> None:
        line = say(word)
        while line:
            line = line[os.write(self._findings, line) :]


def main() -> None:
    """`python -m dialer.run.ears.process FOLDER...`"""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the controller, whose end ends us
    configure_logging(os.environ.get("RELANCE_LOG_LEVEL", "INFO").upper(), "ears")
    for folder in sys.argv[1:]:
        if n_left := sweep(Path(folder)):
            log.warning("%d tap files of an earlier run removed", n_left)
    try:
        Process().run()
    except BrokenPipeError:
        log.warning("the controller is gone")


if __name__ == "__main__":
    main()
