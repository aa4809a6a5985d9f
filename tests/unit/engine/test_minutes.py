"""The audit log of pacing: each decision in its minute, each minute in one piece."""

from floor import Bench, only

from dialer.engine.minutes import MINUTE_S
from dialer.model.campaign import CampaignState
from dialer.model.commands import NotePacing
from dialer.model.events import CampaignEnded, HistoryRead


def minutes(commands):
    return only(NotePacing, commands)


def to_the_minute(bench):
    """Let time pass to the start of the next minute of the wall clock."""
    return bench.wait(MINUTE_S - bench.now.utc % MINUTE_S + 0.001)


def test_a_minute_holds_each_of_its_decisions_and_comes_when_it_is_over():
    bench = Bench()
    to_the_minute(bench)
    assert minutes(bench.wait(59.0)) == []
    (minute,) = minutes(bench.wait(1.2))
    assert len(minute.decided) == 120  # two a second
    offsets = [one.at_s for one in minute.decided]
    assert offsets == sorted(offsets) and offsets[0] == 0.0 and offsets[-1] < MINUTE_S
    assert {one.mode for one in minute.decided} == {"PROGRESSIVE"}
    assert {one.target for one in minute.decided} == {bench.campaign.abandon_target}
    assert minute.settings["max_lines"] == bench.campaign.max_lines


def test_the_last_minute_of_a_paused_campaign_is_written_and_no_more():
    bench = Bench()
    to_the_minute(bench)
    bench.wait(10.0)
    bench.configure(state=CampaignState.PAUSED)
    (minute,) = minutes(bench.wait(300.0))
    assert 20 <= len(minute.decided) <= 22
    bench.configure(state=CampaignState.RUNNING)
    later = minutes(bench.wait(130.0))
    assert len(later) == 2
    assert later[0].begins_at > minute.begins_at + 300.0


def test_what_a_decision_saw_and_what_the_minute_counted_stand_in_it():
    bench = Bench()
    to_the_minute(bench)
    bench.seat()
    bench.stock(n=1)
    bench.dial(answered=True)
    (minute,) = minutes(bench.wait(60.0))
    assert max(one.view.n_agents for one in minute.decided) == 1
    assert sum(one.view.n_dialed for one in minute.decided) == 1
    assert (minute.counts.n_attempts, minute.counts.n_answered) == (1, 1)
    (following,) = minutes(bench.wait(60.0))
    assert (following.counts.n_attempts, following.counts.n_answered) == (0, 0)


def test_history_that_is_read_is_not_counted_as_of_this_minute():
    bench = Bench()
    to_the_minute(bench)
    bench.wait(5.0)
    (before,) = minutes(bench.do(HistoryRead(1, 1000, 20, {})))
    assert (before.counts.n_live, before.abandon_rate) == (0, 0.0)
    (after,) = minutes(bench.wait(60.0))
    assert (after.counts.n_live, after.counts.n_abandoned) == (0, 0)
    assert round(after.abandon_rate, 4) == round(20 / 1020, 4)


def test_a_campaign_that_ends_or_is_left_keeps_no_decision_back():
    bench = Bench()
    to_the_minute(bench)
    bench.wait(5.0)
    (minute,) = minutes(bench.engine.close_books())
    assert len(minute.decided) >= 10
    assert bench.engine.close_books() == []
    bench.wait(5.0)
    assert len(minutes(bench.do(CampaignEnded(1)))) == 1
