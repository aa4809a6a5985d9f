"""Calls to outside numbers: how many there were in the last hour.

Revision: 0026
Follows: 0025
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "outside_calls",
        sa.Column("leg_id", sa.String(), nullable=False),
        sa.Column("campaign_id", sa.BigInteger(), nullable=False),
        sa.Column("attempt_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_outside_calls_campaign_id")
        ),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempts.id"], name=op.f("fk_outside_calls_attempt_id")
        ),
        sa.PrimaryKeyConstraint("leg_id", name=op.f("pk_outside_calls")),
    )
    op.create_index(op.f("ix_outside_calls_campaign_id_at"), "outside_calls", ["campaign_id", "at"])


def downgrade() -> None:
    op.drop_table("outside_calls")
