"""What the audit of a campaign's detector brings about."""

from dialer.engine.floor import Floor
from dialer.model.alarm import AlarmCode
from dialer.model.commands import RaiseAlarm
from dialer.model.events import AgentDisposed, HistoryRead
from dialer.model.moment import Moment
from dialer.policy.abandon import DayCount


def tell_audit(floor: Floor, event: AgentDisposed, now: Moment) -> None:
    """An agent says what a call was that the detector had taken for a machine."""
    if floor.audit.tell(event.attempt_id, is_machine=event.is_machine):
        review(floor, now)


def recall(floor: Floor, event: HistoryRead) -> None:
    """Begin with what earlier runs counted: answers, and of machines the share that were people."""
    floor.audit.recall(event.screening)
    chance = floor.audit.chance_person
    before = {
        count.day: DayCount(count.n_served, count.n_abandoned + chance * count.n_hung_up)
        for count in event.before
    }
    floor.ledger.recall(event.n_served, event.n_abandoned + chance * event.n_hung_up, before)


def review(floor: Floor, now: Moment) -> None:
    """Switch the detector off, with an alarm, when it takes too many people for machines."""
    campaign = floor.campaign
    if floor.audit.condemn(campaign.amd_budget, floor.ledger.n_served):
        counts = floor.audit.counts
        detail = f"{counts.n_people} people in {counts.n_checked} checked machines"
        floor.out.append(RaiseAlarm(campaign.campaign_id, AlarmCode.AMD_OFF, detail, now.utc))
