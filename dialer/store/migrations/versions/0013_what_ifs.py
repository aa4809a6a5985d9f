"""Questions about a recorded hour under another abandon target.

Revision: 0013
Follows: 0012
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "what_ifs",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("campaign_id", sa.BigInteger(), nullable=False),
        sa.Column("since", _INSTANT, nullable=False),
        sa.Column("target", sa.Float(), nullable=False),
        sa.Column("asked_by", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", _INSTANT, nullable=False, server_default=sa.func.now()),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("error", sa.String(), nullable=False),
        sa.Column("answer", postgresql.JSONB(), nullable=True),
        sa.CheckConstraint(
            "state IN ('WAITING', 'DONE', 'FAILED')", name=op.f("ck_what_ifs_state")
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_what_ifs_campaign_id")
        ),
        sa.ForeignKeyConstraint(["asked_by"], ["users.id"], name=op.f("fk_what_ifs_asked_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_what_ifs")),
    )
    op.create_index(
        op.f("ix_what_ifs_campaign_id_asked_at"), "what_ifs", ["campaign_id", "asked_at"]
    )


def downgrade() -> None:
    op.drop_table("what_ifs")
