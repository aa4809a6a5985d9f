"""Reports: formulas, totals equal to the rows, pages without gaps, harmless exports."""

import csv
import io

import pytest
from sqlalchemy import text
from store_facts import NOON

from dialer.model.agent import AgentState
from dialer.model.commands import NoteAgent
from dialer.model.errors import BadInput
from dialer.model.outcome import Outcome
from dialer.reports import export, history, queries
from dialer.reports.history import Filters
from dialer.reports.metrics import AgentTime, CallTotals, per_hour, share
from dialer.reports.queries import Period
from dialer.store import agents, dispositions
from dialer.store.tables import RejectedRow


@pytest.fixture
def worked(world):
    """Five attempts: sold, machine, abandoned, no answer, and one still open."""
    world.add_leads(5)
    for i, code in enumerate(("RDV", "MACHINE")):
        world.handled(world.dial(f"a{i}", NOON + i), f"a{i}")
        with world.transaction() as session:
            dispositions.record(session, f"a{i}", world.agent_id, code, "", None, NOON + 80)
    world.close(world.dial("a2", NOON + 2), "a2", Outcome.ABANDONED, answered_at=NOON + 9,
                is_live_answer=True, is_abandoned=True)  # fmt: skip
    world.close(world.dial("a3", NOON + 3), "a3", Outcome.NO_ANSWER, retry_at=NOON + 9999)
    world.dial("a4", NOON + 4)
    return world


def period(world):
    return Period(NOON - 1, NOON + 3600, world.campaign_id)


def test_ratio_of_nothing_is_nothing():
    assert share(0, 0) is None and per_hour(3, 0) is None
    assert AgentTime().occupancy is None and CallTotals(*[0] * 10).abandon_rate is None


def test_occupancy_is_talk_and_wrap_up_over_login_less_pauses():
    time = AgentTime(paused_s=600, ready_s=100, reserved_s=0, talking_s=250, wrap_up_s=50)
    assert (time.occupancy, time.login_s, per_hour(2, time.worked_s)) == (0.75, 1000, 18)


def test_totals_follow_from_the_rows(worked):
    with worked.factory() as session:
        totals = queries.campaign_totals(session, period(worked))
        assert totals == queries.campaign_totals(session, Period(NOON - 1, NOON + 3600))
        assert queries.campaign_totals(session, Period(0, NOON)).n_attempts == 0
        outcomes = queries.outcome_counts(session, period(worked))
        counts = {d.code: d.n for d in queries.disposition_counts(session, period(worked)) if d.n}
    assert (totals.n_attempts, totals.n_answered, totals.n_handled) == (4, 3, 2)
    assert (totals.n_live, totals.n_abandoned, totals.abandon_rate) == (2, 1, 0.5)
    assert (totals.n_contacts, totals.n_successes, totals.n_machines) == (1, 1, 1)
    assert (totals.talk_s, totals.mean_talk_s, totals.mean_wait_s) == (98.0, 49.0, 1.0)
    assert outcomes == {"HANDLED": 2, "ABANDONED": 1, "NO_ANSWER": 1}
    assert counts == {"RDV": 1, "MACHINE": 1}


def test_agents_time_is_cut_at_the_period_and_runs_to_now(worked):
    def note(state, since):
        with worked.transaction() as session:
            command = NoteAgent(worked.agent_id, worked.campaign_id, AgentState(state), since)
            agents.note_agent(session, command)

    note("PAUSED", NOON - 500)
    note("READY", NOON + 9)
    note("TALKING", NOON + 19)
    with worked.factory() as session:
        (report,) = queries.agent_reports(session, period(worked), NOON + 59)
    assert report.time == AgentTime(paused_s=10, ready_s=10, talking_s=40)
    assert (report.name, report.calls.n_handled, report.time.occupancy) == ("Awa", 2, 0.8)


def test_pages_follow_each_other_without_gap_or_repeat(worked):
    seen, key = [], None
    with worked.factory() as session:
        while True:
            page = history.attempts_page(session, Filters(), limit=2, after=key)
            seen += [line.attempt_id for line in page.lines]
            if (key := page.next_key) is None:
                break
    assert seen == ["a4", "a3", "a2", "a1", "a0"]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"outcome": "HANDLED"}, ["a1", "a0"]),
        ({"disposition": "RDV"}, ["a0"]),
        ({"number": "+33100000002"}, ["a2"]),
        ({"since": NOON + 3, "until": NOON + 4}, ["a3"]),
        ({"agent_id": 1}, ["a1", "a0"]),
        ({"campaign_id": 99}, []),
    ],
)
def test_history_is_filtered(worked, filters, found):
    with worked.factory() as session:
        page = history.attempts_page(session, Filters(**filters))
    assert [line.attempt_id for line in page.lines] == found


@pytest.mark.parametrize("key", ["", "x", "nan_a", "1e300_a", "\0"])
def test_key_that_no_page_gave_is_bad_input(session, key):
    with pytest.raises(BadInput):
        history.attempts_page(session, Filters(), after=key)


def test_details_hold_the_ledger_and_the_messages(worked):
    with worked.factory() as session:
        details = history.attempt_details(session, "a2")
        assert history.attempt_details(session, "nobody") is None
    assert (details.ledger_kind, details.line.outcome, details.messages) == (
        "ABANDONED", "ABANDONED", (),
    )  # fmt: skip
    assert (details.node, details.trunk) == ("n1", "first")


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=1+1", "'=1+1"), ("+cmd", "'+cmd"), ("-2+3", "'-2+3"), ("@SUM", "'@SUM"),
        ("\t=1", "'\t=1"), ("\r=1", "'\r=1"), ("＝1", "'＝1"), (" =1", "' =1"), ("＠x", "'＠x"),
        ("+33612345678", "+33612345678"), ("+33 6", "'+33 6"), ("0612", "0612"), (-5, "-5"),
        (None, ""), ("Zoé", "Zoé"), ("a=b", "a=b"),
    ],
)  # fmt: skip
def test_no_cell_is_a_formula(value, cell):
    assert export.safe_cell(value) == cell


def test_export_reads_back_as_the_history(worked):
    with worked.transaction() as session:
        session.execute(text('UPDATE leads SET name = \'=HYPERLINK("x";"y")\n2\' WHERE id = 1'))
    with worked.factory() as session:
        whole = "".join(export.attempts_csv(session, Filters()))
    rows = list(csv.DictReader(io.StringIO(whole.removeprefix("\ufeff")), delimiter=";"))
    assert [row["attempt_id"] for row in rows] == ["a4", "a3", "a2", "a1", "a0"]
    assert rows[-1]["name"] == '\'=HYPERLINK("x";"y")\n2'
    assert rows[-1]["number"] == "+33100000000" and rows[0]["ended_at"] == ""


def test_rejected_rows_are_exported_with_their_lines(world):
    with world.transaction() as session:
        for i in (3, 2):
            session.add(RejectedRow(list_id=world.list_id, row_number=i, code="BAD_NUMBER",
                                    detail="12", line=f"=A;{i}"))  # fmt: skip
    with world.factory() as session:
        whole = "".join(export.rejected_csv(session, world.list_id))
    assert whole.splitlines()[1:] == [
        "2;BAD_NUMBER;12;\"'=A;2\"", "3;BAD_NUMBER;12;\"'=A;3\"",
    ]  # fmt: skip
