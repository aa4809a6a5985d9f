"""A contact: one person over all lists and channels, known by identities.

A lead belongs to the contact that owns its number: nothing else joins the two, so that an import,
a merge and its undoing never rewrite leads.
"""

from enum import StrEnum


class IdentityKind(StrEnum):
    PHONE = "PHONE"
    """E.164 with plus."""
    WHATSAPP = "WHATSAPP"
    """E.164 with plus."""
    MESSENGER = "MESSENGER"
    """The page-scoped identity that the provider gave."""
    EMAIL = "EMAIL"
    """In lower case."""
    EXTERNAL_ID = "EXTERNAL_ID"
    """The key of the person in the customer's own system."""


NUMBERED = frozenset({IdentityKind.PHONE, IdentityKind.WHATSAPP})
"""Kinds whose values are telephone numbers."""
IMPORTED = {
    "email": IdentityKind.EMAIL,
    "external_id": IdentityKind.EXTERNAL_ID,
    "whatsapp": IdentityKind.WHATSAPP,
}
"""Keys of a lead's fields that are identities of its person."""


class NoteKind(StrEnum):
    """What was written down by hand: a thought, or a meeting on a medium that is not ours."""

    NOTE = "NOTE"
    VISIT = "VISIT"
    LETTER = "LETTER"
    CALL = "CALL"


class FieldKind(StrEnum):
    """What a custom field holds; all are kept as text."""

    TEXT = "TEXT"
    NUMBER = "NUMBER"
    DATE = "DATE"
    CHOICE = "CHOICE"
    SWITCH = "SWITCH"


class Likeness(StrEnum):
    """Why two contacts may be one person."""

    EMAIL = "EMAIL"
    WHATSAPP = "WHATSAPP"
    EXTERNAL_ID = "EXTERNAL_ID"
    NAME = "NAME"
