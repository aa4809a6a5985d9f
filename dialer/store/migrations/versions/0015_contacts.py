"""Contacts and their identities, notes, merges; custom fields; segments; the standing of a list.

Revision: 0015
Follows: 0014
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from dialer.store.folding import LAST_NAME_FIRST, folded

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
NOW = sa.func.now()
TABLES = (
    "segments", "custom_fields", "contact_likenesses", "contact_merges", "contact_notes",
    "identities", "contacts",
)  # fmt: skip


def upgrade() -> None:
    _contacts()
    _identities()
    _notes_and_merges()
    _likenesses()
    _fields_and_segments()
    _lists()


def downgrade() -> None:
    for name in ("ck_lists_priority", "ck_lists_weight"):
        op.drop_constraint(op.f(name), "lists")
    for column in ("attached_at", "segment_id", "weight", "priority"):
        op.drop_column("lists", column)
    for table in TABLES:
        op.drop_table(table)


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True)


def _link(name: str, target: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), sa.ForeignKey(f"{target}.id"), nullable=nullable)


def _word(name: str, default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False, server_default=default)


def _contacts() -> None:
    op.create_table(
        "contacts",
        _id(),
        _word("name", ""),
        sa.Column(
            "name_key", sa.Text(collation="C"), sa.Computed(folded("name"), persisted=True),
            nullable=False,
        ),
        sa.Column("fields", JSONB(), nullable=False, server_default=sa.text("'{}'")),
        _link("merged_into", "contacts", nullable=True),
        sa.Column("created_at", INSTANT, nullable=False, server_default=NOW),
        sa.Column("erased_at", INSTANT),
    )  # fmt: skip
    op.create_index("ix_contacts_name_key", "contacts", ["name_key"])
    op.create_index("ix_contacts_last_name", "contacts", [sa.text(f"({LAST_NAME_FIRST})")])
    op.create_index(
        "ix_contacts_words", "contacts",
        [sa.text("to_tsvector('simple'::regconfig, name_key)")], postgresql_using="gin",
    )  # fmt: skip
    op.create_index(
        op.f("ix_contacts_merged_into"), "contacts", ["merged_into"],
        postgresql_where=sa.text("merged_into IS NOT NULL"),
    )  # fmt: skip


def _identities() -> None:
    kinds = "'PHONE', 'WHATSAPP', 'MESSENGER', 'EMAIL', 'EXTERNAL_ID'"
    op.create_table(
        "identities",
        _word("kind"),
        sa.Column("value", sa.Text(collation="C"), nullable=False),
        _link("contact_id", "contacts"),
        sa.PrimaryKeyConstraint("kind", "value"),
        sa.CheckConstraint(f"kind IN ({kinds})", name=op.f("ck_identities_kind")),
    )
    op.create_index(op.f("ix_identities_contact_id"), "identities", ["contact_id"])
    op.create_index(
        "ix_identities_endings", "identities", [sa.text("reverse(value)")],
        postgresql_where=sa.text("kind IN ('PHONE', 'WHATSAPP')"),
    )  # fmt: skip


def _notes_and_merges() -> None:
    op.create_table(
        "contact_notes",
        _id(),
        _link("contact_id", "contacts"),
        _word("kind", "NOTE"),
        sa.Column("at", INSTANT, nullable=False, server_default=NOW),
        _link("written_by", "users", nullable=True),
        _word("text"),
        sa.CheckConstraint(
            "kind IN ('NOTE', 'VISIT', 'LETTER', 'CALL')", name=op.f("ck_contact_notes_kind")
        ),
    )
    op.create_index(op.f("ix_contact_notes_contact_id_at"), "contact_notes", ["contact_id", "at"])
    op.create_table(
        "contact_merges",
        _id(),
        _link("kept_id", "contacts"),
        _link("gone_id", "contacts"),
        sa.Column("moved", JSONB(), nullable=False),
        sa.Column("added", JSONB(), nullable=False),
        sa.Column("at", INSTANT, nullable=False, server_default=NOW),
        _link("merged_by", "users", nullable=True),
        sa.Column("undone_at", INSTANT),
        _link("undone_by", "users", nullable=True),
    )
    op.create_index(op.f("ix_contact_merges_kept_id"), "contact_merges", ["kept_id"])
    op.create_index(
        "uq_contact_merges_standing", "contact_merges", ["gone_id"], unique=True,
        postgresql_where=sa.text("undone_at IS NULL"),
    )  # fmt: skip


def _likenesses() -> None:
    op.create_table(
        "contact_likenesses",
        _link("low_id", "contacts"),
        _link("high_id", "contacts"),
        _word("reason"),
        _word("value", ""),
        sa.Column("found_at", INSTANT, nullable=False, server_default=NOW),
        sa.Column("dismissed_at", INSTANT),
        sa.PrimaryKeyConstraint("low_id", "high_id"),
        sa.CheckConstraint(
            "reason IN ('EMAIL', 'WHATSAPP', 'EXTERNAL_ID', 'NAME')",
            name=op.f("ck_contact_likenesses_reason"),
        ),
    )
    op.create_index(op.f("ix_contact_likenesses_high_id"), "contact_likenesses", ["high_id"])


def _fields_and_segments() -> None:
    op.create_table(
        "custom_fields",
        _id(),
        sa.Column("key", sa.String(), nullable=False, unique=True),
        _word("label_fr"),
        _word("label_en"),
        _word("kind", "TEXT"),
        sa.Column("choices", JSONB(), nullable=False, server_default=sa.text("'[]'")),
        sa.CheckConstraint(
            "kind IN ('TEXT', 'NUMBER', 'DATE', 'CHOICE', 'SWITCH')",
            name=op.f("ck_custom_fields_kind"),
        ),
    )
    op.create_table(
        "segments",
        _id(),
        sa.Column("name", sa.String(), nullable=False, unique=True),
        sa.Column("criteria", JSONB(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False, server_default=NOW),
        _link("created_by", "users", nullable=True),
    )


def _lists() -> None:
    for name, default, highest in (("priority", "50", 99), ("weight", "1", 100)):
        op.add_column(
            "lists", sa.Column(name, sa.Integer(), nullable=False, server_default=sa.text(default))
        )
        op.create_check_constraint(
            op.f(f"ck_lists_{name}"), "lists", f"{name} BETWEEN 1 AND {highest}"
        )
    op.add_column("lists", _link("segment_id", "segments", nullable=True))
    op.add_column("lists", sa.Column("attached_at", INSTANT))
    op.create_index(
        "uq_lists_segment", "lists", ["campaign_id", "segment_id"], unique=True,
        postgresql_where=sa.text("segment_id IS NOT NULL"),
    )  # fmt: skip
