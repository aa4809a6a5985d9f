"""Channel variables: each name that the dialer sets or reads, written once.

Ours begin with `relance_` and hold opaque identities only; nothing that a person typed may stand
in a dial string.
"""

CAMPAIGN = "relance_campaign"
ATTEMPT = "relance_attempt"
LEAD = "relance_lead"
TRY = "relance_try"
AGENT = "relance_agent"

ORIGINATE_TIMEOUT = "originate_timeout"
IGNORE_EARLY_MEDIA = "ignore_early_media"
CALLER_NUMBER = "origination_caller_id_number"

KEEP_AFTER_BRIDGE = {
    "hangup_after_bridge": "false",
    "park_after_bridge": "true",
    "uuid_bridge_park_on_cancel": "true",
}
"""On both legs: the customer's outlives the agent's phone, and the agent's outlives the call. The
last one is for the 40 ms in which a bridge is made: without it the end of one leg in that time
costs the other one too (ORIGINATOR_CANCEL, seen in 27 of 60 trials on 1.10.12; with it in none)."""

STEREO = "RECORD_STEREO"

SIP_STATUS = "sip_term_status"
HANGUP_DISPOSITION = "sip_hangup_disposition"
"""recv_bye, recv_refuse, recv_cancel: the far end; send_...: this switch."""
