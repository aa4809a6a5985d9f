"""Alarms on the supervisor's pages: every code in words, the last day's, whose they are."""

from datetime import timedelta

import pytest

from dialer.model.alarm import AlarmCode
from dialer.model.commands import RaiseAlarm
from dialer.store.alarms import write_alarms
from dialer.store.tables import Role
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
    assert "Name of awa · NO_ANSWER" in page
    assert "OLD_ONE" not in page
    person.post("/language", {"language": "en"})
    assert "Le téléphone d’un agent" not in person.get(path).get_data(as_text=True)


def test_another_campaign_s_alarms_are_not_shown(enter, raised):
    page = enter(Role.SUPERVISOR).get("/supervisor/alarms?campaign=2").get_data(as_text=True)
    assert "Aucune alarme depuis 24 heures." in page


def test_alarms_are_for_those_who_watch(enter, raised):
    assert enter(Role.AGENT).get("/supervisor/alarms").status_code == 403
