"""The trunk that an attempt's last leg took.

Revision: 0005
Follows: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("attempts", sa.Column("trunk", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("attempts", "trunk")
