"""The pacing log on screen: an hour by minutes, a minute by decisions in sentences, and CSV."""

from datetime import UTC, datetime

import pytest

from dialer.model.commands import NotePacing
from dialer.model.minute import Decided, MinuteCounts
from dialer.model.snapshot import PacingView
from dialer.store.pacing_log import write_minutes
from dialer.store.tables import AuditEntry, Role
from web.pacing.explain import sentence
from web.pacing.words import FACTS, GUARDS

TEN = datetime(2026, 3, 3, 9, 0, tzinfo=UTC).timestamp()  # ten o'clock in Paris
VIEW = PacingView(
    n_dialed=3, n_free=2, n_ringing=9, risk=0.024, theta=0.021, limit="risk", n_agents=12,
    n_waiting=1, answer_rate=0.3, bank=0.5,
)  # fmt: skip


@pytest.fixture
def log(session_factory, campaign):
    """Two minutes of ten o'clock; the address of the first."""
    with session_factory.begin() as session:
        for at in (TEN + 30.25, TEN + 60):
            decided = (Decided(0.0, "PREDICTIVE", 0.028, VIEW),)
            counts = MinuteCounts(n_attempts=3, n_abandoned=1)
            write_minutes(session, [NotePacing(campaign.id, at, decided, counts, 0.0213, {})])
    return round((TEN + 30.25) * 1_000_000)


def _decision(**facts):
    fields = {name: getattr(VIEW, name) for name in PacingView.__dataclass_fields__}
    return fields | facts


@pytest.mark.parametrize(
    ("language", "facts", "says"),
    [
        (
            "fr",
            {},
            "12 agents, 2 libres, 9 appels sonnent, 1 personne attend → 3 appels de plus. "
            "Le risque d’abandon a atteint sa limite (risque 2,4 %, permis 2,1 %)",
        ),
        (
            "en",
            {},
            "12 agents, 2 free, 9 calls ring, 1 person waits → 3 more calls. "
            "The risk of an abandon has reached its limit (risk 2.4%, allowed 2.1%)",
        ),
        (
            "fr",
            {"n_agents": 1, "n_free": 0, "n_ringing": 1, "n_waiting": 0, "n_dialed": 0,
             "limit": "lines", "n_lines_left": 0},
            "1 agent, 0 libre, 1 appel sonne → aucun appel de plus. "
            "Toutes les lignes permises sont prises (il en restait 0)",
        ),
        (
            "fr",
            {"limit": "a_guard_of_tomorrow"},
            "12 agents, 2 libres, 9 appels sonnent, 1 personne attend → 3 appels de plus. "
            "a_guard_of_tomorrow",
        ),
    ],
)  # fmt: skip
def test_a_decision_is_told_in_a_sentence(app, language, facts, says):
    with app.test_request_context(headers={"Accept-Language": language}):
        assert sentence(_decision(**facts)).replace("\u00a0", " ").replace("\u202f", " ") == says


def test_an_older_decision_without_some_fields_is_told_as_well(app):
    with app.test_request_context():
        older = _decision(limit="leads")
        del older["n_leads"], older["n_waiting"]
        assert "Plus de fiches" in sentence(older)


def test_each_input_of_a_decision_has_a_name_and_a_meaning():
    shown = set(PacingView.__dataclass_fields__) - {"limit"}
    assert shown <= set(FACTS)


def test_each_guard_that_labels_name_is_explained():
    from web.labels.campaigns import PACING_LIMITS

    assert set(PACING_LIMITS) - {""} <= set(GUARDS)


def test_the_last_hour_opens_first_and_another_is_asked_for(enter, log):
    person = enter(Role.ANALYST)
    page = person.get("/pacing").get_data(as_text=True)
    assert "03/03/2026 10:00" in page
    assert f"/pacing/1/{log}" in page
    assert page.count("2,13") == 2
    empty = person.get("/pacing?campaign=1&day=2026-03-03&hour=11").get_data(as_text=True)
    assert "Aucune décision dans cette heure" in empty
    assert "day=2026-03-03&amp;hour=10" in empty


def test_a_minute_tells_each_decision(enter, log):
    page = enter(Role.SUPERVISOR).get(f"/pacing/1/{log}").get_data(as_text=True)
    assert "12 agents, 2 libres" in page
    assert "10:00:30,2" in page or "10:00:30.2" in page


def test_both_are_exported_and_noted(enter, log, session_factory):
    person = enter(Role.ANALYST)
    hour = person.get("/pacing/1.csv?day=2026-03-03&hour=10").get_data(as_text=True)
    assert hour.count("\r\n") == 3 and "risk=1" in hour
    one = person.get(f"/pacing/1/{log}.csv").get_data(as_text=True)
    assert one.count("\r\n") == 2 and "2026-03-03 09:00:30.250" in one
    with session_factory() as session:
        noted = [row.subject for row in session.query(AuditEntry) if row.verb == "export"]
    assert noted == ["pacing:1", "pacing:1"]


@pytest.mark.parametrize(
    "path",
    [
        "/pacing?campaign=77", "/pacing/77.csv", "/pacing/1/5", "/pacing/77/5", "/pacing/1/5.csv",
        "/pacing/1/99999999999999999999",
    ],
)  # fmt: skip
def test_what_is_not_there_is_not_found(enter, log, path):
    assert enter(Role.ADMIN).get(path).status_code == 404


@pytest.mark.parametrize("query", ["day=nonsense&hour=3", "day=2026-03-03&hour=25", "hour=-1"])
def test_an_hour_that_is_none_shows_the_last(enter, log, query):
    page = enter(Role.ADMIN).get(f"/pacing?campaign=1&{query}")
    assert page.status_code == 200
    assert "03/03/2026 10:00" in page.get_data(as_text=True)


def test_without_a_campaign_the_page_says_so(enter):
    assert "Aucune campagne" in enter(Role.ADMIN).get("/pacing").get_data(as_text=True)
