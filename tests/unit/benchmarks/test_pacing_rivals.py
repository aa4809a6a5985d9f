"""The rules that our pacing is measured against."""

import pytest

from benchmarks.pacing.cases import Case, play
from benchmarks.pacing.rivals import (
    Erlang,
    Level,
    Progressive,
    RatioIdle,
    Vicidial,
    erlang_b,
    offered_load,
)
from benchmarks.pacing.tune import search
from dialer.model.campaign import PacingMode
from dialer.policy.picture import Seat
from dialer.sim.own_pacing import OwnPacing
from dialer.sim.pacer import SimAgent, SimCall, SimFloor
from dialer.sim.person import Answer, Person
from dialer.sim.population import BENCHMARK, Population
from dialer.sim.rehearsal import Rehearsal, Work

NOBODY = Person(Answer.NO_ANSWER, 1.0, float("inf"))


def floor(n_free=0, n_talking=0, n_wrapping=0, n_ringing=0, n_waiting=0):
    made = SimFloor()
    seats = [Seat.FREE] * n_free + [Seat.TALKING] * n_talking + [Seat.WRAP_UP] * n_wrapping
    agents = [SimAgent(0.0) for _ in seats]
    made.staff.replace(agents)
    for agent, seat in zip(agents, seats, strict=True):
        made.staff.seat(agent, seat, 0.0)
    for number in range(n_ringing):
        made.lines.add(SimCall(number, 0.0, NOBODY))
    made.n_waiting = n_waiting
    return made


def beats(pacer, made, n):
    """What it places over `n` beats on a floor that stands still."""
    placed = []
    for beat in range(n):
        made.now = beat * pacer.beat_s
        placed.append(pacer.calls_to_place(made))
    return placed


def test_progressive_keeps_one_line_per_free_agent_and_is_our_own_mode():
    assert Progressive().calls_to_place(floor(n_free=5, n_ringing=2, n_waiting=1)) == 2
    assert Progressive().calls_to_place(floor(n_free=1, n_ringing=2)) == 0
    people, work = Population(3, BENCHMARK), Work(((0.0, 8),), screening_s=(1.5, 2.5))
    ours = Rehearsal(people, work, OwnPacing.cold(mode=PacingMode.PROGRESSIVE)).run(900.0)
    assert Rehearsal(people, work, Progressive()).run(900.0) == ours


def test_lines_per_free_agent_count_neither_busy_agents_nor_lines_there_are():
    assert RatioIdle(2.5).calls_to_place(floor(n_free=4, n_talking=9, n_ringing=3)) == 7
    assert RatioIdle(2.5).calls_to_place(floor(n_free=1, n_ringing=5)) == 0


def test_a_dial_level_counts_agents_ready_or_in_a_call_and_all_their_lines():
    busy = floor(n_free=2, n_talking=8, n_wrapping=5, n_ringing=3, n_waiting=1)
    assert Level(1.6).calls_to_place(busy) == 16 - 3 - 1 - 8
    assert Level(1.0).calls_to_place(busy) == 0


def test_vicidial_raises_its_level_while_agents_idle_up_to_the_cap():
    pacer = Vicidial(cap=3.0)
    beats(pacer, floor(n_free=10), 31)
    assert pacer.level == pytest.approx(2.0)  # everybody idle: doubled at the first adaption
    beats(pacer, floor(n_free=10), 60)
    assert pacer.level == 3.0


def test_vicidial_halves_its_level_when_the_day_drops_too_many_and_never_goes_under_one():
    pacer = Vicidial(cap=3.0)
    pacer.level = 3.0
    for _ in range(60):
        pacer.served(0.0)
    for _ in range(3):
        pacer.abandoned(0.0)
    beats(pacer, floor(n_talking=10), 31)
    assert pacer.level == 1.5
    beats(pacer, floor(n_talking=10), 60)
    assert pacer.level == 1.0


def test_vicidial_dials_every_fifth_beat():
    placed = beats(Vicidial(cap=1.0), floor(n_free=3), 11)
    assert [i for i, n in enumerate(placed) if n] == [0, 5, 10]


@pytest.mark.parametrize(("agents", "load", "blocking"), [(1, 1.0, 0.5), (10, 5.53, 0.03)])
def test_erlangs_loss_formula_and_its_inverse(agents, load, blocking):
    assert erlang_b(agents, load) == pytest.approx(blocking, rel=0.01)
    assert offered_load(agents, blocking) == pytest.approx(load, rel=0.01)


def test_erlang_dials_at_a_steady_rate_whatever_happens():
    pacer = Erlang(0.03)
    per_s = offered_load(10, 0.03) / 35.0
    assert sum(beats(pacer, floor(n_talking=10), 2000)) == pytest.approx(1000 * per_s, abs=1.5)


@pytest.mark.parametrize(
    ("policy", "wait_s", "abandoned_pct"),
    [("progressive", 67.0, (0.0, 0.0)), ("vicidial", 67.4, (3.0, 3.8))],
)
def test_a_day_of_ten_agents_is_as_published(policy, wait_s, abandoned_pct):
    """Waits of an independent simulator of the same workload, six seeds: 67.0 and 67.4 s."""
    outcome = play(Case(policy, "stationary", 10, 401))
    assert outcome.wait_s == pytest.approx(wait_s, abs=3.0)
    low, high = abandoned_pct
    assert low <= outcome.abandoned_pct <= high


def test_tuning_takes_the_least_wait_among_parameters_that_hold_the_limit():
    tried = []

    def world(parameter):
        tried.append(parameter)
        return 100.0 / parameter, 0.01 * parameter

    parameter, wait_s, rate = search(1.0, 9.0, 6, world)
    assert 2.7 <= parameter <= 3.0
    assert (wait_s, rate) == (100.0 / parameter, 0.01 * parameter)
    assert search(4.0, 9.0, 4, world)[0] == 4.0  # none holds: the least that was tried
    assert len(tried) == 12
