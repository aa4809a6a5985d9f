"""The schema of a database: brought to the newest version, or compared with it."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import NullPool

MIGRATIONS = Path(__file__).parent / "migrations"
_UPGRADE_LOCK = 7_304_612
"""Advisory lock: processes that start together upgrade one after the other."""


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the database at `url` to `revision`; safe to call from several processes at once."""
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _UPGRADE_LOCK})
        command.upgrade(_config(connection), revision)


def current(url: str) -> str | None:
    """Revision of the database at `url`; None when it was never set up."""
    with create_engine(url, poolclass=NullPool).connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def head() -> str:
    """Newest revision that this release knows."""
    revision = ScriptDirectory.from_config(_config()).get_current_head()
    assert revision is not None, "the package holds no migration"
    return revision


def is_current(url: str) -> bool:
    """Whether the database is at the newest revision (`doctor` asks)."""
    return current(url) == head()


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
