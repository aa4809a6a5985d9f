"""How well the detector knows people from machines: by campaign and day, from the rows.

What agents say is the truth here: of machines that were given to them by chance, which measures how
many people are hung up on; and of those they got as people, which tells how many machines pass.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import text
from sqlalchemy.orm import Session

from dialer.policy.amd_audit import AuditCount, Interval, clopper_pearson, false_positives
from dialer.reports.queries import Period
from dialer.store.instants import instant
from dialer.store.screening import MISTAKABLE

_BY_DAY = text(f"""
    SELECT c.name, (a.answered_at AT TIME ZONE :zone)::date AS day,
        count(*) FILTER (WHERE a.amd_verdict = 'HUMAN') AS n_human,
        count(*) FILTER (WHERE a.amd_verdict = 'MACHINE') AS n_machine,
        count(*) FILTER (WHERE a.amd_verdict = 'SCREENED') AS n_screened,
        count(*) FILTER (WHERE a.amd_verdict = 'UNSURE') AS n_unsure,
        count(*) FILTER (WHERE a.amd_cause IN ('NO_AUDIO', 'NO_LISTENER', 'WRONG_RATE', 'GARBAGE'))
            AS n_deaf,
        count(*) FILTER (WHERE a.amd_looks_machine) AS n_late,
        count(*) FILTER (WHERE a.amd_verdict = 'MACHINE' AND a.amd_cause IN ({MISTAKABLE}))
            AS n_mistakable,
        count(*) FILTER (WHERE a.amd_is_checked AND a.disposition IS NOT NULL) AS n_checked,
        count(*) FILTER (WHERE a.amd_is_checked AND NOT d.is_machine) AS n_people,
        count(*) FILTER (WHERE NOT a.amd_is_checked AND a.bridged_at IS NOT NULL
                         AND a.disposition IS NOT NULL) AS n_told,
        count(*) FILTER (WHERE NOT a.amd_is_checked AND a.bridged_at IS NOT NULL
                         AND d.is_machine) AS n_passed,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY a.amd_decided_s - a.amd_greeting_end_s)
            FILTER (WHERE a.amd_verdict = 'HUMAN') AS after_greeting_s
    FROM attempts a JOIN campaigns c ON c.id = a.campaign_id
    LEFT JOIN dispositions d ON d.campaign_id = a.campaign_id AND d.code = a.disposition
    WHERE a.amd_verdict IS NOT NULL AND a.answered_at >= :since AND a.answered_at < :until
      AND (CAST(:campaign_id AS bigint) IS NULL OR a.campaign_id = :campaign_id)
    GROUP BY c.name, day ORDER BY c.name, day
""")


@dataclass(frozen=True, slots=True)
class ScreeningDay:
    """One campaign's day. `n_mistakable`: verdicts of MACHINE that a person could have got;
    `n_checked`, `n_people`: of them what agents told. `n_told`: of those who were passed to agents
    as people, whom agents told of; `n_passed`: of these the machines. `n_deaf`: no sound came."""

    name: str
    day: date
    n_human: int
    n_machine: int
    n_screened: int
    n_unsure: int
    n_deaf: int
    n_late: int
    n_mistakable: int
    n_checked: int
    n_people: int
    n_told: int
    n_passed: int
    after_greeting_s: float | None
    """Median from the end of a person's greeting to the verdict."""

    @property
    def n_answers(self) -> int:
        """All that were listened to."""
        return self.n_human + self.n_machine + self.n_screened + self.n_unsure

    @property
    def people_among_machines(self) -> Interval:
        """Share of the checked machines that were people, with its exact interval."""
        return clopper_pearson(self.n_people, self.n_checked)

    @property
    def people_lost(self) -> Interval:
        """Share of live people who were taken for machines."""
        served = max(self.n_told - self.n_passed, 0) + self.n_people
        count = AuditCount(self.n_mistakable, self.n_checked, self.n_people, served)
        return false_positives(count)


def screening_days(session: Session, period: Period, zone: str) -> tuple[ScreeningDay, ...]:
    """By campaign and day (midnight of `zone`, an IANA name), of answers in the period."""
    rows = session.execute(
        _BY_DAY,
        {
            "since": instant(period.since),
            "until": instant(period.until),
            "campaign_id": period.campaign_id,
            "zone": zone,
        },
    )
    return tuple(ScreeningDay(**row) for row in rows.mappings())
