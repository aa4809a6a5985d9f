"""At night what is past its term goes, once; what is out of reach is tried again."""

import pytest
from redis import Redis
from rq import Queue
from store_facts import NOON, World

from dialer.jobs import nightly, queues
from dialer.jobs.context import JobContext, configure
from dialer.model.call import RecordingState
from dialer.model.commands import NoteRecording
from dialer.store.campaigns import update_settings
from dialer.store.recording_files import RecordingFiles
from dialer.store.recordings import note_recordings
from dialer.store.tables import RecordingRow

DAY_S = 86_400.0


@pytest.fixture
def redis(redis_url):
    with Redis.from_url(redis_url) as client:
        yield client


@pytest.fixture
def world(session_factory):
    return World(session_factory)


@pytest.fixture
def night(session_factory, redis, tmp_path):
    """Runs a night's job at a time."""

    def run(at, folder=tmp_path):
        files = RecordingFiles(str(folder))
        made = JobContext(session_factory, redis, tmp_path, None, lambda: at, files, 30)
        configure(made)
        nightly.run()
        return made

    return run


def recorded(world, folder, attempt_id, is_over=True):
    world.add_leads(1, first=len(attempt_id) * 10 + int(attempt_id[-1]))
    lead = world.dial(attempt_id)
    with world.transaction() as session:
        note_recordings(session, [NoteRecording(attempt_id, "n1", RecordingState.ON, NOON)])
    if is_over:
        world.handled(lead, attempt_id)
    (folder / f"{attempt_id}.wav").write_bytes(b"RIFF")


def test_a_recording_goes_when_its_term_has_passed_and_its_row_stays(world, night, tmp_path):
    recorded(world, tmp_path, "a1")
    night(NOON + 29 * DAY_S)
    assert world.get(RecordingRow, "a1").deleted_at is None
    night(NOON + 31 * DAY_S)
    row = world.get(RecordingRow, "a1")
    assert (row.deleted_at.timestamp(), row.deleted_by) == (NOON + 31 * DAY_S, None)
    assert row.erased_at is not None
    assert not (tmp_path / "a1.wav").exists()


def test_the_campaigns_own_term_goes_before_the_installations(world, night, tmp_path):
    recorded(world, tmp_path, "a1")
    with world.transaction() as session:
        update_settings(session, world.campaign_id, {"recording_days": 2})
    night(NOON + 3 * DAY_S)
    assert world.get(RecordingRow, "a1").deleted_at is not None


def test_a_call_that_goes_on_keeps_its_recording(world, night, tmp_path):
    recorded(world, tmp_path, "a1", is_over=False)
    night(NOON + 40 * DAY_S)
    assert world.get(RecordingRow, "a1").deleted_at is None
    assert (tmp_path / "a1.wav").exists()


def test_a_folder_out_of_reach_leaves_the_file_for_another_night(world, night, tmp_path):
    recorded(world, tmp_path, "a1")
    night(NOON + 31 * DAY_S, folder=tmp_path / "not-mounted")
    row = world.get(RecordingRow, "a1")
    assert row.deleted_at is not None and row.erased_at is None
    night(NOON + 32 * DAY_S)
    assert world.get(RecordingRow, "a1").erased_at.timestamp() == NOON + 32 * DAY_S
    assert not (tmp_path / "a1.wav").exists()


def test_more_than_one_batch_goes_in_one_night(world, night, tmp_path, monkeypatch):
    monkeypatch.setattr("dialer.jobs.recordings.BATCH", 2)
    for n in range(5):
        recorded(world, tmp_path, f"a{n}")
    (tmp_path / "a1.wav").unlink()
    (tmp_path / "a1.wav").mkdir()  # not ours to remove: it must not hold up the others
    night(NOON + 31 * DAY_S)
    erased = [world.get(RecordingRow, f"a{n}").erased_at is not None for n in range(5)]
    assert erased == [True, False, True, True, True]


def test_a_night_is_queued_once_from_two_in_the_morning(night, redis, session_factory, tmp_path):
    at = NOON - NOON % DAY_S + 3 * 3600  # three in the morning, UTC
    here = JobContext(session_factory, redis, tmp_path, None, lambda: at)
    assert nightly.queue_nightly(here)
    assert not nightly.queue_nightly(here)
    here.now = lambda: at + 22.9 * 3600
    assert not nightly.queue_nightly(here)
    here.now = lambda: at + 23.1 * 3600
    assert nightly.queue_nightly(here)
    assert Queue(queues.NIGHTLY, connection=redis).count == 2
