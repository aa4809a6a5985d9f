"""Alembic's entry: runs the versions on the connection that dialer.store.schema opened."""

from alembic import context

from dialer.store.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
