"""What the store knows of a campaign from before this run, as the engine takes it."""

from dataclasses import replace

from sqlalchemy.orm import Session

from dialer.model.campaign import Campaign
from dialer.model.events import DayAnswers, HistoryRead
from dialer.policy.abandon import LONGEST_PERIOD_DAYS, day_of, rule_of
from dialer.policy.outside import HOUR_S
from dialer.store import ledger, outside_calls, pacing_memory, screening

DAY_S = 86_400.0


def read_history(session: Session, campaign: Campaign, utc: float) -> HistoryRead:
    """Answers by day, the detector's audit, outside calls, and what pacing had learnt."""
    rule, campaign_id = rule_of(campaign.rule_set), campaign.campaign_id
    since = utc - (LONGEST_PERIOD_DAYS + 1) * DAY_S
    answers = ledger.answers_by_day(session, campaign_id, rule.zone, since, utc)
    by_day = {count.day: count for count in answers}
    hung_up = screening.hung_up_by_day(session, campaign_id, rule.zone, since, utc)
    for day, n_hung_up in hung_up.items():
        by_day[day] = replace(by_day.get(day, DayAnswers(day, 0, 0)), n_hung_up=n_hung_up)
    today = by_day.get(day_of(rule, utc), DayAnswers(day_of(rule, utc), 0, 0))
    memory = pacing_memory.load_memory(session, campaign_id)
    return HistoryRead(
        campaign_id,
        today.n_served,
        today.n_abandoned,
        tuple(by_day[day] for day in sorted(by_day) if day < today.day),
        memory[0] if memory else {},
        n_hung_up=today.n_hung_up,
        screening=screening.screening_counts(session, campaign_id, since, utc),
        outside_at=outside_calls.since(session, campaign_id, utc - HOUR_S),
    )
