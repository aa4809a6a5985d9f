"""What a decision expects: agents who become free, answers of calls in flight, and its own doubt.

Rows are horizons: five equal parts of the ring time of the call to place. Agents and calls are
columns, since numpy runs along the last axis and there are many of them.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from dialer.policy.abandon import Ledger
from dialer.policy.free_tables import FreeTables
from dialer.policy.guards import Throttle, is_sound
from dialer.policy.hazard import Floats
from dialer.policy.picture import PICKED_UP, Crew, InFlight, Picture
from dialer.policy.rings import LAST_TENTH, tenths
from dialer.policy.statistics import Learned
from dialer.policy.tail import Doubt

N_HORIZONS = 5
HORIZON_SHARES = (np.arange(N_HORIZONS) + 0.5) / N_HORIZONS
NO_CALLS: Floats = np.zeros((N_HORIZONS, 0))
HIGHEST_CHANCE = 0.97
"""Of one call to be answered, whatever is known of its lead."""


@dataclass(slots=True)
class PacingState:
    """What the policy keeps between decisions."""

    learned: Learned
    ledger: Ledger
    tables: FreeTables | None = None
    throttle: Throttle = field(default_factory=Throttle)
    is_broken: bool = False
    """What was last seen cannot be reckoned with."""


def observe(picture: Picture, state: PacingState) -> None:
    """Learn from what is seen, if it can be reckoned with."""
    state.is_broken = not is_sound(picture, state.learned, state.ledger)
    if not state.is_broken:
        state.learned.advance(picture.now, picture.crew, len(picture.in_flight))
    elif picture.now < state.learned.seen_until:
        state.learned.start_over(picture.now)


def free_chances(picture: Picture, state: PacingState, crew: Crew) -> Floats:
    """P(free by each horizon plus the caller's patience) of those of `crew` who take calls and are
    not free now."""
    return _tables(picture, state).chances(crew, picture.now)


def answer_chances(picture: Picture, state: PacingState) -> Floats:
    """P(a call in flight of its age is answered by each horizon).

    With p the call's chance, F the share of answers and G that of other ends up to an age a:
    p (F(a + h) - F(a)) / (p (1 - F(a)) + (1 - p) (1 - G(a))).
    """
    calls = picture.in_flight
    if not len(calls):
        return NO_CALLS
    ages = np.maximum(picture.now - calls.dialed_at, 0.0)
    at = tenths(ages + _tables(picture, state).instants)
    chance, answered, ended = _expected(state, calls, at)
    alive = 1.0 - ended - chance * (answered[0] - ended)
    hazard = chance / np.maximum(alive, 1e-6)
    chances = np.minimum((answered[1:] - answered[0]) * hazard, 1.0)
    (picked_up,) = (calls.signs == PICKED_UP).nonzero()
    if len(picked_up):
        rung = (calls.sign_at - calls.dialed_at)[picked_up]
        chances[:, picked_up] = state.learned.rings.person_share(chance[picked_up], rung)
    return np.asarray(chances)


def _expected(
    state: PacingState, calls: InFlight, at: NDArray[np.intp]
) -> tuple[Floats, Floats, Floats]:
    """p of each call, F at all instants, and G now: by what the network says of the call, where
    that tells anything (see signs)."""
    signs = state.learned.signs
    if not signs.is_telling:
        by_answer, by_end = state.learned.rings.curves
        answered, ended = by_answer.take(at, mode="clip"), by_end.take(at[0], mode="clip")
        return _chance(state, calls.lifts), answered, ended
    chance = _chance(state, calls.lifts * signs.lifts[calls.signs])
    at = np.minimum(at, LAST_TENTH)
    return chance, signs.by_answer[calls.signs, at], signs.by_end[calls.signs, at[0]]


def chances_of_next(picture: Picture, state: PacingState, n_calls: int) -> Floats:
    """P(answered) of the next calls to place; leads of which nothing is known are the average."""
    lifts = np.ones(n_calls)
    known = picture.next_lifts[:n_calls]
    lifts[: len(known)] = known
    return _chance(state, lifts)


def at_horizons(chances: Floats) -> Floats:
    """Calls to place: by each horizon, as much of its chance as is the horizon's part of the ring
    time."""
    return np.asarray(HORIZON_SHARES[:, None] * chances)


def doubt_of(learned: Learned, free: Floats, answers: Floats) -> Doubt:
    """Relative variance of the answer rate, and variance of the agents becoming free."""
    rate = learned.rate.value
    of_rate = (1.0 - rate) / (rate * max(learned.rate.n_calls, 1.0))
    soon = np.add.reduce(free * (free < 1.0), axis=1)
    of_hazards = float(soon @ soon) / N_HORIZONS / (5.0 + min(500, learned.n_talks))
    return Doubt(np.add.reduce(answers, axis=1), of_rate, of_hazards)


def _chance(state: PacingState, lifts: Floats) -> Floats:
    return np.asarray(np.minimum(state.learned.rate.value * lifts, HIGHEST_CHANCE))


def _tables(picture: Picture, state: PacingState) -> FreeTables:
    tables = state.tables
    if tables is None or tables.version != state.learned.version:
        horizons = state.learned.rings.quantiles(HORIZON_SHARES)
        tables = state.tables = FreeTables.build(
            state.learned, horizons, state.learned.screening_s + picture.patience_s
        )
    return tables
