"""Campaigns: what may be set, how a row becomes a Campaign, and which states follow."""

import pytest
from sqlalchemy import text
from store_facts import NOON

from dialer.model.campaign import (
    CampaignState,
    CampaignTrigger,
    Destination,
    PacingMode,
    RetryRule,
    Window,
)
from dialer.model.errors import BadInput, IllegalTransition, StaleEvent
from dialer.store import campaigns
from dialer.store.dispositions import dispositions_of
from dialer.store.session import transaction
from dialer.store.tables import CampaignRow


def test_new_campaign_is_a_draft_with_the_seeded_dispositions(session):
    row = campaigns.create_campaign(session, " Essai ", ratio=2, windows=None)
    campaign = campaigns.campaign_of(row)
    assert (campaign.name, campaign.state, campaign.ratio) == ("Essai", CampaignState.DRAFT, 2.0)
    assert campaign.mode is PacingMode.PREDICTIVE and campaign.claim_lease_s == 300.0
    codes = [d.code for d in dispositions_of(session, row.id)]
    assert codes[:3] == ["RDV", "OK", "RAPPEL"] and len(codes) == 11


def test_structured_settings_become_model_objects(session):
    row = campaigns.create_campaign(
        session,
        "Essai",
        windows=[{"weekdays": [4, 0, 0], "opens_min": 600, "closes_min": 780}],
        retry_rules={"BUSY": {"delay_s": 300, "max_tries": 4}},
        caller_ids=["+33100000000"],
        mode="RATIO",
    )
    campaign = campaigns.campaign_of(row)
    assert campaign.windows == (Window(frozenset({0, 4}), 600, 780),)
    assert campaign.retry_rules == {"BUSY": RetryRule(300.0, 4)}
    assert campaign.caller_ids == ("+33100000000",) and campaign.mode is PacingMode.RATIO


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("abandon_target", 0.04), ("abandon_target", "0.02"), ("abandon_target", True),
        ("ring_timeout_s", 10), ("max_lines", 1.5), ("max_lines", 0), ("ratio", float("nan")),
        ("notice", "../../etc/passwd"), ("notice", "a b"), ("caller_ids", ["+33,1"]),
        ("caller_ids", "+33100000000"), ("mode", "FAST"), ("rule_set", "fr"), ("name", "a\0b"),
        ("windows", [{"weekdays": [7], "opens_min": 0, "closes_min": 10}]),
        ("windows", [{"weekdays": [1], "opens_min": 20, "closes_min": 10}]),
        ("retry_rules", {"NAP": {"delay_s": 1, "max_tries": 1}}),
        ("retry_rules", {"BUSY": {"delay_s": 1}}), ("message_template", "{{ secret }}"),
        ("message_template", "{% for i in name %}x{% endfor %}"),
        ("message_template", "{{ name.__class__ }}"), ("message_template", "{{ 'a' * 9999999 }}"),
        ("message_template", "{{ name"), ("script", "a\0b"), ("message_template", "a\0b"),
        ("message_template", "{{ name|format(1) }}"),
        ("id", 3), ("state", "RUNNING"), ("created_at", None),
        ("max_outside_legs", -1), ("destinations", "+33155667788"),
        ("destinations", [{"label": "SAV"}]), ("destinations", [{"label": "", "number": "+3"}]),
        ("destinations", [{"label": "SAV", "number": 33155667788}]),
        ("destinations", [{"label": "S", "number": "+33155667788"}] * 2),
    ],
)  # fmt: skip
def test_setting_out_of_bounds_is_refused_by_name(session, name, value):
    row = campaigns.create_campaign(session, "Essai")
    with pytest.raises(BadInput, match=rf"^{name}: "):
        campaigns.update_settings(session, row.id, {name: value})


def test_update_changes_only_what_is_given(session):
    row = campaigns.create_campaign(session, "Essai", ratio=2)
    campaign = campaigns.update_settings(
        session, row.id, {"message_template": "Bonjour{% if name %} {{ name|title }}{% endif %}"}
    )
    assert campaign.ratio == 2.0 and campaign.message_template.startswith("Bonjour")


def test_two_campaigns_of_one_name_are_refused(session):
    campaigns.create_campaign(session, "Essai")
    with pytest.raises(BadInput, match=r"^name: "):
        campaigns.create_campaign(session, "Essai")
    assert len(campaigns.campaigns_in(session, list(CampaignState))) == 1


def test_states_follow_the_machine(session):
    row = campaigns.create_campaign(session, "Essai")
    assert campaigns.running_campaigns(session) == ()
    for trigger, state in (("start", "RUNNING"), ("pause", "PAUSED"), ("stop", "DRAINING")):
        assert campaigns.change_state(session, row.id, CampaignTrigger(trigger)) == state
        assert len(campaigns.running_campaigns(session)) == 1
    with pytest.raises(StaleEvent):
        campaigns.change_state(session, row.id, CampaignTrigger.STOP)
    with pytest.raises(IllegalTransition):
        campaigns.change_state(session, row.id, CampaignTrigger.PAUSE)
    with pytest.raises(BadInput):
        campaigns.change_state(session, 999, CampaignTrigger.START)


def test_hand_made_row_is_refused_when_read(session):
    row = campaigns.create_campaign(session, "Essai")
    session.execute(text("UPDATE campaigns SET notice = 'a,b'"))
    session.refresh(row)
    with pytest.raises(BadInput, match=r"^notice: "):
        campaigns.campaign_of(row)


def test_each_countrys_limit_bounds_the_target_whichever_of_the_two_changes(session):
    row = campaigns.create_campaign(session, "Essai", rule_set="CA", abandon_target=0.05)
    assert campaigns.campaign_of(row).abandon_target == 0.05
    with pytest.raises(BadInput, match=r"^abandon_target: must be from 0 to 0.03 .* FR"):
        campaigns.update_settings(session, row.id, {"rule_set": "FR"})


def test_a_new_campaign_may_not_begin_over_its_limit(session):
    with pytest.raises(BadInput, match=r"^abandon_target: "):
        campaigns.create_campaign(session, "Essai", rule_set="US", abandon_target=0.04)


@pytest.mark.parametrize(
    "number",
    ["0155667788", "33155667788", "+3315566", "+33899123456", "+33836123456", "+447012345678",
     "+8816123456789", "+870771234567", "+883510012345678", "+979123456789", "+18005550199x1",
     "+33155667788,+8816123", "", "112", "+33155667788\n"],
)  # fmt: skip
def test_a_destination_that_costs_more_than_a_call_or_is_none_is_refused(session, number):
    row = campaigns.create_campaign(session, "Essai")
    with pytest.raises(BadInput, match=r"^destinations: 'SAV' must have a valid international"):
        campaigns.update_settings(
            session, row.id, {"destinations": [{"label": "SAV", "number": number}]}
        )


def test_destinations_become_model_objects(session):
    numbers = [
        {"label": " Service client ", "number": "+33155667788"},
        {"label": "Cotonou", "number": "+2290197000000"},
    ]
    row = campaigns.create_campaign(session, "Essai", destinations=numbers, max_outside_legs=1)
    campaign = campaigns.campaign_of(row)
    assert campaign.destinations == (
        Destination("Service client", "+33155667788"), Destination("Cotonou", "+2290197000000"),
    )  # fmt: skip
    assert (campaign.max_outside_legs, campaign.max_outside_per_h) == (1, 30)


def test_a_premium_number_written_into_the_row_by_hand_is_not_read(session):
    row = campaigns.create_campaign(session, "Essai")
    row.destinations = [{"label": "SAV", "number": "+33899123456"}]
    with pytest.raises(BadInput, match=r"^destinations: "):
        campaigns.campaign_of(row)


# --- broadcast -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "fault"),
    [
        ({"rule_set": "ANY"}, "broadcast_message: a broadcast needs"),
        ({"rule_set": "FR", "broadcast_message": "m"}, "has_consent: .* consent"),
        ({"rule_set": "MARS", "broadcast_message": "m", "has_consent": True}, "rule_set: .*"),
    ],
)
def test_a_broadcast_without_the_laws_leave_is_neither_made_nor_set_nor_started(
    session_factory, settings, fault
):
    with transaction(session_factory) as session:
        row = campaigns.create_campaign(session, "calme", rule_set="ANY")
    with pytest.raises(BadInput, match=fault), transaction(session_factory) as session:
        campaigns.create_campaign(session, "Diffusion", mode="BROADCAST", **settings)
    with pytest.raises(BadInput, match=fault), transaction(session_factory) as session:
        campaigns.update_settings(session, row.id, {"mode": "BROADCAST", **settings})
    with transaction(session_factory) as session:
        stored = session.get(CampaignRow, row.id)
        assert stored.mode == "PREDICTIVE"
        stored.mode = "BROADCAST"
        for name, value in settings.items():
            setattr(stored, name, value)
    with pytest.raises(BadInput, match=fault), transaction(session_factory) as session:
        campaigns.change_state(session, row.id, CampaignTrigger.START)


def test_who_confirmed_the_consent_is_kept_until_it_is_withdrawn(world):
    mine = world.campaign_id
    with world.transaction() as session:
        campaigns.update_settings(session, mine, {"has_consent": True})
        campaigns.confirm_consent(session, mine, world.agent_id, NOON)
        campaigns.confirm_consent(session, mine, None, NOON + 99)  # saved again by somebody else
        row = session.get(CampaignRow, mine)
        assert (row.consent_by, row.consent_at.timestamp()) == (world.agent_id, NOON)
        campaigns.update_settings(session, mine, {"has_consent": False})
        campaigns.confirm_consent(session, mine, world.agent_id, NOON + 200)
        assert (row.consent_by, row.consent_at) == (None, None)
