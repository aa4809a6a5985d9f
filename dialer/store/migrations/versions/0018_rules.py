"""Rules of the law: what is known of a number, consents, leads held back, settings of a campaign.

Revision: 0018
Follows: 0017
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
DUE = sa.text("state IN ('NEW', 'WAITING_RETRY', 'CALLBACK')")
SETTINGS = (
    sa.Column("basis", sa.String(), nullable=False, server_default="CONSENT"),
    sa.Column("cap_most", sa.Integer(), nullable=False, server_default="0"),
    sa.Column("cap_within_s", sa.Float(), nullable=False, server_default="86400"),
    sa.Column("opened_destinations", postgresql.JSONB(), nullable=False,
              server_default=sa.text("'[]'")),
    sa.Column("callback_wait_s", sa.Float(), nullable=False, server_default="900"),
)  # fmt: skip


def upgrade() -> None:
    _create_tables()
    for column in SETTINGS:
        op.add_column("campaigns", column)
    op.create_check_constraint(
        op.f("ck_campaigns_basis"), "campaigns", "basis IN ('CONSENT', 'CONTRACT')"
    )
    op.create_index("ix_attempts_number", "attempts", ["number", "started_at"])
    _hold_leads()
    _fill_history()
    op.drop_column("leads", "abandoned_at")
    _let_go_of_blocked()


def downgrade() -> None:
    op.add_column("leads", sa.Column("abandoned_at", INSTANT, nullable=True))
    op.execute(
        "UPDATE leads l SET abandoned_at = h.abandoned_at FROM number_history h"
        " WHERE h.number = l.number"
    )
    op.execute(
        "UPDATE leads l SET state = 'BLOCKED' FROM do_not_call d WHERE d.number = l.number"
        " AND (d.campaign_id IS NULL OR d.campaign_id = l.campaign_id)"
    )
    for index in ("ix_leads_due", "ix_leads_promised", "ix_leads_callback_agent"):
        op.drop_index(index, "leads")
    for name in ("dialable_at", "held_until", "held_for"):
        op.drop_column("leads", name)
    op.create_index(
        "ix_leads_due", "leads", ["list_id", "priority", "due_at", "id"], postgresql_where=DUE
    )
    op.drop_index("ix_attempts_number", "attempts")
    op.drop_constraint(op.f("ck_campaigns_basis"), "campaigns")
    for column in SETTINGS:
        op.drop_column("campaigns", column.name)
    op.drop_table("consents")
    op.drop_table("number_history")


def _create_tables() -> None:
    op.create_table(
        "number_history",
        sa.Column("number", sa.String(), primary_key=True),
        sa.Column("tries_at", postgresql.ARRAY(INSTANT), nullable=False,
                  server_default=sa.text("'{}'")),
        sa.Column("refused_at", INSTANT, nullable=True),
        sa.Column("abandoned_at", INSTANT, nullable=True),
        sa.Column("caller_id", sa.String(), nullable=False, server_default=""),
    )  # fmt: skip
    op.create_table(
        "consents",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("campaign_id", sa.BigInteger(), sa.ForeignKey("campaigns.id"), nullable=True),
        sa.Column("given_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=True),
        sa.Column("withdrawn_at", INSTANT, nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("evidence", sa.String(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False, server_default=sa.func.now()),
        sa.Column("created_by", sa.BigInteger(), sa.ForeignKey("users.id"), nullable=True),
    )
    op.create_index("ix_consents_number", "consents", ["number"])


def _hold_leads() -> None:
    op.add_column("leads", sa.Column("held_for", sa.String(), nullable=True))
    op.add_column("leads", sa.Column("held_until", INSTANT, nullable=True))
    op.add_column(
        "leads",
        sa.Column("dialable_at", INSTANT, sa.Computed("GREATEST(due_at, held_until)",
                                                      persisted=True), nullable=False),
    )  # fmt: skip
    op.drop_index("ix_leads_due", "leads")
    op.create_index(
        "ix_leads_due", "leads", ["list_id", "time_zone", "priority", "dialable_at", "id"],
        postgresql_where=DUE,
    )  # fmt: skip
    op.create_index(
        "ix_leads_promised", "leads", ["number"], postgresql_where=sa.text("state = 'CALLBACK'")
    )
    op.create_index(
        "ix_leads_callback_agent", "leads", ["callback_agent_id"],
        postgresql_where=sa.text("callback_agent_id IS NOT NULL"),
    )  # fmt: skip


def _fill_history() -> None:
    op.execute("""
        INSERT INTO number_history (number, tries_at)
        SELECT number, array_agg(started_at ORDER BY started_at) FROM attempts
        WHERE started_at > now() - interval '62 days' AND COALESCE(outcome, '')
            NOT IN ('CONGESTION', 'FAILED', 'REFUSED_LOCALLY')
        GROUP BY number
    """)
    op.execute("""
        INSERT INTO number_history (number, abandoned_at)
        SELECT number, max(abandoned_at) FROM leads WHERE abandoned_at IS NOT NULL GROUP BY number
        ON CONFLICT (number) DO UPDATE SET abandoned_at = excluded.abandoned_at
    """)
    op.execute("""
        INSERT INTO number_history (number, refused_at)
        SELECT a.number, max(COALESCE(a.answered_at, a.started_at)) FROM attempts a
        JOIN dispositions d ON d.campaign_id = a.campaign_id AND d.code = a.disposition
        WHERE d.is_refusal GROUP BY a.number
        ON CONFLICT (number) DO UPDATE SET refused_at = excluded.refused_at
    """)


def _let_go_of_blocked() -> None:
    """A do-not-call entry is a fact of the number now; what its leads were is mostly known."""
    op.execute("""
        UPDATE leads l SET state = CASE
            WHEN l.disposition IS NOT NULL OR l.last_outcome = 'HANDLED' THEN 'DONE'
            WHEN l.n_attempts = 0 THEN 'NEW' ELSE 'WAITING_RETRY' END
        WHERE l.state = 'BLOCKED' AND EXISTS (
            SELECT FROM do_not_call d WHERE d.number = l.number
            AND (d.campaign_id IS NULL OR d.campaign_id = l.campaign_id))
    """)
