"""Agents' phones: the kind of each.

Revision: 0004
Follows: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "users", sa.Column("phone_kind", sa.String(), nullable=False, server_default="SIP")
    )
    op.create_check_constraint(
        op.f("ck_users_phone_kind"), "users", "phone_kind IN ('SIP', 'WEBRTC', 'OUTSIDE')"
    )
    op.create_index(
        "uq_users_browser_phone", "users", ["phone_address"], unique=True,
        postgresql_where=sa.text("phone_kind = 'WEBRTC' AND is_active"),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index("uq_users_browser_phone", "users")
    op.drop_constraint(op.f("ck_users_phone_kind"), "users")
    op.drop_column("users", "phone_kind")
