"""Campaigns by the API: seen, moved as their machine allows, and measured."""

from datetime import UTC, datetime, timedelta

import pytest
from api_program import code_of, faults_of
from sqlalchemy import select
from web_rows import add_attempt, add_lead

from dialer.model.campaign import CampaignState, PacingMode
from dialer.model.snapshot import CampaignView
from dialer.store.campaign_settings import CHECKS
from dialer.store.tables import AuditEntry, CampaignRow


@pytest.fixture
def known(program):
    return program("campaigns:read", "campaigns:control")


def test_a_campaign_is_moved_as_its_machine_allows_and_each_move_is_noted(
    known, campaign, session_factory
):
    path = f"/campaigns/{campaign.id}"
    assert known.get(path).get_json()["may"] == ["pause", "stop"]
    moves = [known.post(f"{path}/{act}") for act in ("pause", "start", "stop")]
    assert [one.get_json()["state"] for one in moves] == ["PAUSED", "RUNNING", "DRAINING"]
    refused = known.post(f"{path}/pause")
    assert (refused.status_code, code_of(refused)) == (409, "wrong_state")
    with session_factory() as session:
        assert session.get_one(CampaignRow, campaign.id).state == "DRAINING"
        acts = select(AuditEntry.verb, AuditEntry.api_key_id).order_by(AuditEntry.id)
        noted = session.execute(acts).all()
        assert noted == [(verb, known.key_id) for verb in ("pause", "start", "stop")]


def test_a_broadcast_without_consent_is_not_started(known, campaign, session_factory):
    with session_factory.begin() as session:
        row = session.get_one(CampaignRow, campaign.id)
        row.state, row.mode, row.broadcast_message = "PAUSED", "BROADCAST", "hello"
    refused = known.post(f"/campaigns/{campaign.id}/start")
    assert (refused.status_code, code_of(refused)) == (422, "invalid")
    assert known.get(f"/campaigns/{campaign.id}").get_json()["state"] == "PAUSED"


def test_campaigns_are_listed_by_state(known, campaign):
    def listed(state):
        return [one["id"] for one in known.get(f"/campaigns?state={state}").get_json()["data"]]

    assert listed("RUNNING") == [campaign.id] and listed("DRAFT") == []
    assert faults_of(known.get("/campaigns?state=running")).keys() == {"state"}


def test_figures_count_the_calls_of_the_period_and_the_leads_of_now(
    known, campaign, session_factory
):
    now = datetime.now(UTC)
    with session_factory.begin() as session:
        lead = add_lead(session, campaign.id, state="NEW")
        for i, ago in enumerate((timedelta(hours=1), timedelta(days=2))):
            add_attempt(session, lead, f"a{i}", started_at=now - ago, ended_at=now, bridged_at=None)
    path = f"/campaigns/{campaign.id}/figures"
    shown = known.get(path).get_json()
    assert (shown["calls"]["n_attempts"], shown["calls"]["answer_rate"]) == (1, 1.0)
    assert shown["calls"]["abandon_rate"] is None and shown["live"] is None
    assert shown["leads"] == {"n_total": 1, "n_due": 1, "by_state": {"NEW": 1}}
    longer = known.get(path, query_string={"since": (now - timedelta(days=3)).isoformat()})
    assert longer.get_json()["calls"]["n_attempts"] == 2
    turned = {"since": "2026-11-02T00:00:00Z", "until": "2026-11-01T00:00:00Z"}
    assert faults_of(known.get(path, query_string=turned)).keys() == {"since"}


def test_figures_hold_the_controllers_picture_while_there_is_one(known, campaign, bus):
    counts = dict.fromkeys(
        ("n_hopper", "n_dialing", "n_ringing", "n_waiting", "n_connected", "n_attempts",
         "n_answered", "n_bridged", "n_abandoned", "n_live"), 3,
    )  # fmt: skip
    bus.publish(
        CampaignView(
            campaign.id, "Printemps", 1, 1_793_966_400.0, CampaignState.RUNNING,
            PacingMode.PREDICTIVE, 0.03, 10.0, True, **counts, abandon_rate=0.01, occupancy=0.8,
            longest_wait_s=0.0,
        )
    )  # fmt: skip
    live = known.get(f"/campaigns/{campaign.id}/figures").get_json()["live"]
    assert (live["n_ringing"], live["n_agents"], live["occupancy"]) == (3, 0, 0.8)
    assert live["at"] == "2026-11-06T12:00:00Z"


@pytest.fixture
def tune(program, campaign):
    known, path = program("campaigns:read", "campaigns:write"), f"/campaigns/{campaign.id}/settings"

    def ask(body=None, **options):
        return known.get(path) if body is None else known.patch(path, body, **options)

    return ask


def test_settings_are_changed_by_name_and_the_others_stay(tune, session_factory, campaign):
    before = tune().get_json()
    changes = {
        "mode": "PROGRESSIVE", "abandon_target": 0.02, "caller_ids": ["+33123456789"],
        "windows": [{"weekdays": [0, 1], "opens_min": 600, "closes_min": 720}],
        "retry_rules": {"BUSY": {"delay_s": 300, "max_tries": 2}}, "recording_days": None,
    }  # fmt: skip
    answer = tune(changes)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert answer.get_json() == before | changes == tune().get_json()
    with session_factory() as session:
        row = session.get_one(CampaignRow, campaign.id)
        assert (row.mode, row.ratio) == ("PROGRESSIVE", before["ratio"])
        assert session.scalars(select(AuditEntry.detail)).one() == ", ".join(sorted(changes))


def test_a_setting_outside_its_bounds_or_the_law_changes_nothing(tune):
    before = tune().get_json()
    for changes, place in (
        ({"ring_timeout_s": 5}, "#/ring_timeout_s"),
        ({"mode": "TURBO"}, "#/mode"),
        ({"max_lines": 1.5}, "#/max_lines"),
        ({"ratio": None}, "#/ratio"),
        ({"colour": "red"}, "#/colour"),
        ({"has_consent": True}, "#/has_consent"),
        ({"abandon_target": 0.05, "rule_set": "FR"}, "#/abandon_target"),
        ({"name": "x", "rule_set": "XX"}, "#/rule_set"),
        ({"windows": [{"weekdays": [0], "opens_min": 700, "closes_min": 600}]}, "#/windows"),
    ):
        refused = tune(changes)
        assert list(faults_of(refused)) == [place], refused.get_data(as_text=True)
    assert tune().get_json() == before


def test_settings_are_changed_for_whoever_saw_the_newest_version(tune):
    seen = tune().headers["ETag"]
    tune({"ratio": 2})
    assert code_of(tune({"ratio": 3}, headers={"If-Match": seen})) == "changed"
    assert tune().get_json()["ratio"] == 2


def test_every_setting_is_told_with_the_bounds_of_its_check(app):
    document = app.test_client().get("/api/v1/openapi.json").get_json()
    told = document["components"]["schemas"]["SettingsSent"]["properties"]
    assert set(told) == set(CHECKS) - {"has_consent"}
    assert (told["ring_timeout_s"]["minimum"], told["ring_timeout_s"]["maximum"]) == (15, 120)
