"""Of a lead's several numbers, the one whose turn it is and those that reach nobody.

Revision: 0022
Follows: 0021
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("leads", sa.Column("next_number", sa.String()))
    op.add_column("leads", sa.Column("left_out", postgresql.ARRAY(sa.String())))
    op.create_index(
        "ix_leads_next_number", "leads", ["next_number"],
        postgresql_where=sa.text("next_number IS NOT NULL"),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_column("leads", "left_out")
    op.drop_column("leads", "next_number")
