"""The audit log of pacing: a row for each minute and campaign.

Revision: 0007
Follows: 0006
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_COUNTS = ("n_attempts", "n_answered", "n_bridged", "n_live", "n_abandoned")


def upgrade() -> None:
    op.create_table(
        "pacing_minutes",
        sa.Column("campaign_id", sa.BigInteger(), nullable=False),
        sa.Column("begins_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("abandon_target", sa.Float(), nullable=False),
        sa.Column("n_decisions", sa.Integer(), nullable=False),
        sa.Column("n_dialed", sa.Integer(), nullable=False),
        sa.Column("mean_agents", sa.Float(), nullable=False),
        sa.Column("mean_free", sa.Float(), nullable=False),
        sa.Column("mean_ringing", sa.Float(), nullable=False),
        sa.Column("max_waiting", sa.Integer(), nullable=False),
        sa.Column("max_risk", sa.Float(), nullable=False),
        sa.Column("mean_theta", sa.Float(), nullable=False),
        sa.Column("answer_rate", sa.Float(), nullable=False),
        sa.Column("bank", sa.Float(), nullable=False),
        sa.Column("abandon_rate", sa.Float(), nullable=False),
        sa.Column("limits", postgresql.JSONB(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in _COUNTS),
        sa.Column("mean_talk_s", sa.Float(), nullable=True),
        sa.Column("mean_wrap_up_s", sa.Float(), nullable=True),
        sa.Column("mean_ring_s", sa.Float(), nullable=True),
        sa.Column("outcomes", postgresql.JSONB(), nullable=False),
        sa.Column("settings", postgresql.JSONB(), nullable=False),
        sa.Column("series", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "mode IN ('PROGRESSIVE', 'RATIO', 'PREDICTIVE')", name=op.f("ck_pacing_minutes_mode")
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_pacing_minutes_campaign_id")
        ),
        sa.PrimaryKeyConstraint("campaign_id", "begins_at", name=op.f("pk_pacing_minutes")),
    )
    op.create_index("ix_pacing_minutes_begins", "pacing_minutes", ["begins_at"])


def downgrade() -> None:
    op.drop_table("pacing_minutes")
