"""The contact's pages: found, read, written on, merged and taken apart; and fields of one's own."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from web_rows import add_attempt, add_lead

from dialer.store import contacts
from dialer.store.tables import (
    AuditEntry,
    ContactMerge,
    ContactNote,
    ContactRow,
    CustomField,
    Role,
)


@pytest.fixture
def awa(session_factory, campaign):
    """A contact with a lead and a call."""
    with session_factory.begin() as session:
        lead = add_lead(session, campaign.id, "+33612345678", name="Awa Koné", state="DONE")
        ended = {"outcome": "HANDLED", "ended_at": datetime.now(UTC)}
        add_attempt(session, lead, "a1", note="veut être rappelée", **ended)
        return contacts.ensure(session, lead.number, lead.name, {"email": "awa@exemple.fr"})


@pytest.fixture
def other(session_factory):
    with session_factory.begin() as session:
        return contacts.ensure(session, "+22997112233", "A. Koné")


def text_of(answer):
    return answer.get_data(as_text=True)


def test_who_alone_answers_a_search_is_shown_at_once(enter, awa):
    person = enter(Role.SUPERVISOR)
    answer = person.get("/contacts?q=awa%20kon")
    assert answer.status_code == 302 and answer.location.startswith(f"/contacts/{awa}")
    page = text_of(person.get(f"/contacts/{awa}"))
    for words in ("Awa Koné", "awa@exemple.fr", "veut être rappelée", "Printemps", "Traité"):
        assert words in page


def test_several_who_answer_are_listed_and_nobody_is_said_so(enter, awa, other):
    person = enter(Role.SUPERVISOR)
    page = text_of(person.get("/contacts?q=kon"))
    assert f"/contacts/{awa}?" in page and f"/contacts/{other}?" in page
    assert "Personne ne répond" in text_of(person.get("/contacts?q=zzz"))
    assert "au moins 3" in text_of(person.get("/contacts?q=zz"))


def test_what_was_typed_is_never_read_as_markup(enter, awa):
    page = text_of(enter(Role.SUPERVISOR).get("/contacts?q=%3Cscript%3Ealert(1)%3C/script%3E"))
    assert "<script>alert" not in page


def test_a_note_goes_to_the_timeline(enter, awa, session_factory):
    person = enter(Role.SUPERVISOR)
    person.get(f"/contacts/{awa}")
    person.post(f"/contacts/{awa}/notes", {"text": "<b>passée</b> en agence", "kind": "VISIT"})
    page = text_of(person.get(f"/contacts/{awa}"))
    assert "&lt;b&gt;passée&lt;/b&gt; en agence" in page and "Visite" in page
    for wrong in ({"text": "", "kind": "NOTE"}, {"text": "x", "kind": "SPELL"}, {}):
        person.post(f"/contacts/{awa}/notes", wrong)
    with session_factory() as session:
        assert len(session.scalars(select(ContactNote)).all()) == 1


def test_custom_fields_appear_without_a_restart_and_are_checked(enter, awa, session_factory):
    admin = enter(Role.ADMIN)
    admin.get("/custom-fields/new")
    new = {"key": "age", "label_fr": "Âge", "label_en": "Age", "kind": "NUMBER"}
    assert admin.post("/custom-fields/new", new).status_code == 302
    assert admin.post("/custom-fields/new", {**new, "key": "Bad key"}).status_code == 422
    choice = {**new, "key": "civilite", "label_fr": "Civilité", "kind": "CHOICE"}
    assert admin.post("/custom-fields/new", choice).status_code == 422
    assert admin.post("/custom-fields/new", {**choice, "choices": "M.\nMme"}).status_code == 302
    assert "Âge" in text_of(admin.get(f"/contacts/{awa}"))
    wrong = admin.post(f"/contacts/{awa}", {"name": "Awa", "age": "old"})
    assert wrong.status_code == 422 and "un nombre" in text_of(wrong)
    right = {"name": "Awa K.", "age": "41", "civilite": "Mme", "sneaked": "x"}
    assert admin.post(f"/contacts/{awa}", right).status_code == 302
    with session_factory() as session:
        row = session.get(ContactRow, awa)
        assert (row.name, row.fields) == ("Awa K.", {"age": "41", "civilite": "Mme"})
        assert set(session.scalars(select(CustomField.key))) == {"age", "civilite"}
    assert admin.post(f"/contacts/{awa}", {"name": "Awa K.", "age": ""}).status_code == 302
    with session_factory() as session:
        assert session.get(ContactRow, awa).fields == {}


def test_two_are_compared_merged_and_taken_apart_with_an_audit_trail(
    enter, awa, other, session_factory
):
    person = enter(Role.SUPERVISOR)
    page = text_of(person.get(f"/contacts/{awa}/merge?with={other}"))
    assert "A. Koné" in page and "Awa Koné" in page
    assert person.post(f"/contacts/{awa}/merge", {"gone_id": other}).status_code == 302
    assert person.get(f"/contacts/{other}").location == f"/contacts/{awa}"
    assert person.post(f"/contacts/{other}", {"name": "late"}).status_code == 409
    assert "+229" in text_of(person.get(f"/contacts/{awa}"))
    with session_factory() as session:
        merge_id = session.scalars(select(ContactMerge.id)).one()
    person.post(f"/contacts/merges/{merge_id}/undo")
    answer = person.post(f"/contacts/merges/{merge_id}/undo", follow_redirects=True)
    assert "déjà défaite" in text_of(answer)
    assert "A. Koné" in text_of(person.get(f"/contacts/{other}"))
    with session_factory() as session:
        assert session.scalars(select(AuditEntry.verb).order_by(AuditEntry.id)).all()[-2:] == [
            "merge", "unmerge",
        ]  # fmt: skip


def test_who_is_not_the_same_is_not_suggested_again(enter, awa, session_factory):
    with session_factory.begin() as session:
        twin = contacts.ensure(session, "+33698765432", "AWA KONE")
    person = enter(Role.SUPERVISOR)
    assert "Peut-être la même personne" in text_of(person.get(f"/contacts/{awa}"))
    person.post(f"/contacts/{awa}/apart", {"other_id": twin})
    assert "Peut-être la même personne" not in text_of(person.get(f"/contacts/{awa}"))
    assert person.post(f"/contacts/{awa}/apart", {"other_id": 999}).status_code == 404


def test_a_lead_leads_to_its_contact_even_before_the_worker_came(enter, campaign, session_factory):
    with session_factory.begin() as session:
        lead = add_lead(session, campaign.id, "+33655555555", name="Zoé")
        lead_id = lead.id
    person = enter(Role.SUPERVISOR)
    where = person.get(f"/contacts/of-lead/{lead_id}").location
    assert "Zoé" in text_of(person.get(where))


def test_an_analyst_reads_and_changes_nothing(enter, awa):
    person = enter(Role.ANALYST)
    page = text_of(person.get(f"/contacts/{awa}"))
    assert "Awa Koné" in page and "Fusionner" not in page and "<textarea" not in page
    assert person.post(f"/contacts/{awa}", {"name": "x"}).status_code == 403


def test_a_long_history_is_read_in_pages(enter, awa, session_factory, campaign):
    with session_factory.begin() as session:
        lead = add_lead(session, campaign.id, "+33612345678", name="Awa")
        for i in range(40):
            at = datetime.now(UTC) - timedelta(hours=i + 1)
            times = {"started_at": at, "ended_at": at + timedelta(minutes=1)}
            add_attempt(session, lead, f"b{i}", note=f"note-{i:02d}", **times)
    person = enter(Role.SUPERVISOR)
    page = text_of(person.get(f"/contacts/{awa}"))
    assert "note-00" in page and "note-39" not in page
    further = page.split("before=")[1].split('"')[0]
    assert "note-39" in text_of(person.get(f"/contacts/{awa}?before={further}"))
    assert person.get(f"/contacts/{awa}?before=yesterday").status_code == 200
