"""Contacts, what they are known by, what was noted of them, and how they were joined."""

from sqlalchemy import Computed, ForeignKey, Index, PrimaryKeyConstraint, Text, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from dialer.model.contact import FieldKind, IdentityKind, Likeness, NoteKind
from dialer.store.folding import LAST_NAME_FIRST, folded
from dialer.store.tables.base import Base, BigId, CreatedAt, Instant, one_of


class ContactRow(Base):
    """One person. A contact that was merged into another stays, empty, so that it can come back."""

    __tablename__ = "contacts"
    __table_args__ = (
        Index("ix_contacts_name_key", "name_key"),
        Index("ix_contacts_last_name", text(f"({LAST_NAME_FIRST})")),
        Index(
            "ix_contacts_words", text("to_tsvector('simple'::regconfig, name_key)"),
            postgresql_using="gin",
        ),
        Index(None, "merged_into", postgresql_where=text("merged_into IS NOT NULL")),
    )  # fmt: skip

    id: Mapped[BigId]
    name: Mapped[str] = mapped_column(default="", server_default="")
    name_key: Mapped[str] = mapped_column(
        Text(collation="C"), Computed(folded("name"), persisted=True)
    )
    fields: Mapped[dict[str, str]] = mapped_column(JSONB, default=dict, server_default=text("'{}'"))
    """Custom fields as somebody wrote them; those of a list stay with its leads."""
    merged_into: Mapped[int | None] = mapped_column(ForeignKey("contacts.id"))
    created_at: Mapped[CreatedAt]
    erased_at: Mapped[Instant | None]
    """When the person asked to be forgotten: nothing is left but this row."""


class Identity(Base):
    """Something that is one contact's only. Its owner is the contact as it stands after merges."""

    __tablename__ = "identities"
    __table_args__ = (
        PrimaryKeyConstraint("kind", "value"),
        one_of("kind", IdentityKind, "kind"),
        Index(None, "contact_id"),
        Index(
            "ix_identities_endings", text("reverse(value)"),
            postgresql_where=text("kind IN ('PHONE', 'WHATSAPP')"),
        ),
    )  # fmt: skip

    kind: Mapped[str]
    value: Mapped[str] = mapped_column(Text(collation="C"))
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"))


class ContactNote(Base):
    """What somebody wrote about a contact; it stays with the contact it was written for."""

    __tablename__ = "contact_notes"
    __table_args__ = (one_of("kind", NoteKind, "kind"), Index(None, "contact_id", "at"))

    id: Mapped[BigId]
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"))
    kind: Mapped[str] = mapped_column(default=NoteKind.NOTE, server_default=NoteKind.NOTE)
    at: Mapped[Instant] = mapped_column(server_default=func.now())
    written_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    text: Mapped[str]


class ContactMerge(Base):
    """That `gone_id` was merged into `kept_id`, with all that is needed to undo it."""

    __tablename__ = "contact_merges"
    __table_args__ = (
        Index(None, "kept_id"),
        Index(
            "uq_contact_merges_standing", "gone_id", unique=True,
            postgresql_where=text("undone_at IS NULL"),
        ),
    )  # fmt: skip

    id: Mapped[BigId]
    kept_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"))
    gone_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"))
    moved: Mapped[list[dict[str, str]]] = mapped_column(JSONB)
    """[{"kind": "PHONE", "value": "+33..."}]: identities that came over."""
    added: Mapped[dict[str, str]] = mapped_column(JSONB)
    """Name and fields that the kept contact had not, and took: {"name": ..., "field:city": ...}."""
    at: Mapped[CreatedAt]
    merged_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    undone_at: Mapped[Instant | None]
    undone_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class ContactLikeness(Base):
    """Two contacts that may be one person, until somebody has decided. `low_id` < `high_id`."""

    __tablename__ = "contact_likenesses"
    __table_args__ = (
        PrimaryKeyConstraint("low_id", "high_id"),
        one_of("reason", Likeness, "reason"),
        Index(None, "high_id"),
    )

    low_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"))
    high_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"))
    reason: Mapped[str]
    value: Mapped[str] = mapped_column(default="", server_default="")
    found_at: Mapped[CreatedAt]
    dismissed_at: Mapped[Instant | None]
    """Somebody said that they are two."""


class CustomField(Base):
    """A field of the customer's own, which needs no change of the schema: a key of `fields`."""

    __tablename__ = "custom_fields"
    __table_args__ = (one_of("kind", FieldKind, "kind"),)

    id: Mapped[BigId]
    key: Mapped[str] = mapped_column(unique=True)
    label_fr: Mapped[str]
    label_en: Mapped[str]
    kind: Mapped[str] = mapped_column(default=FieldKind.TEXT, server_default=FieldKind.TEXT)
    choices: Mapped[list[str]] = mapped_column(JSONB, default=list, server_default=text("'[]'"))


class SegmentRow(Base):
    """A saved question about leads (model/lead_filter.py), which lists may follow."""

    __tablename__ = "segments"

    id: Mapped[BigId]
    name: Mapped[str] = mapped_column(unique=True)
    criteria: Mapped[dict[str, object]] = mapped_column(JSONB)
    created_at: Mapped[CreatedAt]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
