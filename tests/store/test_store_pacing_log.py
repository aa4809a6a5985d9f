"""Minutes of pacing: written once, summed up in plain columns, deleted after their term."""

import pytest
from store_facts import NOON, World

from dialer.jobs.context import JobContext
from dialer.jobs.pacing_log import MONTH_S, delete_old_pacing_minutes
from dialer.model.commands import NotePacing
from dialer.model.minute import Decided, MinuteCounts
from dialer.model.snapshot import PacingView
from dialer.reports.pacing_log import decisions_of, hour_of, main_limit, minutes_csv
from dialer.store.pacing_log import last_minute, minute_at, write_minutes
from dialer.store.recording_files import RecordingFiles

COUNTS = MinuteCounts(
    n_attempts=9, n_answered=4, n_bridged=3, n_live=4, n_abandoned=1, n_talks=2, talk_s=240.0,
    ring_s=48.0, outcomes={"HANDLED": 3, "BUSY": 2},
)  # fmt: skip


@pytest.fixture
def world(session_factory):
    return World(session_factory)


def minute(world, at, *views, **facts):
    decided = tuple(Decided(n * 0.5, "PREDICTIVE", 0.028, view) for n, view in enumerate(views))
    plain = {"counts": COUNTS, "abandon_rate": 0.021, "settings": {"max_lines": 100.0}}
    return NotePacing(world.campaign_id, at, decided, **(plain | facts))


TWO = (
    PacingView(n_dialed=2, n_free=3, risk=0.01, limit="burst", n_agents=10, bank=1.0),
    PacingView(n_dialed=0, n_free=1, risk=0.03, limit="risk", n_agents=12, bank=2.0),
)


def test_a_minute_is_summed_up_and_its_decisions_are_kept(world):
    note = minute(world, NOON + 0.123456, *TWO)
    with world.transaction() as session:
        write_minutes(session, [note])
        write_minutes(session, [note])  # written again after a lost connection: no second row
    with world.transaction() as session:
        (row,) = hour_of(session, world.campaign_id, NOON)
        assert (row.n_decisions, row.n_dialed, row.mean_free, row.mean_agents) == (2, 2, 2.0, 11.0)
        assert (row.max_risk, row.bank, row.abandon_rate) == (0.03, 2.0, 0.021)
        assert row.limits == {"burst": 1, "risk": 1}
        assert (row.n_attempts, row.n_abandoned, row.outcomes) == (9, 1, COUNTS.outcomes)
        assert (row.mean_talk_s, row.mean_wrap_up_s, row.mean_ring_s) == (120.0, None, 12.0)
        assert main_limit(row) in row.limits
        first, second = decisions_of(row)
        assert (first["n_dialed"], second["limit"]) == (2, "risk")
        assert second["at"] == pytest.approx(NOON + 0.623456)
        same = minute_at(session, world.campaign_id, row.begins_at.timestamp())
        assert same is row is last_minute(session, world.campaign_id)
        header, line = "".join(minutes_csv([row])).splitlines()
        assert "limits" in header and "burst=1 risk=1" in line


def test_an_hour_ends_before_the_next_and_is_of_one_campaign(world):
    with world.transaction() as session:
        times = (NOON - 1, NOON, NOON + 3599, NOON + 3600)
        write_minutes(session, [minute(world, at, *TWO) for at in times])
    with world.transaction() as session:
        found = hour_of(session, world.campaign_id, NOON)
        assert [row.begins_at.timestamp() for row in found] == [NOON, NOON + 3599]
        assert hour_of(session, world.campaign_id + 1, NOON) == ()


def test_minutes_older_than_their_term_are_deleted(world, session_factory, tmp_path, monkeypatch):
    monkeypatch.setattr("dialer.jobs.pacing_log.BATCH", 2)
    with world.transaction() as session:
        times = [NOON + n * 60 for n in range(5)]
        write_minutes(session, [minute(world, at, *TWO) for at in times])
    now = NOON + 240 + 24 * MONTH_S
    here = JobContext(
        session_factory, None, tmp_path, None, lambda: now, RecordingFiles("/nowhere")
    )
    assert delete_old_pacing_minutes(here) == 4
    assert delete_old_pacing_minutes(here) == 0
    with world.transaction() as session:
        assert len(hour_of(session, world.campaign_id, NOON)) == 1
