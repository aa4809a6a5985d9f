"""Broadcast: a recorded message, the recipients' consent, and what became of the calls.

Revision: 0014
Follows: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

MODES_BEFORE = ("MANUAL", "PREVIEW", "PROGRESSIVE", "RATIO", "PREDICTIVE")
OUTCOMES_BEFORE = (
    "HANDLED", "ABANDONED", "EARLY_HANGUP", "NO_ANSWER", "BUSY", "REJECTED", "WRONG_NUMBER",
    "CONGESTION", "FAILED", "REFUSED_LOCALLY", "LOST",
)  # fmt: skip
OUTCOMES = ("MESSAGE_PLAYED", "MESSAGE_CUT", "OPTED_OUT")


def upgrade() -> None:
    _modes((*MODES_BEFORE, "BROADCAST"))
    _words("attempts", "outcome", OUTCOMES_BEFORE + OUTCOMES)
    for column in (
        sa.Column("broadcast_message", sa.String(), nullable=False, server_default=""),
        sa.Column("has_consent", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("consent_by", sa.BigInteger(), nullable=True),
        sa.Column("consent_at", sa.DateTime(timezone=True), nullable=True),
    ):
        op.add_column("campaigns", column)
    op.create_foreign_key("fk_campaigns_consent_by", "campaigns", "users", ["consent_by"], ["id"])


def downgrade() -> None:
    op.drop_constraint("fk_campaigns_consent_by", "campaigns")
    for column in ("consent_at", "consent_by", "has_consent", "broadcast_message"):
        op.drop_column("campaigns", column)
    op.execute("UPDATE campaigns SET mode = 'PROGRESSIVE' WHERE mode = 'BROADCAST'")
    op.execute("DELETE FROM pacing_minutes WHERE mode = 'BROADCAST'")
    op.execute(
        "UPDATE attempts SET outcome = 'EARLY_HANGUP' WHERE outcome IN "
        "('MESSAGE_PLAYED', 'MESSAGE_CUT', 'OPTED_OUT')"
    )
    _modes(MODES_BEFORE)
    _words("attempts", "outcome", OUTCOMES_BEFORE)


def _modes(words: tuple[str, ...]) -> None:
    _words("campaigns", "mode", words)
    _words("pacing_minutes", "mode", words)


def _words(table: str, column: str, words: tuple[str, ...]) -> None:
    name = op.f(f"ck_{table}_{column}")
    allowed = ", ".join(f"'{word}'" for word in words)
    op.drop_constraint(name, table)
    op.create_check_constraint(name, table, f"{column} IN ({allowed})")
