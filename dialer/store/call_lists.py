"""Lists as rows: their state, one hand on them at a time, and what is remembered from list to list.

A list's lock is of the database session, not of a transaction: an import commits many times, and
a worker that dies loses it.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import Engine, exists, select, text
from sqlalchemy.orm import Session

from dialer.model.call_list import LIST_MACHINE, ListState, ListTrigger
from dialer.model.errors import BadInput, IllegalTransition, StaleEvent
from dialer.model.import_faults import fault
from dialer.store.import_batches import forget_batches
from dialer.store.session import SessionFactory, transaction
from dialer.store.tables import LeadList, LeadRow

_LOCK_SPACE = 7_304_613
_LOCK = text("SELECT pg_try_advisory_lock(:space, CAST(:list_id AS int))")
_UNLOCK = text("SELECT pg_advisory_unlock(:space, CAST(:list_id AS int))")
_IS_FREE = text("SELECT pg_try_advisory_xact_lock(:space, CAST(:list_id AS int))")


@dataclass(frozen=True, slots=True)
class Remembered:
    """How a file with the same columns was read before."""

    mapping: dict[str, str]
    region: str
    has_old_benin_numbers: bool
    needs_consent: bool
    dedupe: str


def found_list(session: Session, list_id: int) -> LeadList:
    """The list as it is now. Raises BadInput."""
    row = session.get(LeadList, list_id, populate_existing=True)
    if row is None:
        raise fault("LIST_UNKNOWN", list=list_id)
    return row


def step(row: LeadList, trigger: ListTrigger) -> None:
    """Move the list on. Raises BadInput where its state does not admit it."""
    state = ListState(row.state)
    try:
        row.state = LIST_MACHINE.step(state, trigger)
    except StaleEvent:
        return
    except IllegalTransition as error:
        raise fault("LIST_STATE", list=row.id, state=str(state)) from error


def start(session: Session, row: LeadList) -> None:
    """The list is to be imported: where it was stopped it goes on, else it begins anew."""
    if row.state not in (ListState.STOPPED, ListState.IMPORTING):
        forget_batches(session.connection(), row.id)
    step(row, ListTrigger.START)


def stored(error: BadInput) -> dict[str, object]:
    """A fault as a list keeps it."""
    return {"code": error.code, **error.fields}


def has_leads(session: Session, list_id: int) -> bool:
    """Whether the list holds any lead."""
    return bool(session.scalar(select(exists().where(LeadRow.list_id == list_id))))


def may(row: LeadList, trigger: ListTrigger) -> bool:
    """Whether the list's state admits it."""
    return LIST_MACHINE.can(ListState(row.state), trigger)


@contextmanager
def held(factory: SessionFactory, list_id: int) -> Iterator[None]:
    """The list is this caller's alone. Raises BadInput when somebody else has it."""
    engine = factory.kw["bind"]
    assert isinstance(engine, Engine)
    key = {"space": _LOCK_SPACE, "list_id": list_id}
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if not connection.scalar(_LOCK, key):
            raise fault("LIST_BUSY", list=list_id)
        try:
            yield
        finally:
            connection.execute(_UNLOCK, key)


def is_abandoned(session: Session, row: LeadList) -> bool:
    """Whether the list is at work and nobody has it: its worker died, or none came yet."""
    if ListState(row.state) not in AT_WORK:
        return False
    key = {"space": _LOCK_SPACE, "list_id": row.id}
    return bool(session.scalar(_IS_FREE, key))


AT_WORK = frozenset(
    {ListState.CHECKING, ListState.IMPORTING, ListState.STOPPING, ListState.UNDOING}
)


def is_stopping(factory: SessionFactory, list_id: int) -> bool:
    """Whether somebody asked the import to stop."""
    with transaction(factory) as session:
        state = session.scalar(select(LeadList.state).where(LeadList.id == list_id))
    return state == ListState.STOPPING


def signature_of(header: Sequence[str]) -> str:
    """The same for files with the same columns, in whatever order."""
    return sha256("\x1f".join(sorted(header)).encode("utf-8", "replace")).hexdigest()


def remembered(session: Session, header: Sequence[str], campaign_id: int) -> Remembered | None:
    """How the last list with these columns was read; those of the campaign come first."""
    row = session.scalar(
        select(LeadList)
        .where(LeadList.header_signature == signature_of(header))
        .order_by((LeadList.campaign_id == campaign_id).desc(), LeadList.id.desc())
        .limit(1)
    )
    if row is None:
        return None
    return Remembered(
        row.mapping, row.region, row.has_old_benin_numbers, row.needs_consent, row.dedupe
    )


def lists_of_file(session: Session, digest: str, besides: int) -> tuple[str, ...]:
    """Names of the lists that the same file was imported to before: a warning, not a fault."""
    kept = (ListState.READY, ListState.IMPORTING, ListState.STOPPED)
    same = select(LeadList.name).where(LeadList.file_sha256 == digest, LeadList.state.in_(kept))
    return tuple(session.scalars(same.where(LeadList.id != besides).order_by(LeadList.id)))
