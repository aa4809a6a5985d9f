from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialer.model.campaign import PacingMode
from dialer.policy.abandon import DayCount, Ledger
from dialer.policy.guards import Throttle
from dialer.policy.outlook import PacingState
from dialer.policy.pacing import PacingRules, decide
from dialer.policy.picture import Crew, InFlight, Picture, Seat
from dialer.policy.statistics import Learned
from dialer.policy.theta import U_HIGH, U_LOW, theta_of

PREDICTIVE = PacingRules(PacingMode.PREDICTIVE, 1.5, 6.0)
PROGRESSIVE = replace(PREDICTIVE, mode=PacingMode.PROGRESSIVE)
RATIO = replace(PREDICTIVE, mode=PacingMode.RATIO)
BUSY_SEATS = (Seat.TALKING, Seat.WRAP_UP, Seat.HELD)


NOW = 100.0


def picture(n_free=0, n_talking=0, age_s=30.0, agents=None, ringing=(), **changes):
    """A floor with plenty of everything but agents; `ringing`: ages of calls in flight."""
    seats = [Seat.FREE] * n_free + [Seat.TALKING] * n_talking
    crew = Crew.of(NOW, agents if agents is not None else [(seat, age_s) for seat in seats])
    roomy = Picture(
        NOW, crew, InFlight.of(NOW, ringing), n_waiting=0, n_leads=10_000,
        n_lines_left=10_000, n_calls_allowed=10_000, patience_s=2.0,
    )  # fmt: skip
    return replace(roomy, **changes)


def with_ringing(floor, ages_s):
    return replace(floor, in_flight=InFlight.of(NOW, ages_s))


def state(target=0.028, served=0, abandoned=0, rate=0.25):
    ledger = Ledger(target)
    ledger.recall(served, abandoned)
    return PacingState(Learned.prior(25.0, rate), ledger)


def n_calls(floor, rules=PREDICTIVE, of=None):
    """With nothing spent yet of what the throttle allows."""
    of = of or state()
    of.throttle = Throttle()
    return decide(floor, of, rules).n_calls


def limit(floor, rules=PREDICTIVE, of=None):
    of = of or state()
    of.throttle = Throttle()
    return decide(floor, of, rules).view.limit


def settled(floor, of, rules=PREDICTIVE):
    """Calls in flight when a floor that stands still is decided on until nothing more is due."""
    in_flight = list(NOW - floor.in_flight.dialed_at)
    for _ in range(200):
        more = n_calls(with_ringing(floor, in_flight), rules, of)
        if not more:
            return len(in_flight)
        in_flight += [0.0] * more
    raise AssertionError("a floor that stands still was dialled without end")


# --- theta --------------------------------------------------------------------------------------


def with_bank(bank, target=0.028):
    """A ledger whose bank is that: answers served, or a fraction abandoned."""
    return Ledger(target, today=DayCount(bank / target if bank > 0 else 0, max(-bank, 0.0)))


@given(st.floats(-50, 50), st.floats(-50, 50), st.integers(1, 1000))
def test_theta_rises_with_the_bank(one, other, n_agents):
    low, high = with_bank(min(one, other)), with_bank(max(one, other))
    assert theta_of(low, n_agents) <= theta_of(high, n_agents)


def test_theta_keeps_within_its_bounds_whatever_the_bank():
    assert theta_of(with_bank(-1e9), 10) == pytest.approx(0.00091, abs=1e-5)
    assert theta_of(with_bank(1e9), 10) == pytest.approx(0.198, abs=1e-3)
    assert U_LOW < U_HIGH < 0


def test_a_small_team_steers_for_less():
    """With nine agents one call weighs too much to steer close to the limit."""
    ledger = with_bank(0.0)
    ledger.recall(972, 28)
    assert theta_of(ledger, 10) == pytest.approx(theta_of(with_bank(0.0), 10))
    assert theta_of(ledger, 9) < theta_of(with_bank(0.0), 9)
    ledger.retarget(0.01, ledger.rule)
    assert theta_of(ledger, 9, bank=0.0) == pytest.approx(theta_of(with_bank(0.0), 9))


def test_the_start_is_two_percent():
    assert theta_of(Ledger(0.028), 50) == pytest.approx(0.0198, abs=1e-4)


# --- progressive and ratio ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("free", "ringing", "waiting", "expected"),
    [
        (5, 0, 0, 5),
        (5, 3, 0, 2),
        (5, 5, 0, 0),
        (5, 7, 0, 0),
        (5, 1, 2, 2),
        (0, 0, 0, 0),
        (1, 0, 3, 0),
    ],
)
def test_progressive_is_one_line_per_agent_whom_nobody_awaits(free, ringing, waiting, expected):
    floor = picture(free, 3, ringing=[1.0] * ringing, n_waiting=waiting)
    assert n_calls(floor, PROGRESSIVE) == expected


@pytest.mark.parametrize(
    ("ratio", "free", "ringing", "expected"),
    [
        (1.5, 4, 0, 6),
        (1.5, 3, 0, 4),
        (2.0, 3, 5, 1),
        (2.0, 3, 6, 0),
        (0.5, 1, 0, 0),
        (3.0, 0, 0, 0),
    ],
)
def test_ratio_is_so_many_lines_per_free_agent_rounded_down(ratio, free, ringing, expected):
    floor = picture(free, 10, ringing=[1.0] * ringing)
    assert n_calls(floor, replace(RATIO, ratio=ratio)) == expected


@pytest.mark.parametrize(("rules", "name"), [(PROGRESSIVE, "progressive"), (RATIO, "ratio")])
def test_the_plain_modes_name_themselves(rules, name):
    assert limit(picture(3), rules) == name


# --- what stops every mode ----------------------------------------------------------------------


@pytest.mark.parametrize("rules", [PREDICTIVE, PROGRESSIVE, RATIO], ids=lambda r: r.mode)
@pytest.mark.parametrize(
    ("field", "name"),
    [("n_leads", "leads"), ("n_lines_left", "lines"), ("n_calls_allowed", "calls_per_s")],
)
@pytest.mark.parametrize("left", [0, 2])
def test_each_ceiling_stops_each_mode_and_is_named(rules, field, name, left):
    decision = decide(picture(40, **{field: left}), state(), rules)
    assert (decision.n_calls, decision.view.limit) == (left, name)


@pytest.mark.parametrize("rules", [PREDICTIVE, PROGRESSIVE, RATIO], ids=lambda r: r.mode)
def test_no_agent_no_call(rules):
    assert n_calls(picture(0), rules) == 0


@pytest.mark.parametrize("rules", [PROGRESSIVE, RATIO], ids=lambda r: r.mode)
def test_no_free_agent_no_call_in_the_plain_modes(rules):
    assert n_calls(picture(0, 20), rules) == 0


# --- predictive ---------------------------------------------------------------------------------


@settings(max_examples=20, deadline=None)
@given(st.integers(4, 30), st.integers(0, 20))
def test_more_idle_agents_never_mean_fewer_calls(n_agents, n_ringing):
    """The same agents; one more of them idle instead of just in a talk."""
    ringing = [5.0] * n_ringing
    counts = [
        n_calls(picture(free, n_agents - free, age_s=0.0, ringing=ringing))
        for free in range(0, n_agents + 1, 2)
    ]
    assert counts == sorted(counts)


def test_a_fuller_bank_never_means_fewer_lines_in_flight():
    floor = picture(6, 14, age_s=1.0)
    in_flight = [settled(floor, state(served=s, abandoned=a)) for s, a in
                 [(100, 12), (100, 5), (0, 0), (400, 0)]]  # fmt: skip
    assert in_flight == sorted(in_flight)
    assert in_flight[0] < in_flight[-1]


def test_fewer_lines_when_more_people_answer():
    floor = picture(10, 10, age_s=1.0)
    assert settled(floor, state(rate=0.5)) < settled(floor, state(rate=0.15))


def test_more_lines_than_free_agents_when_a_quarter_answers():
    assert settled(picture(10, 10, age_s=1.0), state()) > 10


def test_a_waiting_caller_takes_an_agent_out_of_the_sum():
    floor = picture(10, 10, age_s=1.0)
    assert settled(replace(floor, n_waiting=3), state()) < settled(floor, state())


def test_wrap_up_near_its_end_is_worth_more_than_a_fresh_talk():
    fresh, wrapping = picture(0, 20, age_s=0.0), picture(agents=[(Seat.WRAP_UP, 10.0)] * 20)
    experienced = [state(), state()]
    for of in experienced:
        of.learned.n_talks = 500
    assert settled(wrapping, experienced[0]) > settled(fresh, experienced[1])


def test_a_held_agent_counts_as_a_talk_of_age_nothing():
    held, fresh = [(Seat.HELD, 300.0)] * 20, [(Seat.TALKING, 0.0)] * 20
    views = [decide(picture(agents=agents), state(), PREDICTIVE).view for agents in (held, fresh)]
    assert views[0].n_soon_free == pytest.approx(views[1].n_soon_free, abs=0.02)


def test_calls_start_at_a_bounded_rate():
    """0.06 calls a second for each agent, over the rate: 50 agents at 25 % get 12 a second."""
    of, at, placed = state(), NOW, []
    for _ in range(41):  # ten decisions a second
        decision = decide(replace(picture(50), now=at), of, PREDICTIVE)
        assert decision.n_calls <= 13
        placed.append(decision.n_calls)
        at += 0.1
    assert 4 * 12 <= sum(placed) <= 5 * 12 + 1
    assert decide(replace(picture(50), now=at), of, PREDICTIVE).view.limit == "burst"


def test_short_talks_may_be_fed_faster():
    """Twenty talks of four seconds: each agent may need an answer every five seconds."""
    of = state()
    for _ in range(20):
        of.learned.ended(of.learned.talks, 0.0, 4.0)
        of.learned.ended(of.learned.wraps, 0.0, 1.0)
    assert of.learned.busy_s == pytest.approx(5.0)
    assert Throttle().allowed(NOW, 50, 0.25, of.learned.busy_s) == 201
    assert Throttle().allowed(NOW, 50, 0.25, state().learned.busy_s) == 13


def test_lines_per_agent_are_capped_by_what_the_answer_rate_needs():
    floor = picture(20, ringing=[20.0] * 60)
    full = state(served=5000)
    assert limit(floor, PREDICTIVE, full) == "lines_per_agent"
    assert limit(with_ringing(floor, [20.0] * 20), PREDICTIVE, full) != "lines_per_agent"


def test_the_campaigns_own_cap_on_lines_per_agent_holds_as_well():
    floor = picture(20, ringing=[20.0] * 20)
    assert n_calls(floor, replace(PREDICTIVE, max_lines_per_agent=1.0), state(served=5000)) == 0


def test_risk_is_the_usual_limit_and_at_most_theta_when_a_call_was_placed():
    view = decide(picture(2, 18, age_s=1.0, ringing=[3.0] * 8), state(), PREDICTIVE).view
    assert view.limit == "risk"
    assert view.risk > view.theta > 0


# --- falling back to progressive ------------------------------------------------------------------


def fallen_back(floor, of):
    """Name of the guard; the calls are those of progressive."""
    decision = decide(floor, of, PREDICTIVE)
    assert decision.n_calls == n_calls(floor, PROGRESSIVE)
    return decision.view.limit


def test_three_agents_are_too_few_to_predict():
    assert fallen_back(picture(3), state()) == "few_agents"
    assert limit(picture(4)) != "few_agents"


def test_at_the_legal_rate_only_calls_of_the_lowest_risk_are_placed():
    of = state(served=970, abandoned=30)
    decision = decide(picture(10, 10), of, PREDICTIVE)
    assert decision.view.limit in ("legal_rate", "burst")
    assert decision.view.theta < 0.06 * decide(picture(10, 10), state(), PREDICTIVE).view.theta
    busy = picture(1, 19, age_s=1.0, ringing=[3.0] * 8)
    assert limit(busy, PREDICTIVE, of) == "legal_rate"
    assert n_calls(busy, PREDICTIVE, of) == 0


def test_a_few_answers_are_no_evidence_of_a_broken_limit():
    assert limit(picture(10, 10), of=state(served=95, abandoned=5)) != "legal_rate"


def test_one_more_abandon_that_would_still_be_legal_does_not_stop_predicting():
    assert limit(picture(10, 10), of=state(served=995, abandoned=5)) != "legal_rate"


def an_outage(of, *, level=12.0):
    """So many calls were usually in flight; then half of the last fifty fail."""
    of.learned.carrier.level = level
    for i in range(50):
        of.learned.ended_unanswered(of.learned.dialed(float(i)), i + 1.0, i % 2 == 0)


def test_in_an_outage_calls_in_flight_are_held_at_the_level_before_it():
    of = state(served=5000)
    an_outage(of)
    held = decide(picture(4, 16, age_s=1.0, ringing=[1.0] * 12), of, PREDICTIVE)
    assert (held.n_calls, held.view.limit, held.view.fault_share) == (0, "carrier", 0.5)
    few = decide(picture(4, 16, age_s=1.0, ringing=[1.0] * 10), of, PREDICTIVE)
    assert 0 < few.n_calls <= 2


def test_an_outage_leaves_one_call_per_free_agent():
    of = state(served=5000)
    an_outage(of, level=0.0)
    assert limit(picture(8, 12, age_s=1.0, ringing=[1.0] * 8), of=of) == "carrier"
    assert n_calls(picture(8, 12, age_s=1.0, ringing=[1.0] * 6), of=of) > 0


def test_a_target_of_nothing_is_progressive():
    assert fallen_back(picture(10, 10), state(target=0.0)) == "zero_target"


def test_well_over_the_laws_limit_one_call_per_free_agent_and_an_alarm():
    of = state(served=191, abandoned=9)
    assert fallen_back(picture(10, 10), of) == "legal_rate"
    assert decide(picture(10, 10), of, PREDICTIVE).alarm == "ABANDON_LIMIT"
    assert decide(picture(10, 10), state(served=192, abandoned=8), PREDICTIVE).alarm is None


def test_few_answers_an_hour_are_no_ground_to_predict():
    of = state()
    for second in range(3600):
        of.learned.flow.pass_time(float(second))
    of.learned.flow.n_answers = 18.0
    assert fallen_back(picture(6, 6), of) == "few_answers"
    of.learned.flow.n_answers = 40.0
    assert limit(picture(6, 6), of=of) != "few_answers"


def test_an_hour_of_pause_is_no_hour_without_answers():
    flow = state().learned.flow
    flow.pass_time(0.0)
    flow.n_answers = 25.0
    flow.pass_time(7200.0)
    assert not flow.is_thin
    assert flow.n_answers == pytest.approx(25.0, abs=0.1)


# --- what cannot be reckoned with ---------------------------------------------------------------

NONSENSE = st.sampled_from([float("nan"), float("inf"), float("-inf"), -1e300])


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 12), st.integers(1, 12), st.integers(1, 20), st.data())
def test_whatever_is_broken_never_means_more_calls_than_free_agents(free, busy, ringing, data):
    """Garbage in any place: one call per free agent, an alarm, and figures fit for a screen."""
    floor, of = picture(free, busy, ringing=[1.0] * ringing), state()
    decide(floor, of, PREDICTIVE)
    where = data.draw(st.sampled_from(["now", "since", "dialed", "lift", "served", "rate", "next"]))
    value = data.draw(NONSENSE)
    crew, calls = floor.crew, floor.in_flight
    spoilt = {
        "now": lambda: replace(floor, now=value),
        "since": lambda: replace(floor, crew=replace(crew, since=np.full(free + busy, value))),
        "dialed": lambda: replace(
            floor, in_flight=replace(calls, dialed_at=np.full(ringing, value))
        ),
        "lift": lambda: replace(floor, in_flight=replace(calls, lifts=np.full(ringing, value))),
        "next": lambda: replace(floor, next_lifts=np.array([value])),
    }
    if where == "served":
        of.ledger.today.n_served = value
    if where == "rate":
        of.learned.rate.n_calls = value
    bad = spoilt.get(where, lambda: floor)()
    decision = decide(bad, of, PREDICTIVE)
    assert decision.guard == "broken"
    assert decision.n_calls == max(free - ringing, 0)
    assert all(np.isfinite(v) for v in vars_of(decision.view) if isinstance(v, float))


def vars_of(view):
    return [getattr(view, name) for name in view.__dataclass_fields__]


def test_a_clock_set_back_is_an_alarm_once_and_then_learnt_anew():
    of = state()
    decide(picture(6, 6), of, PREDICTIVE)
    back = replace(picture(6, 6, ringing=[1.0]), now=NOW - 50.0)
    first = decide(back, of, PREDICTIVE)
    assert (first.guard, first.alarm) == ("broken", "BROKEN_STATISTICS")
    assert first.n_calls == n_calls(back, PROGRESSIVE)
    crew = Crew.of(NOW - 49.5, [(Seat.FREE, 3.0)] * 12)
    later = Picture(NOW - 49.5, crew, InFlight.of(NOW - 49.5, []), 0, 99, 99, 99, 2.0)
    assert decide(later, of, PREDICTIVE).guard == ""


def test_an_agent_from_the_future_is_broken():
    floor = picture(6, 6)
    floor.crew.since[0] = NOW + 60.0
    assert fallen_back(floor, state()) == "broken"


@pytest.mark.parametrize("bank", [float("nan"), float("inf"), float("-inf")])
def test_a_bank_that_is_no_number_never_means_more_calls(bank):
    of = state()
    of.ledger.today.n_served = bank
    assert fallen_back(picture(6, 10, ringing=[2.0]), of) == "broken"


# --- the view -------------------------------------------------------------------------------------


def test_the_view_says_what_was_seen_and_decided():
    decision = decide(picture(3, 5, ringing=[1.0, 2.0]), state(), PREDICTIVE)
    view = decision.view
    assert (view.n_dialed, view.n_free, view.n_ringing) == (decision.n_calls, 3, 2)
    assert view.answer_rate == 0.25
    assert view.bank == 0.0
    assert 0 < view.expected_answers < 2
    assert 0 < view.n_soon_free < 5


def test_watching_alone_teaches_how_long_talks_last():
    of = state()
    before = of.learned.talks.exposure.sum()
    decide(picture(0, 5, age_s=60.0), of, PREDICTIVE)
    assert of.learned.talks.exposure.sum() == before + 5 * 16
    decide(picture(0, 5, age_s=60.0), of, PREDICTIVE)
    assert of.learned.talks.exposure.sum() == before + 5 * 16
