"""Transfers: destinations outside, their limits, and the steps of a call.

Revision: 0012
Follows: 0011
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_STEPS = "'TALK', 'CONSULT', 'THREE_WAY', 'ENTRUSTED', 'OUTSIDE', 'ALONE'"


def upgrade() -> None:
    op.add_column(
        "campaigns",
        sa.Column(
            "destinations", postgresql.JSONB(), nullable=False, server_default=sa.text("'[]'")
        ),
    )
    for name, default in (("max_outside_legs", "2"), ("max_outside_per_h", "30")):
        op.add_column(
            "campaigns",
            sa.Column(name, sa.Integer(), nullable=False, server_default=sa.text(default)),
        )
    op.add_column("attempts", sa.Column("entrusted_at", sa.DateTime(timezone=True)))
    op.create_table(
        "call_steps",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("attempt_id", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("agent_id", sa.BigInteger()),
        sa.Column("other_name", sa.String(), nullable=False, server_default=""),
        sa.Column("leg_id", sa.String()),
        sa.CheckConstraint(f"step IN ({_STEPS})", name=op.f("ck_call_steps_step")),
        sa.ForeignKeyConstraint(["agent_id"], ["users.id"], name=op.f("fk_call_steps_agent_id")),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempts.id"], name=op.f("fk_call_steps_attempt_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_steps")),
    )
    op.create_index(op.f("ix_call_steps_attempt_id"), "call_steps", ["attempt_id"])


def downgrade() -> None:
    op.drop_table("call_steps")
    op.drop_column("attempts", "entrusted_at")
    for column in ("max_outside_per_h", "max_outside_legs", "destinations"):
        op.drop_column("campaigns", column)
