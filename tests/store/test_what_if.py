"""What if the target had been another: an hour from the log becomes a world, and is played."""

from dataclasses import replace

import pytest
from store_facts import NOON, World

from dialer.jobs import what_if
from dialer.jobs.calibration import calibrated
from dialer.jobs.context import JobContext, configure
from dialer.model.commands import NotePacing
from dialer.model.errors import BadInput
from dialer.model.minute import Decided, MinuteCounts
from dialer.model.snapshot import PacingView
from dialer.policy.memory import remember
from dialer.policy.statistics import Learned
from dialer.store.campaigns import update_settings
from dialer.store.instants import instant
from dialer.store.pacing_log import write_minutes
from dialer.store.pacing_memory import save_memory
from dialer.store.tables import AgentSession, AgentStateInterval, WhatIfRow
from dialer.store.what_ifs import ask, questions_of

SETTINGS = {
    "ratio": 1.5, "ring_timeout_s": 25.0, "answer_limit_s": 2.0, "wrap_up_limit_s": 60.0,
    "max_lines": 50.0, "max_lines_per_agent": 6.0, "max_calls_per_s": 5.0,
}  # fmt: skip
VIEW = PacingView(n_agents=4, answer_rate=0.4, limit="risk", n_dialed=1)
COUNTS = MinuteCounts(
    n_attempts=10, n_answered=4, n_bridged=4, n_live=3, n_talks=4, talk_s=80.0, n_wrap_ups=4,
    wrap_up_s=40.0, ring_s=30.0, outcomes={"HANDLED": 4, "NO_ANSWER": 5, "CONGESTION": 1},
)  # fmt: skip


@pytest.fixture
def world(session_factory):
    return World(session_factory)


def record(world, n_minutes=12, mode="PREDICTIVE", counts=COUNTS, has_memory=True):
    with world.transaction() as session:
        for n in range(n_minutes):
            decided = (Decided(0.0, mode, 0.028, VIEW), Decided(0.5, mode, 0.028, VIEW))
            write_minutes(
                session,
                [NotePacing(world.campaign_id, NOON + 60 * n, decided, counts, 0.02, SETTINGS)],
            )
        if has_memory:
            memory = remember(Learned.prior(25.0, 0.4))
            save_memory(session, world.campaign_id, memory, NOON + 900)


def seat_an_agent(world, spans):
    """Intervals of (state, seconds) from noon on."""
    with world.transaction() as session:
        login = AgentSession(
            agent_id=world.agent_id, campaign_id=world.campaign_id, state="OFFLINE",
            started_at=instant(NOON), state_since=instant(NOON), ended_at=instant(NOON + 720),
        )  # fmt: skip
        session.add(login)
        session.flush()
        at = NOON
        for state, seconds in spans:
            session.add(
                AgentStateInterval(
                    session_id=login.id, agent_id=world.agent_id, campaign_id=world.campaign_id,
                    state=state, started_at=instant(at), ended_at=instant(at + seconds),
                )
            )  # fmt: skip
            at += seconds


def test_an_hour_of_the_log_is_calibrated_to_its_own_level(world):
    record(world)
    seat_an_agent(world, [("READY", 96), ("TALKING", 300), ("WRAP_UP", 84), ("PAUSED", 240)])
    with world.transaction() as session:
        found = calibrated(session, world.campaign_id, NOON, NOON + 3600)
    hour = found.hour
    assert hour.n_agents == (4,) * 12
    assert hour.people.fault_share == pytest.approx(0.1)
    assert hour.people.answer_rates == pytest.approx([4 / 9] * 12)  # of calls not failed
    assert (hour.people.talk_mean_s, hour.people.wrap_up_mean_s) == (20.0, 10.0)
    assert hour.machine_share == pytest.approx(0.25)
    assert (hour.max_lines, hour.patience_s) == (50, 2.0)
    assert (found.target, found.scarce_share) == (0.028, 0.0)
    assert (found.measured.n_calls, found.measured.n_live) == (120, 36)
    assert found.measured.wait_s == 96 / 48
    assert found.measured.talk_share == 300 / 480


def test_minutes_without_a_decision_have_no_agents(world):
    record(world)
    with world.transaction() as session:
        late = NotePacing(
            world.campaign_id, NOON + 60 * 20, (Decided(0.0, "PREDICTIVE", 0.028, VIEW),), COUNTS,
            0.02, SETTINGS,
        )  # fmt: skip
        write_minutes(session, [late])
        hour = calibrated(session, world.campaign_id, NOON, NOON + 3600).hour
    assert hour.n_agents == (4,) * 12 + (0,) * 8 + (4,)


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ({"n_minutes": 9}, "9 minutes were recorded"),
        ({"mode": "PROGRESSIVE"}, "not paced by prediction"),
        ({"counts": replace(COUNTS, n_answered=2)}, "24 answers were recorded"),
        ({"has_memory": False}, "learnt nothing"),
    ],
)
def test_an_hour_that_says_too_little_is_refused_in_words(world, facts, says):
    record(world, **facts)
    with world.transaction() as session, pytest.raises(BadInput, match=says):
        calibrated(session, world.campaign_id, NOON, NOON + 3600)


def test_a_campaign_that_shares_its_agents_is_not_played_alone(world):
    record(world)
    with world.transaction() as session:
        update_settings(session, world.campaign_id, {"pool": "ventes"})
        with pytest.raises(BadInput, match="shares its agents"):
            calibrated(session, world.campaign_id, NOON, NOON + 3600)


@pytest.mark.parametrize("target", [0.0, -0.01, 0.0301, float("nan"), float("inf")])
def test_a_target_that_no_campaign_may_have_is_refused(world, target):
    record(world)
    with world.transaction() as session, pytest.raises(BadInput, match="target"):
        ask(session, world.campaign_id, target, None, world.agent_id)


def test_a_campaign_without_a_recorded_decision_cannot_be_asked_about(world):
    with world.transaction() as session, pytest.raises(BadInput, match="no decision"):
        ask(session, world.campaign_id, 0.02, None, world.agent_id)


@pytest.fixture
def work(session_factory, tmp_path, monkeypatch):
    monkeypatch.setattr(what_if, "SEEDS", (1,))
    configure(JobContext(session_factory, None, tmp_path, None, lambda: NOON + 3600))
    return what_if.run


def test_a_question_is_answered_once_with_both_targets_and_the_measured_hour(world, work):
    record(world)
    with world.transaction() as session:
        row = ask(session, world.campaign_id, 0.01, None, world.agent_id)
        assert row.since.timestamp() == NOON + 12 * 60 - 3600  # the hour up to the last minute
        row = ask(session, world.campaign_id, 0.01, NOON, world.agent_id)
    work(row.id)
    done = world.get(WhatIfRow, row.id)
    assert (done.state, done.error) == ("DONE", "")
    assert done.answer["n_minutes"] == 12
    assert done.answer["measured"]["n_calls"] == 120
    assert len(done.answer["actual"]) == len(done.answer["asked"]) == 1
    assert done.answer["actual"][0]["n_calls"] > 0
    work(row.id)  # a second run of the job finds it answered
    assert world.get(WhatIfRow, row.id).answer == done.answer
    with world.transaction() as session:
        assert [one.id for one in questions_of(session, world.campaign_id)] == [2, 1]


def test_a_question_that_cannot_be_answered_says_why(world, work):
    record(world, n_minutes=3)
    with world.transaction() as session:
        row = ask(session, world.campaign_id, 0.01, NOON, world.agent_id)
    work(row.id)
    failed = world.get(WhatIfRow, row.id)
    assert failed.state == "FAILED"
    assert failed.error == "what-if: 3 minutes were recorded; at least 10 are needed"
