"""Agents' phones as stored: which address a user may have, and whose a browser's extension is."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from dialer.model.errors import BadInput
from dialer.model.phone import EXTENSION, PhoneKind
from dialer.policy.destinations import may_reach
from dialer.store.numbers import normalised
from dialer.store.tables import User

NO_REGION = "ZZ"
"""A number that needs a region to be understood is no international one."""


def checked_phone(
    session: Session, user_id: int | None, kind: PhoneKind | str, address: str
) -> tuple[PhoneKind, str]:
    """Kind and address as they may be stored for the user (None: a new one). Raises BadInput.

    A desk phone's address may be empty: its agent gives it at the desk.
    """
    if kind not in list(PhoneKind):
        raise BadInput(f"phone_kind: must be one of {', '.join(PhoneKind)}")
    kind = PhoneKind(kind)
    if kind is PhoneKind.OUTSIDE:
        return kind, _outside(address)
    if kind is PhoneKind.SIP and not address:
        return kind, address
    return kind, checked_extension(session, user_id, address)


def checked_extension(session: Session, user_id: int | None, extension: str) -> str:
    """An extension that the user may be called on: a browser's is one person's only."""
    if not EXTENSION.fullmatch(extension):
        raise BadInput(
            "phone_address: an extension has letters, digits, dots and dashes, such as 1001"
        )
    if _browser_of_other(session, user_id, extension):
        raise BadInput(f"phone_address: {extension} is the extension of another user's browser")
    return extension


def _browser_of_other(session: Session, user_id: int | None, extension: str) -> bool:
    query = select(User.id).where(
        User.phone_address == extension, User.phone_kind == PhoneKind.WEBRTC, User.is_active
    )
    if user_id is not None:
        query = query.where(User.id != user_id)
    return session.scalar(query.limit(1)) is not None


def _outside(address: str) -> str:
    number = normalised(address, NO_REGION)
    if number is None:
        raise BadInput(
            "phone_address: an outside number is international and valid, such as +33123456789"
        )
    if not may_reach(number):
        raise BadInput("phone_address: satellite and premium rate numbers are not called")
    return number
