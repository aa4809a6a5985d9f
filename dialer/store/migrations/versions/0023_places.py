"""Where a lead's person may be by the columns of its list; campaigns that keep public holidays.

Revision: 0023
Follows: 0022
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("leads", sa.Column("place", sa.String()))
    op.add_column(
        "campaigns",
        sa.Column("keeps_holidays", sa.Boolean(), nullable=False, server_default=sa.false()),
    )


def downgrade() -> None:
    op.drop_column("campaigns", "keeps_holidays")
    op.drop_column("leads", "place")
