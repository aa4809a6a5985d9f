"""Imports in batches: stopped, broken off, resumed, tried out, taken back, and watched."""

from datetime import UTC, datetime

import pytest
from redis import Redis
from rq import Queue
from rq.job import JobStatus
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from dialer.jobs import imports
from dialer.jobs.context import JobContext
from dialer.jobs.imports import check_list, import_list, reading, undo_list
from dialer.jobs.imports.abandoned import TASKS, queue_abandoned
from dialer.jobs.imports.course import Phase, RedisCourse, progress_of
from dialer.model.errors import BadInput
from dialer.store import import_batches
from dialer.store.call_lists import held, is_abandoned
from dialer.store.tables import ImportBatch, LeadList, LeadRow, RejectedRow

N_ROWS = 1000
BATCH = 100


@pytest.fixture
def small_batches(monkeypatch):
    monkeypatch.setattr(import_batches, "BATCH_ROWS", BATCH)


@pytest.fixture
def file(tmp_path):
    """A list of which every tenth row is bad and every fiftieth is one above."""
    path = tmp_path / "list"
    rows = [_number(i) for i in range(N_ROWS)]
    path.write_text("tel\n" + "\n".join(rows) + "\n")
    return path


def _number(i):
    if i % 10 == 9:
        return "12"
    return f"06{i - 50 if i % 50 == 48 and i > 50 else i:08d}"


class Watcher:
    """A course that does something at a phase."""

    def __init__(self, phase=None, act=None, after=0):
        self.notes, self._phase, self._act, self._after = [], phase, act, after

    def note(self, phase, n_rows, share):
        self.notes.append((phase, n_rows, round(share, 3)))
        if phase is self._phase and n_rows >= self._after and self._act:
            self._act()


def asks_to_stop(world, list_id):
    def act():
        with world.transaction() as session:
            session.execute(
                text("UPDATE lists SET state = 'STOPPING' WHERE id = :id AND state = 'IMPORTING'"),
                {"id": list_id},
            )

    return act


def numbers(world, list_id):
    with world.factory() as session:
        return set(session.scalars(select(LeadRow.number).where(LeadRow.list_id == list_id)))


def whole(world, file):
    """What an import without interruption gives."""
    list_id = world.add_list(state="UPLOADED", dedupe="LIST")
    return import_list(world.factory, list_id, file), numbers(world, list_id)


def batches(world, list_id):
    with world.factory() as session:
        return session.scalars(select(ImportBatch).filter_by(list_id=list_id)).all()


@pytest.mark.parametrize("after", [0, 300, N_ROWS - 1])
def test_a_stopped_import_keeps_whole_batches_and_goes_on_where_it_stopped(
    world, file, small_batches, after
):
    counts, leads = whole(world, file)
    list_id = world.add_list(state="UPLOADED", dedupe="LIST")
    course = Watcher(Phase.LOADING, asks_to_stop(world, list_id), after)
    part = import_list(world.factory, list_id, file, course)
    row = world.get(LeadList, list_id)
    assert row.state == "STOPPED"
    assert part.n_read == sum(batch.n_read for batch in batches(world, list_id))
    assert part.n_inserted == row.n_inserted == len(numbers(world, list_id)) > 0
    assert import_list(world.factory, list_id, file) == counts
    assert world.get(LeadList, list_id).state == "READY"
    assert numbers(world, list_id) == leads
    with world.factory() as session:
        kept = session.scalars(select(RejectedRow.row_number).filter_by(list_id=list_id)).all()
    assert len(kept) == counts.n_rejected + counts.n_duplicate


def test_an_import_that_is_stopped_while_it_reads_leaves_nothing(world, file):
    list_id = world.add_list(state="UPLOADED")
    course = Watcher(Phase.READING, asks_to_stop(world, list_id))
    assert import_list(world.factory, list_id, file, course).n_read == 0
    assert world.get(LeadList, list_id).state == "STOPPED" and not numbers(world, list_id)


def test_an_import_that_is_stopped_before_a_worker_took_it_does_nothing(world, file):
    list_id = world.add_list(state="STOPPING")
    assert import_list(world.factory, list_id, file).n_read == 0
    assert world.get(LeadList, list_id).state == "STOPPED"


def test_a_database_that_goes_away_in_the_middle_leaves_whole_batches(
    world, file, small_batches, monkeypatch
):
    counts, leads = whole(world, file)
    load, failed = import_batches.load_batch, []

    def fails_once(connection, stage, after, upto, **facts):
        found = load(connection, stage, after, upto, **facts)
        if upto == 4 * BATCH and not failed:
            failed.append(upto)
            raise OperationalError("the server closed the connection", None, OSError())
        return found

    monkeypatch.setattr(import_batches, "load_batch", fails_once)
    list_id = world.add_list(state="UPLOADED", dedupe="LIST")
    with pytest.raises(OperationalError):
        import_list(world.factory, list_id, file)
    row = world.get(LeadList, list_id)
    assert (row.state, row.fault["code"]) == ("STOPPED", "IMPORT_BROKEN")
    assert row.n_inserted == len(numbers(world, list_id)) > 0
    assert import_list(world.factory, list_id, file) == counts
    assert numbers(world, list_id) == leads
    ends = sorted(batch.upto_row for batch in batches(world, list_id))
    assert ends == list(range(BATCH, N_ROWS + 2 * BATCH, BATCH))


def test_a_list_is_not_gone_on_with_from_another_file(world, file, small_batches):
    list_id = world.add_list(state="UPLOADED")
    import_list(world.factory, list_id, file, Watcher(Phase.LOADING, asks_to_stop(world, list_id)))
    file.write_text("tel\n0612345678\n")
    with pytest.raises(BadInput) as raised:
        import_list(world.factory, list_id, file)
    assert raised.value.code == "FILE_CHANGED"
    assert world.get(LeadList, list_id).state == "STOPPED"


def test_committed_batches_may_be_dialled_while_the_others_come(world, file, small_batches):
    list_id = world.add_list(state="UPLOADED", dedupe="LIST")
    seen = []
    course = Watcher(Phase.LOADING, lambda: seen.append(len(world.claim(5, 1e10))))
    counts = import_list(world.factory, list_id, file, course)
    assert seen[0] == 5 and counts.n_inserted == len(numbers(world, list_id))


def test_a_number_that_appears_while_a_batch_loads_is_updated_not_lost(
    world, file, small_batches, monkeypatch
):
    load = import_batches.load_batch

    def beside(connection, stage, after, upto, **facts):
        if not facts["has_leads"] and upto == BATCH:
            world.add_leads(1, list_id=stage.list_id, number="+33600000003")
        return load(connection, stage, after, upto, **facts)

    monkeypatch.setattr(import_batches, "load_batch", beside)
    list_id = world.add_list(state="UPLOADED", dedupe="LIST")
    assert import_list(world.factory, list_id, file).n_updated == 1


def test_a_dry_run_counts_like_the_import_and_writes_no_lead(world, file):
    world.add_leads(1, number="+33600000001")
    list_id = world.add_list(state="UPLOADED")
    forecast = check_list(world.factory, list_id, file)
    row = world.get(LeadList, list_id)
    assert row.state == "UPLOADED" and row.forecast == forecast and not numbers(world, list_id)
    assert forecast["BAD_NUMBER"] == N_ROWS // 10
    counts = import_list(world.factory, list_id, file).facts()
    assert counts == {name: n for name, n in forecast.items() if name.startswith("n_")}


def test_a_dry_run_of_an_unfit_file_says_why(world, tmp_path):
    path = tmp_path / "x"
    path.write_text("Ville\nLyon\n")
    list_id = world.add_list(state="UPLOADED")
    with pytest.raises(BadInput):
        check_list(world.factory, list_id, path)
    row = world.get(LeadList, list_id)
    assert (row.state, row.fault["code"]) == ("FAILED", "NO_NUMBER_COLUMN")


def test_an_undone_import_keeps_what_was_dialled(world, file, monkeypatch):
    monkeypatch.setattr("dialer.store.import_undo.ROWS_AT_ONCE", 100)
    list_id = world.add_list(state="UPLOADED")
    counts = import_list(world.factory, list_id, file)
    with world.transaction() as session:
        session.execute(text("UPDATE leads SET due_at = now() - interval '9999 days'"))
    dialled, in_hand = world.claim(2, 1e10)
    world.open(dialled)
    world.close(dialled)
    assert undo_list(world.factory, list_id) == counts.n_inserted - 2
    row = world.get(LeadList, list_id)
    assert (row.state, row.is_active, row.n_undone) == ("UNDONE", False, counts.n_inserted - 2)
    assert numbers(world, list_id) == {dialled.number, in_hand.number}
    with world.transaction() as session:
        session.execute(text("UPDATE leads SET state = 'NEW' WHERE state = 'CLAIMED'"))
    assert undo_list(world.factory, list_id) == 1


def test_an_undone_list_may_be_imported_again(world, file):
    list_id = world.add_list(state="UPLOADED")
    counts = import_list(world.factory, list_id, file)
    undo_list(world.factory, list_id)
    assert import_list(world.factory, list_id, file) == counts


def test_only_a_list_that_was_imported_is_undone(world):
    with pytest.raises(BadInput) as raised:
        undo_list(world.factory, world.add_list(state="UPLOADED"))
    assert raised.value.code == "LIST_STATE"


def test_every_table_that_names_a_lead_is_known_to_the_undoing():
    from dialer.store.import_undo import REFERRING
    from dialer.store.tables import Base

    naming = {
        table.name
        for table in Base.metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table.name == "leads"
    }
    assert naming == set(REFERRING)


def test_the_course_tells_phases_rows_and_shares(world, file, small_batches):
    course = Watcher()
    import_list(world.factory, world.add_list(state="UPLOADED"), file, course)
    assert course.notes[:2] == [(Phase.READING, N_ROWS, 1.0), (Phase.COMPARING, 0, 0.0)]
    assert course.notes[-1] == (Phase.LOADING, N_ROWS, 1.0)
    assert [note for note in course.notes[2:]] == sorted(course.notes[2:], key=lambda note: note[1])


def test_progress_has_a_speed_and_a_time_that_is_left(redis_url):
    now = [100.0]
    with Redis.from_url(redis_url) as redis:
        course = RedisCourse(redis, 7, lambda: now[0])
        assert progress_of(redis, 7) is None
        course.note(Phase.READING, 0, 0.0)
        now[0] += 4
        course.note(Phase.READING, 20_000, 0.5)
        told = progress_of(redis, 7)
    assert (told.rows_per_s, told.share, told.left_s) == (5_000, 0.2, 16.0)


def test_several_processes_read_a_large_file_and_find_the_same(world, file, monkeypatch):
    counts, leads = whole(world, file)
    monkeypatch.setattr(reading, "WORTH_BYTES", 1)
    again, found = whole(world, file)
    assert (again, found) == (counts, leads)


def test_a_list_is_abandoned_when_it_is_at_work_and_nobody_has_it(world):
    list_id = world.add_list(state="IMPORTING")
    with world.factory() as session:
        assert is_abandoned(session, session.get(LeadList, list_id))
    with held(world.factory, list_id), world.factory() as session:
        assert not is_abandoned(session, session.get(LeadList, list_id))
        assert not is_abandoned(session, session.get(LeadList, world.list_id))


def test_every_work_at_a_list_is_a_job_that_is_there():
    assert all(hasattr(imports, task) for task in TASKS.values())


def test_a_list_whose_worker_died_is_queued_again_once(world, redis_url, tmp_path):
    list_id = world.add_list(state="IMPORTING")
    now = [datetime.now(UTC).timestamp()]
    with Redis.from_url(redis_url) as redis:
        here = JobContext(world.factory, redis, tmp_path, None, lambda: now[0])
        with held(world.factory, list_id):
            queue_abandoned(here)
            assert jobs(redis) == []
        queue_abandoned(here)
        queue_abandoned(here)
        assert jobs(redis) == [("dialer.jobs.imports.run", (list_id,))]
        job = Queue("imports", connection=redis).jobs[0]
        job.started_at = datetime.now(UTC)
        job.set_status(JobStatus.STARTED)
        job.save()
        Queue("imports", connection=redis).remove(job)
        queue_abandoned(here)
        assert jobs(redis) == []
        now[0] += 3600
        queue_abandoned(here)
        assert jobs(redis) == [("dialer.jobs.imports.run", (list_id,))]


def jobs(redis):
    return [(job.func_name, job.args) for job in Queue("imports", connection=redis).jobs]
