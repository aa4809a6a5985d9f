"""One request of the API from the door to the answer: the same steps for every endpoint.

Key, rate, scope; parameters and body by their schemas; the answer given before, if this request
was carried out already; the endpoint's function; one commit; then what others are told.
"""

import logging

from flask import Response, request
from pydantic import BaseModel
from redis import RedisError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from dialer.model.errors import BadInput, IllegalTransition, StaleEvent
from dialer.store.tables import ApiKey
from web.api import door, reading, repeats, sparse, versions, words
from web.api.endpoints import Asked, Endpoint, Reply
from web.api.parameters import PATH
from web.api.problems import Fault, Problem, of_http, response
from web.extensions import db
from web.faults import fault_of, in_words

log = logging.getLogger(__name__)

JSON = "application/json"
OF_STATE = frozenset({"LIST_STATE", "LIST_BUSY"})
"""Codes of faults that lie in what the request found, not in the request."""


def serve(endpoint: Endpoint, path: dict[str, str]) -> Response:
    """The answer to the present request, a problem or not; with the key's rate in its headers."""
    try:
        answer = _answer(endpoint, path)
    except Problem as problem:
        answer = _refused(problem)
    except BadInput as fault:
        answer = _refused(of_fault(fault))
    except (IllegalTransition, StaleEvent) as error:
        answer = _refused(Problem("wrong_state", str(error)))
    except HTTPException as error:
        answer = _refused(of_http(error))
    except (OperationalError, RedisError) as error:
        log.warning("api: %s %s: %s", endpoint.method, endpoint.path, error)
        answer = _refused(Problem("unavailable", headers={"Retry-After": "5"}))
    answer.headers.extend(door.rate_headers())
    return answer


def _answer(endpoint: Endpoint, path: dict[str, str]) -> Response:
    key = door.enter(endpoint.scope)
    asked = _asked(endpoint, key, path)
    once = repeats.once(key.id) if endpoint.is_write and not endpoint.takes else None
    earlier = once.earlier() if once is not None else None
    if earlier is not None:
        return earlier
    reply = endpoint.act(asked)
    answer = _made(endpoint, reply, asked.query)
    if once is not None:
        once.keep(answer)
    db.session.commit()
    for act in reply.afterwards:
        act()
    return answer


def _asked(endpoint: Endpoint, key: ApiKey, path: dict[str, str]) -> Asked:
    named = {name: _named(name, written) for name, written in path.items()}
    query = reading.query_of(endpoint.query, request.args)
    return Asked(key, query, _body(endpoint), named)


def _body(endpoint: Endpoint) -> BaseModel | bytes | None:
    if not endpoint.is_write:
        return None
    if endpoint.takes:
        return reading.bytes_of(endpoint.takes, endpoint.max_bytes)
    return reading.body_of(endpoint.body, endpoint.max_bytes)


def _named(name: str, written: str) -> int | str:
    """What an address names. Raises Problem when nothing can have that name."""
    identity = PATH[name].read(written)
    if identity is None:
        raise Problem("not_found")
    return identity


def _made(endpoint: Endpoint, reply: Reply, query: BaseModel | None) -> Response:
    if isinstance(reply.shown, Response):
        return reply.shown
    body = sparse.dumped(reply.shown, query) if reply.shown is not None else ""
    answer = Response(body, endpoint.status, mimetype=JSON if body else None)
    if reply.location:
        answer.headers["Location"] = reply.location
    if reply.has_tag and reply.shown is not None:
        answer.set_etag(versions.tag_of(reply.shown))
    return answer


def _refused(problem: Problem) -> Response:
    """Nothing of the request is kept."""
    db.session.rollback()
    return response(problem)


def of_fault(told: BadInput) -> Problem:
    """What the dialer's checks say, with the code that the screens know it by."""
    if told.code in OF_STATE:
        return Problem("wrong_state", str(told))
    field, colon, reason = str(told).partition(": ")
    is_of_field = bool(colon) and field.isidentifier()
    detail = reason if is_of_field else str(told)
    fault = Fault(
        in_words(told) if words.language() == words.FRENCH else detail,
        pointer=f"#/{field}" if is_of_field else "",
        code=_code_of(told),
    )
    return Problem("invalid", faults=(fault,))


def _code_of(told: BadInput) -> str:
    if told.code:
        return told.code.lower()
    known = fault_of(told)
    return known.code.lower() if known else ""
