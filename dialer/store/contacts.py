"""Contacts of numbers: found, or made when there is none yet; and a contact that is forgotten.

The worker brings the leads of each list to contacts (`attach_list`), some thousand at a time, in
the order of their numbers, so that the index of identities grows at one place. Whoever needs a
contact sooner makes it (`ensure`). Both may run at once: the primary key of identities decides, and
a contact is made only for an identity that was won.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.orm import Session

from dialer.model.contact import IMPORTED, IdentityKind
from dialer.store.scatter import scatter
from dialer.store.tables import (
    ContactLikeness,
    ContactMerge,
    ContactNote,
    ContactRow,
    Identity,
)

VALUE_LENGTH = 200
"""Of an identity; a longer one is none."""
ALIKE_AT_MOST = 5
"""An e-mail that more leads of a batch share is nobody's: `none@example.org`."""

_OF_LIST = """
    SELECT number, name, fields, other_numbers FROM leads
    WHERE list_id = :list_id AND number > :after AND number <= :upto
"""
_OF_BATCH = """
    SELECT DISTINCT ON (number) number, name, fields, CAST('{}' AS text[]) AS other_numbers
    FROM jsonb_to_recordset(CAST(:batch AS jsonb)) AS b(number text, name text, fields jsonb)
"""
_OWNER = "i.kind = 'PHONE' AND i.value = a.number"

_MAKE = """
    WITH arriving AS ({source}), new AS (
        SELECT a.number, a.name, nextval(pg_get_serial_sequence('contacts', 'id')) AS id
        FROM arriving a WHERE NOT EXISTS (SELECT FROM identities i WHERE {owner})
        ORDER BY a.number
    ), won AS (
        INSERT INTO identities (kind, value, contact_id) SELECT 'PHONE', number, id FROM new
        ON CONFLICT (kind, value) DO NOTHING RETURNING contact_id
    )
    INSERT INTO contacts (id, name)
    SELECT new.id, new.name FROM new JOIN won ON won.contact_id = new.id
"""
_ADD_PHONES = """
    WITH arriving AS ({source}), wanted AS (
        SELECT other.number, min(i.contact_id) AS contact_id
        FROM arriving a JOIN identities i ON {owner}
        CROSS JOIN unnest(a.other_numbers) AS other(number)
        GROUP BY other.number HAVING count(DISTINCT i.contact_id) = 1
    )
    INSERT INTO identities (kind, value, contact_id) SELECT 'PHONE', number, contact_id FROM wanted
    WHERE NOT EXISTS (SELECT FROM leads l WHERE l.number = wanted.number)
    ORDER BY number
    ON CONFLICT (kind, value) DO NOTHING
"""
"""Other numbers of one person, and of nobody who is on a list by them: a firm's switchboard is of
none of those who sit behind it."""
_NAME = """
    WITH arriving AS ({source})
    UPDATE contacts c SET name = a.name
    FROM arriving a JOIN identities i ON {owner}
    WHERE c.id = i.contact_id AND c.name = '' AND a.name <> ''
"""
_WANTED = """
    WITH arriving AS ({source}), written AS (
        SELECT i.contact_id, k.kind,
            CASE k.kind WHEN 'EMAIL' THEN lower(btrim(a.fields ->> k.key))
            ELSE btrim(a.fields ->> k.key) END AS value
        FROM arriving a JOIN identities i ON {owner}
        CROSS JOIN unnest(CAST(:keys AS text[]), CAST(:kinds AS text[])) AS k(key, kind)
        WHERE a.fields ?| CAST(:keys AS text[])
    ), counted AS (
        SELECT *, count(*) OVER (PARTITION BY kind, value) AS n_alike FROM written
        WHERE value <> '' AND length(value) <= :longest
          AND (kind <> 'EMAIL' OR value LIKE '_%@_%')
          AND (kind <> 'WHATSAPP' OR value ~ '^[+][1-9][0-9]{{5,14}}$')
    ), wanted AS (SELECT * FROM counted WHERE n_alike <= :alike_at_most)
"""
_ADD_OTHERS = (
    _WANTED
    + """
    INSERT INTO identities (kind, value, contact_id)
    SELECT DISTINCT ON (kind, value) kind, value, contact_id FROM wanted
    ORDER BY kind, value, contact_id
    ON CONFLICT (kind, value) DO NOTHING
"""
)
_NOTE_LIKENESSES = (
    _WANTED
    + """
    INSERT INTO contact_likenesses (low_id, high_id, reason, value)
    SELECT DISTINCT ON (low_id, high_id) low_id, high_id, w.kind, w.value
    FROM wanted w JOIN identities o ON o.kind = w.kind AND o.value = w.value
    CROSS JOIN LATERAL (SELECT LEAST(w.contact_id, o.contact_id) AS low_id,
                               GREATEST(w.contact_id, o.contact_id) AS high_id) pair
    WHERE o.contact_id <> w.contact_id
    ON CONFLICT DO NOTHING
"""
)
_STEPS = (_MAKE, _ADD_PHONES, _NAME, _ADD_OTHERS, _NOTE_LIKENESSES)
"""In this order, each seeing what the one before has written."""

_UPTO = text("""
    SELECT max(number) FROM (
        SELECT number FROM leads WHERE list_id = :list_id AND number > :after
        ORDER BY number LIMIT :n) batch
""")
_FAMILY = text("""
    WITH RECURSIVE family AS (
        SELECT CAST(:contact_id AS bigint) AS id
        UNION SELECT c.id FROM contacts c JOIN family f ON c.merged_into = f.id
    )
    SELECT id FROM family ORDER BY id
""")


def of_number(session: Session, number: str) -> int | None:
    """The contact that owns the number (E.164); None when it has none yet."""
    mine = (Identity.kind == IdentityKind.PHONE, Identity.value == number)
    return session.scalar(select(Identity.contact_id).where(*mine))


def ensure(
    session: Session, number: str, name: str = "", fields: Mapping[str, str] | None = None
) -> int:
    """The contact of the number, made when there is none, with what the lead's fields tell."""
    batch = [{"number": number, "name": name, "fields": dict(fields or {})}]
    _attach(session, _OF_BATCH, {"batch": orjson.dumps(batch).decode()})
    found = of_number(session, number)
    assert found is not None, "an identity is never without an owner"
    return found


def attach_list(session: Session, list_id: int, after: str, n: int) -> str | None:
    """Bring the next `n` leads of the list, by number, to contacts (and to their places in a random
    order); the last number, to go on after it, or None when there are no more."""
    bounds = {"list_id": list_id, "after": after}
    upto: str | None = session.scalar(_UPTO, {**bounds, "n": n})
    if upto is not None:
        _attach(session, _OF_LIST, {**bounds, "upto": upto})
        scatter(session, list_id, after, upto)
    return upto


def family(session: Session, contact_id: int) -> tuple[int, ...]:
    """The contact and all that were merged into it."""
    return tuple(session.scalars(_FAMILY, {"contact_id": contact_id}))


def numbers_of(session: Session, contact_id: int) -> tuple[str, ...]:
    """The contact's telephone numbers: its leads are those with these numbers."""
    mine = (Identity.contact_id == contact_id, Identity.kind == IdentityKind.PHONE)
    return tuple(session.scalars(select(Identity.value).where(*mine).order_by(Identity.value)))


def persons_numbers(session: Session, number: str) -> tuple[str, ...]:
    """All numbers of the contact that owns this one; it alone when nobody does."""
    contact_id = of_number(session, number)
    return (number,) if contact_id is None else numbers_of(session, contact_id)


def identities_of(session: Session, contact_id: int) -> Sequence[Identity]:
    """All that the contact is known by, telephone numbers first."""
    mine = select(Identity).where(Identity.contact_id == contact_id)
    return session.scalars(mine.order_by(Identity.kind != IdentityKind.PHONE, Identity.kind)).all()


def erase(session: Session, contact_id: int) -> None:
    """Nothing is left of the person but an empty row: not here, nor in what it was merged from."""
    ids = family(session, contact_id)
    session.execute(delete(Identity).where(Identity.contact_id.in_(ids)))
    session.execute(delete(ContactNote).where(ContactNote.contact_id.in_(ids)))
    either = ContactLikeness.low_id.in_(ids) | ContactLikeness.high_id.in_(ids)
    session.execute(delete(ContactLikeness).where(either))
    session.execute(
        update(ContactMerge).where(ContactMerge.kept_id.in_(ids)).values(moved=[], added={})
    )
    session.execute(
        update(ContactRow)
        .where(ContactRow.id.in_(ids))
        .values(name="", fields={}, erased_at=func.now())
    )


def _attach(session: Session, source: str, facts: Mapping[str, Any]) -> None:
    known = {
        "keys": list(IMPORTED), "kinds": [str(kind) for kind in IMPORTED.values()],
        "longest": VALUE_LENGTH, "alike_at_most": ALIKE_AT_MOST,
    }  # fmt: skip
    for step in _STEPS:
        session.execute(text(step.format(source=source, owner=_OWNER)), {**known, **facts})
