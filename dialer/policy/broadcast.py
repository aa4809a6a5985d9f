"""Recorded messages to many: who may be sent one, and what the keys of those who listen mean.

Sources: 47 CFR 64.1200(a)(2)-(3) and 16 CFR 310.4(b)(1)(v): prior express written consent, and an
opt-out by key; Canada, CRTC's rules on automatic dialling: express consent; France, art. L.34-5
code des postes: prior consent to automated calls; United Kingdom, PECR regulation 19, and Germany,
UWG § 7 Abs. 2 Nr. 2: the same.
Benin's code du numérique asks for consent likewise.
"""

from dialer.model.campaign import Campaign

AGENT_KEY = "1"
OPT_OUT_KEY = "9"
NEEDS_CONSENT = frozenset({"FR", "US", "US_FL", "CA", "UK", "DE", "BJ"})
FREE = frozenset({"ANY"})
"""Trials and sandboxes. A rule set in neither lets no recorded message be sent."""

NO_MESSAGE = "broadcast_message: a broadcast needs a recorded message"
NO_CONSENT = "has_consent: recorded messages need the consent of those who are called"
NOT_PERMITTED = "rule_set: it permits no recorded messages"


def why_no_broadcast(campaign: Campaign) -> str:
    """What keeps the campaign from sending its message, after the setting's name; or nothing."""
    if not campaign.broadcast_message:
        return NO_MESSAGE
    if campaign.rule_set in FREE:
        return ""
    if campaign.rule_set not in NEEDS_CONSENT:
        return NOT_PERMITTED
    return "" if campaign.has_consent else NO_CONSENT
