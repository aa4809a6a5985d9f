"""Calls that agents place: preview, leads of their choice, skips.

Revision: 0010
Follows: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

MODES = "'MANUAL', 'PREVIEW', 'PROGRESSIVE', 'RATIO', 'PREDICTIVE'"
MODES_BEFORE = "'PROGRESSIVE', 'RATIO', 'PREDICTIVE'"
AGENT_STATES = "'OFFLINE', 'PAUSED', 'READY', 'PREVIEWING', 'RESERVED', 'TALKING', 'WRAP_UP'"
AGENT_STATES_BEFORE = "'OFFLINE', 'PAUSED', 'READY', 'RESERVED', 'TALKING', 'WRAP_UP'"
REASONS = "'NOT_NOW', 'NOT_IN_TARGET', 'KNOWN', 'BAD_DATA', 'OTHER', 'OVERRUN'"


def upgrade() -> None:
    _words("campaigns", "mode", MODES)
    _words("pacing_minutes", "mode", MODES)
    _words("agent_sessions", "state", AGENT_STATES)
    for column in (
        sa.Column("preview_limit_s", sa.Float(), nullable=False, server_default="60"),
        sa.Column("preview_end", sa.String(), nullable=False, server_default="SKIP"),
        sa.Column("preview_skips", sa.Integer(), nullable=False, server_default="3"),
        sa.Column("has_manual_calls", sa.Boolean(), nullable=False, server_default=sa.false()),
    ):
        op.add_column("campaigns", column)
    op.create_check_constraint(
        op.f("ck_campaigns_preview_end"), "campaigns", "preview_end IN ('CALL', 'SKIP')"
    )
    op.add_column(
        "lists", sa.Column("is_manual", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.create_index(
        "uq_lists_manual", "lists", ["campaign_id"], unique=True,
        postgresql_where=sa.text("is_manual"),
    )  # fmt: skip
    op.create_table(
        "lead_skips",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("campaign_id", sa.BigInteger(), nullable=False),
        sa.Column("lead_id", sa.BigInteger(), nullable=False),
        sa.Column("agent_id", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(f"reason IN ({REASONS})", name=op.f("ck_lead_skips_reason")),
        *(
            sa.ForeignKeyConstraint([f"{one}_id"], [f"{table}.id"], name=f"fk_lead_skips_{one}_id")
            for one, table in (("campaign", "campaigns"), ("lead", "leads"), ("agent", "users"))
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lead_skips")),
    )
    op.create_index("ix_lead_skips_campaign", "lead_skips", ["campaign_id", "at"])
    op.create_index("ix_lead_skips_lead", "lead_skips", ["lead_id"])


def downgrade() -> None:
    op.drop_table("lead_skips")
    op.drop_index("uq_lists_manual", "lists")
    op.drop_column("lists", "is_manual")
    op.drop_constraint(op.f("ck_campaigns_preview_end"), "campaigns")
    for column in (
        "has_manual_calls", "preview_skips", "preview_end", "preview_limit_s",
    ):  # fmt: skip
        op.drop_column("campaigns", column)
    op.execute("UPDATE campaigns SET mode = 'PROGRESSIVE' WHERE mode IN ('MANUAL', 'PREVIEW')")
    op.execute("UPDATE agent_sessions SET state = 'READY' WHERE state = 'PREVIEWING'")
    op.execute("DELETE FROM pacing_minutes WHERE mode IN ('MANUAL', 'PREVIEW')")
    _words("campaigns", "mode", MODES_BEFORE)
    _words("pacing_minutes", "mode", MODES_BEFORE)
    _words("agent_sessions", "state", AGENT_STATES_BEFORE)


def _words(table: str, column: str, words: str) -> None:
    name = op.f(f"ck_{table}_{column}")
    op.drop_constraint(name, table)
    op.create_check_constraint(name, table, f"{column} IN ({words})")
