"""The wire face: the same core behind the event socket, bytes in and bytes out, no sockets.

Theory of operation. Each client is an `esl.ServerConnection` with an outbox. A command's answer
is written before the events that it causes reach that client, as on FreeSWITCH, where one thread
answers and then drains the event queue; other clients may see them first. `api originate` blocks
its connection until it is answered: later commands and all events of that client wait.
An event that nobody subscribed to is never rendered.
"""

from collections import deque
from collections.abc import Callable, Mapping

from dialer.model.moment import Moment
from dialer.sim import happenings as ev
from dialer.sim import node, portrait
from dialer.sim.api import Api
from dialer.sim.dialing import Limits
from dialer.sim.endpoints import Addresses
from dialer.sim.legs import Leg
from dialer.sim.messages import SessionCommands
from dialer.sim.population import Population
from dialer.sim.switch import NOTICE_S, Switch
from esl.errors import FrameError
from esl.events import EslEvent
from esl.messages import Request
from esl.server import ServerConnection
from esl.states import ServerState

_SUBSCRIBING = frozenset({"event", "nixevent", "noevents", "filter"})
_REPLIES: dict[str, str] = {
    "linger": "-ERR not controlling a session",
    "nolinger": "-ERR not controlling a session",
    "divert_events": "-ERR not controlling a session.",
    "nolog": "+OK no longer logging",
}
NOT_FOUND = "-ERR command not found"


class Client:
    """One connection: its protocol, what is to be written, and what waits meanwhile."""

    def __init__(self) -> None:
        self.connection = ServerConnection()
        self.outbox: list[bytes] = []
        self.held: list[bytes] = []
        """Events that wait for the answer to the command in hand."""
        self.is_answering = False
        self.is_blocked = False
        """`api originate` has not been answered yet."""
        self.waiting: deque[Request] = deque()
        self.is_closing = False
        """Close the socket once the outbox is written."""

    def say(self, data: bytes) -> None:
        self.outbox.append(data)

    def tell(self, data: bytes) -> None:
        """An event: behind the answer that is being made."""
        (self.held if self.is_answering or self.is_blocked else self.outbox).append(data)

    def release(self) -> None:
        """The answer is written: what it held back may go."""
        if not self.is_blocked:
            self.is_answering = False
            self.outbox += self.held
            self.held = []

    def take(self) -> bytes:
        """Bytes to write now; none are kept."""
        data = b"".join(self.outbox)
        self.outbox = []
        return data

    @property
    def is_ready(self) -> bool:
        return self.connection.state is ServerState.READY

    def hears(self, name: str) -> bool:
        """Whether events of that name may interest this client; filters come later."""
        names = self.connection.subscriptions.names
        return self.is_ready and (name in names or "ALL" in names)


class WireSwitch:
    """One simulated node behind the event socket."""

    def __init__(
        self,
        population: Population,
        now: Moment,
        password: str,
        *,
        limits: Limits | None = None,
        addresses: Addresses | None = None,
        notice_s: float = NOTICE_S,
    ) -> None:
        self._password = password
        self._n_events = 0
        self.clients: list[Client] = []
        self.is_silent = False
        """Fault: clients stay connected and hear nothing."""
        self.switch = Switch(population, now, self._hear, limits=limits, notice_s=notice_s)
        self._api = Api(
            self.switch, self._dump, addresses if addresses is not None else Addresses()
        )
        self._sessions = SessionCommands(self.switch, self._api.mint)
        self.switch.exchange.on_answer.append(self._on_answer)

    # --- driving --------------------------------------------------------------------------------

    def connect(self) -> Client:
        """A client connects; its greeting is in the outbox."""
        client = Client()
        client.say(client.connection.auth_request())
        self.clients.append(client)
        return client

    def handle(self, client: Client, data: bytes, now: Moment) -> None:
        """Bytes from a client: answers and events go to the outboxes."""
        self.switch.set_time(now)
        try:
            client.waiting += client.connection.receive_data(data)
        except FrameError:
            self._close(client)
            return
        self._serve(client)

    def disconnect(self, client: Client) -> None:
        """The client's stream ended, for whatever reason."""
        if client in self.clients:
            self.clients.remove(client)
        client.connection.receive_end()
        client.is_closing = True

    def expire(self, now: Moment) -> None:
        """What happens by itself up to `now`."""
        self.switch.expire(now)
        for client in list(self.clients):
            self._serve(client)

    def next_deadline(self) -> float | None:
        """Monotonic second of the next thing that happens by itself."""
        return self.switch.next_deadline()

    # --- faults, for tests ----------------------------------------------------------------------

    def drop_leg(self, leg_id: str, now: Moment, cause: str = "NORMAL_TEMPORARY_FAILURE") -> None:
        """A phone loses its network."""
        self.switch.set_time(now)
        self.switch.drop_leg(leg_id, cause)
        self.switch.settle()

    def restart(self, now: Moment) -> None:
        """The process dies and comes back: connections and legs are gone, Core-UUID is new."""
        self.switch.set_time(now)
        for client in list(self.clients):
            self.disconnect(client)
        self.switch.restart()

    # --- requests -------------------------------------------------------------------------------

    def _serve(self, client: Client) -> None:
        """Carry out waiting requests up to one that blocks."""
        while client.waiting and not client.is_blocked and not client.is_closing:
            client.is_answering = True
            self._answer(client, client.waiting.popleft())
            client.release()
            self.switch.settle()

    def _answer(self, client: Client, request: Request) -> None:
        if not client.is_ready:
            self._authenticate(client, request)
        elif request.verb == "api" and request.args:
            self._answer_api(client, request.args)
        elif request.verb == "bgapi" and request.args:
            job_uuid = request.headers.get("job-uuid") or self._api.mint()
            client.say(client.connection.job_reply(job_uuid))
            client.release()
            self._run_job(job_uuid, request.args)
        elif request.verb in _SUBSCRIBING and (request.args or request.verb != "filter"):
            client.say(client.connection.command_reply(self._subscribe(client, request)))
        elif request.verb.startswith("exit") or request.verb.startswith("..."):
            client.say(client.connection.command_reply("+OK bye"))
            self._close(client)
        else:
            client.say(client.connection.command_reply(self._other(request)))

    def _authenticate(self, client: Client, request: Request) -> None:
        if request.verb != "auth":
            client.say(client.connection.command_reply(NOT_FOUND))
        elif request.args == self._password:
            client.say(client.connection.accept_auth())
        else:
            client.say(client.connection.refuse_auth())
            self._forget(client)

    def _subscribe(self, client: Client, request: Request) -> str:
        return client.connection.subscriptions.apply(request)

    def _other(self, request: Request) -> str:
        if request.verb == "sendmsg":
            return self._sessions.sendmsg(request)
        if request.verb == "sendevent":
            return self._send_event(request)
        if request.verb == "log":
            return f"+OK log level {request.args or 'DEBUG'} [{request.args or '7'}]"
        return _REPLIES.get(request.verb, NOT_FOUND)

    def _send_event(self, request: Request) -> str:
        """An event made by a client goes to every subscriber."""
        name = request.args.split()[0].upper() if request.args else "COMMAND"
        uuid = self._api.mint()
        own = {_title(key): value for key, value in request.headers.items()}
        own.pop("Content-Length", None)
        body = request.body.decode("utf-8", "replace") if request.body else None
        self._publish(name, lambda head: head | {"Command": "sendevent " + name} | own, body)
        return f"+OK {uuid}"

    def _close(self, client: Client) -> None:
        client.say(client.connection.disconnect_notice())
        self._forget(client)

    def _forget(self, client: Client) -> None:
        client.is_closing = True
        client.held.clear()
        if client in self.clients:
            self.clients.remove(client)

    # --- api ------------------------------------------------------------------------------------

    def _answer_api(self, client: Client, line: str) -> None:
        verb, _, args = line.partition(" ")
        if verb == "bgapi" and args:
            self._answer_nested_job(client, args)
            return

        def done(answer: str) -> None:
            client.is_blocked = False
            if client.is_ready:
                client.say(client.connection.api_response(answer))
            client.release()

        answer = self._api.run(line, done)
        if answer is None:
            client.is_blocked = True
        else:
            client.say(client.connection.api_response(answer))

    def _answer_nested_job(self, client: Client, args: str) -> None:
        """`api bgapi uuid:<job> command`: the variant of mod_commands, ten times faster there."""
        job_uuid = ""
        if args.startswith("uuid:"):
            job_uuid, _, args = args.removeprefix("uuid:").partition(" ")
        job_uuid = job_uuid or self._api.mint()
        client.say(client.connection.api_response(f"+OK Job-UUID: {job_uuid}\n"))
        client.release()
        self._run_job(job_uuid, args)

    def _run_job(self, job_uuid: str, line: str) -> None:
        verb, _, args = line.strip().partition(" ")
        own = {"Job-UUID": job_uuid, "Job-Command": verb}
        if args:
            own["Job-Command-Arg"] = args.strip()

        def done(answer: str) -> None:
            self._publish(ev.BACKGROUND_JOB, lambda head: head | own, answer)

        answer = self._api.run(line, done)
        if answer is not None:
            done(answer)

    # --- events ---------------------------------------------------------------------------------

    def _hear(self, name: str, leg: Leg | None, own: Mapping[str, str]) -> None:
        """A happening of the core. Rendered only for those who want it."""
        if leg is None:
            self._publish(name, lambda head: head | node.heartbeat(self.switch))
        else:
            now = self.switch.exchange.now
            self._publish(name, lambda head: portrait.leg_event(name, head, leg, own, now))

    def _publish(
        self,
        name: str,
        make: Callable[[dict[str, str]], dict[str, str]],
        body: str | None = None,
    ) -> None:
        self._n_events += 1
        if self.is_silent:
            return
        listeners = [client for client in self.clients if client.hears(name)]
        if not listeners:
            return
        event = EslEvent(make(self._head(name)), body)
        rendered: dict[str, bytes] = {}
        for client in listeners:
            data = client.connection.publish(event, rendered)
            if data:
                client.tell(data)

    def _head(self, name: str) -> dict[str, str]:
        utc = self.switch.exchange.now.utc
        return portrait.event_head(name, self.switch.core_uuid, utc, self._n_events)

    def _dump(self, leg: Leg) -> dict[str, str]:
        """CHANNEL_DATA, what uuid_dump shows."""
        self._n_events += 1
        now = self.switch.exchange.now
        return portrait.leg_event("CHANNEL_DATA", self._head("CHANNEL_DATA"), leg, {}, now)

    def _on_answer(self, leg: Leg) -> None:
        """What the switch itself runs at the moment of the answer: a command, an application."""
        line = leg.order.variables.get("api_on_answer", "")
        if line:
            self._api.run(line, lambda _: None)
        app, _, data = leg.order.variables.get("execute_on_answer", "").partition(" ")
        if app:
            self._sessions.execute(leg, app, data)


def _title(name: str) -> str:
    return "-".join(word.capitalize() for word in name.split("-"))
