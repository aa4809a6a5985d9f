"""A POST sent twice with one Idempotency-Key is carried out once, and only by the same request."""

from datetime import timedelta

import pytest
from api_program import code_of, faults_of
from sqlalchemy import func, select

from dialer.store import api_answers
from dialer.store.tables import ApiAnswer, AuditEntry, LeadList
from web import clock


@pytest.fixture
def lists(program):
    return program("lists:read", "lists:write")


@pytest.fixture
def send(lists, campaign):
    def post(key="one", name="Prospects", who=lists):
        body = {"campaign_id": campaign.id, "name": name}
        return who.post("/lists", body, headers={"Idempotency-Key": key})

    return post


def n_lists(session_factory):
    with session_factory() as session:
        return session.scalar(select(func.count()).select_from(LeadList))


def test_the_second_answer_is_the_first_one_again(send, session_factory):
    first, second = send(), send()
    assert (second.status_code, second.get_json()) == (201, first.get_json())
    for name in ("Location", "ETag", "Content-Type"):
        assert second.headers[name] == first.headers[name]
    assert "Idempotent-Replayed" not in first.headers
    assert second.headers["Idempotent-Replayed"] == "true"
    assert n_lists(session_factory) == 1
    with session_factory() as session:
        assert session.scalar(select(func.count()).select_from(AuditEntry)) == 1


def test_another_request_may_not_use_the_key(send, session_factory):
    send()
    assert code_of(send(name="Autres")) == "key_reused"
    assert n_lists(session_factory) == 1


def test_the_key_is_of_one_program_alone(send, program, session_factory):
    send()
    assert "Idempotent-Replayed" not in send(who=program("lists:write")).headers
    assert n_lists(session_factory) == 2


def test_a_request_that_failed_may_be_mended_and_sent_again(lists, send):
    bad = lists.post("/lists", {"campaign_id": 99, "name": "x"}, headers={"Idempotency-Key": "one"})
    assert bad.status_code == 422
    assert send().status_code == 201


def test_two_at_the_same_moment_the_second_is_told_to_come_again(lists, send, session_factory):
    with session_factory() as other, other.begin():
        assert api_answers.lock(other, lists.key_id, "one")
        refused = send()
        assert code_of(refused) == "request_running" and refused.headers["Retry-After"] == "1"
    assert send().status_code == 201


def test_after_a_day_the_key_is_free_again(send, session_factory, monkeypatch):
    send()
    later = clock.now() + timedelta(hours=24, seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert "Idempotent-Replayed" not in send(name="Autres").headers
    assert n_lists(session_factory) == 2


def test_the_night_forgets_what_is_older_than_a_day(send, session_factory):
    send()
    now = clock.now().timestamp()
    with session_factory.begin() as session:
        assert api_answers.forget_old(session, now) == 0
        assert api_answers.forget_old(session, now + 86_401) == 1
        assert session.scalars(select(ApiAnswer)).all() == []


def test_a_key_that_is_none_is_refused(send):
    for key in ("", "a b", "x" * 256, "é"):
        assert faults_of(send(key=key)).keys() == {"Idempotency-Key"}, key
