"""The cable between a dialer and its switch, which can be pulled out and put back."""

import contextlib
import socket
import threading
from collections.abc import Iterator


class Cable:
    """A relay on loopback: whoever connects to `address` reaches `target` while it is plugged."""

    def __init__(self, target: tuple[str, int]) -> None:
        self._target = target
        self._is_plugged = True
        self._ends: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._spawn(self._accept)

    @property
    def address(self) -> str:
        host, port = self._listener.getsockname()
        return f"{host}:{port}"

    @contextlib.contextmanager
    def pulled(self) -> Iterator[None]:
        """Nothing passes, and what was connected is cut; the switch's calls go on."""
        self._is_plugged = False
        self._cut()
        yield
        self._is_plugged = True

    def close(self) -> None:
        self._is_plugged = False
        _shut(self._listener)
        self._listener.close()
        self._cut()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                self._connect(near)

    def _connect(self, near: socket.socket) -> None:
        far = None
        if self._is_plugged:
            with contextlib.suppress(OSError):  # no switch there just now
                far = socket.create_connection(self._target)
        if far is None:
            near.close()
            return
        for end in (near, far):
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._ends.add(end)
        self._spawn(self._pass, near, far)
        self._spawn(self._pass, far, near)

    def _pass(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
        for end in (source, sink):
            _shut(end)
        self._ends.discard(source)
        source.close()

    def _cut(self) -> None:
        for end in list(self._ends):
            _shut(end)

    @staticmethod
    def _spawn(action: object, *arguments: object) -> None:
        threading.Thread(target=action, args=arguments, daemon=True).start()


def _shut(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
