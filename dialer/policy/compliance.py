"""May this lead be dialled now, and if not: why, and until when? The only maker of a Permit.

One table, CHECKS, in the order of RefusalReason. Three ask it: the engine at the moment of the
dial (`may_dial`, all that the law and the campaign say), the claim and the row of the attempt
(store/verdict.py says the same in SQL; a test holds the two together on random leads), and the
pages that tell why nobody is called (`why_not`, which asks besides how the lead stands).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from dialer.model.campaign import Basis, Campaign, CampaignState, PacingMode, Window
from dialer.model.lead import Lead, LeadState
from dialer.model.permit import Permit, Refusal, RefusalReason
from dialer.model.rules import Cap
from dialer.policy import calling_hours
from dialer.policy.broadcast import NEEDS_CONSENT as BROADCAST_BY_CONSENT
from dialer.policy.broadcast import why_no_broadcast
from dialer.policy.destinations import may_reach
from dialer.policy.rule_sets import rules_of

NUMBER = re.compile(r"\+[1-9][0-9]{5,14}\Z")
"""E.164: what may reach a dial string."""
PROTECTED_S = 72 * 3600.0
"""After an abandoned call the number is not risked again (Ofcom, persistent misuse)."""
PROMISE_HOLDS_S = 86_400.0
"""A callback that was promised, and not made for so long, keeps no other lead back."""
PERMIT_LIFE_S = 10.0
"""A permit is for now: an originate that waited longer asks again."""
ATTEMPTS_PER_TRY = 4
"""A lead that the network never tries is given up after so many attempts for each try it has."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a lead stands in the campaign's work."""

    state: LeadState
    due_at: float
    is_list_on: bool = True
    is_owner_here: bool = True
    """Whether the agent who promised the callback is logged in."""


@dataclass(frozen=True, slots=True)
class _Case:
    lead: Lead
    campaign: Campaign
    utc: float
    has_own_agent: bool
    standing: Standing | None = None


def may_dial(
    lead: Lead, campaign: Campaign, utc: float, *, has_own_agent: bool = False
) -> Permit | Refusal:
    """Leave to dial `lead` once at `utc` (seconds since 1970), or the first reason against it.

    `has_own_agent`: an agent is free whom no other call has a claim on.
    """
    case = _Case(lead, campaign, utc, has_own_agent)
    for check in _OF_THE_LAW:
        if (refusal := check(case)) is not None:
            return refusal
    return Permit(lead.lead_id, lead.number, campaign.rule_set, utc + PERMIT_LIFE_S)


def why_not(
    lead: Lead, standing: Standing, campaign: Campaign, utc: float, *, has_own_agent: bool = False
) -> Refusal | None:
    """The first reason why the lead is not called now, or None: it may be."""
    case = _Case(lead, campaign, utc, has_own_agent, standing)
    answers = (check(case) for check in CHECKS.values())
    return next((refusal for refusal in answers if refusal is not None), None)


# --- what a campaign's rules are ------------------------------------------------------------------


def windows_of(campaign: Campaign) -> tuple[Window, ...]:
    """The campaign's own hours, else its rule set's; an unknown rule set is never open."""
    return campaign.windows if campaign.windows is not None else rules_of(campaign.rule_set).windows


def calendar_of(campaign: Campaign) -> str:
    """The country whose public holidays are kept: by law, or because the campaign wants it."""
    rules = rules_of(campaign.rule_set)
    return rules.holidays_of or (rules.calendar if campaign.keeps_holidays else "")


def caps_of(campaign: Campaign) -> tuple[Cap, ...]:
    """The law's caps, and the campaign's own."""
    own = (Cap(campaign.cap_most, campaign.cap_within_s),) if campaign.cap_most else ()
    return rules_of(campaign.rule_set).caps + own


def needs_consent(campaign: Campaign, utc: float) -> bool:
    """Whether each number needs a consent on record at `utc`."""
    since = rules_of(campaign.rule_set).opt_in_from
    is_asked = campaign.basis is Basis.CONSENT and campaign.mode is not PacingMode.BROADCAST
    return is_asked and since is not None and utc >= since


def heeds_withdrawal(campaign: Campaign, utc: float) -> bool:
    """Whether the campaign calls by consent, so that one taken back keeps it from calling."""
    is_sent = campaign.mode is PacingMode.BROADCAST and campaign.rule_set in BROADCAST_BY_CONSENT
    return is_sent or needs_consent(campaign, utc)


def is_silent(campaign: Campaign) -> bool:
    """Whether the campaign would send recorded messages that it may not send."""
    return campaign.mode is PacingMode.BROADCAST and bool(why_no_broadcast(campaign))


def hours_refusal(campaign: Campaign, zone: str, utc: float) -> Refusal | None:
    """Why nobody in `zone`, a lead's candidate places, is called at `utc`."""
    return _hours_of_minute(calendar_of(campaign), windows_of(campaign), zone, int(utc // 60))


@lru_cache(maxsize=65_536)
def _hours_of_minute(
    calendar: str, windows: tuple[Window, ...], zone: str, minute: int
) -> Refusal | None:
    """By minute: nothing opens, closes or changes its clock within one."""
    try:
        if calling_hours.is_open(calendar, windows, zone, minute * 60.0):
            return None
        until = calling_hours.next_opening(calendar, windows, zone, minute * 60.0)
    except (KeyError, ValueError):
        return Refusal(RefusalReason.BAD_TIME_ZONE)
    return Refusal(RefusalReason.OUTSIDE_WINDOW, until)


# --- how the lead stands --------------------------------------------------------------------------


def _stands(state: LeadState, reason: RefusalReason) -> Callable[[_Case], Refusal | None]:
    def check(case: _Case) -> Refusal | None:
        is_so = case.standing is not None and case.standing.state is state
        return Refusal(reason) if is_so else None

    return check


def _list_off(case: _Case) -> Refusal | None:
    is_off = case.standing is not None and not case.standing.is_list_on
    return Refusal(RefusalReason.LIST_OFF) if is_off else None


def _being_called(case: _Case) -> Refusal | None:
    is_dialing = case.standing is not None and case.standing.state is LeadState.DIALING
    is_so = is_dialing or case.lead.is_being_called
    return Refusal(RefusalReason.BEING_CALLED) if is_so else None


def _not_due(is_callback: bool, reason: RefusalReason) -> Callable[[_Case], Refusal | None]:
    def check(case: _Case) -> Refusal | None:
        standing = case.standing
        if standing is None or case.utc >= standing.due_at:
            return None
        is_so = (standing.state is LeadState.CALLBACK) is is_callback
        return Refusal(reason, standing.due_at) if is_so else None

    return check


def _awaits_owner(case: _Case) -> Refusal | None:
    standing, waits_s = case.standing, case.campaign.callback_wait_s
    if standing is None or case.lead.callback_agent_id is None or standing.is_owner_here:
        return None
    return _until(RefusalReason.AWAITS_OWNER, standing.due_at + waits_s, case.utc)


# --- what the law and the campaign say ------------------------------------------------------------


def _not_running(case: _Case) -> Refusal | None:
    is_running = case.campaign.state is CampaignState.RUNNING
    return None if is_running else Refusal(RefusalReason.CAMPAIGN_NOT_RUNNING)


def _bad_number(case: _Case) -> Refusal | None:
    return None if NUMBER.match(case.lead.number) else Refusal(RefusalReason.BAD_NUMBER)


def _forbidden(case: _Case) -> Refusal | None:
    may = may_reach(case.lead.number, case.campaign.opened_destinations)
    return None if may else Refusal(RefusalReason.FORBIDDEN_DESTINATION)


def _do_not_call(case: _Case) -> Refusal | None:
    return Refusal(RefusalReason.DO_NOT_CALL) if case.lead.is_do_not_call else None


def _withdrawn(case: _Case) -> Refusal | None:
    is_so = case.lead.is_withdrawn and heeds_withdrawal(case.campaign, case.utc)
    return Refusal(RefusalReason.CONSENT_WITHDRAWN) if is_so else None


def _no_consent(case: _Case) -> Refusal | None:
    is_missing = not case.lead.has_consent and needs_consent(case.campaign, case.utc)
    return Refusal(RefusalReason.NO_CONSENT) if is_missing or is_silent(case.campaign) else None


def _too_many(case: _Case) -> Refusal | None:
    is_so = is_spent(case.lead.n_tries, case.lead.n_attempts, case.campaign.max_attempts)
    return Refusal(RefusalReason.TOO_MANY_ATTEMPTS) if is_so else None


def is_spent(n_tries: int, n_attempts: int, most: int) -> bool:
    """Whether a lead has had all its tries, or so many attempts that no network will try it."""
    return n_tries >= most or n_attempts >= most * ATTEMPTS_PER_TRY


def _promised(case: _Case) -> Refusal | None:
    promised_at = case.lead.promised_at
    return _since(RefusalReason.PROMISED_ELSEWHERE, promised_at, PROMISE_HOLDS_S, case.utc)


def _refused(case: _Case) -> Refusal | None:
    silence_s = rules_of(case.campaign.rule_set).silence_after_refusal_s
    return _since(RefusalReason.LATELY_REFUSED, case.lead.refused_at, silence_s, case.utc)


def _capped(case: _Case) -> Refusal | None:
    tries = case.lead.tries_at
    full = [cap for cap in caps_of(case.campaign) if len(tries) >= cap.most]
    ends = max((tries[-cap.most] + cap.within_s for cap in full), default=None)
    return None if ends is None else _until(RefusalReason.CAPPED, ends, case.utc)


def _too_soon(case: _Case) -> Refusal | None:
    last = case.lead.tries_at[-1] if case.lead.tries_at else None
    return _since(RefusalReason.TOO_SOON, last, case.campaign.min_gap_s, case.utc)


def _needs_agent(case: _Case) -> Refusal | None:
    if case.has_own_agent:
        return None
    return _since(RefusalReason.NEEDS_AGENT, case.lead.abandoned_at, PROTECTED_S, case.utc)


def _hours(reason: RefusalReason) -> Callable[[_Case], Refusal | None]:
    def check(case: _Case) -> Refusal | None:
        refusal = hours_refusal(case.campaign, case.lead.time_zone, case.utc)
        return refusal if refusal is not None and refusal.reason is reason else None

    return check


def _since(reason: RefusalReason, at: float | None, lasts_s: float, utc: float) -> Refusal | None:
    return None if at is None else _until(reason, at + lasts_s, utc)


def _until(reason: RefusalReason, ends: float, utc: float) -> Refusal | None:
    return Refusal(reason, ends) if utc < ends else None


_R = RefusalReason
CHECKS: dict[RefusalReason, Callable[[_Case], Refusal | None]] = {
    _R.CAMPAIGN_NOT_RUNNING: _not_running,
    _R.FORGOTTEN: _stands(LeadState.BLOCKED, _R.FORGOTTEN),
    _R.FINISHED: _stands(LeadState.DONE, _R.FINISHED),
    _R.LIST_OFF: _list_off,
    _R.IN_HOPPER: _stands(LeadState.CLAIMED, _R.IN_HOPPER),
    _R.BEING_CALLED: _being_called,
    _R.BAD_NUMBER: _bad_number,
    _R.FORBIDDEN_DESTINATION: _forbidden,
    _R.DO_NOT_CALL: _do_not_call,
    _R.CONSENT_WITHDRAWN: _withdrawn,
    _R.NO_CONSENT: _no_consent,
    _R.TOO_MANY_ATTEMPTS: _too_many,
    _R.RETRY_LATER: _not_due(False, _R.RETRY_LATER),
    _R.CALLBACK_LATER: _not_due(True, _R.CALLBACK_LATER),
    _R.AWAITS_OWNER: _awaits_owner,
    _R.PROMISED_ELSEWHERE: _promised,
    _R.LATELY_REFUSED: _refused,
    _R.CAPPED: _capped,
    _R.TOO_SOON: _too_soon,
    _R.NEEDS_AGENT: _needs_agent,
    _R.BAD_TIME_ZONE: _hours(_R.BAD_TIME_ZONE),
    _R.OUTSIDE_WINDOW: _hours(_R.OUTSIDE_WINDOW),
}
"""NO_CALLER_ID is not asked here: which numbers are left is known where the row is written."""
OF_STANDING = frozenset(
    {_R.FORGOTTEN, _R.FINISHED, _R.LIST_OFF, _R.IN_HOPPER, _R.RETRY_LATER, _R.CALLBACK_LATER}
    | {_R.AWAITS_OWNER}
)
_OF_THE_LAW = tuple(check for reason, check in CHECKS.items() if reason not in OF_STANDING)
