"""Sessions: bounded, whole or nothing, and yielding when the process is green."""

import subprocess
import sys

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError
from store_facts import agent

from dialer.store.session import make_session_factory, transaction
from dialer.store.tables import User

GREEN = """
from gevent import monkey; monkey.patch_all()
from psycogreen.gevent import patch_psycopg; patch_psycopg()
import sys, time, gevent
from sqlalchemy import text
from dialer.store.session import make_session_factory, transaction
factory = make_session_factory(sys.argv[1])
def wait():
    with transaction(factory) as session:
        session.execute(text("SELECT pg_sleep(0.3)"))
wait()
start = time.monotonic()
gevent.joinall([gevent.spawn(wait) for _ in range(8)], raise_error=True)
print(time.monotonic() - start)
"""


def test_long_statement_is_cut(database_url):
    factory = make_session_factory(database_url, statement_limit_s=0.1)
    with (
        pytest.raises(OperationalError, match="statement timeout"),
        transaction(factory) as session,
    ):
        session.execute(text("SELECT pg_sleep(5)"))
    factory.kw["bind"].dispose()


def test_transaction_is_whole_or_nothing(session_factory):
    with pytest.raises(RuntimeError), transaction(session_factory) as session:
        session.add(agent("awa"))
        session.flush()
        raise RuntimeError
    with transaction(session_factory) as session:
        assert session.scalar(select(User)) is None
        session.add(agent("bio"))
    with session_factory() as session:
        assert session.scalars(select(User)).one().login == "bio"


def test_pool_survives_a_server_that_cut_its_connections(session_factory, database_url):
    with transaction(session_factory) as session:
        pid = session.scalar(text("SELECT pg_backend_pid()"))
    other = make_session_factory(database_url)
    with transaction(other) as session:
        session.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
    other.kw["bind"].dispose()
    with transaction(session_factory) as session:
        assert session.scalar(text("SELECT 1")) == 1


def test_green_sessions_wait_side_by_side(database_url):
    """Eight waits of 0.3 s take 2.4 s when psycogreen is lost."""
    done = subprocess.run(
        [sys.executable, "-c", GREEN, database_url], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert float(done.stdout) < 1.5
