"""What people write to us.

Revision: 0027
Follows: 0026
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "incoming_messages",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("provider_id", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_opt_out", sa.Boolean(), nullable=False),
        sa.Column("answers_id", sa.BigInteger()),
        sa.CheckConstraint("channel IN ('SMS')", name=op.f("ck_incoming_messages_channel")),
        sa.ForeignKeyConstraint(
            ["answers_id"], ["messages.id"], name=op.f("fk_incoming_messages_answers_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incoming_messages")),
    )
    op.create_index(
        op.f("uq_incoming_messages_provider"),
        "incoming_messages",
        ["channel", "provider_id"],
        unique=True,
    )
    op.create_index(
        op.f("ix_incoming_messages_number"), "incoming_messages", ["number", "received_at"]
    )
    op.create_index(op.f("ix_messages_number"), "messages", ["number", "id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_messages_number"), "messages")
    op.drop_table("incoming_messages")
