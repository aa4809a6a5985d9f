from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from dialer.model.campaign import Basis, Campaign, CampaignState, PacingMode, Window
from dialer.model.lead import Lead
from dialer.model.permit import Permit, Refusal, RefusalReason
from dialer.policy.compliance import PERMIT_LIFE_S, may_dial, windows_of

PARIS = ZoneInfo("Europe/Paris")
MONDAY_11 = datetime(2026, 9, 21, 11, 0, tzinfo=PARIS).timestamp()
CAMPAIGN = Campaign(1, "c", state=CampaignState.RUNNING)
LEAD = Lead(5, 1, "+33612345678", "Europe/Paris", has_consent=True)


def test_a_premium_number_is_refused_whatever_the_list_says():
    answer = may_dial(replace(LEAD, number="+33899123456"), CAMPAIGN, MONDAY_11)
    assert answer == Refusal(RefusalReason.FORBIDDEN_DESTINATION)


def test_a_permit_is_for_this_lead_now_and_soon_over():
    assert may_dial(LEAD, CAMPAIGN, MONDAY_11) == Permit(
        5, "+33612345678", "FR", MONDAY_11 + PERMIT_LIFE_S
    )


@pytest.mark.parametrize("state", sorted(set(CampaignState) - {CampaignState.RUNNING}))
def test_only_a_running_campaign_dials(state):
    refusal = may_dial(LEAD, replace(CAMPAIGN, state=state), MONDAY_11)
    assert refusal == Refusal(RefusalReason.CAMPAIGN_NOT_RUNNING)


@pytest.mark.parametrize(
    "number",
    ["", "0612345678", "+0612345678", "+33 612345678", "+3361", "+336123456789012345",
     "+33612345678\n", "+33612345678,x", "+3361234567${a}", "+٣٣٦١٢٣٤٥"],
)  # fmt: skip
def test_a_number_that_is_not_e164_is_never_dialled(number):
    refusal = may_dial(replace(LEAD, number=number), CAMPAIGN, MONDAY_11)
    assert refusal == Refusal(RefusalReason.BAD_NUMBER)


def test_a_number_on_a_do_not_call_list_is_refused_for_good():
    refusal = may_dial(replace(LEAD, is_do_not_call=True), CAMPAIGN, MONDAY_11)
    assert refusal == Refusal(RefusalReason.DO_NOT_CALL)


@pytest.mark.parametrize(
    ("facts", "is_refused"),
    [
        ({}, True),
        ({"basis": Basis.CONTRACT}, False),
        ({"rule_set": "ANY"}, False),
        ({"mode": PacingMode.BROADCAST, "broadcast_message": "m", "has_consent": True}, True),
        ({"mode": PacingMode.BROADCAST, "broadcast_message": "m", "rule_set": "ANY"}, False),
    ],
    ids=["consent", "contract", "trial", "broadcast", "broadcast of a trial"],
)
def test_a_consent_taken_back_keeps_those_who_call_by_consent_from_calling(facts, is_refused):
    lead = replace(LEAD, is_withdrawn=True, has_consent=False)
    answer = may_dial(lead, replace(CAMPAIGN, **facts), MONDAY_11)
    assert (answer == Refusal(RefusalReason.CONSENT_WITHDRAWN)) is is_refused
    assert is_refused or isinstance(answer, Permit)


@pytest.mark.parametrize(
    ("n_tries", "n_attempts", "is_allowed"),
    [(7, 31, True), (8, 8, False), (9, 9, False), (0, 31, True), (0, 32, False)],
)
def test_the_tries_of_a_lead_are_capped_and_attempts_that_no_network_made_are_bounded(
    n_tries, n_attempts, is_allowed
):
    lead = replace(LEAD, n_tries=n_tries, n_attempts=n_attempts)
    answer = may_dial(lead, CAMPAIGN, MONDAY_11)
    assert isinstance(answer, Permit) is is_allowed
    assert is_allowed or answer == Refusal(RefusalReason.TOO_MANY_ATTEMPTS)


def test_too_soon_after_the_last_attempt_until_the_gap_is_over():
    lead = replace(LEAD, tries_at=(MONDAY_11 - CAMPAIGN.min_gap_s + 0.5,))
    assert may_dial(lead, CAMPAIGN, MONDAY_11) == Refusal(RefusalReason.TOO_SOON, MONDAY_11 + 0.5)
    assert isinstance(may_dial(lead, CAMPAIGN, MONDAY_11 + 0.5), Permit)


def test_no_call_before_window_opens_in_lead_zone():
    """11 h in Paris is 6 h in Guadeloupe: refused until 10 h there."""
    lead = replace(LEAD, time_zone="America/Guadeloupe")
    opening = datetime(2026, 9, 21, 10, 0, tzinfo=ZoneInfo("America/Guadeloupe")).timestamp()
    assert may_dial(lead, CAMPAIGN, MONDAY_11) == Refusal(RefusalReason.OUTSIDE_WINDOW, opening)
    assert isinstance(may_dial(lead, CAMPAIGN, opening), Permit)


def test_a_campaigns_own_hours_replace_the_presets_but_not_the_holidays():
    night = replace(CAMPAIGN, windows=(Window(frozenset(range(7)), 1320, 1380),))
    answer = may_dial(LEAD, night, MONDAY_11)
    assert isinstance(answer, Refusal)
    assert answer.until == datetime(2026, 9, 21, 22, 0, tzinfo=PARIS).timestamp()
    bastille = datetime(2026, 7, 14, 22, 30, tzinfo=PARIS).timestamp()
    assert isinstance(may_dial(LEAD, night, bastille), Refusal)


def test_an_unknown_rule_set_is_never_open():
    lost = replace(CAMPAIGN, rule_set="ATLANTIS")
    assert windows_of(lost) == ()
    assert may_dial(LEAD, lost, MONDAY_11) == Refusal(RefusalReason.OUTSIDE_WINDOW, None)


def test_every_candidate_zone_must_be_open():
    """9 h in New York is 6 h in Los Angeles: refused until it is 8 h there."""
    both = replace(LEAD, number="+18005550100", time_zone="America/New_York America/Los_Angeles")
    us = replace(CAMPAIGN, rule_set="US")
    morning = datetime(2026, 9, 21, 9, 0, tzinfo=ZoneInfo("America/New_York")).timestamp()
    refusal = Refusal(RefusalReason.OUTSIDE_WINDOW, morning + 2 * 3600.0)
    assert may_dial(both, us, morning) == refusal
    assert isinstance(may_dial(both, us, morning + 7 * 3600.0), Permit)


def test_a_campaign_may_open_a_kind_of_number_for_itself():
    dear = replace(LEAD, number="+33899123456")
    opened = replace(CAMPAIGN, opened_destinations=("+33899",))
    assert isinstance(may_dial(dear, opened, MONDAY_11), Permit)


def test_a_campaigns_own_cap_comes_besides_the_laws():
    lead = replace(LEAD, tries_at=(MONDAY_11 - 90_000.0, MONDAY_11 - 5000.0))
    once = replace(CAMPAIGN, cap_most=1, cap_within_s=7200.0)
    assert may_dial(lead, once, MONDAY_11) == Refusal(RefusalReason.CAPPED, MONDAY_11 + 2200.0)
    assert isinstance(may_dial(lead, CAMPAIGN, MONDAY_11), Permit)


def test_a_promise_on_another_list_keeps_the_lead_back_until_it_is_a_day_old():
    lead = replace(LEAD, promised_at=MONDAY_11 + 60.0)
    ends = MONDAY_11 + 60.0 + 86_400.0
    assert may_dial(lead, CAMPAIGN, MONDAY_11) == Refusal(RefusalReason.PROMISED_ELSEWHERE, ends)


@pytest.mark.parametrize("zone", ["Mars/Base", "", "../../etc/passwd", "Europe"])
def test_a_lead_of_unknown_zone_is_refused_and_stops_nothing(zone):
    answer = may_dial(replace(LEAD, time_zone=zone), CAMPAIGN, MONDAY_11)
    assert answer == Refusal(RefusalReason.BAD_TIME_ZONE)


def test_a_number_that_was_abandoned_needs_an_agent_of_its_own_for_three_days():
    lead = replace(LEAD, abandoned_at=MONDAY_11 - 72 * 3600.0 + 1.0)
    refusal = may_dial(lead, CAMPAIGN, MONDAY_11)
    assert refusal == Refusal(RefusalReason.NEEDS_AGENT, MONDAY_11 + 1.0)
    assert isinstance(may_dial(lead, CAMPAIGN, MONDAY_11, has_own_agent=True), Permit)
    assert isinstance(may_dial(lead, CAMPAIGN, MONDAY_11 + 1.0), Permit)


def test_an_agent_of_its_own_opens_no_other_door():
    lead = replace(LEAD, abandoned_at=MONDAY_11 - 60.0, tries_at=(MONDAY_11 - 60.0,))
    refusal = may_dial(lead, CAMPAIGN, MONDAY_11, has_own_agent=True)
    assert refusal == Refusal(RefusalReason.TOO_SOON, MONDAY_11 - 60.0 + CAMPAIGN.min_gap_s)
