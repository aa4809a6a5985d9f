"""Whoever asks to be called no more takes back what he agreed to before.

Revision: 0028
Follows: 0027
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_FROM_BLOCKS = """
    INSERT INTO withdrawals (number, campaign_id, at, source, created_by)
    SELECT number, campaign_id, created_at, source, created_by FROM do_not_call
    WHERE source <> 'IMPORT'
"""
_FROM_CONSENTS = """
    INSERT INTO withdrawals (number, campaign_id, at, source)
    SELECT number, campaign_id, max(withdrawn_at), 'ADMIN' FROM consents
    WHERE withdrawn_at IS NOT NULL GROUP BY number, campaign_id
"""
_END_CONSENTS = """
    UPDATE consents c SET withdrawn_at = w.at FROM withdrawals w
    WHERE w.number = c.number AND c.withdrawn_at IS NULL AND w.at >= c.given_at
      AND (w.campaign_id IS NULL OR w.campaign_id = c.campaign_id)
"""


def upgrade() -> None:
    op.create_table(
        "withdrawals",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("campaign_id", sa.BigInteger()),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("created_by", sa.BigInteger()),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_withdrawals_campaign_id")
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["users.id"], name=op.f("fk_withdrawals_created_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_withdrawals")),
    )
    op.create_index(op.f("ix_withdrawals_number"), "withdrawals", ["number", "at"])
    for statement in (_FROM_BLOCKS, _FROM_CONSENTS, _END_CONSENTS):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("withdrawals")
