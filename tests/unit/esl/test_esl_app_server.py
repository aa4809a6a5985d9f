"""Calls handed over by the dialplan: taken with their events, bounded, never left in silence."""

import gevent
import pytest
from esl_peer import wait_until

from esl.app_server import EslAppServer
from esl.errors import CommandFailed, ConnectionLost, LossStage, ReplyTimeout
from esl.events import EslEvent
from esl.server import ServerConnection

LEG = {"Event-Name": "CHANNEL_DATA", "Unique-ID": "leg-1", "variable_sdp": "v=0\r\na: b"}


class Dialplan:
    """A leg whose `socket` application has connected to us."""

    def __init__(self, port, uuid="leg-1"):
        self.server = ServerConnection(session_uuid=uuid)
        self.sock = gevent.socket.create_connection(("127.0.0.1", port))
        self.requests = []
        self.mute = set()
        self.ended = False
        self.reader = gevent.spawn(self.read)

    def read(self):
        try:
            while data := self.sock.recv(65536):
                for request in self.server.receive_data(data):
                    self.requests.append(request)
                    self.answer(request)
        except OSError:
            pass
        self.ended = True

    def answer(self, request):
        if request.verb == "connect":
            self.sock.sendall(self.server.connect_reply(LEG))
        else:
            self.sock.sendall(self.server.command_reply("+OK"))
        app = request.headers.get("execute-app-name", "")
        if request.verb == "sendmsg" and app and app not in self.mute:
            self.complete(app, request.headers["event-uuid"])

    def complete(self, app, event_uuid):
        self.event("CHANNEL_EXECUTE_COMPLETE", Application=app, **{"Application-UUID": event_uuid})

    def event(self, name, **headers):
        event = EslEvent({"Event-Name": name, "Unique-ID": "leg-1", **headers})
        self.sock.sendall(self.server.event(event))

    def lines(self):
        return [f"{request.verb} {request.args}".strip() for request in self.requests]

    def close(self):
        self.reader.kill()
        self.sock.close()


@pytest.fixture
def serve():
    """Start a server for a handler and connect legs to it; all of it ends with the test."""
    started = []

    def start(handler, calls=1, **options):
        server = EslAppServer(handler, **options)
        server.start()
        legs = [Dialplan(server.port) for _ in range(calls)]
        started.append((server, legs))
        return (server, *legs)

    yield start
    for server, legs in started:
        server.stop(0.1)
        for leg in legs:
            leg.close()


def test_a_call_is_taken_over_with_its_events_and_lingers(serve):
    seen = []

    def handler(session):
        channel = session.connect()
        seen.append((session.uuid, channel.variable("sdp"), channel.get("Control")))

    _, leg = serve(handler)
    wait_until(lambda: seen and leg.ended)
    assert seen == [("leg-1", "v=0\r\na: b", "full")]
    assert leg.lines() == ["connect", "linger 5", "myevents"]


def test_an_application_is_waited_for_by_its_event_uuid(serve):
    seen = []

    def handler(session):
        session.connect()
        seen.append(session.execute("answer", deadline_s=1).get("Application"))
        seen.append(session.execute("playback", "a.wav", deadline_s=1).get("Application"))

    _, leg = serve(handler)
    wait_until(lambda: leg.ended)
    assert seen == ["answer", "playback"]
    uuids = [one.headers["event-uuid"] for one in leg.requests if one.verb == "sendmsg"]
    assert len(set(uuids)) == 2
    assert leg.requests[-1].headers["event-lock"] == "true"  # the leg runs one after the other


def test_another_runs_end_does_not_pass_for_ours(serve):
    seen = []

    def handler(session):
        session.connect()
        try:
            session.execute("playback", "a.wav", deadline_s=0.1)
        except ReplyTimeout as error:
            seen.append(error.stage)

    server = EslAppServer(handler)
    server.start()
    leg = Dialplan(server.port)
    leg.mute = {"playback"}
    wait_until(lambda: leg.lines()[-1:] == ["sendmsg"])
    leg.complete("playback", "someone-else")
    wait_until(lambda: seen)
    assert seen == [LossStage.ACCEPTED]
    leg.close()
    server.stop(0.1)


def test_a_call_that_goes_fails_the_application_as_accepted(serve):
    seen = []

    def handler(session):
        session.connect()
        try:
            session.execute("playback", "a.wav", deadline_s=5)
        except ConnectionLost as error:
            seen.append((error.stage, session.hung_up, session.closed))

    server = EslAppServer(handler)
    server.start()
    leg = Dialplan(server.port)
    leg.mute = {"playback"}
    wait_until(lambda: leg.lines()[-1:] == ["sendmsg"])
    leg.sock.sendall(leg.server.linger_notice("sofia/x", 5))
    leg.sock.sendall(leg.server.disconnect_notice())
    wait_until(lambda: seen)
    assert seen == [(LossStage.ACCEPTED, True, True)]
    leg.close()
    server.stop(0.1)


def test_events_are_taken_one_by_one_and_end_with_the_session(serve):
    seen = []

    def handler(session):
        session.connect(event_format="json", divert=True)
        while event := session.next_event(1):
            seen.append(event.get("DTMF-Digit"))
        with gevent.Timeout(1):
            seen.append(session.next_event(60))  # an ended session keeps nobody waiting

    _, leg = serve(handler)
    wait_until(lambda: leg.lines()[-1:] == ["divert_events on"])
    for digit in "123":
        leg.event("DTMF", **{"DTMF-Digit": digit})
    leg.sock.sendall(leg.server.disconnect_notice())
    wait_until(lambda: len(seen) == 4)
    assert seen == ["1", "2", "3", None]
    assert "myevents json" in leg.lines()


def test_waiting_for_an_event_ends_at_its_deadline(serve):
    seen = []
    serve(lambda session: seen.append(session.next_event(0.02)))
    wait_until(lambda: seen)
    assert seen == [None]


def test_events_nobody_takes_close_the_session(serve):
    def handler(session):
        session._event_limit = 10
        session.connect()
        wait_until(lambda: session.closed)

    server, leg = serve(handler)
    wait_until(lambda: "myevents" in leg.lines())
    with pytest.raises(OSError):
        for _ in range(2000):
            leg.event("DTMF")
            gevent.sleep(0)
    wait_until(lambda: not server.sessions)
    assert server.handler_errors == 0


def test_over_the_bound_a_call_is_closed_at_once(serve):
    server, first, second = serve(lambda session: session.next_event(5), 2, max_sessions=1)
    wait_until(lambda: first.ended or second.ended)
    assert (server.refused, len(server.sessions)) == (1, 1)


def test_a_failing_handler_is_counted_and_its_call_given_back(serve, caplog):
    def handler(session):
        session.connect()
        raise RuntimeError("broken application")

    server, leg = serve(handler)
    wait_until(lambda: leg.ended)
    assert (server.handler_errors, len(server.sessions)) == (1, 0)
    assert "broken application" in caplog.text


def test_a_refused_command_is_command_failed(serve):
    seen = []

    def handler(session):
        try:
            session.hangup()
        except CommandFailed as error:
            seen.append(error.reply)

    server = EslAppServer(handler)
    server.start()
    leg = Dialplan(server.port)
    leg.answer = lambda request: leg.sock.sendall(leg.server.command_reply("-ERR invalid"))
    wait_until(lambda: seen)
    assert seen == ["-ERR invalid"]
    leg.close()
    server.stop(0.1)


def test_stop_closes_every_session(serve):
    server, leg = serve(lambda session: session.next_event(5))
    wait_until(lambda: server.sessions)
    server.stop(1)
    wait_until(lambda: leg.ended)
    assert not server.sessions
