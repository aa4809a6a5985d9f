"""The migrations and the metadata describe one schema, down to indexes and checks."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from dialer.store import schema
from dialer.store.tables import Base

DEFINITIONS = """
    SELECT tablename, indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT conrelid::regclass::text, conname || ' ' || pg_get_constraintdef(oid)
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT table_name, column_name || ' ' || data_type || ' ' || is_nullable || ' '
        || COALESCE(column_default, '') FROM information_schema.columns
    WHERE table_schema = 'public'
"""


@pytest.fixture
def fresh_url(servers):
    """Another database of the same server, without a table."""
    admin = create_engine(servers.database_url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text("CREATE DATABASE fresh"))
    yield servers.database_url.replace("/relance?", "/fresh?")
    with admin.connect() as connection:
        connection.execute(text("DROP DATABASE fresh WITH (FORCE)"))


def definitions(url):
    with create_engine(url, poolclass=NullPool).connect() as connection:
        rows = connection.execute(text(DEFINITIONS)).all()
    return sorted(tuple(row) for row in rows if row[0] != "alembic_version")


def test_autogenerate_finds_no_difference(database_url):
    with create_engine(database_url, poolclass=NullPool).connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_migrated_schema_is_the_one_of_the_metadata(database_url, fresh_url):
    engine = create_engine(fresh_url, poolclass=NullPool)
    Base.metadata.create_all(engine)
    assert definitions(database_url) == definitions(fresh_url)


def test_upgrade_from_nothing_is_repeatable_and_known(fresh_url):
    assert schema.current(fresh_url) is None and not schema.is_current(fresh_url)
    schema.upgrade(fresh_url)
    schema.upgrade(fresh_url)
    assert schema.current(fresh_url) == schema.head() and schema.is_current(fresh_url)
