"""Totals of campaigns and agents over a period, straight from the rows.

A period is [since, until) in UTC seconds; an attempt belongs to the period in which it started.
"""

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from dialer.reports.metrics import AgentTime, CallTotals
from dialer.store.instants import instant

_TOTALS = """
    SELECT count(*) AS n_attempts,
        count(*) FILTER (WHERE a.answered_at IS NOT NULL) AS n_answered,
        count(*) FILTER (WHERE a.bridged_at IS NOT NULL) AS n_handled,
        count(*) FILTER (WHERE g.kind <> 'MACHINE') AS n_live,
        count(*) FILTER (WHERE g.kind = 'ABANDONED') AS n_abandoned,
        count(*) FILTER (WHERE d.is_contact) AS n_contacts,
        count(*) FILTER (WHERE d.is_success) AS n_successes,
        count(*) FILTER (WHERE d.is_machine) AS n_machines,
        COALESCE(sum(extract(epoch FROM COALESCE(a.entrusted_at, a.ended_at) - a.bridged_at)), 0)
            ::float8 AS talk_s,
        COALESCE(sum(
            extract(epoch FROM a.bridged_at - a.answered_at) - COALESCE(a.amd_greeted_s, 0)
        ), 0)::float8 AS wait_s
"""
_FROM = """
    FROM attempts a
    LEFT JOIN abandon_ledger g ON g.attempt_id = a.id
    LEFT JOIN dispositions d ON d.campaign_id = a.campaign_id AND d.code = a.disposition
    WHERE a.started_at >= :since AND a.started_at < :until AND a.ended_at IS NOT NULL
      AND (CAST(:campaign_id AS bigint) IS NULL OR a.campaign_id = :campaign_id)
"""
_CAMPAIGN = text(_TOTALS + _FROM)
_AGENT_CALLS = text(
    "SELECT u.id AS agent_id, u.name, t.* FROM (" + _TOTALS + ", a.agent_id AS who" + _FROM
    + " AND a.agent_id IS NOT NULL GROUP BY a.agent_id) t JOIN users u ON u.id = t.who"
)  # fmt: skip
_AGENT_TIMES = text("""
    SELECT u.id AS agent_id, u.name, i.state, sum(extract(epoch FROM
        least(COALESCE(i.ended_at, :now), :until) - greatest(i.started_at, :since)))::float8 AS s
    FROM agent_state_intervals i JOIN users u ON u.id = i.agent_id
    WHERE i.started_at < least(:until, :now) AND COALESCE(i.ended_at, :now) > :since
      AND (CAST(:campaign_id AS bigint) IS NULL OR i.campaign_id = :campaign_id)
    GROUP BY u.id, u.name, i.state
""")
_OUTCOMES = text("""
    SELECT a.outcome, count(*) AS n FROM attempts a
    WHERE a.started_at >= :since AND a.started_at < :until AND a.ended_at IS NOT NULL
      AND (CAST(:campaign_id AS bigint) IS NULL OR a.campaign_id = :campaign_id)
    GROUP BY a.outcome ORDER BY n DESC, a.outcome
""")
_DISPOSITIONS = text("""
    SELECT d.code, d.label_fr, d.label_en, d.parent, count(a.id) AS n
    FROM dispositions d
    LEFT JOIN attempts a ON a.campaign_id = d.campaign_id AND a.disposition = d.code
        AND a.started_at >= :since AND a.started_at < :until
    WHERE d.campaign_id = :campaign_id
    GROUP BY d.code, d.label_fr, d.label_en, d.parent, d.position ORDER BY d.position, d.code
""")


@dataclass(frozen=True, slots=True)
class Period:
    """[since, until) in UTC seconds; `campaign_id` None: all campaigns."""

    since: float
    until: float
    campaign_id: int | None = None

    def parameters(self) -> dict[str, object]:
        """As the statements take it."""
        return {
            "since": instant(self.since),
            "until": instant(self.until),
            "campaign_id": self.campaign_id,
        }


@dataclass(frozen=True, slots=True)
class AgentReport:
    """One agent's work in a period."""

    agent_id: int
    name: str
    calls: CallTotals
    time: AgentTime


@dataclass(frozen=True, slots=True)
class DispositionCount:
    """How often a disposition was given, none included."""

    code: str
    label_fr: str
    label_en: str
    parent: str
    n: int


def campaign_totals(session: Session, period: Period) -> CallTotals:
    """Totals of one campaign, or of all."""
    return CallTotals(**session.execute(_CAMPAIGN, period.parameters()).mappings().one())


def agent_reports(session: Session, period: Period, now: float) -> tuple[AgentReport, ...]:
    """Agents who were logged in or had a call in the period, by name; open states run to `now`."""
    parameters = period.parameters() | {"now": instant(now)}
    names: dict[int, str] = {}
    times: dict[int, dict[str, float]] = {}
    for row in session.execute(_AGENT_TIMES, parameters):
        names[row.agent_id] = row.name
        times.setdefault(row.agent_id, {})[f"{row.state.lower()}_s"] = row.s
    calls: dict[int, CallTotals] = {}
    for found in session.execute(_AGENT_CALLS, parameters).mappings():
        names[found["agent_id"]] = found["name"]
        calls[found["agent_id"]] = CallTotals(**{n: found[n] for n in _TOTAL_NAMES})
    return tuple(
        AgentReport(who, name, calls.get(who, _NO_CALLS), AgentTime(**times.get(who, {})))
        for who, name in sorted(names.items(), key=lambda item: (item[1], item[0]))
    )


def outcome_counts(session: Session, period: Period) -> dict[str, int]:
    """Closed attempts by outcome, the commonest first."""
    return {row.outcome: row.n for row in session.execute(_OUTCOMES, period.parameters())}


def disposition_counts(session: Session, period: Period) -> tuple[DispositionCount, ...]:
    """Dispositions of the period's campaign in the order of the screen, with their counts."""
    rows = session.execute(_DISPOSITIONS, period.parameters()).mappings()
    return tuple(DispositionCount(**row) for row in rows)


_TOTAL_NAMES = tuple(CallTotals.__dataclass_fields__)
_NO_CALLS = CallTotals(0, 0, 0, 0, 0, 0, 0, 0, 0.0, 0.0)
