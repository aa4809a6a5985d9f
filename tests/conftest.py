"""What all tests share: their order, and the real PostgreSQL and Redis of the wheels, one pair for
the whole run."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from argon2 import PasswordHasher
from redis import Redis
from sqlalchemy import text

from dialer.embedded import EmbeddedServers, attach
from dialer.store import schema, users
from dialer.store.session import SessionFactory, make_session_factory
from dialer.store.tables import Base

EMPTY_ALL = """
CREATE FUNCTION empty_all() RETURNS void LANGUAGE plpgsql
SET session_replication_role = replica AS $$ BEGIN
    DELETES
    PERFORM setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
    FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL;
END $$
"""
"""A fifteenth of the time of TRUNCATE, which makes new files for every table and index. References
are not looked at meanwhile, since all tables are emptied."""
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
LONGEST = ("e2e", "web/browser", "property", "unit/run", "unit/switch", "unit/benchmarks")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first, or a worker would end with one of them while the others are idle."""
    here = Path(__file__).parent
    places = {here / folder: place for place, folder in enumerate(LONGEST)}

    def place(item: pytest.Item) -> int:
        return min(places.get(parent, len(places)) for parent in item.path.parents)

    items.sort(key=place)


@pytest.fixture(scope="session")
def servers():
    # Not below pytest's own folder: each new run of pytest closes that to other users, and the
    # server of a test started as root is another user.
    with TemporaryDirectory(prefix="relance-test-") as folder:
        held = attach(Path(folder), postgres_settings=FAST)
        yield held
        held.stop()


@pytest.fixture(scope="session")
def database_url(servers: EmbeddedServers) -> str:
    """A PostgreSQL database at the newest schema. Use `session_factory` for an empty one."""
    schema.upgrade(servers.database_url)
    return servers.database_url


@pytest.fixture(scope="session")
def _factory(database_url: str):
    factory = make_session_factory(database_url)
    with factory.begin() as session:
        deletes = "".join(f"DELETE FROM {table};" for table in Base.metadata.tables)
        session.execute(text(EMPTY_ALL.replace("DELETES", deletes)))
    yield factory
    factory.kw["bind"].dispose()


@pytest.fixture
def session_factory(_factory: SessionFactory) -> SessionFactory:
    """Sessions on a database whose tables are all empty and whose identities start at 1."""
    with _factory.begin() as session:
        session.execute(text("SELECT empty_all()"))
    return _factory


@pytest.fixture
def session(session_factory: SessionFactory):
    """One session on the emptied database; rolled back at the end unless the test commits."""
    with session_factory() as opened:
        yield opened


@pytest.fixture
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each login costs what it must cost a thief; tests log in a thousand times."""
    monkeypatch.setattr(users, "_hasher", QUICK)


@pytest.fixture
def redis_url(servers: EmbeddedServers) -> str:
    """An empty Redis."""
    with Redis.from_url(servers.redis_url) as client:
        client.flushall()
    return servers.redis_url
