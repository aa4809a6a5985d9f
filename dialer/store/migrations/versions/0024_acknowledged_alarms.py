"""Who acknowledged an alarm, and when.

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
    op.add_column("alarms", sa.Column("acknowledged_at", sa.DateTime(timezone=True)))
    op.add_column("alarms", sa.Column("acknowledged_by", sa.BigInteger()))
    op.create_foreign_key(
        op.f("fk_alarms_acknowledged_by"), "alarms", "users", ["acknowledged_by"], ["id"]
    )
    op.create_check_constraint(
        op.f("ck_alarms_acknowledged"), "alarms",
        "(acknowledged_at IS NULL) = (acknowledged_by IS NULL)",
    )  # fmt: skip


def downgrade() -> None:
    op.drop_constraint(op.f("ck_alarms_acknowledged"), "alarms")
    op.drop_column("alarms", "acknowledged_by")
    op.drop_column("alarms", "acknowledged_at")
