"""Recordings: who deleted them and when, and for how many days a campaign keeps them.

Revision: 0003
Follows: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("campaigns", sa.Column("recording_days", sa.Integer(), nullable=True))
    op.create_check_constraint(
        op.f("ck_campaigns_recording_days"), "campaigns", "recording_days BETWEEN 1 AND 3650"
    )
    op.add_column("recordings", sa.Column("deleted_at", _INSTANT, nullable=True))
    op.add_column("recordings", sa.Column("deleted_by", sa.BigInteger(), nullable=True))
    op.add_column("recordings", sa.Column("erased_at", _INSTANT, nullable=True))
    op.create_foreign_key(
        op.f("fk_recordings_deleted_by"), "recordings", "users", ["deleted_by"], ["id"]
    )
    op.create_index("ix_recordings_started", "recordings", ["started_at", "attempt_id"])
    op.create_index(
        "ix_recordings_to_erase",
        "recordings",
        ["attempt_id"],
        postgresql_where=sa.text("deleted_at IS NOT NULL AND erased_at IS NULL"),
    )


def downgrade() -> None:
    for index in ("ix_recordings_to_erase", "ix_recordings_started"):
        op.drop_index(index, "recordings")
    for column in ("erased_at", "deleted_by", "deleted_at"):
        op.drop_column("recordings", column)
    op.drop_constraint(op.f("ck_campaigns_recording_days"), "campaigns")
    op.drop_column("campaigns", "recording_days")
