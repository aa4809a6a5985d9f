"""Asking what another target had done: the question, the waiting, the answer, and every refusal."""

from datetime import UTC, datetime

import pytest
from rq import Queue

from dialer.jobs.queues import WHAT_IF
from dialer.model.commands import NotePacing
from dialer.model.minute import Decided, MinuteCounts
from dialer.model.snapshot import PacingView
from dialer.store.pacing_log import write_minutes
from dialer.store.tables import Role, WhatIfRow
from dialer.store.what_ifs import answer, fail

TEN = datetime(2026, 3, 3, 9, 0, tzinfo=UTC).timestamp()
ONE = {"n_calls": 300, "n_live": 80, "n_abandoned": 2, "wait_s": 9.4, "talk_share": 0.8}
TWO = ONE | {"n_abandoned": 4, "wait_s": 12.0}
ANSWER = {
    "n_minutes": 42, "mean_agents": 12.0, "target": 0.028, "scarce_share": 0.11, "bank": 1.5,
    "bank_asked": -7.25, "measured": ONE, "actual": [ONE, TWO], "asked": [ONE, ONE],
}  # fmt: skip


@pytest.fixture
def log(session_factory, campaign):
    with session_factory.begin() as session:
        decided = (Decided(0.0, "PREDICTIVE", 0.028, PacingView()),)
        note = NotePacing(campaign.id, TEN, decided, MinuteCounts(), 0.0, {})
        write_minutes(session, [note])


@pytest.fixture
def person(enter):
    return enter(Role.SUPERVISOR)


def test_a_question_is_kept_queued_once_and_waited_for(person, log, session_factory, bus):
    page = person.get("/what-if/1?since=" + str(TEN)).get_data(as_text=True)
    assert f'name="since" value="{TEN}"' in page
    asked = person.post("/what-if/1", {"target": "1,5", "since": str(TEN)})
    assert asked.location == "/what-if/1/1"
    with session_factory() as session:
        row = session.get_one(WhatIfRow, 1)
        assert (row.target, row.since.timestamp(), row.state) == (0.015, TEN, "WAITING")
        assert row.asked_by == person.user_id
    assert Queue(WHAT_IF, connection=bus.redis).job_ids == ["what-if-1"]
    waiting = person.get("/what-if/1/1").get_data(as_text=True)
    assert 'data-poll="/what-if/1/1/body"' in waiting


def test_the_answer_shows_what_was_measured_and_both_targets_with_their_spread(
    person, log, session_factory
):
    person.get("/what-if/1")
    person.post("/what-if/1", {"target": "1.5"})
    with session_factory.begin() as session:
        answer(session, 1, ANSWER)
    page = person.get("/what-if/1/1/body").get_data(as_text=True).replace("\u00a0", " ")
    assert "data-poll=" not in page
    assert "3,75 %" in page and "2,50 %" in page and "5,00 %" in page  # 3 of 80; from 2 to 4
    assert "10,7 s" in page and "9,4 s" in page
    assert "-7,2" in page or "−7,2" in page
    assert "42 minutes ont été enregistrées" in page
    assert "11,0 % des décisions" in page.replace("\u202f", " ")
    assert "/what-if/1/1" in person.get("/what-if/1").get_data(as_text=True)


def test_what_cannot_be_played_is_told_in_the_readers_language(person, log, session_factory):
    person.get("/what-if/1")
    person.post("/what-if/1", {"target": "1.5"})
    with session_factory.begin() as session:
        fail(session, 1, "what-if: 3 minutes were recorded; at least 10 are needed")
    page = person.get("/what-if/1/1").get_data(as_text=True)
    assert "3 minutes seulement ont été enregistrées ; il en faut 10 au moins." in page


@pytest.mark.parametrize("target", ["", "0", "3.1", "-1", "nan", "abc", "1e9"])
def test_a_bad_target_is_told_at_its_field_and_nothing_is_asked(
    person, log, session_factory, target
):
    person.get("/what-if/1")
    answer = person.post("/what-if/1", {"target": target})
    assert answer.status_code == 422
    assert 'id="f-target-fault"' in answer.get_data(as_text=True)
    with session_factory() as session:
        assert session.query(WhatIfRow).count() == 0


def test_the_bounds_of_a_target_are_told_in_the_readers_digits(person, log):
    person.get("/what-if/1")
    page = person.post("/what-if/1", {"target": "9"}).get_data(as_text=True)
    assert "Donnez un nombre de 0,1 à 3." in page


def test_a_question_that_is_not_answered_yet_or_never_says_so_in_the_list(
    person, log, session_factory
):
    person.get("/what-if/1")
    person.post("/what-if/1", {"target": "1.5"})
    assert "En cours" in person.get("/what-if/1").get_data(as_text=True)
    with session_factory.begin() as session:
        fail(session, 1, "what-if: 3 minutes were recorded; at least 10 are needed")
    assert "Échec" in person.get("/what-if/1").get_data(as_text=True)


def test_a_campaign_that_never_decided_is_told_so(person, campaign):
    person.get("/what-if/1")
    answer = person.post("/what-if/1", {"target": "1.5"})
    assert answer.status_code == 422
    assert "Aucune décision de cette campagne" in answer.get_data(as_text=True)


@pytest.mark.parametrize("since", ["nan", "inf", "-5", "1e300", "x"])
def test_a_time_that_is_none_asks_about_the_last_hour(person, log, session_factory, since):
    assert person.get(f"/what-if/1?since={since}").status_code == 200
    person.post("/what-if/1", {"target": "1.5", "since": since})
    with session_factory() as session:
        assert session.get_one(WhatIfRow, 1).since.timestamp() == TEN + 60 - 3600


@pytest.mark.parametrize("path", ["/what-if/7", "/what-if/1/9", "/what-if/1/9/body"])
def test_what_is_not_there_is_not_found(person, campaign, path):
    assert person.get(path).status_code == 404
