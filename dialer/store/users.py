"""People who log in to the web: their rows, roles and passwords (argon2id).

Checking costs the same whether the login exists or not. It takes some 50 ms of processor: a
gevent process gives `check_password` a way to run it in the hub's thread pool.
"""

import re
from base64 import b64encode
from collections.abc import Callable
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dialer.model.errors import BadInput
from dialer.model.phone import PhoneKind
from dialer.store.phones import checked_phone
from dialer.store.tables import Role, User

PASSWORD_LENGTH = range(12, 257)
LOGIN = re.compile(r"[a-z0-9][a-z0-9._@-]{1,63}")
NAME_LENGTH = 200
LOCALES = ("fr", "en")
_hasher = PasswordHasher()
Runner = Callable[..., Any]
"""Runs a function with its arguments and gives its answer: here and now, or in another thread."""


def create_user(
    session: Session,
    login: str,
    name: str,
    password: str,
    role: Role | str,
    *,
    phone_kind: PhoneKind | str = PhoneKind.SIP,
    phone_address: str = "",
    locale: str = "fr",
) -> User:
    """A new user who may log in. Raises BadInput naming the field."""
    kind, address = checked_phone(session, None, phone_kind, phone_address)
    user = User(
        login=_login(login),
        name=_name(name),
        password_hash=password_hash(password),
        role=_role(role),
        phone_kind=kind.value,
        phone_address=address,
        locale=_locale(locale),
    )
    try:
        with session.begin_nested():
            session.add(user)
    except IntegrityError as error:
        raise BadInput(f"login: {user.login!r} is taken") from error
    return user


def _here(function: Callable[..., Any], *arguments: object) -> Any:
    return function(*arguments)


def check_password(session: Session, login: str, password: str, run: Runner = _here) -> User | None:
    """The active user whose password this is, or None; equally slow in either case.

    `run` carries out what is slow and touches neither session nor network.
    """
    user = _of_login(session, login)
    if not run(hash_matches, user.password_hash if user else DECOY, password):
        return None
    if user is None or not user.is_active:
        return None
    if _hasher.check_needs_rehash(user.password_hash):
        user.password_hash = run(_hasher.hash, password)
    return user


def hash_matches(stored: str, password: str) -> bool:
    """Whether this is the password of the hash. Slow by intent; safe in any thread."""
    try:
        return _hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


def set_password(user: User, password: str) -> None:
    """Give the user another password."""
    user.password_hash = password_hash(password)


def password_hash(password: str) -> str:
    """Argon2id hash of an acceptable password. Raises BadInput otherwise."""
    if len(password) not in PASSWORD_LENGTH:
        raise BadInput(
            f"password: must have {PASSWORD_LENGTH[0]} to {PASSWORD_LENGTH[-1]} characters"
        )
    return _hasher.hash(password)


def has_users(session: Session) -> bool:
    """Whether the first-run set-up is over."""
    return session.scalar(select(func.count()).select_from(User)) != 0


def _of_login(session: Session, login: str) -> User | None:
    login = login.strip().lower()
    if not LOGIN.fullmatch(login):
        return None
    return session.scalar(select(User).where(User.login == login))


def _decoy(hasher: PasswordHasher) -> str:
    """A hash of the hasher's own cost that is of no password: made without hashing."""
    cost = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    salt, digest = (b64encode(bytes(n)).decode().rstrip("=") for n in (16, hasher.hash_len))
    return f"$argon2id$v=19${cost}${salt}${digest}"


DECOY = _decoy(_hasher)
"""What a login that is unknown is compared with."""


def _login(login: str) -> str:
    login = login.strip().lower()
    if not LOGIN.fullmatch(login):
        raise BadInput("login: 2 to 64 letters, digits, dots, dashes or at characters")
    return login


def _name(name: str) -> str:
    name = name.strip()
    if not 0 < len(name) <= NAME_LENGTH or not name.isprintable():
        raise BadInput(f"name: must be 1 to {NAME_LENGTH} printable characters")
    return name


def _role(role: str) -> str:
    if role not in list(Role):
        raise BadInput(f"role: must be one of {', '.join(Role)}")
    return str(Role(role))


def _locale(locale: str) -> str:
    if locale not in LOCALES:
        raise BadInput(f"locale: must be one of {', '.join(LOCALES)}")
    return locale
