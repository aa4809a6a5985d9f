"""Passwords of agents' browsers: random, made anew each time the desk opens, never stored.

Redis holds only what a digest is checked with (the MD5 of user:realm:password that SIP demands, RFC
2617), and whose session it belongs to. It counts as long as that session stands and its user still
has that phone: a log-out, a new password or a changed extension ends it at the next registration.
"""

import hashlib
import secrets
from dataclasses import asdict, dataclass
from typing import Any, cast

import orjson
from redis import Redis

from dialer.model.phone import PhoneKind
from web.auth import identity
from web.sessions import ABSOLUTE_S, key_of

PREFIX = "relance:web:phone:"


@dataclass(frozen=True, slots=True)
class Credential:
    """`holder`: where Redis keeps the session; `user`: the user's identity with its stamp."""

    a1_hash: str
    holder: str
    user: str


def mint(redis: Redis, extension: str, realm: str, session_identity: str, user: str) -> str:
    """A new password for the extension; the one before is worthless from now on."""
    password = secrets.token_urlsafe(24)
    digest = hashlib.md5(f"{extension}:{realm}:{password}".encode()).hexdigest()
    credential = Credential(digest, key_of(session_identity), user)
    redis.set(PREFIX + extension, orjson.dumps(asdict(credential)), ex=ABSOLUTE_S)
    return password


def standing(redis: Redis, extension: str) -> Credential | None:
    """The extension's credential, if it counts now."""
    body = cast(Any, redis.get(PREFIX + extension))
    if not body:
        return None
    credential = Credential(**orjson.loads(body))
    if not redis.exists(credential.holder):
        return None
    visitor = identity.load(credential.user)
    if visitor is None or visitor.phone_kind != PhoneKind.WEBRTC:
        return None
    return credential if visitor.phone_address == extension else None
