"""What every process needs before it starts: settings, and servers that answer.

Without DATABASE_URL or REDIS_URL the embedded PostgreSQL and Redis under `var/` are attached.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from dialer.bus import Bus
from dialer.bus.redis import connect
from dialer.config import Settings, read_settings
from dialer.embedded import attach
from dialer.store.session import SessionFactory, make_session_factory
from dialer.telemetry import configure_logging


@dataclass(frozen=True, slots=True)
class Services:
    """Settings, and the addresses that hold for this run."""

    settings: Settings
    database_url: str
    redis_url: str

    def sessions(self) -> SessionFactory:
        """A session factory on the database."""
        return make_session_factory(self.database_url)

    def bus(self) -> Bus:
        """A client of the bus."""
        return connect(self.redis_url)


@contextmanager
def services(process: str) -> Iterator[Services]:
    """Settings and running servers for the process of that name; lets go of them at the end."""
    settings = read_settings(os.environ)
    configure_logging(settings.log_level, process)
    if settings.database_url and settings.redis_url:
        yield Services(settings, settings.database_url, settings.redis_url)
        return
    embedded = attach(
        settings.var_dir,
        with_postgres=not settings.database_url,
        with_redis=not settings.redis_url,
    )
    try:
        yield Services(
            settings,
            settings.database_url or embedded.database_url,
            settings.redis_url or embedded.redis_url,
        )
    finally:
        embedded.stop()
