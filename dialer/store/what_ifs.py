"""Questions about a recorded hour under another abandon target, and their answers."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from dialer.model.errors import BadInput
from dialer.store.checks import NumberBetween
from dialer.store.instants import instant
from dialer.store.pacing_log import last_minute
from dialer.store.tables import WhatIfRow, WhatIfState

HOUR_S = 3600.0
LOWEST, HIGHEST = 0.001, 0.03
SHOWN = 10


def ask(
    session: Session, campaign_id: int, target: float, since: float | None, user_id: int
) -> WhatIfRow:
    """A question about the hour from `since` on, or else about the last one that was recorded.

    Raises BadInput for a target that no campaign may have, and when nothing was recorded.
    """
    checked = NumberBetween(LOWEST, HIGHEST)("target", target)
    if since is None:
        newest = last_minute(session, campaign_id)
        if newest is None:
            raise BadInput("what-if: no decision of this campaign was recorded")
        since = newest.begins_at.timestamp() + 60.0 - HOUR_S
    row = WhatIfRow(
        campaign_id=campaign_id, target=checked, since=instant(since), asked_by=user_id
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def questions_of(session: Session, campaign_id: int) -> tuple[WhatIfRow, ...]:
    """The last questions about a campaign, newest first."""
    mine = select(WhatIfRow).where(WhatIfRow.campaign_id == campaign_id)
    return tuple(session.scalars(mine.order_by(WhatIfRow.id.desc()).limit(SHOWN)))


def waiting_question(session: Session, question_id: int) -> WhatIfRow | None:
    """The question, unless it has been answered."""
    row = session.get(WhatIfRow, question_id)
    return row if row is not None and row.state == WhatIfState.WAITING else None


def answer(session: Session, question_id: int, found: dict[str, object]) -> None:
    """The hour was played."""
    row = session.get_one(WhatIfRow, question_id)
    row.state, row.answer = WhatIfState.DONE, found


def fail(session: Session, question_id: int, error: str) -> None:
    """The hour cannot be played; `error` says why."""
    row = session.get_one(WhatIfRow, question_id)
    row.state, row.error = WhatIfState.FAILED, error
