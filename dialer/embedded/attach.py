"""Attach a process to the embedded servers of a folder, and let go of them again."""

import atexit
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dialer.embedded.holders import add_holder, drop_holder, locked
from dialer.embedded.postgres import start_postgres, stop_postgres
from dialer.embedded.redis import start_redis, stop_redis


class EmbeddedServers:
    """One process's hold on the servers. A URL is empty when that server was not asked for."""

    def __init__(self, folder: Path, postgres: tuple[str, Any] | None, redis_url: str) -> None:
        self.database_url = postgres[0] if postgres else ""
        self.redis_url = redis_url
        self._folder = folder
        self._postgres = postgres
        self._pid = os.getpid()
        self._is_held = True

    def stop(self) -> None:
        """Let go; the last holder stops the servers. Harmless when repeated or in a fork."""
        if not self._is_held or os.getpid() != self._pid:
            return
        self._is_held = False
        atexit.unregister(self.stop)
        if not self._folder.exists():
            return
        with locked(self._folder):
            if drop_holder(self._folder):
                self._stop_servers()

    def _stop_servers(self) -> None:
        if self.redis_url:
            stop_redis(self.redis_url)
        if self._postgres:
            stop_postgres(self._postgres[1])


def attach(
    var_dir: Path,
    *,
    with_postgres: bool = True,
    with_redis: bool = True,
    postgres_settings: Mapping[str, str] | None = None,
) -> EmbeddedServers:
    """Start the servers below `var_dir`, or join those that run; lets go at exit by itself."""
    var_dir.mkdir(parents=True, exist_ok=True)
    folder = var_dir.resolve()
    with locked(folder):
        postgres = start_postgres(folder / "postgres", postgres_settings) if with_postgres else None
        redis_url = start_redis(folder / "redis") if with_redis else ""
        add_holder(folder)
    servers = EmbeddedServers(folder, postgres, redis_url)
    atexit.register(servers.stop)
    return servers
