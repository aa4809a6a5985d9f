"""Campaigns that share their agents.

Revision: 0008
Follows: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("campaigns", sa.Column("pool", sa.String(), nullable=False, server_default=""))
    op.add_column(
        "campaigns",
        sa.Column("pool_weight", sa.Float(), nullable=False, server_default=sa.text("1")),
    )


def downgrade() -> None:
    op.drop_column("campaigns", "pool_weight")
    op.drop_column("campaigns", "pool")
