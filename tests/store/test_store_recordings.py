"""Recordings: one per attempt, with its latest state and how often it was paused."""

from store_facts import NOON, World

from dialer.model.call import RecordingState
from dialer.model.commands import NoteRecording
from dialer.reports.history import attempt_details
from dialer.store.recordings import note_recordings


def test_a_recording_is_listed_with_its_call(session_factory):
    world = World(session_factory)
    world.add_leads(1)
    world.dial("a1")
    states = (RecordingState.ON, RecordingState.PAUSED, RecordingState.ON, RecordingState.PAUSED)
    with world.transaction() as session:
        assert attempt_details(session, "a1").recording is None
        for i, state in enumerate(states):
            note_recordings(session, [NoteRecording("a1", "n1", state, NOON + i)])
    with world.transaction() as session:
        row = attempt_details(session, "a1").recording
        assert (row.node, row.state, row.n_pauses) == ("n1", "PAUSED", 2)
        assert row.started_at.timestamp() == NOON
