"""What a decision tells: screens, the log of minutes, and supervisors when a guard acts."""

from dialer.engine.floor import Floor
from dialer.engine.minutes import end_minute, note_decision
from dialer.model.alarm import AlarmCode
from dialer.model.commands import RaiseAlarm
from dialer.model.moment import Moment
from dialer.policy.abandon import day_of
from dialer.policy.pacing import Decision

ALARM_AGAIN_S = 900.0


def tell_decision(floor: Floor, decision: Decision, now: Moment) -> None:
    """Show and log it."""
    floor.last_decision = decision.view
    note_decision(floor, decision.view, now)
    if decision.alarm:
        _sound_alarm(floor, decision.alarm, now)


def begin_day(floor: Floor, now: Moment) -> None:
    """Where the abandon rule holds it may be another day: the minute is not split by it."""
    day = day_of(floor.ledger.rule, now.utc)
    if day != floor.ledger.day:
        end_minute(floor)
        floor.ledger.turn(day)
        floor.settled.clear()


def _sound_alarm(floor: Floor, code: AlarmCode, now: Moment) -> None:
    """Once when a guard stops predicting, and now and then while it does."""
    if now.mono >= floor.alarmed_at.get(code, float("-inf")) + ALARM_AGAIN_S:
        floor.alarmed_at[code] = now.mono
        ledger, view = floor.ledger, floor.last_decision
        detail = f"bank {view.bank:g}, abandoned {ledger.rate:.2%} of {ledger.n_live:g}"
        floor.out.append(RaiseAlarm(floor.campaign.campaign_id, code, detail, now.utc))
