"""When to call a lead again after an attempt that reached nobody who talked to an agent.

An attempt is charged only when the network really tried the person (`counts_as_try`). A retry
that would fall outside the calling hours moves to the next opening. Which of the lead's numbers it
goes to is in policy/turns.
"""

from dialer.model.campaign import Campaign, RetryRule
from dialer.model.lead import Lead
from dialer.model.outcome import TRAITS, Outcome
from dialer.policy import calling_hours
from dialer.policy.compliance import calendar_of, is_spent, windows_of
from dialer.policy.turns import TURNS, Turn

HOUR_S = 3600.0

DEFAULTS: dict[Outcome, RetryRule] = {
    Outcome.ABANDONED: RetryRule(72 * HOUR_S, 4),  # Ofcom: no redial for 72 h without an agent
    Outcome.EARLY_HANGUP: RetryRule(4 * HOUR_S, 4),
    Outcome.NO_ANSWER: RetryRule(4 * HOUR_S, 4),
    Outcome.BUSY: RetryRule(600.0, 4),
    Outcome.REJECTED: RetryRule(24 * HOUR_S, 2),
    Outcome.CONGESTION: RetryRule(300.0, 8),
    Outcome.FAILED: RetryRule(900.0, 8),
    Outcome.REFUSED_LOCALLY: RetryRule(60.0, 8),
    Outcome.LOST: RetryRule(4 * HOUR_S, 4),
    Outcome.MACHINE: RetryRule(24 * HOUR_S, 4),  # Ofcom 2011: sooner with an agent for certain
    Outcome.MESSAGE_LEFT: RetryRule(72 * HOUR_S, 2),
    Outcome.SCREENED: RetryRule(24 * HOUR_S, 3),
}
"""Outcomes that are not here close the lead."""
ANOTHER_NUMBER = RetryRule(0.0, 99)
"""After a number that is nobody's telephone, when the lead has another: nobody was disturbed."""


def retry_at(lead: Lead, outcome: Outcome, campaign: Campaign, utc: float) -> float | None:
    """UTC seconds of the next attempt, or None when the lead is done, or was before it was chosen.

    `lead` is as it was before this attempt; `utc` is when the attempt ended.
    """
    rule = _rule(lead, outcome, campaign)
    if lead.is_finished or rule is None:
        return None
    n_tries = lead.n_tries + TRAITS[outcome].counts_as_try
    if n_tries >= rule.max_tries or is_spent(n_tries, lead.n_attempts + 1, campaign.max_attempts):
        return None
    return opening(lead.time_zone, campaign, utc + rule.delay_s)


def _rule(lead: Lead, outcome: Outcome, campaign: Campaign) -> RetryRule | None:
    if TURNS[outcome] is Turn.ENDS:
        return ANOTHER_NUMBER if lead.has_other_numbers else None
    if TRAITS[outcome].is_final:
        return None
    return campaign.retry_rules.get(outcome.value) or DEFAULTS.get(outcome)


def opening(zone: str, campaign: Campaign, utc: float) -> float:
    """`utc`, or the campaign's next opening after it in the lead's zone."""
    try:
        later = calling_hours.next_opening(calendar_of(campaign), windows_of(campaign), zone, utc)
    except (KeyError, ValueError):
        return utc
    return utc if later is None else later
