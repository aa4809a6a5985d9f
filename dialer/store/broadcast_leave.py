"""The law's leave for recorded messages, asked when a campaign is set so, and when it starts."""

from dialer.model.campaign import Campaign, PacingMode
from dialer.model.errors import BadInput
from dialer.policy.broadcast import why_no_broadcast


def check_broadcast(campaign: Campaign) -> None:
    """Raises BadInput naming the setting that keeps a broadcast from being sent."""
    if campaign.mode is PacingMode.BROADCAST and (why := why_no_broadcast(campaign)):
        raise BadInput(why)
