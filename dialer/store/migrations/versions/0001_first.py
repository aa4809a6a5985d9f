"""The first schema: people, campaigns, lists, leads, attempts, messages, compliance.

Revision: 0001
Follows: nothing
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    "campaigns",
    "users",
    "agent_sessions",
    "alarms",
    "audit_log",
    "dispositions",
    "do_not_call",
    "lists",
    "pacing_memory",
    "agent_state_intervals",
    "leads",
    "rejected_rows",
    "attempts",
    "abandon_ledger",
    "messages",
)
"""In order of creation."""


def upgrade() -> None:
    op.create_table(
        "campaigns",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("ratio", sa.Double(), nullable=False),
        sa.Column("abandon_target", sa.Double(), nullable=False),
        sa.Column("ring_timeout_s", sa.Double(), nullable=False),
        sa.Column("answer_limit_s", sa.Double(), nullable=False),
        sa.Column("notice", sa.String(), nullable=False),
        sa.Column("wrap_up_limit_s", sa.Double(), nullable=False),
        sa.Column("max_lines", sa.Integer(), nullable=False),
        sa.Column("max_lines_per_agent", sa.Double(), nullable=False),
        sa.Column("max_calls_per_s", sa.Double(), nullable=False),
        sa.Column("hopper_size", sa.Integer(), nullable=False),
        sa.Column("caller_ids", postgresql.JSONB(), nullable=False),
        sa.Column("rule_set", sa.String(), nullable=False),
        sa.Column("windows", postgresql.JSONB(), nullable=True),
        sa.Column("max_attempts", sa.Integer(), nullable=False),
        sa.Column("min_gap_s", sa.Double(), nullable=False),
        sa.Column("retry_rules", postgresql.JSONB(), nullable=False),
        sa.Column("message_template", sa.String(), nullable=False),
        sa.Column("script", sa.String(), server_default="", nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "mode IN ('PROGRESSIVE', 'RATIO', 'PREDICTIVE')", name=op.f("ck_campaigns_mode")
        ),
        sa.CheckConstraint(
            "state IN ('DRAFT', 'RUNNING', 'PAUSED', 'DRAINING', 'FINISHED')",
            name=op.f("ck_campaigns_state"),
        ),
        sa.CheckConstraint(
            "abandon_target BETWEEN 0 AND 0.03", name=op.f("ck_campaigns_abandon_target")
        ),
        sa.CheckConstraint(
            "ring_timeout_s BETWEEN 15 AND 120", name=op.f("ck_campaigns_ring_timeout")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaigns")),
        sa.UniqueConstraint("name", name=op.f("uq_campaigns_name")),
    )
    op.create_table(
        "users",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("login", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("locale", sa.String(), server_default="fr", nullable=False),
        sa.Column("phone_address", sa.String(), server_default="", nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "role IN ('admin', 'supervisor', 'agent', 'analyst')", name=op.f("ck_users_role")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("login", name=op.f("uq_users_login")),
    )
    op.create_table(
        "agent_sessions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("agent_id", sa.BigInteger(), nullable=False),
        sa.Column("campaign_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "started_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("pause_code", sa.String(), server_default="", nullable=False),
        sa.Column("wants_pause", sa.String(), nullable=True),
        sa.Column("leg_id", sa.String(), nullable=True),
        sa.Column("attempt_id", sa.String(), nullable=True),
        sa.CheckConstraint(
            "state IN ('OFFLINE', 'PAUSED', 'READY', 'RESERVED', 'TALKING', 'WRAP_UP')",
            name=op.f("ck_agent_sessions_state"),
        ),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["users.id"], name=op.f("fk_agent_sessions_agent_id")
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_agent_sessions_campaign_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agent_sessions")),
    )
    op.create_index(
        "uq_agent_sessions_open",
        "agent_sessions",
        ["agent_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "alarms",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("campaign_id", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_alarms_campaign_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarms")),
    )
    op.create_index(op.f("ix_alarms_campaign_id"), "alarms", ["campaign_id"], unique=False)
    op.create_table(
        "audit_log",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("verb", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_audit_log_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_log")),
    )
    op.create_index(op.f("ix_audit_log_at"), "audit_log", ["at"], unique=False)
    op.create_table(
        "dispositions",
        sa.Column("campaign_id", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("label_fr", sa.String(), nullable=False),
        sa.Column("label_en", sa.String(), nullable=False),
        sa.Column("parent", sa.String(), nullable=False),
        sa.Column("is_contact", sa.Boolean(), nullable=False),
        sa.Column("is_success", sa.Boolean(), nullable=False),
        sa.Column("is_machine", sa.Boolean(), nullable=False),
        sa.Column("is_wrong_number", sa.Boolean(), nullable=False),
        sa.Column("is_do_not_call", sa.Boolean(), nullable=False),
        sa.Column("is_refusal", sa.Boolean(), nullable=False),
        sa.Column("needs_callback", sa.Boolean(), nullable=False),
        sa.Column("needs_note", sa.Boolean(), nullable=False),
        sa.Column("retry_after_s", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_dispositions_campaign_id")
        ),
        sa.PrimaryKeyConstraint("campaign_id", "code", name=op.f("pk_dispositions")),
    )
    op.create_table(
        "do_not_call",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("campaign_id", sa.BigInteger(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_do_not_call_campaign_id")
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["users.id"], name=op.f("fk_do_not_call_created_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_do_not_call")),
    )
    op.create_index(
        "uq_do_not_call_number",
        "do_not_call",
        ["number", "campaign_id"],
        unique=True,
        postgresql_nulls_not_distinct=True,
    )
    op.create_table(
        "lists",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("campaign_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column(
            "has_old_benin_numbers", sa.Boolean(), server_default=sa.text("false"), nullable=False
        ),
        sa.Column("mapping", postgresql.JSONB(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("file_sha256", sa.String(), nullable=False),
        sa.Column("encoding", sa.String(), nullable=False),
        sa.Column("n_read", sa.Integer(), nullable=False),
        sa.Column("n_inserted", sa.Integer(), nullable=False),
        sa.Column("n_updated", sa.Integer(), nullable=False),
        sa.Column("n_duplicate", sa.Integer(), nullable=False),
        sa.Column("n_rejected", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "state IN ('UPLOADED','IMPORTING','READY','FAILED')", name=op.f("ck_lists_state")
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_lists_campaign_id")
        ),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("fk_lists_created_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lists")),
    )
    op.create_index(op.f("ix_lists_campaign_id"), "lists", ["campaign_id"], unique=False)
    op.create_index(op.f("ix_lists_file_sha256"), "lists", ["file_sha256"], unique=False)
    op.create_table(
        "pacing_memory",
        sa.Column("campaign_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "saved_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("state", postgresql.JSONB(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_pacing_memory_campaign_id")
        ),
        sa.PrimaryKeyConstraint("campaign_id", name=op.f("pk_pacing_memory")),
    )
    op.create_table(
        "agent_state_intervals",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("session_id", sa.BigInteger(), nullable=False),
        sa.Column("agent_id", sa.BigInteger(), nullable=False),
        sa.Column("campaign_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("pause_code", sa.String(), server_default="", nullable=False),
        sa.Column("attempt_id", sa.String(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["users.id"], name=op.f("fk_agent_state_intervals_agent_id")
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_agent_state_intervals_campaign_id")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["agent_sessions.id"], name=op.f("fk_agent_state_intervals_session_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agent_state_intervals")),
    )
    op.create_index(
        op.f("ix_agent_state_intervals_agent_id_started_at"),
        "agent_state_intervals",
        ["agent_id", "started_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_agent_state_intervals_session_id"),
        "agent_state_intervals",
        ["session_id"],
        unique=False,
    )
    op.create_table(
        "leads",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("list_id", sa.BigInteger(), nullable=False),
        sa.Column("campaign_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("fields", postgresql.JSONB(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column(
            "due_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("n_attempts", sa.Integer(), nullable=False),
        sa.Column("n_tries", sa.Integer(), nullable=False),
        sa.Column("last_attempt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_outcome", sa.String(), nullable=True),
        sa.Column("disposition", sa.String(), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("callback_agent_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "state IN ('NEW', 'CLAIMED', 'DIALING', 'WAITING_RETRY', 'CALLBACK', "
            "'DONE', 'BLOCKED')",
            name=op.f("ck_leads_state"),
        ),
        sa.ForeignKeyConstraint(
            ["callback_agent_id"], ["users.id"], name=op.f("fk_leads_callback_agent_id")
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_leads_campaign_id")
        ),
        sa.ForeignKeyConstraint(["list_id"], ["lists.id"], name=op.f("fk_leads_list_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leads")),
    )
    op.create_index(
        "ix_leads_due",
        "leads",
        ["list_id", "priority", "due_at", "id"],
        unique=False,
        postgresql_where=sa.text("state IN ('NEW', 'WAITING_RETRY', 'CALLBACK')"),
    )
    op.create_index(
        "ix_leads_leased",
        "leads",
        ["claimed_until"],
        unique=False,
        postgresql_where=sa.text("state = 'CLAIMED'"),
    )
    op.create_index("ix_leads_number", "leads", ["number"], unique=False)
    op.create_index("uq_leads_list_number", "leads", ["list_id", "number"], unique=True)
    op.create_table(
        "rejected_rows",
        sa.Column("list_id", sa.BigInteger(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("line", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["list_id"], ["lists.id"], name=op.f("fk_rejected_rows_list_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("list_id", "row_number", name=op.f("pk_rejected_rows")),
    )
    op.create_table(
        "attempts",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("campaign_id", sa.BigInteger(), nullable=False),
        sa.Column("list_id", sa.BigInteger(), nullable=False),
        sa.Column("lead_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("attempt_number", sa.Integer(), nullable=False),
        sa.Column("caller_id", sa.String(), nullable=False),
        sa.Column("rule_set", sa.String(), nullable=False),
        sa.Column("node", sa.String(), nullable=False),
        sa.Column("leg_id", sa.String(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ringing_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("bridged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agent_id", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("cause", sa.String(), nullable=True),
        sa.Column("sip_status", sa.Integer(), nullable=True),
        sa.Column("disposition", sa.String(), nullable=True),
        sa.Column("disposed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.String(), server_default="", nullable=False),
        sa.CheckConstraint(
            "outcome IN ('HANDLED', 'ABANDONED', 'EARLY_HANGUP', 'NO_ANSWER', "
            "'BUSY', 'REJECTED', 'WRONG_NUMBER', 'CONGESTION', 'FAILED', "
            "'REFUSED_LOCALLY', 'LOST')",
            name=op.f("ck_attempts_outcome"),
        ),
        sa.ForeignKeyConstraint(["agent_id"], ["users.id"], name=op.f("fk_attempts_agent_id")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_attempts_campaign_id")
        ),
        sa.ForeignKeyConstraint(["lead_id"], ["leads.id"], name=op.f("fk_attempts_lead_id")),
        sa.ForeignKeyConstraint(["list_id"], ["lists.id"], name=op.f("fk_attempts_list_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempts")),
    )
    op.create_index("ix_attempts_agent", "attempts", ["agent_id", "started_at"], unique=False)
    op.create_index(
        "ix_attempts_campaign_started", "attempts", ["campaign_id", "started_at"], unique=False
    )
    op.create_index("ix_attempts_lead", "attempts", ["lead_id", "started_at"], unique=False)
    op.create_index(
        "uq_attempts_open_lead",
        "attempts",
        ["lead_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(
        "uq_attempts_open_number",
        "attempts",
        ["number"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "abandon_ledger",
        sa.Column("attempt_id", sa.String(), nullable=False),
        sa.Column("campaign_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('SERVED', 'ABANDONED', 'MACHINE')", name=op.f("ck_abandon_ledger_kind")
        ),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempts.id"], name=op.f("fk_abandon_ledger_attempt_id")
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_abandon_ledger_campaign_id")
        ),
        sa.PrimaryKeyConstraint("attempt_id", name=op.f("pk_abandon_ledger")),
    )
    op.create_index(
        op.f("ix_abandon_ledger_campaign_id_at"),
        "abandon_ledger",
        ["campaign_id", "at"],
        unique=False,
    )
    op.create_table(
        "messages",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("attempt_id", sa.String(), nullable=False),
        sa.Column("lead_id", sa.BigInteger(), nullable=False),
        sa.Column("campaign_id", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("n_sends", sa.Integer(), nullable=False),
        sa.Column("provider_id", sa.String(), nullable=True),
        sa.Column("error", sa.String(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "send_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("channel IN ('SMS')", name=op.f("ck_messages_channel")),
        sa.CheckConstraint(
            "state IN ('QUEUED', 'SENT', 'DELIVERED', 'FAILED')", name=op.f("ck_messages_state")
        ),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempts.id"], name=op.f("fk_messages_attempt_id")
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_messages_campaign_id")
        ),
        sa.ForeignKeyConstraint(["lead_id"], ["leads.id"], name=op.f("fk_messages_lead_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
    )
    op.create_index("ix_messages_attempt", "messages", ["attempt_id"], unique=False)
    op.create_index("ix_messages_provider", "messages", ["provider_id"], unique=False)
    op.create_index("ix_messages_state", "messages", ["state", "send_at"], unique=False)
    op.create_index("uq_messages_lead_day", "messages", ["lead_id", "day"], unique=True)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
