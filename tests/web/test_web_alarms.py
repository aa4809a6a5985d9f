"""Alarms on the supervisor's pages: every code in words, the last day's, whose they are."""

from datetime import timedelta

import pytest

from dialer.model.alarm import AlarmCode
from dialer.model.commands import RaiseAlarm
from dialer.store.alarms import write_alarms
from dialer.store.tables import AlarmRow, AuditEntry, Role
from web import clock, labels


def test_every_alarm_has_words():
    assert set(labels.supervision.ALARMS) == set(AlarmCode)


@pytest.fixture
def raised(session_factory, campaign, make_user):
    """One alarm of an hour ago about an agent, and one of the day before yesterday."""
    agent_id = make_user(Role.AGENT, "awa")
    now = clock.now()
    with session_factory.begin() as session:
        write_alarms(
            session,
            [
                RaiseAlarm(
                    campaign.id, "PHONE_UNREACHABLE", f"agent {agent_id}: NO_ANSWER",
                    (now - timedelta(hours=1)).timestamp(),
                ),
                RaiseAlarm(
                    campaign.id, "OLD_ONE", "", (now - timedelta(hours=30)).timestamp()
                ),
            ],
        )  # fmt: skip


@pytest.mark.parametrize(
    "path", ["/supervisor", "/supervisor/1", "/supervisor/alarms", "/supervisor/alarms?campaign=1"]
)
def test_alarms_of_the_last_day_are_shown_with_the_agent_s_name(enter, raised, path):
    person = enter(Role.SUPERVISOR)
    page = person.get(path).get_data(as_text=True)
    assert "Le téléphone d’un agent ne répond pas" in page
    assert "Name of awa · Sans réponse" in page
    assert "OLD_ONE" not in page
    person.post("/language", {"language": "en"})
    assert "Le téléphone d’un agent" not in person.get(path).get_data(as_text=True)


def test_another_campaign_s_alarms_are_not_shown(enter, raised):
    page = enter(Role.SUPERVISOR).get("/supervisor/alarms?campaign=2").get_data(as_text=True)
    assert "Aucune alarme depuis 24 heures." in page


def test_alarms_are_for_those_who_watch(enter, raised):
    assert enter(Role.AGENT).get("/supervisor/alarms").status_code == 403


def _alarm(session_factory):
    with session_factory() as session:
        return session.query(AlarmRow).filter_by(code="PHONE_UNREACHABLE").one()


def test_an_acknowledged_alarm_stays_calm_with_a_name_and_the_journal_tells(
    enter, raised, session_factory, campaign
):
    person = enter(Role.SUPERVISOR)
    row = _alarm(session_factory)
    page = person.get("/supervisor/alarms?campaign=1").get_data(as_text=True)
    assert "Je m’en occupe" in page and "is-seen" not in page
    answer = person.post(f"/supervisor/alarms/{row.id}/acknowledge", {"campaign": campaign.id})
    assert answer.headers["Location"] == f"/supervisor/{campaign.id}"
    page = person.get("/supervisor/alarms?campaign=1").get_data(as_text=True)
    assert "Je m’en occupe" not in page and "is-seen" in page
    assert "Prise en charge par" in page
    with session_factory() as session:
        entry = session.query(AuditEntry).filter_by(verb="acknowledge").one()
        assert entry.subject == f"alarm:{row.id}"
        assert entry.detail.startswith("PHONE_UNREACHABLE: agent ")


def test_the_first_who_acknowledges_is_the_one_who_did(enter, raised, session_factory):
    row = _alarm(session_factory)
    enter(Role.SUPERVISOR).post(f"/supervisor/alarms/{row.id}/acknowledge")
    first = _alarm(session_factory)
    enter(Role.ADMIN).post(f"/supervisor/alarms/{row.id}/acknowledge")
    assert _alarm(session_factory).acknowledged_by == first.acknowledged_by
    with session_factory() as session:
        assert session.query(AuditEntry).filter_by(verb="acknowledge").count() == 1


def test_what_is_raised_again_waits_again_and_stands_first(
    enter, raised, session_factory, campaign
):
    person = enter(Role.SUPERVISOR)
    person.post(f"/supervisor/alarms/{_alarm(session_factory).id}/acknowledge")
    with session_factory.begin() as session:
        at = (clock.now() - timedelta(hours=2)).timestamp()
        detail = "bank -0.1, abandoned 3.33% of 1200"
        write_alarms(session, [RaiseAlarm(campaign.id, AlarmCode.ABANDON_LIMIT, detail, at)])
    page = person.get("/supervisor/alarms").get_data(as_text=True)
    assert page.index("3,33\u00a0% d’abandon sur 1\u202f200 réponses") < page.index("is-seen")


@pytest.mark.parametrize(
    ("detail", "words"),
    [("attempt 0", "attempt 0"), ("agent 999", "999"), ("agent 9: <b>", "9 · &lt;b&gt;")],
)
def test_a_detail_of_unknown_form_is_shown_as_it_was_written(
    enter, session_factory, campaign, detail, words
):
    with session_factory.begin() as session:
        at = clock.now().timestamp()
        write_alarms(session, [RaiseAlarm(campaign.id, AlarmCode.DESK_SILENT, detail, at)])
    assert f">{words}<" in enter(Role.SUPERVISOR).get("/supervisor/alarms").get_data(as_text=True)
