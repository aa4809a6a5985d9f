"""Databases full of made-up rows, filled once and used by as many runs as wanted."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.pool import NullPool

from dialer.embedded import attach
from dialer.store import schema
from dialer.store.session import SessionFactory, make_session_factory

UNSAFE = {"fsync": "off", "full_page_writes": "off", "autovacuum": "off", "max_wal_size": "4GB"}
"""Nothing here is worth keeping; and no vacuum begins in the middle of a measurement."""
FILL_LIMIT_S = 7200.0
MEASURE_LIMIT_S = 600.0
POOL_SIZE = 8
Fill = Callable[[Connection], None]


class FilledServer:
    """A server of the benchmark's own."""

    def __init__(self, url: str) -> None:
        self._url = url

    @contextmanager
    def database(self, name: str, fill: Fill, *tables: str) -> Iterator[SessionFactory]:
        """The database `name`, filled by `fill` when it is not there yet. The indexes of `tables`
        are made after the rows: a tenth of the time."""
        with self._admin() as connection:
            known = connection.scalar(
                text("SELECT true FROM pg_database WHERE datname = :name"), {"name": name}
            )
        if not known:
            self._make(name, fill, tables)
        factory = make_session_factory(
            self._at(name), statement_limit_s=MEASURE_LIMIT_S, pool_size=POOL_SIZE
        )
        try:
            yield factory
        finally:
            factory.kw["bind"].dispose()

    def _make(self, name: str, fill: Fill, tables: tuple[str, ...]) -> None:
        """Under another name until it is whole."""
        half = f"{name}_half"
        with self._admin() as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS {half}"))
            connection.execute(text(f"CREATE DATABASE {half} TEMPLATE template0"))
        schema.upgrade(self._at(half))
        engine = create_engine(self._at(half), poolclass=NullPool)
        with engine.begin() as connection, _without_indexes(connection, tables):
            fill(connection)
        tidy(engine, *tables)
        with self._admin() as connection:
            connection.execute(text(f"ALTER DATABASE {half} RENAME TO {name}"))

    @contextmanager
    def _admin(self) -> Iterator[Connection]:
        engine = create_engine(self._url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            yield connection

    def _at(self, name: str) -> str:
        base, _, options = self._url.partition("?")
        return f"{base.rpartition('/')[0]}/{name}?{options}"


@contextmanager
def filled_server(folder: str) -> Iterator[FilledServer]:
    """A server below `folder`, which is kept; where none is given, one that goes with the block."""
    if folder:
        yield from _served(Path(folder))
        return
    with TemporaryDirectory(prefix="relance-benchmark-") as passing:
        yield from _served(Path(passing))


def _served(folder: Path) -> Iterator[FilledServer]:
    held = attach(folder, with_redis=False, postgres_settings=UNSAFE)
    try:
        yield FilledServer(held.database_url)
    finally:
        held.stop()


@contextmanager
def _without_indexes(connection: Connection, tables: tuple[str, ...]) -> Iterator[None]:
    connection.execute(text(
        f"SET LOCAL statement_timeout = '{FILL_LIMIT_S:.0f}s';"
        " SET LOCAL session_replication_role = replica; SET LOCAL maintenance_work_mem = '1GB'"
    ))  # fmt: skip
    found = connection.execute(
        text(
            "SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS sql"
            " FROM pg_index WHERE indrelid = ANY(CAST(:tables AS regclass[])) AND NOT indisprimary"
        ),
        {"tables": list(tables)},
    ).all()
    for index in found:
        connection.execute(text(f"DROP INDEX {index.name}"))
    yield
    for index in found:
        connection.exec_driver_sql(index.sql)


def tidy(engine: Engine, *tables: str) -> None:
    """Statistics, and no dead rows."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in tables:
            connection.execute(text(f"VACUUM ANALYZE {table}"))


def server_cpu_s(factory: SessionFactory) -> float:
    """CPU seconds of the server's processes that work for this database, so far."""
    with factory.kw["bind"].connect() as connection:
        pids = connection.scalars(text(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
        )).all()  # fmt: skip
    return sum(sum(psutil.Process(pid).cpu_times()[:2]) for pid in pids)
