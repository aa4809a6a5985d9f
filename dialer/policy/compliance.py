"""The only place where a Permit is made: every call, also a manual one, passes `may_dial`.

Checked at the last moment before the dial, not when the lead entered the hopper.
"""

import re

from dialer.model.campaign import Campaign, CampaignState, PacingMode, Window
from dialer.model.lead import Lead
from dialer.model.permit import Permit, Refusal, RefusalReason
from dialer.policy import calling_hours
from dialer.policy.broadcast import why_no_broadcast
from dialer.policy.destinations import may_reach

NUMBER = re.compile(r"\+[1-9][0-9]{5,14}\Z")
"""E.164: what may reach a dial string."""

PROTECTED_S = 72 * 3600.0
"""After an abandoned call the number is not risked again (Ofcom, persistent misuse)."""

PERMIT_LIFE_S = 10.0
"""A permit is for now: an originate that waited longer asks again."""


def windows_of(campaign: Campaign) -> tuple[Window, ...]:
    """The campaign's own hours, else its rule set's; an unknown rule set is never open."""
    if campaign.windows is not None:
        return campaign.windows
    return calling_hours.PRESETS.get(campaign.rule_set, ())


def may_dial(
    lead: Lead, campaign: Campaign, utc: float, *, has_own_agent: bool = False
) -> Permit | Refusal:
    """Leave to dial `lead` once at `utc` (seconds since 1970), or the first reason against it.

    `has_own_agent`: an agent is free whom no other call has a claim on.
    """
    if campaign.state is not CampaignState.RUNNING:
        return Refusal(RefusalReason.CAMPAIGN_NOT_RUNNING)
    if not NUMBER.match(lead.number):
        return Refusal(RefusalReason.BAD_NUMBER)
    if not may_reach(lead.number):
        return Refusal(RefusalReason.FORBIDDEN_DESTINATION)
    if campaign.mode is PacingMode.BROADCAST and why_no_broadcast(campaign):
        return Refusal(RefusalReason.NO_CONSENT)
    if lead.is_do_not_call:
        return Refusal(RefusalReason.DO_NOT_CALL)
    if lead.n_attempts >= campaign.max_attempts:
        return Refusal(RefusalReason.TOO_MANY_ATTEMPTS)
    return _too_soon(lead, campaign, utc, has_own_agent) or _within_hours(lead, campaign, utc)


def _too_soon(lead: Lead, campaign: Campaign, utc: float, has_own_agent: bool) -> Refusal | None:
    if lead.last_attempt_at is not None and utc < lead.last_attempt_at + campaign.min_gap_s:
        return Refusal(RefusalReason.TOO_SOON, lead.last_attempt_at + campaign.min_gap_s)
    is_protected = lead.abandoned_at is not None and utc < lead.abandoned_at + PROTECTED_S
    if is_protected and not has_own_agent:
        return Refusal(RefusalReason.NEEDS_AGENT, (lead.abandoned_at or 0.0) + PROTECTED_S)
    return None


def _within_hours(lead: Lead, campaign: Campaign, utc: float) -> Permit | Refusal:
    windows = windows_of(campaign)
    try:
        if not calling_hours.is_open(campaign.rule_set, windows, lead.time_zone, utc):
            until = calling_hours.next_opening(campaign.rule_set, windows, lead.time_zone, utc)
            return Refusal(RefusalReason.OUTSIDE_WINDOW, until)
    except (KeyError, ValueError):
        return Refusal(RefusalReason.BAD_TIME_ZONE)
    return Permit(lead.lead_id, lead.number, campaign.rule_set, utc + PERMIT_LIFE_S)
