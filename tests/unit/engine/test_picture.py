from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from floor import Bench, lead

from dialer.engine.picture import draw
from dialer.model.agent import AgentState
from dialer.model.campaign import CampaignState
from dialer.model.events import AgentAskedPause, AgentDisposed, LegAnswered, LegEnded
from dialer.model.moment import Moment


def test_the_picture_counts_what_is_on_the_floor():
    bench = Bench()
    call, _ = bench.talk(1)
    bench.seat(2)
    bench.stock(lead(7), lead(8))
    waiting = bench.dial(ringing=True)
    bench.do(AgentAskedPause(2, "LUNCH"), LegAnswered(waiting.leg_id))
    bench.wait(1.5)
    view = bench.engine.view(bench.now)
    assert (view.n_connected, view.n_waiting, view.n_ringing, view.n_dialing) == (1, 1, 0, 0)
    assert (view.n_attempts, view.n_answered, view.n_bridged) == (2, 2, 1)
    assert (view.n_hopper, view.n_live, view.n_abandoned) == (1, 1, 0)
    assert view.longest_wait_s == pytest.approx(1.5)
    assert [(agent.state, agent.pause_code) for agent in view.agents] == [
        (AgentState.TALKING, ""), (AgentState.PAUSED, "LUNCH"),
    ]  # fmt: skip
    assert (view.agents[0].attempt_id, view.agents[0].n_handled) == (call.attempt_id, 1)
    assert view.pacing.limit == "progressive"


def test_each_picture_is_newer_than_the_last():
    bench = Bench()
    assert [draw(bench.floor, bench.now).version for _ in range(3)] == [1, 2, 3]


def test_the_picture_follows_the_settings():
    bench = Bench()
    bench.configure(state=CampaignState.PAUSED, name="new", abandon_target=0.01)
    view = bench.engine.view(bench.now)
    assert (view.state, view.name, view.abandon_target) == (CampaignState.PAUSED, "new", 0.01)


@pytest.mark.parametrize(("hour", "is_open"), [(9, False), (11, True), (13, False), (15, True)])
def test_the_window_is_shown_in_the_rules_own_zone(hour, is_open):
    bench = Bench(rule_set="FR")
    utc = datetime(2026, 9, 21, hour, 30, tzinfo=ZoneInfo("Europe/Paris")).timestamp()
    assert bench.engine.view(Moment(bench.now.mono, utc)).is_window_open is is_open


def test_occupancy_is_talk_and_wrap_up_over_the_time_that_is_not_paused():
    """After 0.54 s ready: 10 s of talk, 5 s of wrap-up, 15 s ready; the pause does not count."""
    bench = Bench()
    call, _ = bench.talk(1)
    ready_s = bench.floor.tally.seconds[AgentState.READY]
    reserved_s = bench.floor.tally.seconds[AgentState.RESERVED]
    bench.wait(10.0)
    bench.do(LegEnded(call.leg_id, "NORMAL_CLEARING"))
    bench.wait(5.0)
    bench.do(AgentDisposed(1, call.attempt_id, False))
    bench.wait(15.0)
    view = bench.engine.view(bench.now)
    assert view.occupancy == pytest.approx(15.0 / (30.0 + ready_s + reserved_s))
    bench.do(AgentAskedPause(1, "LUNCH"))
    bench.wait(100.0)
    assert bench.engine.view(bench.now).occupancy == pytest.approx(view.occupancy)


def test_an_empty_floor_is_all_zeroes():
    view = Bench().engine.view(Bench().now)
    assert (view.occupancy, view.abandon_rate, view.longest_wait_s, view.agents) == (0, 0, 0, ())


def test_the_time_between_ready_and_the_next_call_is_measured():
    bench = Bench()
    bench.seat(1)
    bench.wait(3.0)
    bench.stock(lead(1))
    bench.dial(answered=True)
    assert bench.floor.tally.mean_ready_wait_s == pytest.approx(3.5)
