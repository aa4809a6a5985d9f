"""Calls that come in to a number which a campaign shows.

Revision: 0009
Follows: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "arrivals",
        sa.Column("leg_id", sa.String(), nullable=False),
        sa.Column("campaign_id", sa.BigInteger(), nullable=False),
        sa.Column("lead_id", sa.BigInteger(), nullable=True),
        sa.Column("caller", sa.String(), nullable=False),
        sa.Column("called", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_arrivals_campaign_id")
        ),
        sa.ForeignKeyConstraint(["lead_id"], ["leads.id"], name=op.f("fk_arrivals_lead_id")),
        sa.PrimaryKeyConstraint("leg_id", name=op.f("pk_arrivals")),
    )
    op.create_index(op.f("ix_arrivals_lead_id_at"), "arrivals", ["lead_id", "at"])


def downgrade() -> None:
    op.drop_table("arrivals")
