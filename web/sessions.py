"""Sessions in Redis: the cookie holds a random identity only, and Redis holds its hash.

A session ends after IDLE_S without a request, or ABSOLUTE_S after login whatever happens.
`rotate` gives the session a new identity; login does so, hence no fixation.
"""

import hashlib
import secrets
from collections.abc import Callable
from typing import Any, cast

import orjson
from flask import Flask, Request, Response, current_app, request, session
from flask.sessions import SessionInterface, SessionMixin
from redis import Redis
from werkzeug.datastructures import CallbackDict

from web import clock

IDLE_S = 30 * 60
ABSOLUTE_S = 12 * 3600
PREFIX = "relance:web:session:"


class RedisSession(CallbackDict[str, Any], SessionMixin):
    """One visitor's session; `identity` is the cookie's value."""

    def __init__(self, identity: str, values: dict[str, Any], is_new: bool) -> None:
        def on_update(_: object) -> None:
            self.modified = True

        super().__init__(values, on_update)
        self.identity = identity
        self.new = is_new
        self.modified = False
        self.accessed = True
        self.forgotten: list[str] = []

    def rotate(self) -> None:
        """Take a new identity; the old one is worthless from the end of this request."""
        self.forgotten.append(self.identity)
        self.identity = new_identity()
        self["created_at"] = clock.now().timestamp()


class RedisSessions(SessionInterface):
    """Flask's session interface on a Redis client."""

    def __init__(self, redis: Redis) -> None:
        self.redis = redis

    def open_session(self, app: Flask, request: Request) -> RedisSession:
        identity = request.cookies.get(self.get_cookie_name(app), "")
        values = self._read(identity) if 20 <= len(identity) <= 100 else None
        if values is None:
            return RedisSession(new_identity(), {"created_at": clock.now().timestamp()}, True)
        return RedisSession(identity, values, False)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        held = cast(RedisSession, session)
        for identity in held.forgotten:
            self.redis.delete(key_of(identity))
        if held.new and not held.modified:
            return
        if held.modified:
            self.redis.set(key_of(held.identity), orjson.dumps(dict(held)), ex=IDLE_S)
        else:
            self.touch(held.identity)
        if held.new or held.forgotten:
            self._send_cookie(app, held.identity, response)

    def touch(self, identity: str) -> bool:
        """Put off the idle end; False when the session is gone or past its absolute end."""
        values = self._read(identity)
        return values is not None and bool(self.redis.expire(key_of(identity), IDLE_S))

    def _send_cookie(self, app: Flask, identity: str, response: Response) -> None:
        response.set_cookie(
            self.get_cookie_name(app),
            identity,
            path="/",
            httponly=True,
            samesite="Lax",
            secure=request.is_secure,
        )

    def _read(self, identity: str) -> dict[str, Any] | None:
        body = cast(Any, self.redis.get(key_of(identity)))
        values = orjson.loads(body) if body else None
        if not isinstance(values, dict):
            return None
        age_s = clock.now().timestamp() - float(values.get("created_at", 0))
        return values if age_s < ABSOLUTE_S else None


def new_identity() -> str:
    """256 random bits."""
    return secrets.token_urlsafe(32)


def key_of(identity: str) -> str:
    """Where Redis holds the session: a leaked database tells no cookie."""
    return PREFIX + hashlib.sha256(identity.encode()).hexdigest()


def watch_session() -> Callable[[], bool]:
    """A question that a stream may ask long after its request: does the session still stand?

    Asking it also puts off the idle end, so an agent on a long call stays logged in.
    """
    held = cast(RedisSession, session._get_current_object())  # type: ignore[attr-defined]
    sessions = cast(RedisSessions, current_app.session_interface)
    return lambda: sessions.touch(held.identity)
