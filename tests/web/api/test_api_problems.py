"""Whatever goes wrong is problem+json: unknown addresses, methods, media types, sizes, faults."""

from unittest.mock import Mock

import pytest
from api_program import code_of, faults_of
from redis import RedisError
from sqlalchemy.exc import OperationalError

from web.api import lists, problems, words


@pytest.fixture
def known(program):
    return program()


def test_an_unknown_address_is_no_page(known):
    answer = known.get("/nothing")
    assert (answer.status_code, code_of(answer)) == (404, "not_found")


def test_another_method_is_told_which_there_are(known):
    answer = known.ask("PUT", "/lists")
    assert code_of(answer) == "method_not_allowed"
    assert {"GET", "POST"} <= set(answer.headers["Allow"].split(", "))


def test_a_body_of_another_media_type_is_refused(known):
    for mimetype in ("", "text/plain", "application/x-www-form-urlencoded"):
        answer = known.post("/lists", data=b"{}", content_type=mimetype)
        assert code_of(answer) == "wrong_media_type"


def test_a_body_where_none_is_taken_is_refused(known):
    assert code_of(known.post("/lists/1/archive", {"a": 1})) == "wrong_media_type"


def test_a_body_beyond_its_limit_is_refused_unread(known):
    answer = known.post("/lists", data=b"[" + b" " * 300_000, content_type="application/json")
    assert (answer.status_code, code_of(answer)) == (413, "too_large")


BAD_JSON = (
    b"", b"{", b"\xff\xfe", b"[" * 5000, b'{"a": 1}}', b'{"name": "\\ud800"}',
    b'{"campaign_id": 1' + b"0" * 5000 + b"}",
)  # fmt: skip


def test_what_is_no_json_is_refused_as_that(known):
    for raw in BAD_JSON:
        answer = known.post("/lists", data=raw, content_type="application/json")
        assert (answer.status_code, code_of(answer)) == (400, "bad_json"), raw[:40]


HOSTILE = {
    b'{"campaign_id": NaN, "name": "a"}': "#/campaign_id",
    b'{"campaign_id": 1e400, "name": "a"}': "#/campaign_id",
    b'{"campaign_id": 9223372036854775808, "name": "a"}': "#/campaign_id",
    b'{"campaign_id": true, "name": "a"}': "#/campaign_id",
    b'{"campaign_id": 1, "name": "a\\u0000"}': "#/name",
    b'{"campaign_id": 1, "name": "a\\nb"}': "#/name",
    b'{"campaign_id": 1, "name": "a", "a/~b": 1}': "#/a~1~0b",
    b"[]": "#/",
    b"null": "#/",
}


def test_hostile_values_are_refused_where_they_stand(known):
    for raw, place in HOSTILE.items():
        answer = known.post("/lists", data=raw, content_type="application/json")
        assert answer.status_code == 422 and set(faults_of(answer)) == {place}, raw


UNFIT = {
    "/lists?limit=0": "limit",
    "/lists?limit=1e9": "limit",
    "/lists?limit=99999999999999999999999": "limit",
    "/lists?limit=1&limit=2": "limit",
    "/lists?order=asc": "order",
    "/lists?is_archived=maybe": "is_archived",
    "/lists/1?deep=1": "deep",
    "/attempts?since=1000": "since",
    "/attempts?since=0001-01-01T00:00:00%2B23:00": "since",
    "/attempts?number=%00": "number",
    "/attempts?disposition=%00": "disposition",
}


def test_a_parameter_that_is_unfit_is_named(known):
    for address, parameter in UNFIT.items():
        assert set(faults_of(known.get(address))) == {parameter}, address


def test_a_fault_of_ours_is_a_problem_and_tells_nothing_of_the_inside(app, known, monkeypatch):
    app.config["PROPAGATE_EXCEPTIONS"] = False

    monkeypatch.setattr(lists, "found", Mock(side_effect=RuntimeError("secret of the inside")))
    answer = known.get("/lists/1")
    assert (answer.status_code, code_of(answer)) == (500, "internal")
    assert "secret" not in answer.get_data(as_text=True)


def test_a_server_that_is_away_is_told_as_such(known, monkeypatch):
    for error in (OperationalError("", {}, Exception("gone")), RedisError("gone")):
        monkeypatch.setattr(lists, "found", Mock(side_effect=error))
        answer = known.get("/lists/1")
        assert (code_of(answer), answer.headers["Retry-After"]) == ("unavailable", "5")


def test_every_code_has_one_status_and_one_title():
    assert all(400 <= status <= 599 and title for status, title in problems.TITLES.values())
    assert set(problems._OF_STATUS.values()) <= set(problems.TITLES)


FRENCH = {"Accept-Language": "fr-FR,fr;q=0.9"}


def test_problems_are_told_in_french_to_whoever_asks_for_it(known):
    answer = known.get("/lists/999", headers=FRENCH)
    assert (code_of(answer), answer.headers["Content-Language"]) == ("not_found", "fr")
    assert answer.get_json()["title"] == "Il n’y a rien de tel"
    assert answer.get_json()["detail"] == "list 999 : introuvable"
    faults = faults_of(known.post("/lists", {"name": "", "x": 1}, headers=FRENCH))
    assert faults == {
        "#/campaign_id": "ce champ est obligatoire", "#/name": "1 caractères au moins",
        "#/x": "ce champ n’existe pas",
    }  # fmt: skip


@pytest.mark.parametrize("asked", ["", "de", "en, fr;q=0.5"])
def test_they_are_in_english_otherwise(known, asked):
    answer = known.get("/lists/999", headers={"Accept-Language": asked})
    assert answer.get_json()["title"] == "There is no such thing"
    assert (answer.headers["Content-Language"], answer.headers["Vary"]) == ("en", "Accept-Language")


def test_every_title_has_its_french():
    assert set(words.TITLES) == set(problems.TITLES)


def test_a_sentence_that_nobody_translated_is_said_as_it_stands():
    assert words.in_french("something quite new") == "something quite new"


def test_a_page_brings_the_fields_that_are_asked_for(known, api_rows):
    whole = known.get("/lists").get_json()
    few = known.get("/lists?fields=id,state&limit=1").get_json()
    assert few["data"] == [{name: whole["data"][0][name] for name in ("id", "state")}]
    assert set(few) == {"data", "next_cursor"}
    for path in ("/leads", "/campaigns", "/attempts", "/do-not-call"):
        assert all(set(one) == {"id"} for one in known.get(f"{path}?fields=id").get_json()["data"])


def test_a_field_that_there_is_not_is_refused(known):
    faults = faults_of(known.get("/lists?fields=id,secret"))
    assert faults == {"fields": "there is no field secret"}
