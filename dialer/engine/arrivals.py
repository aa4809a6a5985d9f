"""Those who call back the number that we showed: they hear who called, and are called again soon.

Rule sets ask for a shown number that can be called back, and for a message that says who we are and
how to be left alone (47 CFR 64.1601(e); Ofcom's persistent misuse statement). That is the
campaign's notice. The person's lead becomes a callback that is due now; the permit is asked as for
any other dial.
"""

from collections.abc import Callable, Mapping
from typing import Any

from dialer.engine.floor import Floor
from dialer.model.arrival import Arrival, ArrivalTrigger
from dialer.model.commands import AnswerLeg, HangUpLeg, NoteArrival, PlayNotice
from dialer.model.events import LegAnswered, LegArrived, LegEnded, LegPlayed
from dialer.model.ids import LegId
from dialer.model.moment import Moment

ANSWER_LIMIT_S = 5.0
"""A switch that has not answered the call by then is not going to."""


def arrived(floor: Floor, event: LegArrived, now: Moment) -> None:
    """Answer, and note who called. Told twice (after a lost link), it is one call."""
    if event.leg_id in floor.arrivals:
        return
    ends_at = now.mono + ANSWER_LIMIT_S
    floor.arrivals[event.leg_id] = Arrival(event.leg_id, event.node, ends_at)
    floor.out.append(AnswerLeg(event.node, event.leg_id))
    floor.out.append(
        NoteArrival(
            event.leg_id, floor.campaign.campaign_id, event.caller, event.called, at=now.utc
        )
    )
    floor.deadlines.ask(ends_at, "arrival", event.leg_id)


def _answered(floor: Floor, arrival: Arrival, event: LegAnswered, now: Moment) -> None:
    arrival.fire(ArrivalTrigger.ANSWER)
    floor.out.append(PlayNotice(arrival.node, arrival.leg_id, floor.campaign.notice))
    arrival.ends_at = now.mono + floor.campaign.notice_limit_s
    floor.deadlines.ask(arrival.ends_at, "arrival", arrival.leg_id)


def _played(floor: Floor, arrival: Arrival, event: LegPlayed, now: Moment) -> None:
    floor.out.append(HangUpLeg(arrival.node, arrival.leg_id))


def _ended(floor: Floor, arrival: Arrival, event: LegEnded, now: Moment) -> None:
    arrival.fire(ArrivalTrigger.END)
    del floor.arrivals[arrival.leg_id]


def overdue(floor: Floor, key: str, now: Moment) -> None:
    """The notice did not end, or the call was never answered; asked for until the leg is gone."""
    arrival = floor.arrivals.get(LegId(key))
    if arrival is not None and now.mono >= arrival.ends_at:
        arrival.ends_at = now.mono + floor.campaign.notice_limit_s
        floor.out.append(HangUpLeg(arrival.node, arrival.leg_id))
        floor.deadlines.ask(arrival.ends_at, "arrival", key)


OF_LEG: Mapping[type, Callable[[Floor, Arrival, Any, Moment], None]] = {
    LegAnswered: _answered,
    LegPlayed: _played,
    LegEnded: _ended,
}
"""What of an arriving leg is news; the rest is not."""


def concerned(floor: Floor, event: Any) -> Arrival | None:
    """The arriving call that the event is news of."""
    return floor.arrivals.get(event.leg_id) if type(event) in OF_LEG else None
