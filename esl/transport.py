"""TCP sockets of gevent, set up for the event socket.  Knows no protocol."""

from __future__ import annotations

import contextlib
import socket as std

from gevent import socket

RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024
USER_TIMEOUT_MS = 10_000


def open_socket(host: str, port: int, timeout_s: float) -> socket.socket:
    """Connect over IPv6 or IPv4, trying each address of the name.  Raises OSError."""
    last: OSError = OSError(f"no address for {host}")
    for family, kind, proto, _, address in socket.getaddrinfo(host, port, 0, std.SOCK_STREAM):
        sock = socket.socket(family, kind, proto)
        try:
            # Before connect, for the window scale is agreed in the handshake.
            sock.setsockopt(std.SOL_SOCKET, std.SO_RCVBUF, RECEIVE_BUFFER_BYTES)
            sock.settimeout(timeout_s)
            sock.connect(address)
            sock.settimeout(None)
            tune(sock)
        except OSError as error:
            sock.close()
            last = error
        except BaseException:  # killed while it waits
            sock.close()
            raise
        else:
            return sock
    raise last


def tune(sock: socket.socket) -> None:
    """No delay for small commands; a dead peer is noticed in seconds, not in a quarter of an hour.

    TCP_USER_TIMEOUT bounds unacknowledged bytes, keep-alive a silent line.
    """
    sock.setsockopt(std.IPPROTO_TCP, std.TCP_NODELAY, 1)
    sock.setsockopt(std.SOL_SOCKET, std.SO_KEEPALIVE, 1)
    for name, value in (
        ("TCP_USER_TIMEOUT", USER_TIMEOUT_MS),
        ("TCP_KEEPIDLE", 10),
        ("TCP_KEEPINTVL", 3),
        ("TCP_KEEPCNT", 3),
    ):
        option = getattr(std, name, None)  # absent on some systems
        if option is not None:
            with contextlib.suppress(OSError):  # not TCP: a socket pair in tests
                sock.setsockopt(std.IPPROTO_TCP, option, value)


def close_socket(sock: socket.socket) -> None:
    """Close for both ends and wake whoever reads."""
    with contextlib.suppress(OSError):
        sock.shutdown(std.SHUT_RDWR)
    sock.close()
