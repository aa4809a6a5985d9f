"""Segments made, counted and followed on their pages; lists given a standing, leads recycled."""

from datetime import UTC, datetime, timedelta

import pytest
from rq import Queue
from sqlalchemy import select
from web_rows import add_lead

from dialer.jobs.queues import SEGMENTS
from dialer.store.tables import AuditEntry, LeadList, LeadRow, Role, SegmentRow

BUSY = {"question_0": "last_outcome|in", "words_0": "occupé; Sans réponse", "joined": "all"}


@pytest.fixture
def lead(session_factory, campaign):
    """A finished lead that was busy three weeks ago."""
    with session_factory.begin() as session:
        return add_lead(
            session, campaign.id, name="Awa Koné", state="DONE", last_outcome="BUSY", n_attempts=3,
            last_attempt_at=datetime.now(UTC) - timedelta(days=21), fields={"ville": "Cotonou"},
        )  # fmt: skip


def text_of(answer):
    return answer.get_data(as_text=True)


def test_conditions_are_counted_before_they_are_saved(enter, lead, session_factory):
    person = enter(Role.SUPERVISOR)
    person.get("/segments/new")
    counted = person.post("/segments/new", BUSY)
    assert counted.status_code == 200 and "1 personne" in text_of(counted)
    assert "Awa Koné" in text_of(counted)
    with session_factory() as session:
        assert session.scalars(select(SegmentRow)).all() == []
    saved = person.post("/segments/new", {**BUSY, "save": "1", "name": "Occupés"})
    assert saved.status_code == 302
    page = text_of(person.get(saved.location))
    assert "Occupé; Sans réponse" in page and "1 personne" in page
    with session_factory() as session:
        assert session.scalars(select(SegmentRow)).one().criteria == {
            "all": [{"field": "last_outcome", "is": "in", "value": ["BUSY", "NO_ANSWER"]}]
        }


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "au moins une condition"),
        ({"question_0": "last_outcome|in", "words_0": "nonsense"}, "nonsense"),
        ({"question_0": "last_attempt|older_than", "words_0": "long"}, "nombre"),
        ({"question_0": "password|equals", "words_0": "x"}, "existe pas"),
        ({"question_0": "name|sql", "words_0": "x"}, "criteria"),
        ({"question_0": "name|contains", "words_0": ""}, "criteria"),
        ({**BUSY, "save": "1", "name": ""}, "nom"),
    ],
)
def test_what_cannot_be_asked_is_refused_and_stays_on_the_page(enter, lead, sent, said):
    person = enter(Role.SUPERVISOR)
    person.get("/segments/new")
    answer = person.post("/segments/new", sent)
    assert answer.status_code == 422 and said in text_of(answer)


def test_a_form_says_again_what_was_saved(enter, lead, session_factory):
    criteria = {
        "any": [
            {"not": {"field": "field:ville", "is": "equals", "value": "Lyon"}},
            {"field": "n_attempts", "is": "at_most", "value": 5.0},
            {"field": "campaign", "is": "in", "value": [lead.campaign_id]},
        ]
    }
    with session_factory.begin() as session:
        session.add(SegmentRow(name="S", criteria=criteria))
    page = text_of(enter(Role.SUPERVISOR).get("/segments/1"))
    assert 'value="any" checked' in page and 'value="Printemps"' in page and 'value="5"' in page


def test_deeper_criteria_are_shown_and_not_edited(enter, lead, session_factory):
    nested = {"all": [{"any": [{"field": "name", "is": "empty"}]}]}
    with session_factory.begin() as session:
        session.add(SegmentRow(name="S", criteria=nested))
    assert "écrit par une API" in text_of(enter(Role.SUPERVISOR).get("/segments/1"))


def test_a_campaign_calls_a_segment_once_and_the_segment_then_stays(
    enter, lead, campaign, session_factory, bus
):
    with session_factory.begin() as session:
        session.add(SegmentRow(name="S", criteria={"field": "name", "is": "empty"}))
    person = enter(Role.SUPERVISOR)
    person.get("/segments/1")
    answer = person.post("/segments/1/lists", {"campaign_id": campaign.id})
    with session_factory() as session:
        batch = session.scalars(select(LeadList).where(LeadList.segment_id == 1)).one()
    assert answer.location == f"/lists/{batch.id}"
    assert [job.args[0] for job in Queue(SEGMENTS, connection=bus.redis).jobs] == [batch.id]
    again = person.post("/segments/1/lists", {"campaign_id": campaign.id}, follow_redirects=True)
    assert "suit déjà" in text_of(again)
    gone = person.post("/segments/1/delete", follow_redirects=True)
    assert "ne peut pas" in text_of(gone)
    assert "Le segment suivi" in text_of(person.get(f"/lists/{batch.id}"))


def _last_entry(session):
    return session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()


def test_a_list_s_priority_and_weight_are_changed_and_noted(enter, lead, session_factory):
    person = enter(Role.SUPERVISOR)
    path = f"/lists/{lead.list_id}/standing"
    person.get(path)
    assert person.post(path, {"priority": "0", "weight": "1"}).status_code == 422
    assert person.post(path, {"priority": "30", "weight": "5"}).status_code == 302
    with session_factory() as session:
        row = session.get(LeadList, lead.list_id)
        assert (row.priority, row.weight) == (30, 5)
        assert "priority: 50 -> 30" in _last_entry(session).detail


def test_leads_are_counted_then_recycled(enter, lead, session_factory):
    person = enter(Role.SUPERVISOR)
    path = f"/lists/{lead.list_id}/recycle"
    person.get(path)
    chosen = {"outcome": ["BUSY"], "older_than": "7", "most_attempts": "5"}
    assert person.post(path, {**chosen, "outcome": []}).status_code == 422
    assert "1 fiche serait" in text_of(person.post(path, chosen))
    assert "0 fiche" in text_of(person.post(path, {**chosen, "older_than": "30"}))
    assert person.post(path, {**chosen, "recycle": "1"}).status_code == 302
    with session_factory() as session:
        row = session.get(LeadRow, lead.id)
        assert (row.state, row.n_attempts) == ("WAITING_RETRY", 0)
        assert _last_entry(session).verb == "recycle"
