"""Pools of numbers to show, and how often each is shown in a day.

Revision: 0019
Follows: 0018
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "caller_numbers",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("number", sa.String(), nullable=False, unique=True),
        sa.Column("pool", sa.String(), nullable=False),
        sa.Column("region", sa.String(), nullable=False, server_default=""),
        sa.Column("most_a_day", sa.Integer(), nullable=False, server_default="100"),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()
        ),
    )
    op.create_index("ix_caller_numbers_pool", "caller_numbers", ["pool"])
    op.create_table(
        "caller_number_days",
        sa.Column("number", sa.String(), primary_key=True),
        sa.Column("day", sa.Date(), primary_key=True),
        sa.Column("n_calls", sa.Integer(), nullable=False),
    )
    op.add_column(
        "campaigns", sa.Column("caller_pool", sa.String(), nullable=False, server_default="")
    )


def downgrade() -> None:
    op.drop_column("campaigns", "caller_pool")
    op.drop_table("caller_number_days")
    op.drop_table("caller_numbers")
