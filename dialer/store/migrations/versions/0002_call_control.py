"""Call control: recordings, messages for machines, recordings that agents may play.

Revision: 0002
Follows: 0001
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "campaigns", sa.Column("recording", sa.String(), nullable=False, server_default="OFF")
    )
    op.create_check_constraint(
        op.f("ck_campaigns_recording"),
        "campaigns",
        "recording IN ('OFF', 'ON_DEMAND', 'ALWAYS')",
    )
    op.add_column(
        "campaigns", sa.Column("machine_message", sa.String(), nullable=False, server_default="")
    )
    op.add_column(
        "campaigns",
        sa.Column("sounds", postgresql.JSONB(), nullable=False, server_default=sa.text("'[]'")),
    )
    op.create_table(
        "recordings",
        sa.Column("attempt_id", sa.String(), nullable=False),
        sa.Column("node", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("n_pauses", sa.Integer(), nullable=False, server_default=sa.text("0")),
        sa.CheckConstraint("state IN ('OFF', 'ON', 'PAUSED')", name=op.f("ck_recordings_state")),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempts.id"], name=op.f("fk_recordings_attempt_id")
        ),
        sa.PrimaryKeyConstraint("attempt_id", name=op.f("pk_recordings")),
    )


def downgrade() -> None:
    op.drop_table("recordings")
    op.drop_constraint(op.f("ck_campaigns_recording"), "campaigns")
    for column in ("sounds", "machine_message", "recording"):
        op.drop_column("campaigns", column)
