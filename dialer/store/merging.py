"""Two contacts that are one person: merged, and taken apart again as they were.

A merge moves identities, since one has one owner, and notes which; notes and the contact itself
stay where they are and are read through `family`. What the kept contact already had is never
overwritten, so undoing takes back only what the merge had added and nobody changed since.
"""

from dataclasses import dataclass

from sqlalchemy import func, or_, select, tuple_, update
from sqlalchemy.orm import Session

from dialer.model.errors import BadInput
from dialer.store.audit import write_audit
from dialer.store.contacts import identities_of
from dialer.store.tables import ContactLikeness, ContactMerge, ContactRow, Identity

NAME = "name"
FIELD = "field:"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Another contact that may be the same person, and why."""

    contact: ContactRow
    reason: str
    value: str


def merge(session: Session, kept_id: int, gone_id: int, user_id: int | None) -> ContactMerge:
    """Merge `gone_id` into `kept_id`. Raises BadInput when one of them is not there any more."""
    kept, gone = _two(session, kept_id, gone_id)
    moved = [{"kind": one.kind, "value": one.value} for one in identities_of(session, gone.id)]
    session.execute(
        update(Identity).where(Identity.contact_id == gone.id).values(contact_id=kept.id)
    )
    added = {f"{FIELD}{key}": value for key, value in gone.fields.items() if key not in kept.fields}
    kept.fields = {**gone.fields, **kept.fields}
    if not kept.name and gone.name:
        kept.name = added[NAME] = gone.name
    gone.merged_into = kept.id
    row = ContactMerge(
        kept_id=kept.id, gone_id=gone.id, moved=moved, added=added, merged_by=user_id
    )
    session.add(row)
    write_audit(session, user_id, "merge", f"contact:{kept.id}", f"contact:{gone.id}")
    session.flush()
    return row


def unmerge(session: Session, merge_id: int, user_id: int | None) -> ContactMerge:
    """Undo a merge. Raises BadInput when it was undone, or when a later one must go first."""
    row = session.get(ContactMerge, merge_id, with_for_update=True, populate_existing=True)
    if row is None or row.undone_at is not None:
        raise BadInput("merge: it is not standing")
    kept = session.get_one(ContactRow, row.kept_id, with_for_update=True, populate_existing=True)
    if kept.merged_into is not None:
        raise BadInput("merge: the contact was merged further; undo that first")
    if kept.erased_at is not None:
        raise BadInput("merge: the contact was erased")
    _give_back(session, row, kept)
    gone = session.get_one(ContactRow, row.gone_id)
    gone.merged_into = None
    row.undone_at, row.undone_by = func.now(), user_id
    write_audit(session, user_id, "unmerge", f"contact:{kept.id}", f"contact:{gone.id}")
    session.flush()
    return row


def standing_merges(session: Session, contact_id: int) -> list[tuple[ContactMerge, ContactRow]]:
    """Merges into the contact that may be undone, newest first, with who came."""
    rows = (
        select(ContactMerge, ContactRow)
        .join(ContactRow, ContactRow.id == ContactMerge.gone_id)
        .where(ContactMerge.kept_id == contact_id, ContactMerge.undone_at.is_(None))
        .order_by(ContactMerge.id.desc())
    )
    return [(row, gone) for row, gone in session.execute(rows)]


def suggestions(session: Session, contact_id: int, limit: int = 10) -> list[Suggestion]:
    """Who else may be this person: a shared identity was seen, or the whole name is the same."""
    me = session.get_one(ContactRow, contact_id)
    found = _alike(session, contact_id, limit)
    if " " in me.name.strip():
        known = {one.contact.id for one in found} | _dismissed(session, contact_id)
        same = select(ContactRow).where(
            ContactRow.name_key == me.name_key, ContactRow.id != me.id,
            ContactRow.id.not_in(known), ContactRow.merged_into.is_(None),
        )  # fmt: skip
        rows = session.scalars(same.order_by(ContactRow.id).limit(limit))
        found += [Suggestion(row, "NAME", row.name) for row in rows]
    return found[:limit]


def dismiss(session: Session, one_id: int, other_id: int, user_id: int | None) -> None:
    """They are two persons: neither is suggested to the other again."""
    low, high = sorted((one_id, other_id))
    pair = session.get(ContactLikeness, (low, high))
    if pair is None:
        pair = ContactLikeness(low_id=low, high_id=high, reason="NAME")
        session.add(pair)
    pair.dismissed_at = func.now()
    write_audit(session, user_id, "keep apart", f"contact:{low}", f"contact:{high}")
    session.flush()


def _two(session: Session, kept_id: int, gone_id: int) -> tuple[ContactRow, ContactRow]:
    if kept_id == gone_id:
        raise BadInput("contact: it cannot be merged with itself")
    both = select(ContactRow).where(ContactRow.id.in_((kept_id, gone_id))).order_by(ContactRow.id)
    fresh = {"populate_existing": True}
    rows = {row.id: row for row in session.scalars(both.with_for_update(), execution_options=fresh)}
    for contact_id in (kept_id, gone_id):
        row = rows.get(contact_id)
        if row is None or row.merged_into is not None or row.erased_at is not None:
            raise BadInput(f"contact {contact_id}: there is none, or not any more")
    return rows[kept_id], rows[gone_id]


def _give_back(session: Session, row: ContactMerge, kept: ContactRow) -> None:
    moved = [(one["kind"], one["value"]) for one in row.moved]
    session.execute(
        update(Identity)
        .where(tuple_(Identity.kind, Identity.value).in_(moved), Identity.contact_id == kept.id)
        .values(contact_id=row.gone_id)
    )
    kept.fields = {
        key: value for key, value in kept.fields.items() if row.added.get(f"{FIELD}{key}") != value
    }
    if row.added.get(NAME) == kept.name:
        kept.name = ""


def _alike(session: Session, contact_id: int, limit: int) -> list[Suggestion]:
    pair = ContactLikeness
    mine = or_(pair.low_id == contact_id, pair.high_id == contact_id)
    rows = (
        select(pair, ContactRow)
        .join(ContactRow, ContactRow.id == pair.low_id + pair.high_id - contact_id)
        .where(mine, pair.dismissed_at.is_(None), ContactRow.merged_into.is_(None))
        .where(ContactRow.erased_at.is_(None))
        .order_by(pair.found_at.desc())
        .limit(limit)
    )
    return [Suggestion(other, row.reason, row.value) for row, other in session.execute(rows)]


def _dismissed(session: Session, contact_id: int) -> set[int]:
    pair = ContactLikeness
    mine = or_(pair.low_id == contact_id, pair.high_id == contact_id)
    return set(session.scalars(select(pair.low_id + pair.high_id - contact_id).where(mine)))
