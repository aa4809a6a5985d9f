"""Campaigns, users, do-not-call numbers: forms with bounds, allow-list of fields, audit trail."""

import re

import pytest
from sqlalchemy import select
from web_rows import add_lead

from dialer.model.events import NumberBlocked
from dialer.store.tables import (
    AuditEntry,
    CampaignRow,
    DispositionRow,
    DoNotCall,
    LeadRow,
    Role,
    User,
)
from web.admin.campaign_form import FIELDS
from web.admin.campaigns import _defaults
from web.forms import decimal, from_row


@pytest.fixture
def admin(enter):
    return enter(Role.ADMIN)


def _form(**changes):
    shown = from_row(FIELDS, _defaults()).shown
    return {name: value for name, value in (shown | {"name": "Été"} | changes).items() if value}


def _verbs(session):
    noted = session.scalars(select(AuditEntry).order_by(AuditEntry.id))
    return [(entry.verb, entry.subject) for entry in noted if entry.verb != "login"]


def test_a_search_without_result_names_its_words_and_leads_back(enter):
    person = enter(Role.ADMIN)
    page = person.get("/users?q=<nobody>").get_data(as_text=True)
    assert "Rien ne contient « &lt;nobody&gt; »." in page
    assert '<a class="button" href="/users">' in page
    assert "texte de SMS" in person.get("/messages").get_data(as_text=True)


def test_numbers_of_a_campaign_are_written_as_the_language_does(enter, campaign):
    person = enter(Role.ADMIN)
    assert "2,8\u00a0%" in person.get("/campaigns/1").get_data(as_text=True)
    person.post("/language", {"language": "en"})
    assert "2.8%" in person.get("/campaigns/1").get_data(as_text=True)


def test_a_campaign_is_created_with_its_dispositions_and_an_audit_entry(admin, session_factory):
    answer = admin.post("/campaigns/new", _form(abandon_target="2,5", min_gap_s="15"))
    assert (answer.status_code, answer.location) == (302, "/campaigns/1")
    with session_factory() as session:
        row = session.get_one(CampaignRow, 1)
        assert (row.name, row.abandon_target, row.min_gap_s) == ("Été", 0.025, 900.0)
        assert session.scalars(select(DispositionRow.code)).all() != []
        assert _verbs(session) == [("create", "campaign:1")]
    edit = admin.get("/campaigns/1/edit").get_data(as_text=True)
    assert re.search(r'name="abandon_target"[^>]* inputmode="decimal" value="2,5"', edit)
    assert "Été" in admin.get("/campaigns").get_data(as_text=True)
    assert "Rendez-vous pris" in admin.get("/campaigns/1").get_data(as_text=True)


@pytest.mark.parametrize(
    ("written", "number"),
    [("1,5", 1.5), ("1.5", 1.5), ("1\u202f234,5", 1234.5), ("1 234", 1234.0), ("-,5", -0.5)],
)
def test_a_number_is_read_as_people_write_it(written, number):
    assert decimal(written) == number


@pytest.mark.parametrize("written", ["1.234,5", "1e5", "nan", "inf", "1_5", "", "٣"])
def test_what_is_no_number_is_none(written):
    with pytest.raises(ValueError, match=f"^{re.escape(written)}$"):
        decimal(written)


@pytest.mark.parametrize(("sent", "kept"), [("30", 30), ("", None)])
def test_recordings_are_kept_as_the_campaign_says_or_as_the_installation(
    admin, session_factory, sent, kept
):
    admin.post("/campaigns/new", _form(recording_days=sent))
    with session_factory() as session:
        assert session.get_one(CampaignRow, 1).recording_days == kept
    assert f'value="{sent}" min="1" max="3650"' in admin.get("/campaigns/1/edit").get_data(
        as_text=True
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("abandon_target", "3.1"), ("ring_timeout_s", "14"), ("mode", "FASTER"),
        ("caller_ids", "1; rm -rf"), ("max_calls_per_s", "nan"), ("name", ""),
        ("notice", "../../etc/passwd"), ("message_template", "{{ name.__class__ }}"),
        ("rule_set", "XX"), ("max_lines", "1.5"), ("recording_days", "0"),
    ],
)  # fmt: skip
def test_a_setting_out_of_bounds_is_named_and_nothing_is_stored(
    admin, session_factory, name, value
):
    answer = admin.post("/campaigns/new", _form(**{name: value}))
    assert answer.status_code == 422
    assert f'id="f-{name}-fault"' in answer.get_data(as_text=True)
    with session_factory() as session:
        assert session.scalars(select(CampaignRow)).all() == []


def test_a_field_that_the_form_does_not_have_is_not_looked_at(admin, session_factory):
    admin.post("/campaigns/new", _form(state="RUNNING", id="77"))
    with session_factory() as session:
        row = session.scalars(select(CampaignRow)).one()
        assert (row.id, row.state) == (1, "DRAFT")


def test_a_broadcast_needs_consent_which_is_kept_with_who_said_so_and_when(admin, session_factory):
    sent = {"mode": "BROADCAST", "rule_set": "FR", "broadcast_message": "hello"}
    refused = admin.post("/campaigns/new", _form(**sent))
    assert refused.status_code == 422
    assert "consentement" in refused.get_data(as_text=True)
    admin.post("/campaigns/new", _form(**sent, has_consent="1"))
    with session_factory() as session:
        row = session.scalars(select(CampaignRow)).one()
        assert (row.consent_by, row.consent_at is None) == (admin.user_id, False)
    assert "Name of admin" in admin.get(f"/campaigns/{row.id}").get_data(as_text=True)


def test_a_campaign_without_the_laws_leave_is_not_started_and_says_why(
    admin, campaign, session_factory
):
    with session_factory.begin() as session:
        row = session.get_one(CampaignRow, campaign.id)
        row.state, row.mode, row.rule_set = "PAUSED", "BROADCAST", "FR"
        row.broadcast_message = "hello"
    path = f"/campaigns/{campaign.id}/state"
    admin.post(path, {"trigger": "start"})
    with session_factory() as session:
        assert session.get_one(CampaignRow, campaign.id).state == "PAUSED"
    assert "consentement" in admin.get(f"/campaigns/{campaign.id}").get_data(as_text=True)


def test_buttons_are_those_of_the_campaign_machine(admin, campaign, session_factory):
    def offered():
        page = admin.get(f"/campaigns/{campaign.id}").get_data(as_text=True)
        return [word for word in ("start", "pause", "stop") if f'value="{word}"' in page]

    path = f"/campaigns/{campaign.id}/state"
    assert offered() == ["pause", "stop"]
    admin.post(path, {"trigger": "pause"})
    assert offered() == ["start", "stop"]
    admin.post(path, {"trigger": "stop"})
    assert offered() == ["start"]
    admin.post(path, {"trigger": "pause"})
    assert admin.post(path, {"trigger": "drained"}).status_code == 400
    with session_factory() as session:
        assert session.get_one(CampaignRow, campaign.id).state == "DRAINING"
        assert [verb for verb, _subject in _verbs(session)] == ["pause", "stop"]


def test_the_supervisor_changes_the_pace_and_the_trail_says_from_what_to_what(
    enter, campaign, session_factory
):
    supervisor = enter(Role.SUPERVISOR)
    sent = {"mode": "RATIO", "abandon_target": "1.5", "ratio": "2", "max_calls_per_s": "4"}
    supervisor.post(f"/supervisor/{campaign.id}/pacing", sent | {"max_lines": "9999"})
    with session_factory() as session:
        row = session.get_one(CampaignRow, campaign.id)
        assert (row.mode, row.abandon_target, row.ratio, row.max_lines) == ("RATIO", 0.015, 2, 100)
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        assert "mode: 'PREDICTIVE' -> 'RATIO'" in entry.detail


def test_a_user_is_made_changed_and_shut_out(admin, session_factory):
    person = {"login": "zoe", "name": "Zoé", "role": "agent", "locale": "fr", "phone_kind": "SIP"}
    short = admin.post("/users/new", person | {"password": "short"})
    assert short.status_code == 422
    made = admin.post("/users/new", person | {"password": "long enough password"})
    assert made.status_code == 302
    again = admin.post("/users/new", person | {"password": "long enough password"})
    assert again.status_code == 422
    with session_factory() as session:
        zoe = session.scalars(select(User).where(User.login == "zoe")).one()
        details = " ".join(session.scalars(select(AuditEntry.detail)))
        assert "argon2" not in details
        assert "long enough" not in details
    admin.post(
        f"/users/{zoe.id}", {"name": "Zoé", "role": "analyst", "locale": "en", "phone_kind": "SIP"}
    )
    with session_factory() as session:
        zoe = session.get_one(User, zoe.id)
        assert (zoe.role, zoe.is_active, zoe.login) == ("analyst", False, "zoe")


def test_the_admin_cannot_lock_himself_out(admin, session_factory):
    answer = admin.post(
        f"/users/{admin.user_id}",
        {"name": "A", "role": "agent", "locale": "fr", "phone_kind": "SIP"},
    )
    assert answer.status_code == 422
    with session_factory() as session:
        assert session.get_one(User, admin.user_id).role == "admin"


def test_a_blocked_number_is_told_and_taken_out_frees_its_leads(
    admin, bus, campaign, session_factory
):
    with session_factory.begin() as session:
        lead = add_lead(session, campaign.id, state="NEW")
    answer = admin.post("/do-not-call/new", {"number": "+33 6 12 34 56 78", "campaign_id": ""})
    assert answer.status_code == 302
    with session_factory() as session:
        entry = session.scalars(select(DoNotCall)).one()
        assert (entry.number, entry.source, entry.created_by) == (
            lead.number, "ADMIN", admin.user_id,
        )  # fmt: skip
    with session_factory.begin() as session:
        session.get_one(LeadRow, lead.id).held_for = "DO_NOT_CALL"  # as a claim does
    assert [event for _id, event in bus.heard("0", 1)] == [NumberBlocked(lead.number)]
    assert admin.post("/do-not-call/new", {"number": "12"}).status_code == 422
    assert admin.post(f"/do-not-call/{entry.id}/delete").status_code == 302
    with session_factory() as session:
        assert session.scalars(select(DoNotCall)).all() == []
        assert session.get_one(LeadRow, lead.id).held_for is None
        assert ("delete", f"do_not_call:{entry.id}") in _verbs(session)


def test_long_lists_page_by_key(admin, session_factory):
    with session_factory.begin() as session:
        session.add_all(AuditEntry(verb="x", subject=f"s{n:03}") for n in range(120))
    first = admin.get("/audit").get_data(as_text=True)
    assert "s119" in first
    assert "s069" not in first
    following = first.split("/audit?before=")[1].split('"')[0]
    assert "s069" in admin.get(f"/audit?before={following}").get_data(as_text=True)
    assert admin.get("/audit.csv").get_data(as_text=True).count("\n") == 122
