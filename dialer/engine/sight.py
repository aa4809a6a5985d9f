"""What pacing sees of a floor: its agents and calls as arrays, drawn once for each decision."""

from collections.abc import Sequence

import numpy as np

from dialer.engine.books import IN_FLIGHT
from dialer.engine.floor import Floor
from dialer.engine.loads import SEATS, takes_calls
from dialer.engine.placing import lines_left
from dialer.model.call import Call, CallState
from dialer.model.campaign import PacingMode
from dialer.model.moment import Moment
from dialer.policy.answer_model import Traits
from dialer.policy.hazard import Floats
from dialer.policy.picture import NO_LIFTS, Crew, InFlight, Picture, Seat, Sign
from dialer.policy.statistics import Trial

UNKNOWN = Trial(0.0, 1.0)
"""Of a call that an earlier run dialled."""
LEADS_AHEAD = 32
"""Leads of which a decision knows more than the average: seldom does one place as many calls."""


def see(floor: Floor, n_calls_allowed: int, now: Moment) -> Picture:
    """The floor as the next decision takes it."""
    campaign = floor.campaign
    in_flight = floor.calls.in_state(*IN_FLIGHT, CallState.SCREENING)
    unowned = [one for one in in_flight if _may_want_agent(one)]
    return Picture(
        now=now.mono,
        crew=_crew(floor),
        in_flight=_in_flight(floor, unowned),
        n_waiting=len(floor.calls.in_state(CallState.WAITING)),
        n_leads=len(floor.hopper),
        n_lines_left=lines_left(floor, now),
        n_calls_allowed=n_calls_allowed,
        patience_s=campaign.answer_limit_s,
        next_lifts=_next_lifts(floor, now),
    )


def _next_lifts(floor: Floor, now: Moment) -> Floats:
    if floor.campaign.mode is not PacingMode.PREDICTIVE:
        return NO_LIFTS  # the other modes count, and ask for no chances
    return chances_of(floor, floor.hopper.next_traits(LEADS_AHEAD, now.utc))


def chances_of(floor: Floor, traits: Sequence[Traits]) -> Floats:
    """The chance of each lead to answer, relative to the campaign's average."""
    return floor.pacing.learned.answers.lifts(np.array(traits)) if traits else NO_LIFTS


def _crew(floor: Floor) -> Crew:
    """All agents at work: those who take calls, and those whose talk or wrap-up is their last."""
    mine = floor.campaign.campaign_id
    seats, since, takes, own = [], [], [], []
    for agent in floor.agents:
        seat = SEATS.get(agent.state)
        if seat is None or (seat is Seat.FREE and not agent.is_free):
            continue
        seats.append(int(seat))
        since.append(agent.since)
        takes.append(takes_calls(floor, agent))
        own.append(agent.campaign_id == mine)
    return Crew(
        np.array(seats, dtype=np.int8),
        np.array(since, dtype=float),
        np.array(takes, dtype=bool),
        np.array(own, dtype=bool),
    )


def _in_flight(floor: Floor, calls: list[Call]) -> InFlight:
    trials = floor.trials
    return InFlight(
        dialed_at=np.array([call.dialed_at for call in calls], dtype=float),
        signs=np.array([_sign(call) for call in calls], dtype=np.int8),
        sign_at=np.array([_sign_at(call) for call in calls], dtype=float),
        lifts=np.array([trials.get(call.attempt_id, UNKNOWN).lift for call in calls], dtype=float),
    )


def _may_want_agent(call: Call) -> bool:
    """Not who has an owner, nor who will only hear a message, nor what is known for a machine."""
    is_machine = call.screening is not None and call.screening.verdict is not None
    return call.agent_id is None and not call.is_broadcast and not is_machine


def _sign_at(call: Call) -> float:
    if call.state is CallState.SCREENING and call.answered_at is not None:
        return call.answered_at
    return call.ringing_at or call.dialed_at


def _sign(call: Call) -> Sign:
    if call.state is CallState.SCREENING:
        return Sign.PICKED_UP
    if call.state is CallState.DIALING:
        return Sign.NOTHING
    return Sign.EARLY_MEDIA if call.has_early_media else Sign.RINGING
