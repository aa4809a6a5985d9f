"""A POST that is sent twice with one Idempotency-Key is carried out once.

Only answers of success are kept: a request that failed has changed nothing, so it may be sent
again, mended or as it was, with its key. They are kept for a day, for the API key that asked.
"""

import re
from dataclasses import dataclass
from hashlib import sha256

from flask import Response, request

from dialer.store import api_answers
from dialer.store.api_answers import Answer
from web import clock
from web.api.problems import Problem, unacceptable
from web.extensions import db

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
KEY = re.compile(r"[\x21-\x7e]{1,255}", re.ASCII)
KEPT_HEADERS = ("Location", "ETag", "Content-Type")


@dataclass(frozen=True, slots=True)
class Once:
    """One request that may come again."""

    api_key_id: int
    request_key: str
    request_hash: bytes

    def earlier(self) -> Response | None:
        """The answer it was given before. Raises Problem when the key is another request's."""
        session, now = db.session(), clock.now().timestamp()
        if not api_answers.lock(session, self.api_key_id, self.request_key):
            raise Problem("request_running", headers={"Retry-After": "1"})
        row = api_answers.find(session, self.api_key_id, self.request_key, now)
        if row is None:
            return None
        if row.request_hash != self.request_hash:
            raise Problem("key_reused")
        return Response(row.body, row.status, {**row.headers, REPLAYED: "true"})

    def keep(self, answer: Response) -> None:
        """Keep the answer in the transaction of what it tells."""
        headers = {name: answer.headers[name] for name in KEPT_HEADERS if name in answer.headers}
        kept = Answer(answer.status_code, headers, answer.get_data())
        now = clock.now().timestamp()
        api_answers.keep(
            db.session(), self.api_key_id, self.request_key, self.request_hash, kept, now
        )


def once(api_key_id: int) -> Once | None:
    """The present request, when it says that it may be sent again."""
    key = request.headers.get(HEADER)
    if key is None or request.method != "POST":
        return None
    if not KEY.fullmatch(key):
        raise unacceptable("1 to 255 printable ASCII characters", parameter=HEADER)
    digest = sha256(f"{request.method} {request.full_path}\n".encode())
    digest.update(request.get_data(cache=True))
    return Once(api_key_id, key, digest.digest())
