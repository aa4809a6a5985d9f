"""What goes wrong, as problem+json (RFC 9457): one table of codes, each with its status and title.

The codes are part of the contract: programs decide by them, people read title and detail.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

import orjson
from flask import Response
from werkzeug.exceptions import HTTPException

from web.api import words

PREFIX = "urn:relance:problem:"
MIMETYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Fault:
    """One part of the request that is unacceptable, and where: a pointer into the body (RFC 6901),
    or the name of a parameter of the address or a header."""

    detail: str
    pointer: str = ""
    parameter: str = ""
    code: str = ""

    def as_plain(self, language: str = words.ENGLISH) -> dict[str, str]:
        """Without what is empty."""
        given = {name: getattr(self, name) for name in ("detail", "pointer", "parameter", "code")}
        given["detail"] = _in(language, self.detail)
        return {name: value for name, value in given.items() if value}


TITLES: Mapping[str, tuple[int, str]] = {
    "bad_request": (400, "The request cannot be understood"),
    "bad_json": (400, "The body is no JSON in UTF-8"),
    "no_key": (401, "The request carries no valid API key"),
    "no_scope": (403, "The key lacks the scope that this takes"),
    "not_found": (404, "There is no such thing"),
    "method_not_allowed": (405, "This address is not asked in this way"),
    "wrong_state": (409, "Its present state does not allow this"),
    "duplicate": (409, "It is there already"),
    "request_running": (409, "A request with this Idempotency-Key is being carried out"),
    "changed": (412, "It was changed meanwhile"),
    "too_large": (413, "The body is too large"),
    "wrong_media_type": (415, "The body is of another media type than this takes"),
    "bad_range": (416, "The recording has no such range"),
    "invalid": (422, "The request is unacceptable"),
    "key_reused": (422, "The Idempotency-Key belongs to another request"),
    "too_many_requests": (429, "Too many requests"),
    "internal": (500, "Something went wrong here"),
    "unavailable": (503, "A server behind this one does not answer"),
}
"""Code to status and title."""
_OF_STATUS = {
    400: "bad_request", 404: "not_found", 405: "method_not_allowed", 413: "too_large",
    415: "wrong_media_type", 416: "bad_range", 429: "too_many_requests", 500: "internal",
}  # fmt: skip


@dataclass(eq=False)
class Problem(Exception):
    """Raised anywhere in a request of the API; nothing of the request is kept then."""

    code: str
    detail: str = ""
    faults: tuple[Fault, ...] = ()
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def status(self) -> int:
        """Of HTTP."""
        return TITLES[self.code][0]

    def as_plain(self, language: str = words.ENGLISH) -> dict[str, object]:
        """The body of the answer."""
        status, title = TITLES[self.code]
        if language == words.FRENCH:
            title = words.TITLES[self.code]
        body: dict[str, object] = {
            "type": PREFIX + self.code, "code": self.code, "status": status, "title": title,
        }  # fmt: skip
        if self.detail:
            body["detail"] = _in(language, self.detail)
        if self.faults:
            body["errors"] = [fault.as_plain(language) for fault in self.faults]
        return body


def response(problem: Problem) -> Response:
    """The problem as an answer, in the language that the request asks for."""
    language = words.language()
    body = orjson.dumps(problem.as_plain(language))
    answer = Response(body, problem.status, problem.headers, mimetype=MIMETYPE)
    answer.headers["Content-Language"] = language
    answer.vary.add("Accept-Language")
    return answer


def _in(language: str, sentence: str) -> str:
    return words.in_french(sentence) if language == words.FRENCH else sentence


def of_http(error: HTTPException) -> Problem:
    """The problem that a refusal of the framework is."""
    status = error.code or 500
    fallback = "internal" if status >= HTTPStatus.INTERNAL_SERVER_ERROR else "bad_request"
    code = _OF_STATUS.get(status, fallback)
    problem = Problem(code)
    for name, value in error.get_headers():
        if name in ("Allow", "Content-Range", "Retry-After"):
            problem.headers[name] = value
    return problem


def missing(what: str) -> Problem:
    """There is no such list, lead, ..."""
    return Problem("not_found", f"{what}: there is none")


def unacceptable(detail: str, *, pointer: str = "", parameter: str = "", code: str = "") -> Problem:
    """One field or parameter is at fault."""
    return Problem("invalid", faults=(Fault(detail, pointer, parameter, code),))
