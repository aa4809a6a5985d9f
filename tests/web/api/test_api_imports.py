"""Imports by the API: a file sent in parts that may be lost, read as told, stopped, taken back."""

import pytest
from api_program import code_of, faults_of
from sqlalchemy import select

from dialer.jobs.imports import import_list
from dialer.jobs.imports.course import Phase, RedisCourse
from dialer.store.tables import AuditEntry, LeadList, LeadRow

ROWS = "Téléphone;Nom\n0612345678;Awa\n12;Bob\n0612345679;Léa\n0612345678;Awa\n\n0699;Zoé\n"
FILE = ROWS.encode()
MEDIA = "application/octet-stream"


@pytest.fixture
def known(program):
    return program("lists:read", "lists:write")


@pytest.fixture
def announced(known, campaign):
    """An import whose file is to come; its address."""
    sent = {"name": "Salon", "file_name": "salon.csv", "file_size": len(FILE)}
    answer = known.post("/imports", {"campaign_id": campaign.id} | sent)
    assert answer.status_code == 201, answer.get_data(as_text=True)
    shown = answer.get_json()
    assert (shown["state"], shown["offset"]) == ("RECEIVING", 0)
    return answer.headers["Location"].removeprefix("/api/v1")


@pytest.fixture
def send(known, announced):
    def put(offset, data, mimetype=MEDIA):
        path = f"{announced}/part?offset={offset}"
        return known.ask("PUT", path, data=data, content_type=mimetype)

    return put


@pytest.fixture
def uploaded(send, announced):
    assert send(0, FILE).get_json()["state"] == "UPLOADED"
    return announced


def read(session_factory, settings, path):
    """What the worker does with the job."""
    list_id = int(path.rpartition("/")[2])
    import_list(session_factory, list_id, settings.var_dir / "uploads" / str(list_id))


def test_a_file_is_sent_in_parts_and_goes_on_where_a_lost_one_ended(known, send, announced):
    assert send(0, FILE[:20]).get_json()["offset"] == 20
    for offset, data in ((0, FILE[:20]), (30, FILE[30:]), (20, FILE[20:] + b"x")):
        assert code_of(send(offset, data)) == "wrong_state"
    assert known.get(announced).get_json()["offset"] == 20
    shown = send(20, FILE[20:]).get_json()
    assert (shown["state"], shown["offset"]) == ("UPLOADED", len(FILE))
    assert code_of(send(len(FILE), b"x")) == "wrong_state"


def test_a_part_is_bytes_of_no_more_than_the_limit(send, known, announced):
    assert code_of(send(0, FILE, "text/csv")) == "wrong_media_type"
    most = known.get(announced).get_json()["part_bytes"]
    assert code_of(send(0, bytes(most + 1))) == "too_large"
    assert faults_of(send(-1, FILE)).keys() == {"offset"}


def test_a_file_becomes_leads_and_each_row_has_its_verdict(
    known, uploaded, session_factory, settings, bus, session
):
    started = known.post(f"{uploaded}/start", {"needs_consent": False})
    assert started.get_json()["state"] == "IMPORTING", started.get_data(as_text=True)
    assert bus.redis.llen("rq:queue:imports") == 1
    assert code_of(known.post(f"{uploaded}/start", {})) == "wrong_state"
    read(session_factory, settings, uploaded)
    shown = known.get(uploaded).get_json()
    names = ("read", "inserted", "updated", "duplicate", "blocked", "rejected")
    assert (shown["state"], [shown[f"n_{name}"] for name in names]) == ("READY", [5, 2, 0, 1, 0, 2])
    assert session.scalars(select(LeadRow.number).order_by(LeadRow.id)).all() == [
        "+33612345678", "+33612345679",
    ]  # fmt: skip
    met, cursor = [], ""
    while cursor is not None:
        asked = {"limit": 1} | ({"cursor": cursor} if cursor else {})
        page = known.get(f"{uploaded}/rejected", query_string=asked).get_json()
        met += [(one["code"], one["line"]) for one in page["data"]]
        cursor = page["next_cursor"]
    assert ("BAD_NUMBER", "12;Bob") in met and ("NUMBER_ABOVE", "0612345678;Awa") in met
    verbs = session.scalars(select(AuditEntry.verb).order_by(AuditEntry.id)).all()
    assert verbs == ["upload", "import"]


def test_rows_of_a_french_campaign_need_a_consent_when_nothing_else_is_said(
    known, uploaded, session_factory, settings
):
    known.post(f"{uploaded}/start", {})
    read(session_factory, settings, uploaded)
    shown = known.get(uploaded).get_json()
    assert (shown["n_inserted"], shown["n_blocked"], shown["n_rejected"]) == (0, 3, 2)


def test_a_mapping_that_the_file_does_not_know_is_refused_with_its_code(known, uploaded):
    refused = known.post(f"{uploaded}/start", {"mapping": {"Phone": "number"}})
    assert refused.get_json()["errors"][0]["code"] == "no_such_column"
    refused = known.post(f"{uploaded}/start", {"dedupe": "GALAXY"})
    assert faults_of(refused).keys() == {"#/dedupe"}
    assert known.get(uploaded).get_json()["state"] == "UPLOADED"


def test_a_file_that_is_none_is_refused_when_it_is_started(known, campaign):
    sent = {"campaign_id": campaign.id, "name": "x", "file_name": "x.csv", "file_size": 4}
    path = known.post("/imports", sent).headers["Location"].removeprefix("/api/v1")
    known.ask("PUT", f"{path}/part?offset=0", data=b"\x00\x01\x02\x03", content_type=MEDIA)
    assert known.post(f"{path}/start", {}).status_code == 422
    assert faults_of(known.post("/imports", sent | {"campaign_id": 99})).keys() == {"#/campaign_id"}
    assert faults_of(known.post("/imports", sent | {"file_size": 2**40})).keys() == {"#/file_size"}


def test_a_running_import_shows_its_course_and_is_cancelled(known, uploaded, bus):
    assert code_of(known.post(f"{uploaded}/stop")) == "wrong_state"
    known.post(f"{uploaded}/start", {})
    list_id = int(uploaded.rpartition("/")[2])
    RedisCourse(bus.redis, list_id, lambda: 100.0).note(Phase.LOADING, 3, 0.5)
    course = known.get(uploaded).get_json()["course"]
    assert (course["phase"], course["n_rows"], course["share"]) == ("LOADING", 3, 0.75)
    assert known.post(f"{uploaded}/stop").get_json()["state"] == "STOPPING"


def test_an_import_is_taken_back(known, uploaded, session_factory, settings):
    assert code_of(known.post(f"{uploaded}/undo")) == "wrong_state"
    known.post(f"{uploaded}/start", {})
    read(session_factory, settings, uploaded)
    assert known.post(f"{uploaded}/undo").get_json()["state"] == "UNDOING"
    with session_factory() as session:
        assert session.scalars(select(LeadList.state)).one() == "UNDOING"
