"""May an agent have this outside number called now? The fence against toll fraud.

What an agent sends is a label; the number comes from the campaign's own list, which only an
administrator writes. How many such calls there are at once and in an hour is bounded besides.
"""

from dialer.model.campaign import Campaign, Destination
from dialer.model.third import Refused
from dialer.policy.destinations import may_reach

HOUR_S = 3600.0


def may_call_out(
    campaign: Campaign, label: str, n_now: int, n_this_hour: int
) -> Destination | Refused:
    """The destination of that label, or why it is not called. Counts are of the campaign."""
    found = next((one for one in campaign.destinations if one.label == label), None)
    if found is None or not may_reach(found.number):
        return Refused.UNKNOWN
    if n_now >= campaign.max_outside_legs or n_this_hour >= campaign.max_outside_per_h:
        return Refused.TOO_MANY
    return found
