from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from dialer.model.campaign import Campaign, RetryRule
from dialer.model.lead import Lead
from dialer.model.outcome import TRAITS, Outcome
from dialer.policy.compliance import ATTEMPTS_PER_TRY
from dialer.policy.retry import DEFAULTS, opening, retry_at

NOON = datetime(2026, 9, 21, 12, 0, tzinfo=ZoneInfo("UTC")).timestamp()
ANY = Campaign(1, "c", rule_set="ANY")
LEAD = Lead(5, 1, "+33612345678", "Europe/Paris")


@pytest.mark.parametrize("outcome", list(Outcome))
def test_each_outcome_waits_its_time_or_closes_the_lead(outcome):
    rule = DEFAULTS.get(outcome)
    expected = None if rule is None else NOON + rule.delay_s
    assert retry_at(LEAD, outcome, ANY, NOON) == expected


def test_conversations_and_wrong_numbers_close_the_lead():
    closing = {outcome for outcome in Outcome if retry_at(LEAD, outcome, ANY, NOON) is None}
    heard = {Outcome.MESSAGE_PLAYED, Outcome.MESSAGE_CUT, Outcome.OPTED_OUT}
    assert closing == {Outcome.HANDLED, Outcome.WRONG_NUMBER, Outcome.FAX} | heard


def test_an_abandoned_person_is_left_alone_for_three_days():
    assert retry_at(LEAD, Outcome.ABANDONED, ANY, NOON) == NOON + 72 * 3600


@pytest.mark.parametrize("outcome", sorted(DEFAULTS))
def test_the_last_try_of_a_rule_closes_the_lead(outcome):
    """A fault of the carrier is not charged, so the tries of such a lead never run out by it."""
    rule, is_charged = DEFAULTS[outcome], TRAITS[outcome].counts_as_try
    almost = replace(LEAD, n_tries=rule.max_tries - 1)
    assert (retry_at(almost, outcome, ANY, NOON) is None) is is_charged
    assert retry_at(replace(LEAD, n_tries=rule.max_tries), outcome, ANY, NOON) is None


def test_the_campaigns_cap_on_attempts_holds_even_for_uncharged_ones():
    lead = replace(LEAD, n_attempts=ANY.max_attempts * ATTEMPTS_PER_TRY - 1)
    assert retry_at(lead, Outcome.CONGESTION, ANY, NOON) is None


def test_a_campaigns_own_rule_goes_before_the_default():
    own = replace(ANY, retry_rules={"BUSY": RetryRule(30.0, 2), "HANDLED": RetryRule(60.0, 9)})
    assert retry_at(LEAD, Outcome.BUSY, own, NOON) == NOON + 30.0
    assert retry_at(LEAD, Outcome.HANDLED, own, NOON) == NOON + 60.0


def test_no_rule_revives_a_wrong_number():
    own = replace(ANY, retry_rules={"WRONG_NUMBER": RetryRule(30.0, 9)})
    assert retry_at(LEAD, Outcome.WRONG_NUMBER, own, NOON) is None


def test_a_retry_outside_the_hours_moves_to_the_next_opening():
    paris = ZoneInfo("Europe/Paris")
    french = replace(ANY, rule_set="FR")
    at_18 = datetime(2026, 9, 21, 18, 0, tzinfo=paris).timestamp()
    next_day = datetime(2026, 9, 22, 10, 0, tzinfo=paris).timestamp()
    assert retry_at(LEAD, Outcome.NO_ANSWER, french, at_18) == next_day


@pytest.mark.parametrize("zone", ["Mars/Base", "", "Europe"])
def test_an_unknown_zone_delays_nothing_compliance_refuses_it_later(zone):
    assert opening(zone, replace(ANY, rule_set="FR"), NOON) == NOON


def test_a_campaign_that_never_opens_keeps_the_plain_delay():
    assert opening("Europe/Paris", replace(ANY, windows=()), NOON) == NOON


@pytest.mark.parametrize("outcome", [Outcome.WRONG_NUMBER, Outcome.FAX])
def test_after_a_number_of_nobody_the_leads_other_number_is_tried_at_once(outcome):
    assert retry_at(replace(LEAD, has_other_numbers=True), outcome, ANY, NOON) == NOON
    spent = replace(LEAD, has_other_numbers=True, n_tries=ANY.max_attempts)
    assert retry_at(spent, outcome, ANY, NOON) is None
