"""Keys of the API: made, recognised, revoked.

A key is `rlk_<prefix>_<secret>`. The secret has 256 random bits, so one round of SHA-256 hides it:
there is nothing to guess at, and recognising a key costs no time.
"""

import hmac
import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from dialer.model.errors import BadInput
from dialer.model.scope import Scope
from dialer.store.instants import instant, seconds_of
from dialer.store.tables import ApiKey

KEY = re.compile(r"rlk_(?P<prefix>[0-9a-f]{12})_(?P<secret>[A-Za-z0-9_-]{43})", re.ASCII)
NAME_LENGTH = 100
MAX_PER_MIN = range(1, 60_001)
USED_EVERY_S = 60.0
"""How exact `last_used_at` is: a write for each request would cost more than the request."""
_DECOY = sha256(b"a key that nobody has").digest()


@dataclass(frozen=True, slots=True)
class Issued:
    """A new key; `text` is shown to its maker now and never again."""

    row: ApiKey
    text: str


def issue(
    session: Session,
    name: str,
    scopes: Collection[str],
    *,
    now: float,
    expires_at: float | None = None,
    max_per_min: int = 600,
    user_id: int | None = None,
) -> Issued:
    """A new key. Raises BadInput naming the field."""
    if expires_at is not None and expires_at <= now:
        raise BadInput("expires_at: must be in the future")
    if max_per_min not in MAX_PER_MIN:
        raise BadInput(f"max_per_min: must be from {MAX_PER_MIN[0]} to {MAX_PER_MIN[-1]}")
    prefix, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    row = ApiKey(
        name=_name(name), prefix=prefix, secret_hash=_hash(secret), scopes=_scopes(scopes),
        expires_at=instant(expires_at), max_per_min=max_per_min, created_by=user_id,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return Issued(row, f"rlk_{prefix}_{secret}")


def recognised(session: Session, text: str, now: float) -> ApiKey | None:
    """The key that this is, unless it is revoked or has expired."""
    parts = KEY.fullmatch(text)
    if parts is None:
        return None
    row = session.scalar(select(ApiKey).where(ApiKey.prefix == parts["prefix"]))
    is_it = hmac.compare_digest(row.secret_hash if row else _DECOY, _hash(parts["secret"]))
    return row if row is not None and is_it and is_valid(row, now) else None


def is_valid(row: ApiKey, now: float) -> bool:
    """Whether the key still opens anything."""
    expires_at = seconds_of(row.expires_at)
    return row.revoked_at is None and (expires_at is None or now < expires_at)


def note_use(session: Session, row: ApiKey, now: float) -> bool:
    """Keep when the key was last used; whether that was worth a write."""
    known = seconds_of(row.last_used_at)
    if known is not None and now - known < USED_EVERY_S:
        return False
    is_old = or_(ApiKey.last_used_at.is_(None), ApiKey.last_used_at < instant(now))
    session.execute(
        update(ApiKey)
        .where(ApiKey.id == row.id, is_old)
        .values(last_used_at=instant(now))
        .execution_options(synchronize_session=False)
    )
    return True


def revoke(row: ApiKey, now: float) -> None:
    """The key opens nothing from now on; it stays known, since the audit log names it."""
    if row.revoked_at is None:
        row.revoked_at = instant(now)


def _hash(secret: str) -> bytes:
    return sha256(secret.encode()).digest()


def _name(name: str) -> str:
    name = name.strip()
    if not 0 < len(name) <= NAME_LENGTH or not name.isprintable():
        raise BadInput(f"name: must be 1 to {NAME_LENGTH} printable characters")
    return name


def _scopes(scopes: Collection[str]) -> list[str]:
    if not scopes:
        raise BadInput("scopes: a key without a scope opens nothing")
    for scope in scopes:
        if scope not in list(Scope):
            raise BadInput(f"scopes: {scope!r} is none of {', '.join(Scope)}")
    return sorted({str(scope) for scope in scopes})
