"""By what channel a consent was given.

Revision: 0025
Follows: 0024
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("consents", sa.Column("way", sa.String()))


def downgrade() -> None:
    op.drop_column("consents", "way")
