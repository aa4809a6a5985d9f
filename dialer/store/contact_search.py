"""Contacts found by a name, a number, an e-mail or an external id, within a bounded cost.

Every way asks an index for its first few rows and stops. A name is looked for by how it begins,
then by how its last word begins, and only when that finds too few, by its words in any order: there
a frequent beginning costs the more the more people bear it, and so it comes last and whole words
come before unfinished ones. Numbers that no contact owns yet are found by the number in full.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from phonenumbers import country_code_for_region
from sqlalchemy import TextClause, select, text
from sqlalchemy.orm import Session

from dialer.store.contacts import ensure
from dialer.store.folding import LAST_NAME_FIRST, folded
from dialer.store.numbers import normalised
from dialer.store.tables import LeadRow

MOST_FOUND = 20
FEWEST_CHARACTERS = 3
LONGEST = 100
MOST_WORDS = 5
_SHOWN = """
    SELECT c.id, c.name, ARRAY(
        SELECT i.value FROM identities i WHERE i.contact_id = c.id AND i.kind = 'PHONE'
        ORDER BY i.value LIMIT 3) AS numbers
    FROM contacts c WHERE c.id = ANY(:ids)
"""
_LIVE = "merged_into IS NULL AND erased_at IS NULL"
_FOLD = text(f"SELECT {folded('CAST(:wanted AS text)')}")
_BY_BEGINNING = text(f"""
    SELECT id FROM contacts WHERE name_key >= :low AND name_key < :high AND {_LIVE}
    ORDER BY name_key LIMIT :n
""")
_BY_LAST_NAME = text(f"""
    SELECT id FROM contacts
    WHERE ({LAST_NAME_FIRST}) >= :low AND ({LAST_NAME_FIRST}) < :high AND {_LIVE}
    ORDER BY ({LAST_NAME_FIRST}) LIMIT :n
""")
_BY_WORDS = text(f"""
    SELECT id FROM contacts
    WHERE to_tsvector('simple'::regconfig, name_key) @@ to_tsquery('simple'::regconfig, :words)
      AND {_LIVE} LIMIT :n
""")
_BY_IDENTITY = text("""
    SELECT contact_id AS id FROM identities
    WHERE kind = :kind AND value >= :low AND value < :high ORDER BY value LIMIT :n
""")
_BY_ENDING = text("""
    SELECT contact_id AS id FROM identities
    WHERE kind IN ('PHONE', 'WHATSAPP') AND reverse(value) >= :low AND reverse(value) < :high
    ORDER BY reverse(value) LIMIT :n
""")
_STEADY = text("SET LOCAL work_mem = '64MB'; SET LOCAL enable_seqscan = off")
_AS_BEFORE = text("SET LOCAL work_mem TO DEFAULT; SET LOCAL enable_seqscan TO DEFAULT")
"""A lossy bitmap of a frequent word would look at each name again."""


@dataclass(frozen=True, slots=True)
class Found:
    """One line of a search; the contact's first numbers."""

    contact_id: int
    name: str
    numbers: tuple[str, ...]


def search(session: Session, wanted: str, region: str = "FR") -> tuple[Found, ...]:
    """The first contacts that `wanted` may mean; none for fewer than FEWEST_CHARACTERS.

    `region`: ISO country in whose way a number without plus is read.
    """
    wanted = wanted.replace("\0", "").strip()[:LONGEST]
    if len(wanted) < FEWEST_CHARACTERS:
        return ()
    session.execute(_STEADY)
    ids: list[int] = []
    for way in _ways(wanted):
        if len(ids) < MOST_FOUND:
            fresh = way(session, wanted, region)
            ids += [one for one in dict.fromkeys(fresh) if one not in ids]
    session.execute(_AS_BEFORE)
    return _shown(session, ids[:MOST_FOUND])


Way = Callable[[Session, str, str], Sequence[int]]


def _ways(wanted: str) -> tuple[Way, ...]:
    if "@" in wanted:
        return (_by_email,)
    if any(character.isalpha() for character in wanted):
        return (_by_beginning, _by_last_name, _by_words, _by_external_id)
    return (_by_number, _by_external_id, _by_ending)


def _by_email(session: Session, wanted: str, region: str) -> Sequence[int]:
    return _prefixed(session, "EMAIL", wanted.lower())


def _by_external_id(session: Session, wanted: str, region: str) -> Sequence[int]:
    return _prefixed(session, "EXTERNAL_ID", wanted)


def _by_number(session: Session, wanted: str, region: str) -> Sequence[int]:
    """By the number in full, else by how it begins."""
    whole = normalised(wanted, region)
    if whole is not None:
        owners = [*_prefixed(session, "PHONE", whole), *_prefixed(session, "WHATSAPP", whole)]
        return owners or _of_lead(session, whole)
    digits = _digits(wanted)
    if not digits.strip("0"):
        return ()
    if wanted.startswith("+") or not digits.startswith("0"):
        return _prefixed(session, "PHONE", f"+{digits}")
    if digits.startswith("00"):
        return _prefixed(session, "PHONE", f"+{digits[2:]}")
    return _prefixed(session, "PHONE", f"+{country_code_for_region(region)}{digits[1:]}")


def _by_ending(session: Session, wanted: str, region: str) -> Sequence[int]:
    ending = _digits(wanted)[::-1]
    if len(ending) < FEWEST_CHARACTERS:
        return ()
    return _ids(session, _BY_ENDING, low=ending, high=_after(ending))


def _by_beginning(session: Session, wanted: str, region: str) -> Sequence[int]:
    key = " ".join(_words(session, wanted))
    return _ids(session, _BY_BEGINNING, low=key, high=_after(key)) if key else ()


def _by_last_name(session: Session, wanted: str, region: str) -> Sequence[int]:
    key = " ".join(_words(session, wanted))
    return _ids(session, _BY_LAST_NAME, low=key, high=_after(key)) if key else ()


def _by_words(session: Session, wanted: str, region: str) -> Sequence[int]:
    """All but the last word are whole: the last may be half typed."""
    words = [_quoted(word) for word in _words(session, wanted)]
    if not words or len(words[-1]) < FEWEST_CHARACTERS:
        return ()
    return _ids(session, _BY_WORDS, words=" & ".join([*words[:-1], f"{words[-1]}:*"]))


def _words(session: Session, wanted: str) -> list[str]:
    return str(session.scalar(_FOLD, {"wanted": wanted})).split()[:MOST_WORDS]


def _quoted(word: str) -> str:
    """A word of a tsquery, whatever is in it."""
    escaped = word.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


def _prefixed(session: Session, kind: str, prefix: str) -> Sequence[int]:
    return _ids(session, _BY_IDENTITY, kind=kind, low=prefix, high=_after(prefix))


def _after(prefix: str) -> str:
    """The first text in the order of bytes that does not begin with `prefix`."""
    return prefix + "\U0010ffff"


def _ids(session: Session, query: TextClause, **facts: str) -> Sequence[int]:
    return session.scalars(query, {**facts, "n": MOST_FOUND}).all()


def _of_lead(session: Session, number: str) -> Sequence[int]:
    """A lead whose person has no contact yet gets it now."""
    lead = session.scalar(select(LeadRow).where(LeadRow.number == number).limit(1))
    return () if lead is None else (ensure(session, number, lead.name, lead.fields),)


def _shown(session: Session, ids: list[int]) -> tuple[Found, ...]:
    rows = {row.id: row for row in session.execute(text(_SHOWN), {"ids": ids})}
    return tuple(
        Found(rows[one].id, rows[one].name, tuple(rows[one].numbers)) for one in ids if one in rows
    )


def _digits(written: str) -> str:
    return "".join(character for character in written if character in "0123456789")
