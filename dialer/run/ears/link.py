"""The controller's line to the listening process: starts it, watches it, passes words both ways.

Theory of operation. Orders are queued and written by one greenlet; findings are read by another and
emitted as events. The process is given up when its output ends, when it says nothing for a while,
or when it does not take its orders; each leg that it owed a finding is then UNSURE, and it is
started again after a pause that grows. While there is none, every answer is UNSURE at once.
"""

import logging
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import gevent
from gevent.os import make_nonblocking, nb_read, nb_write
from gevent.queue import Queue
from gevent.subprocess import Popen

from dialer.model.amd import AmdProfile, Cause, Verdict
from dialer.model.errors import BadInput
from dialer.model.events import (
    LegAwaitsMessage,
    LegScreened,
    ListenerReady,
    ListenerStarts,
    SwitchEvent,
)
from dialer.model.ids import LegId
from dialer.policy.screening import LISTENER_PATIENCE_S
from dialer.run.ears.words import (
    Alive,
    Forget,
    Heedless,
    Listen,
    ListenEarly,
    Order,
    PortOpen,
    say,
    understand,
)
from dialer.switch.tapping import Tapping
from dialer.switch.taps.recorded import make_folder

log = logging.getLogger(__name__)

START_LIMIT_S = 30.0
"""A start with its imports takes a second, and many on a machine that is busy."""
SILENCE_LIMIT_S = 10.0
"""Said nothing for so long, it hangs."""
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.2, 10.0
MOST_ORDERS = 10_000
END_LIMIT_S = 2.0
_PIECE = 64 * 1024


class EarsLink:
    """`folders`: where taps are recorded, its own alone. `emit` takes events for the engine."""

    def __init__(
        self,
        folders: Sequence[Path],
        emit: Callable[[SwitchEvent], None],
        command: Sequence[str] = (sys.executable, "-m", "dialer.run.ears.process"),
    ) -> None:
        self.n_starts = 0
        self.is_up = False
        self._folders = folders
        self._emit = emit
        self._command = [*command, *map(str, folders)]
        self._orders: Queue[bytes] = Queue()
        self._legs: dict[LegId, Tapping] = {}
        """Whom the process listens to, and whose tap that is."""
        self._undecided: set[LegId] = set()
        self._heard_anything = False
        self._process: Popen[bytes] | None = None
        self._keeper: gevent.Greenlet[[], None] | None = None
        self._patience: gevent.Greenlet[[], None] | None = None

    # --- the taps' side -------------------------------------------------------------------------

    def listen(self, leg_id: LegId, profile: AmdProfile, path: str, tapping: Tapping) -> None:
        """The leg has been answered."""
        if not self.is_up:
            self._legs.pop(leg_id, None)
            self._emit(_nobody(leg_id))
            tapping.heedless(leg_id)
            return
        self._legs[leg_id] = tapping
        self._undecided.add(leg_id)
        self._order(Listen(leg_id, profile, path))

    def listen_early(self, leg_id: LegId, path: str, tapping: Tapping) -> None:
        """The leg brings sound before its answer."""
        if self.is_up:
            self._legs[leg_id] = tapping
            self._order(ListenEarly(leg_id, path))

    def forget(self, leg_id: LegId) -> None:
        """The leg is gone."""
        self._undecided.discard(leg_id)
        if self._legs.pop(leg_id, None) is not None and self.is_up:
            self._order(Forget(leg_id))

    # --- life -----------------------------------------------------------------------------------

    def wake(self) -> None:
        """Have a listening process, in the background, until `stop`. Those who dial are told that
        it starts and that it is there; when it does not come up, that is logged once."""
        if self._keeper is not None:
            return
        self._emit(ListenerStarts())
        for folder in self._folders:
            try:
                make_folder(folder)
            except OSError as error:
                log.error("tap folder %s: %s", folder, error.strerror)
        self._keeper = gevent.spawn(self._keep)
        self._patience = gevent.spawn_later(LISTENER_PATIENCE_S, self._say_late)

    def stop(self) -> None:
        """End the process; nobody is listened to any more."""
        for greenlet in (self._keeper, self._patience):
            if greenlet is not None:
                greenlet.kill()
        self._keeper = self._patience = None
        self._end_process()

    def _say_late(self) -> None:
        if not self.is_up:
            log.warning("listener: not up in time: answers are UNSURE until it is")

    def _keep(self) -> None:
        pause_s = FIRST_PAUSE_S
        while True:
            began_with = self.n_starts
            try:
                self._serve()
            except OSError as error:
                log.error("listener: %s", error)
            pause_s = FIRST_PAUSE_S if self._heard_anything else min(pause_s * 2, LONGEST_PAUSE_S)
            log.warning("listener %d ended; again in %.1f s", began_with + 1, pause_s)
            gevent.sleep(pause_s)

    def _serve(self) -> None:
        """One process, from its start to its end."""
        self.n_starts += 1
        self._heard_anything = False
        orders_out, orders_in = os.pipe()
        findings_out, findings_in = os.pipe()
        make_nonblocking(orders_in)
        make_nonblocking(findings_out)
        writer = None
        try:
            self._process = Popen(self._command, stdin=orders_out, stdout=findings_in)
            os.close(orders_out)
            os.close(findings_in)
            self._orders = Queue()
            writer = gevent.spawn(self._write, orders_in)
            self._read(findings_out)
        finally:
            self._lose()
            if writer is not None:
                writer.kill()
            os.close(orders_in)
            os.close(findings_out)
            self._end_process()

    def _lose(self) -> None:
        """The process is gone: what it owed is told in its place."""
        self.is_up = False
        owed, undecided = self._legs, self._undecided
        self._legs, self._undecided = {}, set()
        for leg_id, tapping in owed.items():
            tapping.heedless(leg_id)
            if leg_id in undecided:
                self._emit(_nobody(leg_id))
            else:
                self._emit(LegAwaitsMessage(leg_id, may_speak=False))

    def _end_process(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        with suppress(ProcessLookupError):
            process.terminate()
        if process.wait(END_LIMIT_S) is None:
            process.kill()
            process.wait(END_LIMIT_S)

    # --- words ----------------------------------------------------------------------------------

    def _order(self, order: Order) -> None:
        if self._orders.qsize() < MOST_ORDERS:  # it hangs, and will be given up for it
            self._orders.put(say(order))

    def _write(self, fd: int) -> None:
        with suppress(OSError):  # the reader finds out that it is gone
            while True:
                line = self._orders.get()
                while line:
                    line = line[nb_write(fd, line) :]

    def _read(self, fd: int) -> None:
        unread = b""
        while True:
            piece = _next_piece(fd, SILENCE_LIMIT_S if self.is_up else START_LIMIT_S)
            if not piece:
                return
            *lines, unread = (unread + piece).split(b"\n")
            for line in lines:
                self._hear(line)

    def _hear(self, line: bytes) -> None:
        try:
            word = understand(line)
        except BadInput as error:
            log.error("%s", error)
            return
        match word:
            case Alive():
                self._be_up()
            case PortOpen(leg_id, port):
                if (tapping := self._legs.get(leg_id)) is not None:
                    tapping.port_open(leg_id, port)
            case Heedless(leg_id):
                if (tapping := self._legs.pop(leg_id, None)) is not None:
                    tapping.heedless(leg_id)
            case _:
                if isinstance(word, LegScreened):
                    self._undecided.discard(word.leg_id)
                self._emit(word)

    def _be_up(self) -> None:
        if not self.is_up:
            self.is_up = self._heard_anything = True
            self._emit(ListenerReady())


def _next_piece(fd: int, limit_s: float) -> bytes:
    """What the process said, nothing when it ended or has been silent for too long."""
    limit = gevent.Timeout.start_new(limit_s)
    try:
        return nb_read(fd, _PIECE)
    except gevent.Timeout as late:
        if late is not limit:
            raise
        log.error("listener: silent for %.0f s", limit_s)
        return b""
    finally:
        limit.close()


def _nobody(leg_id: LegId) -> LegScreened:
    return LegScreened(leg_id, Verdict.UNSURE, Cause.NO_LISTENER)
