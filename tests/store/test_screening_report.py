"""What is kept of who answered, and what the report and the audit make of it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from store_facts import NOON

from dialer.model.amd import Cause, Verdict
from dialer.model.campaign import Campaign
from dialer.model.outcome import Outcome
from dialer.model.screening import Screening, ScreeningCounts
from dialer.reports.queries import Period
from dialer.reports.screening import screening_days
from dialer.run.history import read_history
from dialer.store import dispositions, ledger
from dialer.store.screening import hung_up_by_day, screening_counts

HUMAN = Screening(Verdict.HUMAN, Cause.PAUSE, 0.02, 0.3, 1.4, 2.0, greeted_s=1.4)
MACHINE = Screening(Verdict.MACHINE, Cause.SPEECH, 0.99, 0.2, None, 3.0)
WINDOW = (NOON - 100, NOON + 100)


class Calls:
    """Closed attempts of one campaign, each with what was found out of who answered."""

    def __init__(self, world):
        self.world, self.n = world, 0
        world.add_leads(30)

    def add(self, screening, outcome, *, code=None, bridged_after_s=None):
        self.n += 1
        attempt, lead = f"a{self.n}", self.world.dial(f"a{self.n}")
        is_bridged = bridged_after_s is not None
        self.world.close(
            lead, attempt, outcome,
            answered_at=NOON + 5,
            bridged_at=NOON + 5 + bridged_after_s if is_bridged else None,
            agent_id=self.world.agent_id if is_bridged else None,
            is_live_answer=is_bridged, is_abandoned=False, screening=screening,
        )  # fmt: skip
        if code:
            with self.world.transaction() as session:
                dispositions.record(
                    session, attempt, self.world.agent_id, code, "", None, NOON + 70,
                    is_supervisor=True,
                )  # fmt: skip
        return attempt


@pytest.fixture
def calls(world):
    return Calls(world)


def checked(screening=MACHINE):
    return replace(screening, is_checked=True, greeted_s=3.0)


def test_all_that_was_found_out_is_kept_with_the_attempt(world, calls):
    calls.add(HUMAN, Outcome.HANDLED, bridged_after_s=2.4)
    with world.transaction() as session:
        row = session.execute(text("SELECT * FROM attempts WHERE id = 'a1'")).one()
    assert (row.amd_verdict, row.amd_cause, row.amd_p_machine) == ("HUMAN", "PAUSE", 0.02)
    assert (row.amd_onset_s, row.amd_greeting_end_s, row.amd_decided_s) == (0.3, 1.4, 2.0)
    assert (row.amd_greeted_s, row.amd_is_checked, row.amd_looks_machine) == (1.4, False, False)


def test_an_attempt_that_nobody_listened_to_has_nothing(world, calls):
    calls.add(None, Outcome.NO_ANSWER)
    with world.transaction() as session:
        row = session.execute(text("SELECT * FROM attempts WHERE id = 'a1'")).one()
    assert (row.amd_verdict, row.amd_p_machine, row.amd_is_checked) == (None, None, False)


def test_the_abandon_rate_by_attempts_counts_from_the_greeting(world, calls):
    calls.add(HUMAN, Outcome.HANDLED, bridged_after_s=3.3)  # 1.9 s after the greeting
    calls.add(HUMAN, Outcome.HANDLED, bridged_after_s=3.5)  # 2.1 s
    with world.transaction() as session:
        counted = ledger.abandon_by_attempts(session, world.campaign_id, *WINDOW)
    assert (counted.n_live, counted.n_abandoned) == (2, 1)


def test_the_audit_counts_what_agents_told_of_checked_machines(world, calls):
    calls.add(checked(), Outcome.HANDLED, code="MACHINE", bridged_after_s=3.5)
    calls.add(checked(), Outcome.HANDLED, code="OK", bridged_after_s=3.5)
    calls.add(checked(), Outcome.HANDLED, bridged_after_s=3.5)  # nobody has said yet
    calls.add(MACHINE, Outcome.MACHINE)
    calls.add(Screening(Verdict.MACHINE, Cause.FAX), Outcome.FAX)  # which is no matter of opinion
    with world.transaction() as session:
        counts = screening_counts(session, world.campaign_id, *WINDOW)
        hung_up = hung_up_by_day(session, world.campaign_id, "UTC", *WINDOW)
    assert counts == ScreeningCounts(n_machine=4, n_checked=2, n_people=1)
    assert list(hung_up.values()) == [1]


def test_the_next_run_begins_with_the_audit_and_the_machines_that_were_hung_up(world, calls):
    calls.add(checked(), Outcome.HANDLED, code="OK", bridged_after_s=3.5)
    calls.add(MACHINE, Outcome.MACHINE)
    campaign = Campaign(world.campaign_id, "Essai", rule_set="ANY")
    with world.transaction() as session:
        today = read_history(session, campaign, NOON + 100)
        tomorrow = read_history(session, campaign, NOON + 86_400)
    assert today.screening == ScreeningCounts(2, 1, 1)
    assert (today.n_hung_up, today.before) == (1, ())
    assert (tomorrow.n_hung_up, [day.n_hung_up for day in tomorrow.before]) == (0, [1])


def test_the_report_says_who_answered_and_what_agents_found(world, calls):
    calls.add(HUMAN, Outcome.HANDLED, code="OK", bridged_after_s=2.4)
    calls.add(HUMAN, Outcome.HANDLED, code="MACHINE", bridged_after_s=2.4)
    calls.add(checked(), Outcome.HANDLED, code="OK", bridged_after_s=3.5)
    calls.add(checked(), Outcome.HANDLED, code="MACHINE", bridged_after_s=3.5)
    calls.add(MACHINE, Outcome.MACHINE)
    calls.add(Screening(Verdict.UNSURE, Cause.NO_LISTENER), Outcome.EARLY_HANGUP)
    with world.transaction() as session:
        (row,) = screening_days(session, Period(*WINDOW, world.campaign_id), "UTC")
    assert row.day == datetime.fromtimestamp(NOON, UTC).date()
    assert (row.n_answers, row.n_human, row.n_machine, row.n_unsure) == (6, 2, 3, 1)
    assert (row.n_deaf, row.n_told, row.n_passed) == (1, 2, 1)
    assert row.after_greeting_s == pytest.approx(0.6)
    among = row.people_among_machines
    assert (row.n_people, row.n_checked, among.share) == (1, 2, 0.5)
    assert among.low < 0.02 and among.high > 0.98, "two checks prove nothing"
    assert row.people_lost.low < row.people_lost.share < row.people_lost.high


def test_a_period_without_answers_has_no_rows(world, calls):
    with world.transaction() as session:
        assert screening_days(session, Period(NOON - 50, NOON - 40), "Europe/Paris") == ()
