"""Listening to who answered: settings of campaigns, findings of attempts, and their outcomes.

Revision: 0016
Follows: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

OUTCOMES_BEFORE = (
    "HANDLED", "ABANDONED", "EARLY_HANGUP", "NO_ANSWER", "BUSY", "REJECTED", "WRONG_NUMBER",
    "CONGESTION", "FAILED", "REFUSED_LOCALLY", "LOST", "MESSAGE_PLAYED", "MESSAGE_CUT", "OPTED_OUT",
)  # fmt: skip
OUTCOMES = ("MACHINE", "MESSAGE_LEFT", "SCREENED", "FAX")
PROFILES = ("CONSUMER", "BUSINESS", "OFF")
ACTIONS = ("HANG_UP", "LEAVE_MESSAGE")
VERDICTS = ("HUMAN", "MACHINE", "SCREENED", "UNSURE")
CAUSES = (
    "PAUSE", "SPEECH", "BEEP", "SIT", "FAX", "BUSY", "FINGERPRINT", "PROMPT", "NO_SPEECH",
    "DIGITAL_SILENCE", "TIME_LIMIT", "NO_AUDIO", "NO_LISTENER", "WRONG_RATE", "GARBAGE", "OFF",
)  # fmt: skip
SECONDS = ("amd_p_machine", "amd_onset_s", "amd_greeting_end_s", "amd_decided_s", "amd_greeted_s")
FLAGS = ("amd_is_checked", "amd_looks_machine")


def upgrade() -> None:
    _outcomes(OUTCOMES_BEFORE + OUTCOMES)
    for name in ("amd_verdict", "amd_cause"):
        op.add_column("attempts", sa.Column(name, sa.String(), nullable=True))
    for name in SECONDS:
        op.add_column("attempts", sa.Column(name, sa.Float(), nullable=True))
    for name in FLAGS:
        op.add_column(
            "attempts", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())
        )
    _one_of("attempts", "amd_verdict", VERDICTS)
    _one_of("attempts", "amd_cause", CAUSES)
    op.create_index(
        "ix_attempts_amd", "attempts", ["campaign_id", "answered_at"],
        postgresql_where=sa.text("amd_verdict IS NOT NULL"),
    )  # fmt: skip
    for column in (
        sa.Column("amd", sa.String(), nullable=False, server_default="OFF"),
        sa.Column("machine_action", sa.String(), nullable=False, server_default="HANG_UP"),
        sa.Column("amd_check_share", sa.Float(), nullable=False, server_default=sa.text("0.02")),
        sa.Column("amd_budget", sa.Float(), nullable=False, server_default=sa.text("0.01")),
    ):
        op.add_column("campaigns", column)
    _one_of("campaigns", "amd", PROFILES)
    _one_of("campaigns", "machine_action", ACTIONS)


def downgrade() -> None:
    for name in ("amd_budget", "amd_check_share", "machine_action", "amd"):
        op.drop_column("campaigns", name)
    op.drop_index("ix_attempts_amd", "attempts")
    for name in (*FLAGS, *SECONDS, "amd_cause", "amd_verdict"):
        op.drop_column("attempts", name)
    words = ", ".join(f"'{word}'" for word in OUTCOMES)
    for table, column in (("attempts", "outcome"), ("leads", "last_outcome")):
        op.execute(f"UPDATE {table} SET {column} = 'EARLY_HANGUP' WHERE {column} IN ({words})")
    _outcomes(OUTCOMES_BEFORE)


def _outcomes(words: tuple[str, ...]) -> None:
    op.drop_constraint(op.f("ck_attempts_outcome"), "attempts")
    _one_of("attempts", "outcome", words)


def _one_of(table: str, column: str, words: tuple[str, ...]) -> None:
    allowed = ", ".join(f"'{word}'" for word in words)
    op.create_check_constraint(op.f(f"ck_{table}_{column}"), table, f"{column} IN ({allowed})")
