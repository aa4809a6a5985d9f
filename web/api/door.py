"""Who comes in: a Bearer key with the scope that the address takes, within its rate.

No cookie and no login of a person opens anything here, so no foreign page can ask in a person's
name, and there is no token against that.
"""

from flask import g, request

from dialer.model.scope import Scope
from dialer.store import api_keys
from dialer.store.tables import ApiKey
from web import clock
from web.api.problems import Problem
from web.extensions import bus, db
from web.ratelimit import Window, counted

WRONG_PER_MIN = 30
"""Requests of one address without a valid key."""
MINUTE_S = 60
_CHALLENGE = {"WWW-Authenticate": 'Bearer realm="relance"'}


def enter(scope: Scope) -> ApiKey:
    """The key of the request. Raises Problem: 401, 403 or 429."""
    now = clock.now().timestamp()
    row = api_keys.recognised(db.session(), _shown(), now)
    if row is None:
        raise _stranger()
    _count(f"api:{row.id}", row.max_per_min)
    if api_keys.note_use(db.session(), row, now):
        db.session.commit()
    if scope not in row.scopes:
        raise Problem("no_scope", f"it takes {scope}")
    return row


def rate_headers() -> dict[str, str]:
    """How much of its minute the key has left, once it was counted."""
    window: Window | None = g.get("api_window")
    if window is None:
        return {}
    return {
        "RateLimit-Limit": str(window.limit),
        "RateLimit-Remaining": str(window.n_left),
        "RateLimit-Reset": str(window.resets_in_s),
        "RateLimit-Policy": f"{window.limit};w={MINUTE_S}",
    }


def _shown() -> str:
    given = request.authorization
    is_bearer = given is not None and given.type == "bearer"
    return (given.token or "") if given is not None and is_bearer else ""


def _stranger() -> Problem:
    """Whoever guesses is told to wait; guessing 256 bits is hopeless, but it costs us."""
    _count(f"api-wrong:{request.remote_addr}", WRONG_PER_MIN)
    return Problem("no_key", headers=_CHALLENGE)


def _count(what: str, limit: int) -> None:
    g.api_window = counted(bus().redis, what, limit, MINUTE_S)
    if g.api_window.is_over:
        raise Problem(
            "too_many_requests", f"at most {limit} in {MINUTE_S} s",
            headers={"Retry-After": str(max(g.api_window.resets_in_s, 1))},
        )  # fmt: skip
