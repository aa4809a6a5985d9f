"""The pages of the rules: why nobody is called, consents, a lead, and its forgetting."""

from datetime import UTC, datetime, timedelta

import pytest
from redis import Redis
from rq import Queue
from sqlalchemy import select
from web_rows import add_attempt, add_lead

from dialer.jobs import queues
from dialer.jobs.why_not import KeptCount, keep
from dialer.model.events import NumberBlocked
from dialer.model.permit import RefusalReason
from dialer.store.instants import instant
from dialer.store.tables import CallerNumberRow, CampaignRow, Consent, DoNotCall, LeadRow, Role
from dialer.store.why_not import ReasonCount
from web.admin import why_not
from web.permissions import RIGHTS

NUMBER = "+33612345678"


@pytest.fixture
def admin(enter):
    return enter(Role.ADMIN)


@pytest.fixture
def supervisor(enter):
    return enter(Role.SUPERVISOR)


@pytest.fixture
def lead_id(campaign, session_factory):
    """A new lead of a running campaign of a country of consents."""
    with session_factory.begin() as session:
        row = session.get_one(CampaignRow, campaign.id)
        row.state, row.rule_set = "RUNNING", "DE"
        row.windows = [{"weekdays": list(range(7)), "opens_min": 0, "closes_min": 1440}]
        return add_lead(session, campaign.id, state="NEW").id


def test_the_campaigns_page_says_why_nobody_is_called(admin, campaign, lead_id, session_factory):
    page = admin.get(f"/campaigns/{campaign.id}").get_data(as_text=True)
    assert "Qui est appelé maintenant" in page and "Pas de consentement connu" in page
    with session_factory.begin() as session:
        session.add(consent(NUMBER))
    part = admin.get(f"/campaigns/{campaign.id}/why-not").get_data(as_text=True)
    assert "<strong>1</strong> fiche peut être appelée" in part
    assert "Pas de consentement connu" not in part


def test_many_leads_are_counted_by_a_worker_and_shown_with_their_time(
    admin, campaign, lead_id, redis_url, monkeypatch
):
    monkeypatch.setattr(why_not, "COUNTED_AT_ONCE", 0)
    address, redis = f"/campaigns/{campaign.id}/why-not", Redis.from_url(redis_url)
    part = admin.get(address).get_data(as_text=True)
    assert "en train d’être comptées" in part and "peut être appelée" not in part
    assert Queue(queues.WHY_NOT, connection=redis).count == 1
    count = ReasonCount(RefusalReason.NO_CONSENT, 7, None, None)
    keep(redis, campaign.id, KeptCount((count,), 1_793_966_400.0, 2.0))
    part = admin.get(address).get_data(as_text=True)
    assert "Pas de consentement connu" in part and ">7<" in part and "à 1" in part
    assert Queue(queues.WHY_NOT, connection=redis).count == 1, "an old count is made again, once"
    redis.close()


def test_a_count_is_old_after_ten_times_what_it_took():
    assert not KeptCount((), 0.0, 1.0).is_old(60.0) and KeptCount((), 0.0, 1.0).is_old(62.0)
    assert not KeptCount((), 0.0, 60.0).is_old(600.0) and KeptCount((), 0.0, 60.0).is_old(661.0)


def test_the_live_page_has_the_panel_too(supervisor, campaign, lead_id):
    page = supervisor.get(f"/supervisor/{campaign.id}").get_data(as_text=True)
    assert "Qui est appelé maintenant" in page
    assert supervisor.get("/campaigns/999/why-not").status_code == 404


def test_a_number_leads_to_its_lead_and_the_lead_tells_its_reason(admin, lead_id, session_factory):
    found = admin.get("/leads?number=%2B33 6 12 34 56 78")
    assert found.status_code == 302 and found.location.endswith(f"/leads/{lead_id}")
    assert "Aucune fiche" in admin.get("/leads?number=%2B33612345679").get_data(as_text=True)
    assert "pas possible" in admin.get("/leads?number=zz").get_data(as_text=True)
    with session_factory.begin() as session:
        session.get_one(LeadRow, lead_id).held_for = "CAPPED"
        session.get_one(LeadRow, lead_id).held_until = instant(4e9)
        session.add(consent(NUMBER))
        add_attempt(session, session.get_one(LeadRow, lead_id), "a1", outcome="NO_ANSWER",
                    ended_at=datetime.now(UTC))  # fmt: skip
    page = admin.get(f"/leads/{lead_id}").get_data(as_text=True)
    assert "Nombre d’appels permis atteint" in page and "Sans réponse" in page


def test_consents_are_recorded_for_numbers_and_for_a_list(admin, lead_id, session_factory):
    form = {"source": "PAPER", "evidence": "classeur 4", "given_on": "2026-01-31"}
    assert admin.post("/consents/new", form).status_code == 422
    wrong = admin.post("/consents/new", form | {"numbers": "+33 6 12 34 56 78\nzz"})
    assert wrong.status_code == 422 and "zz" in wrong.get_data(as_text=True)
    future = form | {"numbers": NUMBER, "given_on": "2999-01-01"}
    assert admin.post("/consents/new", future).status_code == 422
    assert admin.post("/consents/new", form | {"numbers": NUMBER}).status_code == 302
    with session_factory() as session:
        (row,) = session.scalars(select(Consent))
        assert (row.number, row.source, row.created_by) == (NUMBER, "PAPER", admin.user_id)
        list_id = session.get_one(LeadRow, lead_id).list_id
    again = admin.post("/consents/new", form | {"list_id": str(list_id)})
    assert "déjà un consentement" in again.get_data(as_text=True)


def test_a_consent_is_withdrawn_and_stays_on_record(admin, lead_id, session_factory):
    with session_factory.begin() as session:
        session.add(row := consent(NUMBER))
        session.flush()
        consent_id = row.id
    assert admin.post(f"/consents/{consent_id}/delete").status_code == 302
    with session_factory() as session:
        assert session.get_one(Consent, consent_id).withdrawn_at is not None
    assert "Pas de consentement" in admin.get(f"/leads/{lead_id}").get_data(as_text=True)


def test_only_an_administrator_has_people_forgotten(
    admin, supervisor, bus, lead_id, session_factory
):
    assert supervisor.post(f"/leads/{lead_id}/forget").status_code == 403
    assert admin.post(f"/leads/{lead_id}/forget").status_code == 302
    assert [event for _id, event in bus.heard("0", 1)] == [NumberBlocked(NUMBER)]
    page = admin.get(f"/leads/{lead_id}").get_data(as_text=True)
    assert "Personne effacée" in page and "6 12 34" not in page
    with session_factory() as session:
        assert session.scalars(select(DoNotCall.source)).all() == ["ERASURE"]
    assert admin.post(f"/leads/{lead_id}/forget").status_code == 302, "twice changes nothing"
    assert sum("people.forget" in rights for rights in RIGHTS.values()) == 1


def consent(number):
    """One that holds everywhere."""
    return Consent(
        number=number, source="FORM", evidence="formulaire 3",
        given_at=datetime.now(UTC) - timedelta(days=1),
    )  # fmt: skip


def test_numbers_to_show_are_kept_in_pools_and_retired(admin, campaign, session_factory):
    form = {"number": "+33 1 62 00 00 01", "pool": "nord", "region": "+331", "most_a_day": "50"}
    assert admin.post("/caller-numbers/new", form | {"number": "12"}).status_code == 422
    assert admin.post("/caller-numbers/new", form).status_code == 302
    assert admin.post("/caller-numbers/new", form).status_code == 422, "it is there already"
    with session_factory() as session:
        number_id = session.scalars(select(CallerNumberRow.id)).one()
    settings = admin.get(f"/campaigns/{campaign.id}/edit").get_data(as_text=True)
    assert '<option value="nord"' in settings
    assert admin.post(f"/caller-numbers/{number_id}/delete").status_code == 302
    with session_factory() as session:
        assert session.get_one(CallerNumberRow, number_id).retired_at is not None
