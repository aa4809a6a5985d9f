"""The wire face on TCP: many clients, real time, and the only gevent in `dialer.sim`.

Theory of operation. One reader and one writer greenlet per client, and one timer greenlet that
sleeps until the switch's next deadline. All of them call the switch between two switches of
greenlet, so it needs no lock. A client that does not read is cut off once its backlog passes a
bound; FreeSWITCH would freeze every client instead, which is no use in a test.
"""

import logging
from typing import Protocol

import gevent
from gevent.event import Event
from gevent.server import StreamServer
from gevent.socket import socket

from dialer.model.moment import Moment
from dialer.sim.wire import Client, WireSwitch
from esl.transport import tune

log = logging.getLogger(__name__)

BACKLOG_LIMIT_BYTES = 32 * 1024 * 1024
_READ_BYTES = 64 * 1024
_LONGEST_SLEEP_S = 1.0
_LAST_WORDS_S = 2.0
"""How long a closing client may take to read its goodbye."""


class Clock(Protocol):
    """Gives the time; `dialer.run.clocks` has the real one."""

    def now(self) -> Moment: ...


class _Link:
    """One client's socket, and what its writer waits for."""

    def __init__(self, sock: socket, client: Client) -> None:
        self.sock = sock
        self.client = client
        self.has_news = Event()
        self.is_sending = False

    @property
    def is_stuck(self) -> bool:
        """The client does not read, and too much waits for it."""
        return self.is_sending and sum(map(len, self.client.outbox)) > BACKLOG_LIMIT_BYTES

    def nudge(self) -> None:
        if self.client.outbox or self.client.is_closing:
            self.has_news.set()


class SwitchServer:
    """Serves one WireSwitch. `address`: host and port, 0 for any free one.

    `speed`: simulated seconds per real second.
    """

    def __init__(
        self, address: tuple[str, int], switch: WireSwitch, clock: Clock, *, speed: float = 1.0
    ) -> None:
        if speed <= 0:
            raise ValueError("speed must be above 0")
        self.switch = switch
        self._clock = clock
        self._speed = speed
        self._started = clock.now()
        self._anchor = switch.switch.started
        self._links: dict[Client, _Link] = {}
        self._woken = Event()
        self._stopped = Event()
        self._sleeps_until = 0.0
        self._timer: gevent.Greenlet[[], None] | None = None
        self._listener = StreamServer(address, self._on_client)

    @property
    def port(self) -> int:
        """The port that is listened on, once started."""
        return self._listener.server_port or 0

    def start(self) -> None:
        """Listen and let time run, in the background."""
        self._listener.start()
        self._timer = gevent.spawn(self._run_timer)

    def stop(self) -> None:
        """Close every connection and stop listening."""
        if self._timer is not None:
            self._timer.kill()
            self._timer = None
        for client in list(self._links):
            self.switch.disconnect(client)
        self._nudge_all()
        self._listener.stop(timeout=_LAST_WORDS_S)
        self._stopped.set()

    def serve_forever(self) -> None:
        """Start, and block until `stop`."""
        self.start()
        self._stopped.wait()

    def now(self) -> Moment:
        """The simulated time."""
        passed_s = self._clock.now().mono - self._started.mono
        return self._anchor.plus(passed_s * self._speed)

    def restart_switch(self) -> None:
        """Fault: the switch dies and comes back; every client is disconnected."""
        self.switch.restart(self.now())
        self._nudge_all()

    def drop_leg(self, leg_id: str, cause: str = "NORMAL_TEMPORARY_FAILURE") -> None:
        """Fault: a phone loses its network."""
        self.switch.drop_leg(leg_id, self.now(), cause)
        self._nudge_all()

    # --- time -----------------------------------------------------------------------------------

    def _run_timer(self) -> None:
        while True:
            now = self.now()
            self.switch.expire(now)
            self._nudge_all()
            due = self.switch.next_deadline()
            sleep_s = _LONGEST_SLEEP_S
            if due is not None:
                sleep_s = min(sleep_s, max(0.0, (due - now.mono) / self._speed))
            self._sleeps_until = now.mono + sleep_s * self._speed
            self._woken.clear()
            self._woken.wait(sleep_s)

    def _nudge_all(self) -> None:
        for link in list(self._links.values()):
            link.nudge()
            if link.is_stuck:
                self._cut_off(link)
        due = self.switch.next_deadline()
        if due is not None and due < self._sleeps_until:
            self._woken.set()

    # --- clients --------------------------------------------------------------------------------

    def _on_client(self, sock: socket, address: object) -> None:
        tune(sock)  # no delay for small answers, as FreeSWITCH has it
        client = self.switch.connect()
        link = self._links[client] = _Link(sock, client)
        writer = gevent.spawn(self._write, link)
        link.nudge()
        try:
            self._read(link)
        finally:
            self.switch.disconnect(client)
            link.nudge()
            writer.join(_LAST_WORDS_S)
            writer.kill()
            del self._links[client]
            sock.close()

    def _read(self, link: _Link) -> None:
        """Until the client or we close."""
        while not link.client.is_closing:
            try:
                data = link.sock.recv(_READ_BYTES)
            except OSError:
                return
            if not data:
                return
            self.switch.handle(link.client, data, self.now())
            self._nudge_all()

    def _write(self, link: _Link) -> None:
        """Write the outbox as it fills; end the socket when the client is done."""
        try:
            while not (link.client.is_closing and not link.client.outbox):
                link.has_news.wait()
                link.has_news.clear()
                self._send(link)
            link.sock.shutdown(2)
        except OSError:
            return

    def _send(self, link: _Link) -> None:
        """One batch. While it blocks, the outbox grows up to the bound."""
        data = link.client.take()
        if not data:
            return
        link.is_sending = True
        try:
            link.sock.sendall(data)
        finally:
            link.is_sending = False

    def _cut_off(self, link: _Link) -> None:
        log.warning("client cut off: it does not read (%d bytes wait)", BACKLOG_LIMIT_BYTES)
        self.switch.disconnect(link.client)
        link.client.outbox.clear()
        link.sock.shutdown(2)


def serve(
    address: tuple[str, int], switch: WireSwitch, clock: Clock, *, speed: float = 1.0
) -> None:
    """Serve `switch` until killed."""
    SwitchServer(address, switch, clock, speed=speed).serve_forever()
