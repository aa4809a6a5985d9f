"""Which number to show: the same one to the same person, so that he can know it again.

A campaign has a plain list of numbers, or a pool. Of a pool, a number is shown so often a day at
most, those of the called person's region come first, and the load is spread.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from dialer.model.campaign import OF_AGENTS, Campaign
from dialer.model.ids import LeadId
from dialer.policy.rule_sets import rules_of


@dataclass(slots=True)
class CallerNumber:
    """A number of a pool. `region`: beginning of the numbers that know it as a neighbour's;
    `most_a_day`: 0 for no limit."""

    number: str
    region: str = ""
    most_a_day: int = 0
    n_today: int = 0

    @property
    def has_room(self) -> bool:
        """Whether it may be shown once more today."""
        return self.most_a_day == 0 or self.n_today < self.most_a_day


def choose(
    called: str, numbers: Collection[CallerNumber], shown_before: str, campaign: Campaign
) -> CallerNumber | None:
    """The number of the pool to show to `called` (E.164); None when none is left for today.

    The one that the person was shown before, while it has room; else of those whose region is
    nearest the one used least.
    """
    fit = [one for one in numbers if one.has_room and may_show(one.number, campaign)]
    if known := [one for one in fit if one.number == shown_before]:
        return known[0]
    return min(
        fit, key=lambda one: (-_nearness(one, called), one.n_today, one.number), default=None
    )


def may_show(number: str, campaign: Campaign) -> bool:
    """Whether the country's numbering plan lets the campaign show it. Calls that agents place
    themselves are no machine's."""
    rules = rules_of(campaign.rule_set)
    if number.startswith(rules.forbidden_caller_ids):
        return False
    is_machine = campaign.mode not in OF_AGENTS and bool(rules.automated_caller_ids)
    return not is_machine or number.startswith(rules.automated_caller_ids)


def _nearness(one: CallerNumber, called: str) -> int:
    return len(one.region) if one.region and called.startswith(one.region) else 0


def caller_id_for(lead_id: LeadId, caller_ids: Sequence[str]) -> str:
    """One of `caller_ids` (E.164), fixed per lead; empty when the campaign has none."""
    return caller_ids[lead_id % len(caller_ids)] if caller_ids else ""


def caller_id_of_user(user_id: int, caller_ids: Sequence[str]) -> str:
    """What a user's own outside phone shows when the dialer calls it."""
    return caller_ids[user_id % len(caller_ids)] if caller_ids else ""


def shows(campaign: Campaign, called: str) -> bool:
    """Whether the campaign shows this number, however a carrier writes it: +33.., 0033.., 33.."""
    digits = called.removeprefix("+").removeprefix("00")
    return digits in {caller_id.removeprefix("+") for caller_id in campaign.caller_ids}
