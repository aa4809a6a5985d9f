"""The order of leads in a campaign, the number of a claim, and the person of an attempt.

Revision: 0021
Follows: 0020
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

ORDERS = "'PRIORITY', 'NEWEST', 'RANDOM', 'WEIGHTED', 'BEST'"


def upgrade() -> None:
    op.add_column(
        "campaigns",
        sa.Column("lead_order", sa.String(), nullable=False, server_default="PRIORITY"),
    )
    op.create_check_constraint(
        op.f("ck_campaigns_lead_order"), "campaigns", f"lead_order IN ({ORDERS})"
    )
    op.execute("CREATE SEQUENCE lead_claims")
    op.add_column("leads", sa.Column("claim_no", sa.BigInteger()))
    op.add_column("attempts", sa.Column("contact_id", sa.BigInteger()))
    op.create_foreign_key("fk_attempts_contact_id", "attempts", "contacts", ["contact_id"], ["id"])
    op.create_index(
        "uq_attempts_open_contact", "attempts", ["contact_id"], unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_column("attempts", "contact_id")
    op.drop_column("leads", "claim_no")
    op.execute("DROP SEQUENCE lead_claims")
    op.drop_constraint(op.f("ck_campaigns_lead_order"), "campaigns")
    op.drop_column("campaigns", "lead_order")
