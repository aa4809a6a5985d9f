"""The audit log of pacing, read: the minutes of an hour, and each decision of one of them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from dialer.reports.export import csv_chunks
from dialer.store.pacing_log import last_minute, minute_at, minutes_between
from dialer.store.pacing_series import unpack
from dialer.store.tables import PacingMinute

HOUR_S = 3600.0
MINUTE_COLUMNS = (
    "mode", "abandon_target", "n_decisions", "n_dialed", "mean_agents", "mean_free",
    "mean_ringing", "max_waiting", "max_risk", "mean_theta", "answer_rate", "bank",
    "abandon_rate", "n_attempts", "n_answered", "n_bridged", "n_live", "n_abandoned",
    "mean_talk_s", "mean_wrap_up_s", "mean_ring_s",
)  # fmt: skip

__all__ = [
    "decisions_csv",
    "decisions_of",
    "hour_of",
    "last_minute",
    "main_limit",
    "minute_at",
    "minutes_csv",
]


def hour_of(session: Session, campaign_id: int, since: float) -> tuple[PacingMinute, ...]:
    """Minutes of a campaign in the hour that begins then, in order."""
    return minutes_between(session, campaign_id, since, since + HOUR_S)


def decisions_of(minute: PacingMinute) -> tuple[Mapping[str, Any], ...]:
    """Each decision of the minute by field, with `at` in UTC seconds. Raises BadInput."""
    begins = minute.begins_at.timestamp()
    return tuple({"at": begins + one["at_s"], **one} for one in unpack(minute.series))


def main_limit(minute: PacingMinute) -> str:
    """What kept most decisions of the minute from more."""
    return max(minute.limits, key=lambda name: minute.limits[name], default="")


def minutes_csv(minutes: Sequence[PacingMinute]) -> Iterator[str]:
    """One line for each minute."""
    header = ("begins_at", *MINUTE_COLUMNS, "limits", "outcomes")
    return csv_chunks(header, (_minute_cells(minute) for minute in minutes))


def decisions_csv(decisions: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """One line for each decision."""
    names = [name for name in decisions[0] if name not in ("at", "at_s")] if decisions else []
    rows = ((_time(one["at"]), *(one[name] for name in names)) for one in decisions)
    return csv_chunks(("at", *names), rows)


def _minute_cells(minute: PacingMinute) -> tuple[object, ...]:
    plain = (getattr(minute, name) for name in MINUTE_COLUMNS)
    words = (_counted(minute.limits), _counted(minute.outcomes))
    return _time(minute.begins_at.timestamp()), *plain, *words


def _counted(counts: Mapping[str, int]) -> str:
    return " ".join(f"{word}={n}" for word, n in sorted(counts.items()))


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(" ", "milliseconds")
