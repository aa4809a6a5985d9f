"""Keys of the API, its answers for those who ask twice, keys in the audit log, archived lists.

Revision: 0017
Follows: 0016
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "api_keys",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("prefix", sa.String(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("scopes", postgresql.JSONB(), nullable=False),
        sa.Column("max_per_min", sa.Integer(), nullable=False),
        _instant("created_at", is_stamped=True),
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        _instant("expires_at"),
        _instant("last_used_at"),
        _instant("revoked_at"),
        sa.PrimaryKeyConstraint("id", name="pk_api_keys"),
        sa.UniqueConstraint("prefix", name="uq_api_keys_prefix"),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name="fk_api_keys_created_by"),
    )
    op.create_table(
        "api_answers",
        sa.Column("api_key_id", sa.BigInteger(), nullable=False),
        sa.Column("request_key", sa.String(), nullable=False),
        sa.Column("request_hash", sa.LargeBinary(), nullable=False),
        _instant("answered_at", is_stamped=True),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("headers", postgresql.JSONB(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("api_key_id", "request_key", name="pk_api_answers"),
        sa.ForeignKeyConstraint(["api_key_id"], ["api_keys.id"], name="fk_api_answers_api_key_id"),
    )
    op.create_index("ix_api_answers_answered_at", "api_answers", ["answered_at"])
    op.add_column("audit_log", sa.Column("api_key_id", sa.BigInteger(), nullable=True))
    op.add_column("lists", _instant("archived_at"))
    op.create_foreign_key(
        "fk_audit_log_api_key_id", "audit_log", "api_keys", ["api_key_id"], ["id"]
    )


def downgrade() -> None:
    op.drop_column("lists", "archived_at")
    op.drop_constraint("fk_audit_log_api_key_id", "audit_log")
    op.drop_column("audit_log", "api_key_id")
    op.drop_table("api_answers")
    op.drop_table("api_keys")


def _instant(name: str, *, is_stamped: bool = False) -> sa.Column[object]:
    default = sa.func.now() if is_stamped else None
    return sa.Column(
        name, sa.DateTime(timezone=True), nullable=not is_stamped, server_default=default
    )
