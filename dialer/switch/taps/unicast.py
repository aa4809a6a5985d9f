"""The other tap: the switch sends each frame that it reads from the leg in a datagram.

For a listener that shares no folder with the switch. It works only while the leg is parked, so
there is no second look once an agent talks. A datagram holds samples and nothing else, neither a
sequence nor an identity: each leg has a port of its own. Whatever the length of its frames, the
switch sends one datagram for each, and none may be split.
"""

import socket
from contextlib import suppress

from dialer.switch.taps.reader import BYTES_PER_SAMPLE, MOST_BYTES, TapFault
from esl import escaping
from esl.commands import SendMsg

LARGEST_FRAME = 4096
"""Bytes; 60 ms at 8 kHz are 960."""
FRAMES_AT_ONCE = 64
_QUEUE_BYTES = 256 * 1024


def send(leg_id: str, host: str, port: int) -> SendMsg:
    """Have the switch send the parked leg's audio there; it ends when the leg leaves its park.

    Its own port is any free one: two legs could not share the default.
    """
    headers = {
        "call-command": "unicast",
        "local-ip": host,
        "local-port": "0",
        "remote-ip": host,
        "remote-port": str(port),
        "transport": "udp",
    }
    return SendMsg(escaping.uuid("leg", leg_id), headers)


class UnicastReader:
    """A port on loopback, open from the start, so that the first frame is not lost."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        self._socket: socket.socket | None = None
        self._n_read = 0
        try:
            self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            self._socket.setblocking(False)
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _QUEUE_BYTES)
            self._socket.bind((host, 0))
        except OSError as error:
            self.close()
            raise TapFault(f"tap port: {error.strerror}") from error

    @property
    def port(self) -> int:
        """Where the audio is awaited."""
        assert self._socket is not None
        return int(self._socket.getsockname()[1])

    def read(self) -> bytes:
        frames = []
        for _ in range(FRAMES_AT_ONCE):
            frame = self._receive()
            if frame is None:
                break
            frames.append(frame[: len(frame) - len(frame) % BYTES_PER_SAMPLE])
        piece = b"".join(frames)
        self._n_read += len(piece)
        if self._n_read > MOST_BYTES:
            raise TapFault(f"tap port: more than {MOST_BYTES} bytes")
        return piece

    def close(self) -> None:
        if self._socket is not None:
            with suppress(OSError):
                self._socket.close()
            self._socket = None

    def _receive(self) -> bytes | None:
        if self._socket is None:
            raise TapFault("tap port: closed")
        try:
            return self._socket.recv(LARGEST_FRAME)
        except BlockingIOError:
            return None
        except OSError as error:
            raise TapFault(f"tap port: {error.strerror}") from error
