"""What came of a demonstration: read from the database, never from what a process believes."""

from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from sqlalchemy import text
from sqlalchemy.orm import Session

from dialer.model.ids import CampaignId
from dialer.store import ledger

COUNTS = text("""
    SELECT count(*) AS attempts,
           count(*) FILTER (WHERE d.is_machine OR a.amd_verdict = 'MACHINE') AS machines,
           count(*) FILTER (WHERE a.bridged_at IS NOT NULL) AS bridged,
           count(DISTINCT a.agent_id) FILTER (WHERE a.bridged_at IS NOT NULL) AS agents_bridged
    FROM attempts a LEFT JOIN dispositions d
      ON d.campaign_id = a.campaign_id AND d.code = a.disposition
    WHERE a.campaign_id = :campaign_id
""")
BRIDGE_MS = text("""
    SELECT extract(epoch FROM bridged_at - answered_at) * 1000 AS ms FROM attempts
    WHERE campaign_id = :campaign_id AND bridged_at IS NOT NULL AND answered_at IS NOT NULL
""")
DISPOSITIONS = text("""
    SELECT COALESCE(disposition, outcome, 'OPEN') AS code, count(*) AS n FROM attempts
    WHERE campaign_id = :campaign_id GROUP BY 1 ORDER BY 2 DESC
""")
VERDICTS = text("""
    SELECT amd_verdict AS verdict, count(*) AS n FROM attempts
    WHERE campaign_id = :campaign_id AND amd_verdict IS NOT NULL GROUP BY 1 ORDER BY 1
""")
SECONDS = text("""
    SELECT state, sum(extract(epoch FROM COALESCE(ended_at, now()) - started_at)) AS seconds
    FROM agent_state_intervals WHERE campaign_id = :campaign_id GROUP BY state
""")
WAITS = text("""
    SELECT extract(epoch FROM ended_at - started_at) AS seconds FROM (
        SELECT state, started_at, ended_at,
               lead(state) OVER (PARTITION BY session_id ORDER BY started_at, id) AS next
        FROM agent_state_intervals WHERE campaign_id = :campaign_id) AS intervals
    WHERE state = 'READY' AND next = 'RESERVED'
""")
MESSAGES = text("""
    SELECT count(*) FROM messages
    WHERE campaign_id = :campaign_id AND state IN ('SENT', 'DELIVERED')
""")
STUCK = {
    "attempts still open": "SELECT count(*) FROM attempts "
    "WHERE campaign_id = :campaign_id AND ended_at IS NULL",
    "agents still logged in": "SELECT count(*) FROM agent_sessions "
    "WHERE campaign_id = :campaign_id AND ended_at IS NULL",
    "leads still claimed or dialing": "SELECT count(*) FROM leads "
    "WHERE campaign_id = :campaign_id AND state IN ('CLAIMED', 'DIALING')",
    "leads dialled twice at once": "SELECT count(*) FROM attempts a JOIN attempts b "
    "ON a.number = b.number AND a.id < b.id WHERE a.campaign_id = :campaign_id "
    "AND tstzrange(a.started_at, a.ended_at) && tstzrange(b.started_at, b.ended_at)",
}


@dataclass(slots=True)
class Figures:
    """The keys of the demonstration's JSON line. Rates are shares, times as their names say."""

    attempts: int
    live_answers: int
    machines: int
    bridged: int
    agents_bridged: int
    abandoned: int
    abandon_rate: float
    occupancy: float
    mean_wait_s: float
    answer_to_bridge_ms: dict[str, float]
    dispositions: dict[str, int]
    verdicts: dict[str, int]
    messages_sent: int
    errors: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return asdict(self)


def read_figures(session: Session, campaign_id: int, since: float, until: float) -> Figures:
    """All figures of a campaign; `errors` names a disagreement between ledger and attempts."""
    counts = _row(session, COUNTS, campaign_id)
    by_ledger = ledger.abandon_by_ledger(session, CampaignId(campaign_id), since, until)
    by_attempts = ledger.abandon_by_attempts(session, CampaignId(campaign_id), since, until)
    waits = _column(session, WAITS, campaign_id)
    figures = Figures(
        attempts=counts["attempts"],
        live_answers=by_ledger.n_live,
        machines=counts["machines"],
        bridged=counts["bridged"],
        agents_bridged=counts["agents_bridged"],
        abandoned=by_ledger.n_abandoned,
        abandon_rate=round(by_ledger.rate, 5),
        occupancy=round(_occupancy(session, campaign_id), 4),
        mean_wait_s=round(float(np.mean(waits)), 2) if waits else 0.0,
        answer_to_bridge_ms=_percentiles(_column(session, BRIDGE_MS, campaign_id)),
        dispositions={row["code"]: row["n"] for row in _rows(session, DISPOSITIONS, campaign_id)},
        verdicts={row["verdict"]: row["n"] for row in _rows(session, VERDICTS, campaign_id)},
        messages_sent=int(_column(session, MESSAGES, campaign_id)[0]),
    )
    if by_ledger != by_attempts:
        figures.errors.append(f"ledger {by_ledger} differs from attempts {by_attempts}")
    return figures


def read_stuck(session: Session, campaign_id: int) -> list[str]:
    """What is left over that should not be."""
    found = {what: int(_column(session, text(sql), campaign_id)[0]) for what, sql in STUCK.items()}
    return [f"{count} {what}" for what, count in found.items() if count]


def _occupancy(session: Session, campaign_id: int) -> float:
    seconds = {row["state"]: float(row["seconds"]) for row in _rows(session, SECONDS, campaign_id)}
    logged_in = sum(value for state, value in seconds.items() if state != "PAUSED")
    working = seconds.get("TALKING", 0.0) + seconds.get("WRAP_UP", 0.0)
    return working / logged_in if logged_in else 0.0


def _percentiles(values: list[float]) -> dict[str, float]:
    if not values:
        return {"p50": 0.0, "p99": 0.0}
    p50, p99 = np.percentile(values, [50, 99])
    return {"p50": round(float(p50), 1), "p99": round(float(p99), 1)}


def _rows(session: Session, query: Any, campaign_id: int) -> list[Any]:
    return list(session.execute(query, {"campaign_id": campaign_id}).mappings())


def _row(session: Session, query: Any, campaign_id: int) -> Any:
    return _rows(session, query, campaign_id)[0]


def _column(session: Session, query: Any, campaign_id: int) -> list[float]:
    return [float(value) for value in session.scalars(query, {"campaign_id": campaign_id})]
