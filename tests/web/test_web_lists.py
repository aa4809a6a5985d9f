"""A list from the file to the counts: the journey of an upload without a browser."""

import io
import re

import pytest
from rq import Queue
from sqlalchemy import select, text

from dialer.jobs.imports import Phase, RedisCourse, check_list, import_list, undo_list
from dialer.store import consents
from dialer.store.tables import AuditEntry, LeadList, LeadRow, RejectedRow, Role

ROWS = (
    "Téléphone;Nom;Prénom;Ville\r\n"
    "06 12 34 56 78;Martin;Jeanne;Lyon\r\n"
    "0612345678;Martin;Jeanne;Lyon\r\n"
    "12;Court;;\r\n"
    "=cmd|' /C calc'!A0;Formule;;\r\n"
    "+33 1 23 45 67 89;Durand;Éloïse;Paris\r\n"
)
CHOSEN = {
    "role-0": "number", "role-1": "name", "role-2": "first_name", "role-3": "field",
    "name-3": "Commune", "region": "FR", "dedupe": "CAMPAIGN",
}  # fmt: skip


@pytest.fixture
def admin(enter):
    return enter(Role.ADMIN)


@pytest.fixture
def change(session_factory):
    """Sets columns of the first list, as a worker would."""

    def set_columns(**columns):
        with session_factory.begin() as session:
            row = session.get_one(LeadList, 1)
            for name, value in columns.items():
                setattr(row, name, value)

    return set_columns


def _upload(person, campaign, body, name="prospects.csv"):
    sent = {"campaign_id": campaign.id, "file": (io.BytesIO(body), name)}
    return person.post("/lists/new", sent, content_type="multipart/form-data")


def _jobs(bus):
    return [
        (job.func_name.rpartition(".")[2], job.args)
        for job in Queue("imports", connection=bus.redis).jobs
    ]


def _text(person, path):
    return person.get(path).get_data(as_text=True)


def test_upload_map_import_and_count(admin, campaign, app, settings, session_factory, bus):
    answer = _upload(admin, campaign, ROWS.encode("cp1252"))
    assert answer.location == "/lists/1"
    path = settings.var_dir / "uploads" / "1"
    assert path.read_bytes() == ROWS.encode("cp1252")

    page = _text(admin, "/lists/1")
    assert re.search(r'name="role-0".*?<option value="number" selected>', page)
    for shown in ("cp1252", "point-virgule", "Éloïse", "ligne 1"):
        assert shown in page

    admin.post("/lists/1/import", CHOSEN)
    assert _jobs(bus) == [("run", (1,))]
    assert "data-course=" in _text(admin, "/lists/1")
    assert admin.post("/lists/1/import", CHOSEN).status_code == 409

    import_list(session_factory, 1, path)
    with session_factory() as session:
        row = session.get_one(LeadList, 1)
        counts = (row.n_inserted, row.n_updated, row.n_duplicate, row.n_blocked, row.n_rejected)
        assert row.n_read == sum(counts) == 5
        assert counts == (2, 0, 1, 0, 2)
        lead = session.scalars(select(LeadRow).where(LeadRow.number == "+33123456789")).one()
        assert (lead.name, lead.fields) == ("Éloïse Durand", {"Commune": "Paris"})
        assert {"upload", "import"} <= set(session.scalars(select(AuditEntry.verb)))
    assert "data-course=" not in _text(admin, "/lists/1")


def test_the_report_says_each_reason_in_both_languages_and_runs_no_formula(
    admin, campaign, settings, session_factory
):
    _upload(admin, campaign, ROWS.encode())
    import_list(session_factory, 1, settings.var_dir / "uploads" / "1")
    for language in ("fr", "en"):
        admin.post("/language", {"language": language})
        report = _text(admin, "/lists/1/rejects.csv")
        assert "BAD_NUMBER;Numéro impossible dans ce pays : 12;" in report
        assert "Not a possible number in this country: 12;12;Court;;" in report.replace('"', "")
        assert "Même numéro plus haut dans le fichier : 2;" in report
        assert "Same number above in the file: 2;" in report
        assert """'=cmd|' /C calc'!A0;Formule""" in report


def test_columns_chosen_once_are_remembered_for_files_with_the_same_columns(
    admin, campaign, session_factory
):
    for _n in range(2):
        _upload(admin, campaign, ROWS.encode())
    admin.post("/lists/1/import", {**CHOSEN, "role-3": "ignored", "dedupe": "EVERYWHERE"})
    page = _text(admin, "/lists/2")
    assert "mêmes colonnes" in page
    assert re.search(r'name="role-3".*?<option value="ignored" selected>', page)
    assert '<option value="EVERYWHERE" selected>' in page
    _upload(admin, campaign, b"tel;x\r\n0612345678;1\r\n")
    assert "mêmes colonnes" not in _text(admin, "/lists/3")


def test_a_dry_run_shows_what_would_come_of_each_row(
    admin, campaign, settings, session_factory, bus
):
    _upload(admin, campaign, ROWS.encode())
    admin.post("/lists/1/check", CHOSEN)
    assert _jobs(bus) == [("run_check", (1,))]
    assert "Essai à blanc" in _text(admin, "/lists/1")
    check_list(session_factory, 1, settings.var_dir / "uploads" / "1")
    page = _text(admin, "/lists/1")
    assert "voici ce que l’import donnerait" in page
    assert "<strong>2</strong> Numéro impossible dans ce pays." in page
    assert 'value="Commune"' in page
    with session_factory() as session:
        assert session.scalars(select(LeadRow.id)).all() == []


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"role-0": "field"}, "Aucune colonne ne ressemble"),
        ({"role-1": "number"}, "Trop de colonnes"),
        ({"role-1": "hack"}, "n’est pas un usage"),
        ({"region": "XX"}, "n’est pas un code de pays"),
        ({"dedupe": "?"}, "n’est pas une étendue"),
    ],
)
def test_what_cannot_be_imported_is_said_and_nothing_is_queued(admin, campaign, bus, sent, words):
    _upload(admin, campaign, ROWS.encode())
    admin.post("/lists/1/import", {**CHOSEN, **sent})
    assert words in _text(admin, "/lists/1")
    assert _jobs(bus) == []


def test_without_a_column_of_evidence_the_consents_on_record_decide(
    admin, campaign, settings, session_factory
):
    with session_factory.begin() as session:
        consents.record(session, ["+33123456789"], given_at=0.0, source="FORM", evidence="v3")
    _upload(admin, campaign, ROWS.encode())
    hint = "seuls les numéros dont un consentement est déjà enregistré"
    assert re.search(rf"data-no-evidence>[^<]*{hint}", _text(admin, "/lists/1"))  # France asks
    admin.post("/lists/1/check", {**CHOSEN, "needs_consent": "1"})
    check_list(session_factory, 1, settings.var_dir / "uploads" / "1")
    page = _text(admin, "/lists/1")
    assert "<strong>2</strong> Pas de preuve de consentement." in page
    with session_factory() as session:
        assert session.get_one(LeadList, 1).forecast["n_inserted"] == 1
    admin.post("/lists/1/check", CHOSEN)
    check_list(session_factory, 1, settings.var_dir / "uploads" / "1")
    assert "data-no-evidence hidden>" in _text(admin, "/lists/1")


def test_an_import_is_stopped_resumed_and_taken_back(
    admin, campaign, settings, session_factory, bus, change
):
    _upload(admin, campaign, ROWS.encode())
    admin.post("/lists/1/import", CHOSEN)
    assert "Arrêter l’import" in _text(admin, "/lists/1")
    admin.post("/lists/1/stop")
    assert "Arrêt demandé" in _text(admin, "/lists/1")
    import_list(session_factory, 1, settings.var_dir / "uploads" / "1")
    assert "Reprendre l’import" in _text(admin, "/lists/1")
    admin.post("/lists/1/resume")
    import_list(session_factory, 1, settings.var_dir / "uploads" / "1")
    with session_factory.begin() as session:
        session.execute(text("UPDATE leads SET n_attempts = 1 WHERE number = '+33123456789'"))
    assert "Annuler l’import" in _text(admin, "/lists/1")
    Queue("imports", connection=bus.redis).empty()
    admin.post("/lists/1/undo")
    assert _jobs(bus) == [("run_undo", (1,))]
    undo_list(session_factory, 1)
    page = _text(admin, "/lists/1")
    assert "Personnes retirées : 1. Gardées, parce que déjà appelées" in page
    assert "+33123456789;Éloïse Durand" in _text(admin, "/lists/1/kept.csv")
    for path in ("resume", "import", "check"):
        assert admin.post(f"/lists/1/{path}", CHOSEN).status_code == 409
    assert admin.post("/lists/1/stop").location == "/lists/1"


def test_the_course_of_an_import_is_told_in_words_until_it_is_over(admin, campaign, bus, change):
    _upload(admin, campaign, ROWS.encode())
    change(state="IMPORTING")
    now = [0.0]
    course = RedisCourse(bus.redis, 1, lambda: now[0])
    now[0] = 10.0
    course.note(Phase.LOADING, 50_000, 0.5)
    now[0] = 20.0
    course.note(Phase.LOADING, 100_000, 0.5)
    stream = admin.client.get("/lists/1/events", buffered=False)
    events = (piece.decode() for piece in stream.iter_encoded())
    assert "retry" in next(events)
    first = next(events)
    assert "Écriture · 100\u202f000 lignes · 10\u202f000 par seconde · encore 00:06" in first
    change(state="READY")
    assert "event: over" in next(piece for piece in events if "over" in piece)


@pytest.mark.parametrize(
    ("state", "step", "words"),
    [
        ("IMPORTING", "3", "En attente d’un ouvrier"),
        ("READY", "4", "Ne plus appeler cette liste"),
        ("STOPPED", "4", "Reprendre l’import"),
        ("UNDONE", "4", "Import annulé"),
        ("RECEIVING", "1", "Reprendre l’envoi"),
    ],
)
def test_each_state_of_a_list_has_its_step_and_its_way_on(
    admin, campaign, change, state, step, words
):
    _upload(admin, campaign, b"nom\r\nAwa\r\n")
    change(state=state)
    for path in ("/lists/1", "/lists/1/body"):
        page = _text(admin, path)
        assert re.search(r'aria-current="step"><span class="wizard-n">(\d)', page)[1] == step
        assert words in page


def test_a_fault_is_shown_in_the_reader_s_language(admin, campaign, change):
    _upload(admin, campaign, b"nom\r\nAwa\r\n")
    change(state="FAILED", fault={"code": "FILE_RECORD_TOO_LONG", "row": 30001, "most": 65536})
    assert "Après la ligne 30\u202f001, une ligne dépasse 65\u202f536" in _text(admin, "/lists/1")
    admin.post("/language", {"language": "en"})
    assert "After row 30,001, a row is longer than 65,536" in _text(admin, "/lists/1")
    change(fault={"code": "SOMETHING_NEW"})
    assert "SOMETHING_NEW" in _text(admin, "/lists/1")


def test_a_long_rejected_line_is_shown_short_and_kept_whole_in_the_report(
    admin, campaign, session_factory
):
    with session_factory.begin() as session:
        session.add(LeadList(campaign_id=campaign.id, name="L", state="READY", n_rejected=1))
        session.flush()
        session.add(
            RejectedRow(list_id=1, row_number=2, code="BAD_NUMBER", detail="1", line="x" * 2000)
        )
    page = _text(admin, "/lists/1")
    assert "x" * 299 + "…" in page
    assert "x" * 301 not in page
    assert "x" * 2000 in _text(admin, "/lists/1/rejects.csv")


def test_old_numbers_of_benin_are_an_option_of_that_country_only(admin, campaign, session_factory):
    for list_id, (region, is_kept) in enumerate((("BJ", True), ("FR", False)), 1):
        _upload(admin, campaign, b"tel\r\n97000000\r\n")
        sent = {**CHOSEN, "region": region, "has_old_benin_numbers": "1"}
        admin.post(f"/lists/{list_id}/import", sent)
        with session_factory() as session:
            assert session.get_one(LeadList, list_id).has_old_benin_numbers is is_kept


def test_an_unreadable_file_says_why_and_offers_another(admin, campaign):
    _upload(admin, campaign, b"")
    page = _text(admin, "/lists/1")
    assert "Ce fichier ne peut pas être lu" in page
    assert "/lists/new?campaign_id=1" in page


def test_a_file_name_never_becomes_a_path(admin, campaign, settings):
    _upload(admin, campaign, b"tel\r\n", name="../../../evil.csv")
    assert [path.name for path in settings.var_dir.rglob("*") if path.is_file()] == ["1"]


def test_a_list_without_leads_is_discarded_with_its_file(admin, campaign, settings, change):
    _upload(admin, campaign, ROWS.encode())
    change(state="READY")
    assert admin.post("/lists/1/discard").status_code == 409
    change(state="UPLOADED")
    assert admin.post("/lists/1/discard").location == "/lists"
    assert admin.get("/lists/1").status_code == 404
    assert [path.name for path in settings.var_dir.rglob("*") if path.is_file()] == []


def test_a_list_can_be_switched_off(admin, campaign, session_factory):
    with session_factory.begin() as session:
        session.add(LeadList(campaign_id=campaign.id, name="L", state="READY"))
    admin.post("/lists/1/active", {"is_active": "0"})
    with session_factory() as session:
        assert session.get_one(LeadList, 1).is_active is False
