"""Which number to show: the same one to the same lead each time, so that he can know it again."""

from collections.abc import Sequence

from dialer.model.campaign import Campaign
from dialer.model.ids import LeadId


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
