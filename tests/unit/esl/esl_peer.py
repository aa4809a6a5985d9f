"""A switch for the client's tests: real sockets, our own server side, faults on demand."""

import socket as std
import struct
from contextlib import contextmanager

import gevent
from gevent.event import Event
from gevent.server import StreamServer

from esl.backoff import Backoff
from esl.client import EslClient
from esl.errors import EslError
from esl.events import EslEvent
from esl.server import ServerConnection

PASSWORD = "ClueCon"


class PeerLink:
    """One client as the peer sees it."""

    def __init__(self, peer, sock):
        self.peer, self.sock = peer, sock
        self.server = ServerConnection()
        self.requests = []
        self.closed = Event()

    def lines(self):
        return [f"{request.verb} {request.args}".strip() for request in self.requests]

    def write(self, data):
        self.sock.sendall(data)

    def event(self, name, uuid="", body=None, **headers):
        fields = {"Event-Name": name}
        if uuid:
            fields["Unique-ID"] = uuid
        self.write(self.server.event(EslEvent({**fields, **headers}, body)))

    def reset(self):
        """End with RST, not FIN."""
        self.sock.setsockopt(std.SOL_SOCKET, std.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()

    def close(self):
        self.sock.close()

    def run(self):
        self.write(self.server.auth_request())
        while data := self.sock.recv(65536):
            for request in self.server.receive_data(data):
                self.requests.append(request)
                self.peer.answer(self, request)

    def goodbye(self):
        self.write(self.server.disconnect_notice())
        self.sock.close()


class Peer:
    """Listens; `answer` may be replaced, `on_accept` may take a connection over."""

    def __init__(self, *, answer=None, on_accept=None, family=std.AF_INET):
        self.links = []
        self.answers = answer
        self.on_accept = on_accept
        self.accepted = Event()
        host = "::1" if family == std.AF_INET6 else "127.0.0.1"
        self.host = host
        listener = gevent.socket.socket(family, std.SOCK_STREAM)
        listener.setsockopt(std.SOL_SOCKET, std.SO_REUSEADDR, 1)
        listener.bind((host, 0))
        listener.listen(50)
        self.server = StreamServer(listener, self.serve)
        self.server.start()
        self.port = self.server.server_port

    def serve(self, sock, address):
        link = PeerLink(self, sock)
        self.links.append(link)
        self.accepted.set()
        try:
            if self.on_accept is not None and self.on_accept(link, len(self.links)):
                return
            link.run()
        except (OSError, EslError):
            pass
        finally:
            link.closed.set()

    @property
    def link(self):
        return self.links[-1]

    def answer(self, link, request):
        if self.answers is not None and self.answers(link, request):
            return
        server = link.server
        match request.verb:
            case "auth":
                if request.args == PASSWORD:
                    link.write(server.accept_auth())
                else:
                    link.write(server.refuse_auth())
                    link.sock.close()
            case "api":
                link.write(server.api_response(request.args))
            case "bgapi":
                link.write(server.job_reply(request.headers["job-uuid"]))
            case "exit":
                link.write(server.command_reply("+OK bye"))
                link.goodbye()
            case "event" | "nixevent" | "noevents" | "filter":
                link.write(server.command_reply(server.subscriptions.apply(request)))
            case _:
                link.write(server.command_reply("+OK"))

    def stop(self):
        self.server.stop(timeout=0.1)
        for link in self.links:
            link.sock.close()


@contextmanager
def peer(**options):
    one = Peer(**options)
    try:
        yield one
    finally:
        one.stop()


@contextmanager
def connected(one, **options):
    client = make_client(one, **options)
    try:
        client.connect()
        yield client
    finally:
        client.stop()


def make_client(one, password=PASSWORD, **options):
    options.setdefault("reply_deadline_s", 2.0)
    options.setdefault("backoff", Backoff(first_s=0.01, cap_s=0.05, draw=lambda low, high: high))
    return EslClient(one.host, one.port, password, **options)


def wait_until(condition, deadline_s=3.0):
    """Let the hub run until the condition holds; fail the test when it does not."""
    with gevent.Timeout(deadline_s):
        while not condition():
            gevent.sleep(0.002)
