"""Imports in batches: states and options of a list, faults by code, several numbers for a lead.

Revision: 0020
Follows: 0019
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

STATES_BEFORE = ("UPLOADED", "IMPORTING", "READY", "FAILED")
STATES = (
    "RECEIVING", "UPLOADED", "CHECKING", "IMPORTING", "STOPPING", "STOPPED", "READY", "FAILED",
    "UNDOING", "UNDONE",
)  # fmt: skip
COUNTS = ("n_read", "n_inserted", "n_updated", "n_duplicate", "n_blocked", "n_rejected")


def upgrade() -> None:
    _states(STATES)
    for column in _columns():
        op.add_column("lists", column)
    op.create_check_constraint(
        op.f("ck_lists_dedupe"), "lists", "dedupe IN ('LIST', 'CAMPAIGN', 'EVERYWHERE')"
    )
    op.create_index("ix_lists_header_signature", "lists", ["header_signature"])
    _turn_mappings()
    op.execute("UPDATE lists SET fault = jsonb_build_object('code', error) WHERE error <> ''")
    op.drop_column("lists", "error")
    _count_blocked()
    op.create_table(
        "import_batches",
        sa.Column("list_id", sa.BigInteger(), nullable=False),
        sa.Column("upto_row", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in COUNTS),
        sa.ForeignKeyConstraint(
            ["list_id"], ["lists.id"], name=op.f("fk_import_batches_list_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("list_id", "upto_row", name=op.f("pk_import_batches")),
    )
    op.add_column(
        "leads",
        sa.Column(
            "other_numbers", postgresql.ARRAY(sa.String()), nullable=False,
            server_default=sa.text("'{}'"),
        ),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_column("leads", "other_numbers")
    op.drop_table("import_batches")
    op.add_column("lists", sa.Column("error", sa.String(), nullable=False, server_default=""))
    op.execute("UPDATE lists SET error = COALESCE(fault->>'code', '')")
    op.alter_column("lists", "error", server_default=None)
    _turn_mappings()
    op.execute("UPDATE lists SET n_rejected = n_rejected + n_blocked")
    op.drop_index("ix_lists_header_signature", "lists")
    op.drop_constraint(op.f("ck_lists_dedupe"), "lists")
    for column in reversed(_columns()):
        op.drop_column("lists", column.name)
    op.execute("UPDATE lists SET state = 'FAILED' WHERE state IN ('RECEIVING', 'CHECKING')")
    op.execute("UPDATE lists SET state = 'READY' WHERE state NOT IN ('UPLOADED', 'FAILED')")
    _states(STATES_BEFORE)


def _columns() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("needs_consent", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("dedupe", sa.String(), nullable=False, server_default="CAMPAIGN"),
        sa.Column("header_signature", sa.String(), nullable=False, server_default=""),
        sa.Column("file_size", sa.BigInteger(), nullable=False, server_default=sa.text("0")),
        sa.Column("n_blocked", sa.Integer(), nullable=False, server_default=sa.text("0")),
        sa.Column("n_undone", sa.Integer(), nullable=False, server_default=sa.text("0")),
        sa.Column("forecast", postgresql.JSONB(), nullable=True),
        sa.Column("fault", postgresql.JSONB(), nullable=False, server_default=sa.text("'{}'")),
    )


def _states(words: tuple[str, ...]) -> None:
    allowed = ", ".join(f"'{word}'" for word in words)
    op.drop_constraint(op.f("ck_lists_state"), "lists")
    op.create_check_constraint(op.f("ck_lists_state"), "lists", f"state IN ({allowed})")


def _turn_mappings() -> None:
    """From our field to the file's column, to the other way about; and back."""
    op.execute("""
        UPDATE lists SET mapping = (
            SELECT COALESCE(jsonb_object_agg(value, key), '{}') FROM jsonb_each_text(mapping))
        WHERE mapping <> '{}'
    """)


def _count_blocked() -> None:
    """Rows on a do-not-call list were counted among the rejected."""
    op.execute("""
        UPDATE lists SET n_blocked = blocked.n, n_rejected = n_rejected - blocked.n
        FROM (SELECT list_id, count(*) AS n FROM rejected_rows WHERE code = 'DO_NOT_CALL'
              GROUP BY list_id) AS blocked
        WHERE blocked.list_id = lists.id
    """)
