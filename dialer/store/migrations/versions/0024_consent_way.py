"""By what channel a consent was given.

Revision: 0024
Follows: 0023
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("consents", sa.Column("way", sa.String()))


def downgrade() -> None:
    op.drop_column("consents", "way")
