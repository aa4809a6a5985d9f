"""Answers kept for a day, so that a request which is sent twice is carried out once.

The answer is written in the transaction of what it tells: either both are there, or neither. Two
requests of one key at the same moment: the lock lets one of them in.
"""

from dataclasses import dataclass

from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session

from dialer.store.instants import instant
from dialer.store.tables import ApiAnswer

KEPT_S = 24 * 3600.0
_LOCK = text(
    "SELECT pg_try_advisory_xact_lock(hashtextextended(CAST(:api_key_id AS text) || :key, 0))"
)


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer, as far as it is given again."""

    status: int
    headers: dict[str, str]
    body: bytes


def lock(session: Session, api_key_id: int, request_key: str) -> bool:
    """Keep others with the same key out until the transaction ends; False when one is in."""
    return bool(session.scalar(_LOCK, {"api_key_id": api_key_id, "key": f":{request_key}"}))


def find(session: Session, api_key_id: int, request_key: str, now: float) -> ApiAnswer | None:
    """What was answered within a day. An older answer is forgotten here."""
    row = session.scalar(
        select(ApiAnswer).where(
            ApiAnswer.api_key_id == api_key_id, ApiAnswer.request_key == request_key
        )
    )
    if row is not None and row.answered_at <= instant(now - KEPT_S):
        session.delete(row)
        session.flush()
        return None
    return row


def keep(
    session: Session, api_key_id: int, request_key: str, request_hash: bytes, answer: Answer,
    now: float,
) -> None:  # fmt: skip
    """Keep the answer in the caller's transaction."""
    session.add(
        ApiAnswer(
            api_key_id=api_key_id, request_key=request_key, request_hash=request_hash,
            answered_at=instant(now), status=answer.status, headers=answer.headers,
            body=answer.body,
        )
    )  # fmt: skip


def forget_old(session: Session, now: float) -> int:
    """Delete the answers of more than a day ago; how many."""
    old = delete(ApiAnswer).where(ApiAnswer.answered_at <= instant(now - KEPT_S))
    return len(session.execute(old.returning(ApiAnswer.request_key)).all())
