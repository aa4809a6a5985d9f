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


def _moment(name: str, *, is_now: bool = False, is_known: bool = True) -> sa.Column[object]:
    default = sa.text("now()") if is_now else None
    return sa.Column(
        name, sa.DateTime(timezone=True), server_default=default, nullable=not is_known
    )


def _reference(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))


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
        _moment("created_at", is_now=True),
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
        _moment("created_at", is_now=True),
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
        _moment("started_at", is_now=True),
        _moment("ended_at", is_known=False),
        sa.Column("state", sa.String(), nullable=False),
        _moment("state_since"),
        sa.Column("pause_code", sa.String(), server_default="", nullable=False),
        sa.Column("wants_pause", sa.String(), nullable=True),
        sa.Column("leg_id", sa.String(), nullable=True),
        sa.Column("attempt_id", sa.String(), nullable=True),
        sa.CheckConstraint(
            "state IN ('OFFLINE', 'PAUSED', 'READY', 'RESERVED', 'TALKING', 'WRAP_UP')",
            name=op.f("ck_agent_sessions_state"),
        ),
        _reference("agent_sessions", "agent_id", "users"),
        _reference("agent_sessions", "campaign_id", "campaigns"),
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
        _moment("at"),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        _reference("alarms", "campaign_id", "campaigns"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarms")),
    )
    op.create_index(op.f("ix_alarms_campaign_id"), "alarms", ["campaign_id"])
    op.create_table(
        "audit_log",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        _moment("at", is_now=True),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("verb", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        _reference("audit_log", "user_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_log")),
    )
    op.create_index(op.f("ix_audit_log_at"), "audit_log", ["at"])
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
        _reference("dispositions", "campaign_id", "campaigns"),
        sa.PrimaryKeyConstraint("campaign_id", "code", name=op.f("pk_dispositions")),
    )
    op.create_table(
        "do_not_call",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("campaign_id", sa.BigInteger(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        _moment("created_at", is_now=True),
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        _reference("do_not_call", "campaign_id", "campaigns"),
        _reference("do_not_call", "created_by", "users"),
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
        _moment("created_at", is_now=True),
        _moment("finished_at", is_known=False),
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "state IN ('UPLOADED','IMPORTING','READY','FAILED')", name=op.f("ck_lists_state")
        ),
        _reference("lists", "campaign_id", "campaigns"),
        _reference("lists", "created_by", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lists")),
        sa.UniqueConstraint("id", "campaign_id", name=op.f("uq_lists_id_campaign_id")),
    )
    op.create_index(op.f("ix_lists_campaign_id"), "lists", ["campaign_id"])
    op.create_index(op.f("ix_lists_file_sha256"), "lists", ["file_sha256"])
    op.create_table(
        "pacing_memory",
        sa.Column("campaign_id", sa.BigInteger(), nullable=False),
        _moment("saved_at", is_now=True),
        sa.Column("state", postgresql.JSONB(), nullable=False),
        _reference("pacing_memory", "campaign_id", "campaigns"),
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
        _moment("started_at"),
        _moment("ended_at", is_known=False),
        _reference("agent_state_intervals", "agent_id", "users"),
        _reference("agent_state_intervals", "campaign_id", "campaigns"),
        _reference("agent_state_intervals", "session_id", "agent_sessions"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agent_state_intervals")),
    )
    op.create_index(
        op.f("ix_agent_state_intervals_agent_id_started_at"),
        "agent_state_intervals",
        ["agent_id", "started_at"],
    )
    op.create_index(
        op.f("ix_agent_state_intervals_session_id"), "agent_state_intervals", ["session_id"]
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
        _moment("due_at", is_now=True),
        sa.Column("n_attempts", sa.Integer(), nullable=False),
        sa.Column("n_tries", sa.Integer(), nullable=False),
        _moment("last_attempt_at", is_known=False),
        sa.Column("last_outcome", sa.String(), nullable=True),
        sa.Column("disposition", sa.String(), nullable=True),
        _moment("claimed_until", is_known=False),
        sa.Column("callback_agent_id", sa.BigInteger(), nullable=True),
        _moment("created_at", is_now=True),
        sa.CheckConstraint(
            "state IN ('NEW', 'CLAIMED', 'DIALING', 'WAITING_RETRY', 'CALLBACK', "
            "'DONE', 'BLOCKED')",
            name=op.f("ck_leads_state"),
        ),
        _reference("leads", "callback_agent_id", "users"),
        sa.ForeignKeyConstraint(
            ["list_id", "campaign_id"],
            ["lists.id", "lists.campaign_id"],
            name=op.f("fk_leads_list_id_campaign_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leads")),
    )
    op.create_index(
        "ix_leads_due",
        "leads",
        ["list_id", "priority", "due_at", "id"],
        postgresql_where=sa.text("state IN ('NEW', 'WAITING_RETRY', 'CALLBACK')"),
    )
    op.create_index(
        "ix_leads_leased", "leads", ["claimed_until"], postgresql_where=sa.text("state = 'CLAIMED'")
    )
    op.create_index("ix_leads_number", "leads", ["number"])
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
        _moment("started_at"),
        _moment("ringing_at", is_known=False),
        _moment("answered_at", is_known=False),
        _moment("bridged_at", is_known=False),
        _moment("ended_at", is_known=False),
        sa.Column("agent_id", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("cause", sa.String(), nullable=True),
        sa.Column("sip_status", sa.Integer(), nullable=True),
        sa.Column("disposition", sa.String(), nullable=True),
        _moment("disposed_at", is_known=False),
        sa.Column("note", sa.String(), server_default="", nullable=False),
        sa.CheckConstraint(
            "outcome IN ('HANDLED', 'ABANDONED', 'EARLY_HANGUP', 'NO_ANSWER', "
            "'BUSY', 'REJECTED', 'WRONG_NUMBER', 'CONGESTION', 'FAILED', "
            "'REFUSED_LOCALLY', 'LOST')",
            name=op.f("ck_attempts_outcome"),
        ),
        _reference("attempts", "agent_id", "users"),
        _reference("attempts", "campaign_id", "campaigns"),
        _reference("attempts", "lead_id", "leads"),
        _reference("attempts", "list_id", "lists"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempts")),
    )
    op.create_index("ix_attempts_agent", "attempts", ["agent_id", "started_at"])
    op.create_index("ix_attempts_campaign_started", "attempts", ["campaign_id", "started_at"])
    op.create_index("ix_attempts_lead", "attempts", ["lead_id", "started_at"])
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
        _moment("at"),
        sa.Column("kind", sa.String(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('SERVED', 'ABANDONED', 'MACHINE')", name=op.f("ck_abandon_ledger_kind")
        ),
        _reference("abandon_ledger", "attempt_id", "attempts"),
        _reference("abandon_ledger", "campaign_id", "campaigns"),
        sa.PrimaryKeyConstraint("attempt_id", name=op.f("pk_abandon_ledger")),
    )
    op.create_index(
        op.f("ix_abandon_ledger_campaign_id_at"), "abandon_ledger", ["campaign_id", "at"]
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
        _moment("created_at", is_now=True),
        _moment("send_at", is_now=True),
        _moment("sent_at", is_known=False),
        _moment("delivered_at", is_known=False),
        sa.CheckConstraint("channel IN ('SMS')", name=op.f("ck_messages_channel")),
        sa.CheckConstraint(
            "state IN ('QUEUED', 'SENT', 'DELIVERED', 'FAILED')", name=op.f("ck_messages_state")
        ),
        _reference("messages", "attempt_id", "attempts"),
        _reference("messages", "campaign_id", "campaigns"),
        _reference("messages", "lead_id", "leads"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
    )
    op.create_index("ix_messages_attempt", "messages", ["attempt_id"])
    op.create_index("ix_messages_provider", "messages", ["provider_id"])
    op.create_index("ix_messages_state", "messages", ["state", "send_at"])
    op.create_index("uq_messages_lead_day", "messages", ["lead_id", "day"], unique=True)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
