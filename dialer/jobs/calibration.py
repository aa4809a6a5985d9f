"""A recorded hour as a world that can be played again, and what was measured in it.

Levels (answers, talks, wrap-ups, agents by minute) are those of the hour; the shapes of rings,
talks and wrap-ups are what pacing has learnt, which is slower to change than an hour.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from dialer.model.campaign import PacingMode
from dialer.model.errors import BadInput
from dialer.model.ids import CampaignId
from dialer.model.outcome import TRAITS, Outcome
from dialer.reports.queries import Period, agent_reports
from dialer.sim.recorded import MINUTE_S, RecordedPeople
from dialer.sim.what_if import Figures, RecordedHour
from dialer.store.ledger import abandon_by_ledger
from dialer.store.pacing_log import minutes_between
from dialer.store.pacing_memory import load_memory
from dialer.store.tables import CampaignRow, PacingMinute

HOUR_S = 3600.0
LEAST_MINUTES, LEAST_ANSWERS = 10, 30
LEDGER_S = 30 * 86_400.0
"""How far back a controller's ledger counts (run/controller.py)."""
LOWEST_RATE, HIGHEST_RATE = 0.001, 0.95


@dataclass(frozen=True, slots=True)
class Calibrated:
    """The hour to play, what was measured in it, and what makes it doubtful."""

    hour: RecordedHour
    measured: Figures
    target: float
    """That was in force at its end."""
    scarce_share: float
    """Of the decisions, those held back by a lack of leads: the played hour has always enough."""


def calibrated(session: Session, campaign_id: CampaignId, since: float, now: float) -> Calibrated:
    """The hour from `since` on. Raises BadInput when too little of it was recorded."""
    if session.get_one(CampaignRow, campaign_id).pool:
        raise BadInput("what-if: the campaign shares its agents, and others would take them")
    minutes = minutes_between(session, campaign_id, since, since + HOUR_S)
    _check(minutes)
    memory = load_memory(session, campaign_id)
    if memory is None:
        raise BadInput("what-if: pacing has learnt nothing of this campaign yet")
    by_index = {int((one.begins_at.timestamp() - since) // MINUTE_S): one for one in minutes}
    n_minutes = max(by_index) + 1
    before = abandon_by_ledger(session, campaign_id, since - LEDGER_S, since)
    last = minutes[-1]
    period = Period(since, since + n_minutes * MINUTE_S, campaign_id)
    hour = RecordedHour(
        n_agents=tuple(_agents(by_index.get(index)) for index in range(n_minutes)),
        people=_people(by_index, n_minutes),
        machine_share=_machine_share(minutes),
        n_served_before=before.n_live - before.n_abandoned,
        n_abandoned_before=before.n_abandoned,
        memory=memory[0],
        max_lines_per_agent=last.settings["max_lines_per_agent"],
        max_lines=int(last.settings["max_lines"]),
        max_calls_per_s=last.settings["max_calls_per_s"],
        ring_timeout_s=last.settings["ring_timeout_s"],
        patience_s=last.settings["answer_limit_s"],
    )
    scarce = sum(one.limits.get("leads", 0) for one in minutes)
    decisions = sum(one.n_decisions for one in minutes)
    measured = _measured(session, minutes, period, now)
    return Calibrated(hour, measured, last.abandon_target, scarce / decisions)


def _check(minutes: Sequence[PacingMinute]) -> None:
    n_answers = sum(one.n_answered for one in minutes)
    n_predictive = sum(one.mode == PacingMode.PREDICTIVE for one in minutes)
    if len(minutes) < LEAST_MINUTES:
        raise BadInput(
            f"what-if: {len(minutes)} minutes were recorded; at least {LEAST_MINUTES} are needed"
        )
    if n_answers < LEAST_ANSWERS:
        raise BadInput(
            f"what-if: {n_answers} answers were recorded; at least {LEAST_ANSWERS} are needed"
        )
    if n_predictive <= len(minutes) / 2:
        raise BadInput("what-if: the hour was not paced by prediction, so its target did nothing")


def _agents(minute: PacingMinute | None) -> int:
    return 0 if minute is None else round(minute.mean_agents)


def _people(by_index: dict[int, PacingMinute], n_minutes: int) -> RecordedPeople:
    """Rates have the shape of pacing's own estimates, and the level that was measured."""
    minutes = list(by_index.values())
    faults = _fault_share(minutes)
    expected = sum(one.n_attempts * (1.0 - faults) * one.answer_rate for one in minutes)
    level = sum(one.n_answered for one in minutes) / expected if expected else 1.0
    rates: list[float] = []
    for index in range(n_minutes):
        minute = by_index.get(index)
        same = rates[-1] if rates else minutes[0].answer_rate * level
        rate = same if minute is None else minute.answer_rate * level
        rates.append(min(max(rate, LOWEST_RATE), HIGHEST_RATE))
    talk_s = _mean([(one.mean_talk_s, one.n_bridged) for one in minutes])
    wrap_up_s = _mean([(one.mean_wrap_up_s, one.n_bridged) for one in minutes])
    return RecordedPeople(tuple(rates), faults, talk_s, wrap_up_s)


def _fault_share(minutes: Sequence[PacingMinute]) -> float:
    counted = sum((Counter(one.outcomes) for one in minutes), Counter())
    faults = sum(n for word, n in counted.items() if TRAITS[Outcome(word)].is_carrier_fault)
    total = sum(counted.values())
    return faults / total if total else 0.0


def _machine_share(minutes: Sequence[PacingMinute]) -> float:
    n_bridged = sum(one.n_bridged for one in minutes)
    n_served = sum(one.n_live - one.n_abandoned for one in minutes)
    return max(n_bridged - n_served, 0) / n_bridged if n_bridged else 0.0


def _mean(weighed: Sequence[tuple[float | None, int]]) -> float | None:
    known = [(value, weight) for value, weight in weighed if value is not None and weight]
    weight = sum(weight for _value, weight in known)
    return sum(value * of for value, of in known) / weight if weight else None


def _measured(
    session: Session, minutes: Sequence[PacingMinute], period: Period, now: float
) -> Figures:
    times = [report.time for report in agent_reports(session, period, now)]
    free_s = sum(time.ready_s + time.reserved_s for time in times)
    worked_s = sum(time.worked_s for time in times)
    n_bridged = sum(one.n_bridged for one in minutes)
    return Figures(
        n_calls=sum(one.n_attempts for one in minutes),
        n_live=sum(one.n_live for one in minutes),
        n_abandoned=sum(one.n_abandoned for one in minutes),
        wait_s=free_s / n_bridged if n_bridged else 0.0,
        talk_share=sum(time.talking_s for time in times) / worked_s if worked_s else 0.0,
    )
