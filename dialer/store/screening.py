"""What was found out of who answered: as columns of attempts, and counted for the audit."""

from collections.abc import Mapping

from sqlalchemy import text
from sqlalchemy.orm import Session

from dialer.model.ids import CampaignId
from dialer.model.screening import Screening, ScreeningCounts
from dialer.policy.amd_meanings import TAKES_MESSAGE
from dialer.store.instants import instant

MISTAKABLE = ", ".join(f"'{cause}'" for cause in sorted(TAKES_MESSAGE))
"""Causes for which a person could have been taken for a machine; tones are none."""

_COUNTS = text(f"""
    SELECT count(*) AS n_machine,
           count(*) FILTER (WHERE a.amd_is_checked AND a.disposition IS NOT NULL) AS n_checked,
           count(*) FILTER (WHERE a.amd_is_checked AND NOT d.is_machine) AS n_people
    FROM attempts a
    LEFT JOIN dispositions d ON d.campaign_id = a.campaign_id AND d.code = a.disposition
    WHERE a.campaign_id = :campaign_id AND a.amd_verdict = 'MACHINE'
      AND a.amd_cause IN ({MISTAKABLE})
      AND a.answered_at >= :since AND a.answered_at < :until
""")

_HUNG_UP = text(f"""
    SELECT (a.answered_at AT TIME ZONE :zone)::date AS day, count(*) AS n
    FROM attempts a
    WHERE a.campaign_id = :campaign_id AND a.amd_verdict = 'MACHINE' AND NOT a.amd_is_checked
      AND a.amd_cause IN ({MISTAKABLE}) AND a.ended_at IS NOT NULL
      AND a.answered_at >= :since AND a.answered_at < :until
    GROUP BY day
""")


def screening_columns(screening: Screening | None) -> dict[str, object]:
    """Columns of an attempt; `greeted_s` counts from the answer."""
    if screening is None:
        return {"amd_is_checked": False, "amd_looks_machine": False}
    return {
        "amd_verdict": screening.verdict,
        "amd_cause": screening.cause,
        "amd_p_machine": screening.p_machine,
        "amd_onset_s": screening.onset_s,
        "amd_greeting_end_s": screening.greeting_end_s,
        "amd_decided_s": screening.decided_s,
        "amd_greeted_s": screening.greeted_s,
        "amd_is_checked": screening.is_checked,
        "amd_looks_machine": screening.looks_machine,
    }


def screening_counts(
    session: Session, campaign_id: CampaignId, since: float, until: float
) -> ScreeningCounts:
    """The audit of one campaign from `since` until before `until`."""
    window = {"campaign_id": campaign_id, "since": instant(since), "until": instant(until)}
    row = session.execute(_COUNTS, window).one()
    return ScreeningCounts(row.n_machine, row.n_checked, row.n_people)


def hung_up_by_day(
    session: Session, campaign_id: CampaignId, zone: str, since: float, until: float
) -> Mapping[int, int]:
    """Machines that were hung up, any of which may have been a person: by day (proleptic ordinal,
    midnight of `zone`)."""
    window = {"campaign_id": campaign_id, "since": instant(since), "until": instant(until)}
    rows = session.execute(_HUNG_UP, window | {"zone": zone})
    return {row.day.toordinal(): row.n for row in rows}
