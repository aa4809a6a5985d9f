"""Engines and sessions on PostgreSQL, with a limit on everything that could wait for ever.

The same code runs in gevent processes (psycogreen, patched by the entry point) and in plain
workers; nothing here knows which.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session, sessionmaker

SessionFactory = sessionmaker[Session]

STATEMENT_LIMIT_S = 30.0
"""A query of the dialer or a screen that takes longer is a fault."""
IDLE_LIMIT_S = 60.0
"""A transaction left open longer is cut: it would hold back vacuum and schema changes."""
CONNECT_LIMIT_S = 10


def make_engine(
    url: str, *, statement_limit_s: float = STATEMENT_LIMIT_S, pool_size: int = 10
) -> Engine:
    """An engine for `url` (postgresql+psycopg2://). Imports pass a larger `statement_limit_s`."""
    return create_engine(
        url,
        pool_pre_ping=True,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=CONNECT_LIMIT_S,
        connect_args={
            "connect_timeout": CONNECT_LIMIT_S,
            "application_name": "relance",
            "options": _options(statement_limit_s),
        },
    )


def make_session_factory(
    url: str, *, statement_limit_s: float = STATEMENT_LIMIT_S, pool_size: int = 10
) -> SessionFactory:
    """Sessions whose objects stay readable after commit."""
    engine = make_engine(url, statement_limit_s=statement_limit_s, pool_size=pool_size)
    return sessionmaker(engine, expire_on_commit=False)


@contextmanager
def transaction(factory: SessionFactory) -> Iterator[Session]:
    """One session and one transaction: committed at the end, rolled back when anything raises."""
    with factory() as session, session.begin():
        yield session


def _options(statement_limit_s: float) -> str:
    return (
        f"-c statement_timeout={round(statement_limit_s * 1000)}"
        f" -c idle_in_transaction_session_timeout={round(IDLE_LIMIT_S * 1000)}"
        " -c timezone=UTC"
    )
