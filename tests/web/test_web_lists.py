"""A list from the file to the counts: the journey of an upload without a browser."""

import io
import re

import pytest
from rq import Queue
from sqlalchemy import select

from dialer.jobs.imports import import_list
from dialer.store.tables import AuditEntry, LeadList, LeadRow, RejectedRow, Role

ROWS = (
    "Téléphone;Nom;Prénom;Ville\r\n"
    "06 12 34 56 78;Martin;Jeanne;Lyon\r\n"
    "0612345678;Martin;Jeanne;Lyon\r\n"
    "12;Court;;\r\n"
    "=cmd|' /C calc'!A0;Formule;;\r\n"
    "+33 1 23 45 67 89;Durand;Éloïse;Paris\r\n"
)


@pytest.fixture
def admin(enter):
    return enter(Role.ADMIN)


def _upload(person, campaign, body, name="prospects.csv"):
    sent = {"campaign_id": campaign.id, "file": (io.BytesIO(body), name)}
    return person.post("/lists/new", sent, content_type="multipart/form-data")


def test_upload_map_import_and_count(admin, campaign, app, settings, session_factory, bus):
    answer = _upload(admin, campaign, ROWS.encode("cp1252"))
    assert answer.location == "/lists/1"
    path = settings.var_dir / "uploads" / "1"
    assert path.read_bytes() == ROWS.encode("cp1252")

    page = admin.get("/lists/1").get_data(as_text=True)
    assert '<option value="Téléphone" selected>' in page
    assert "cp1252" in page
    assert "point-virgule" in page
    assert "Éloïse" in page

    sent = {
        "column_number": "Téléphone", "column_name": "Nom", "column_first_name": "Prénom",
        "region": "FR",
    }  # fmt: skip
    admin.post("/lists/1/import", sent)
    jobs = Queue("imports", connection=bus.redis).jobs
    assert [(job.func_name, job.args) for job in jobs] == [("dialer.jobs.imports.run", (1,))]
    assert "data-poll=" in admin.get("/lists/1").get_data(as_text=True)
    assert admin.post("/lists/1/import", sent).status_code == 409

    import_list(session_factory, 1, path, lambda n_rows: None)
    with session_factory() as session:
        row = session.get_one(LeadList, 1)
        counts = (row.n_inserted, row.n_updated, row.n_duplicate, row.n_rejected)
        assert row.n_read == sum(counts) == 5
        assert counts == (2, 0, 1, 2)
        assert session.scalar(select(LeadRow.name).where(LeadRow.number == "+33123456789"))
        assert {"upload", "import"} <= set(session.scalars(select(AuditEntry.verb)))
    page = admin.get("/lists/1").get_data(as_text=True)
    assert "data-poll=" not in page
    report = admin.get("/lists/1/rejects.csv").get_data(as_text=True)
    assert "BAD_NUMBER" in report
    assert """;"'=cmd|' /C calc'!A0;Formule""" in report


def test_the_polled_part_ends_at_the_last_step_with_what_became_of_the_list(
    admin, campaign, session_factory
):
    _upload(admin, campaign, b"nom\r\nAwa\r\n")
    with session_factory.begin() as session:
        session.get_one(LeadList, 1).state = "IMPORTING"
    running = admin.get("/lists/1/progress").get_data(as_text=True)
    assert "data-poll=" in running
    assert _step(running) == "3"
    for state, words in (("READY", "Ne plus appeler cette liste"), ("FAILED", "recommencer")):
        with session_factory.begin() as session:
            session.get_one(LeadList, 1).state = state
        ended = admin.get("/lists/1/progress").get_data(as_text=True)
        assert "data-poll=" not in ended
        assert _step(ended) == "4"
        assert words in ended


def test_a_long_rejected_line_is_shown_short_and_kept_whole_in_the_report(
    admin, campaign, session_factory
):
    with session_factory.begin() as session:
        session.add(LeadList(campaign_id=campaign.id, name="L", state="READY", n_rejected=1))
        session.flush()
        session.add(
            RejectedRow(list_id=1, row_number=2, code="BAD_NUMBER", detail="1", line="x" * 2000)
        )
    page = admin.get("/lists/1").get_data(as_text=True)
    assert "x" * 299 + "…" in page
    assert "x" * 301 not in page
    assert "x" * 2000 in admin.get("/lists/1/rejects.csv").get_data(as_text=True)


def _step(page: str) -> str:
    return re.search(r'aria-current="step"><span class="wizard-n">(\d)', page)[1]


def test_old_numbers_of_benin_are_an_option_of_that_country_only(admin, campaign, session_factory):
    for region, is_kept in (("BJ", True), ("FR", False)):
        _upload(admin, campaign, b"tel\r\n97000000\r\n")
        with session_factory() as session:
            list_id = session.scalars(select(LeadList.id).order_by(LeadList.id.desc())).first()
        sent = {"column_number": "tel", "region": region, "has_old_benin_numbers": "1"}
        admin.post(f"/lists/{list_id}/import", sent)
        with session_factory() as session:
            assert session.get_one(LeadList, list_id).has_old_benin_numbers is is_kept


def test_an_unreadable_file_says_why_and_offers_another(admin, campaign):
    _upload(admin, campaign, b"")
    page = admin.get("/lists/1").get_data(as_text=True)
    assert "Ce fichier ne peut pas être lu" in page
    assert "/lists/new?campaign_id=1" in page


def test_a_file_name_never_becomes_a_path(admin, campaign, settings):
    _upload(admin, campaign, b"tel\r\n", name="../../../evil.csv")
    assert [path.name for path in settings.var_dir.rglob("*") if path.is_file()] == ["1"]


def test_a_list_can_be_switched_off(admin, campaign, session_factory):
    with session_factory.begin() as session:
        session.add(LeadList(campaign_id=campaign.id, name="L", state="READY"))
    admin.post("/lists/1/active", {"is_active": "0"})
    with session_factory() as session:
        assert session.get_one(LeadList, 1).is_active is False
