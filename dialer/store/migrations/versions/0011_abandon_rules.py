"""Abandoned numbers are protected, and targets follow each country's own limit.

Revision: 0011
Follows: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("leads", sa.Column("abandoned_at", sa.DateTime(timezone=True), nullable=True))
    op.drop_constraint(op.f("ck_campaigns_abandon_target"), "campaigns")
    op.create_check_constraint(
        op.f("ck_campaigns_abandon_target"), "campaigns", "abandon_target BETWEEN 0 AND 0.05"
    )


def downgrade() -> None:
    op.execute("UPDATE campaigns SET abandon_target = 0.03 WHERE abandon_target > 0.03")
    op.drop_constraint(op.f("ck_campaigns_abandon_target"), "campaigns")
    op.create_check_constraint(
        op.f("ck_campaigns_abandon_target"), "campaigns", "abandon_target BETWEEN 0 AND 0.03"
    )
    op.drop_column("leads", "abandoned_at")
