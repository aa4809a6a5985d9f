"""Channel variables: each name that the dialer sets or reads, written once.

Ours begin with `relance_` and hold opaque identities only; nothing that a person typed may stand
in a dial string.
"""

CAMPAIGN = "relance_campaign"
ATTEMPT = "relance_attempt"
LEAD = "relance_lead"
TRY = "relance_try"
AGENT = "relance_agent"
OUTSIDE = "relance_outside"
"""Attempt for whose customer an outside number is called."""
SUPERVISOR = "relance_supervisor"
ARRIVED = "relance_inbound"
"""The number called, on a leg that came in to one we serve; the dialplan sets it."""

HELD = "relance_held"
MUTED = "relance_muted"
RECORDING = "relance_recording"
"""Set on a leg when we do it, for whoever takes the calls over: the switch itself does not tell."""

ORIGINATE_TIMEOUT = "originate_timeout"
IGNORE_EARLY_MEDIA = "ignore_early_media"
"""`true`: early media are no answer. `consume`: nor are they, but they are read, without which none
of it reaches a tap (seen on 1.10.12)."""
CALLER_NUMBER = "origination_caller_id_number"

KEEP_AFTER_BRIDGE = {
    "hangup_after_bridge": "false",
    "park_after_bridge": "true",
    "uuid_bridge_park_on_cancel": "true",
}
"""On both legs: the customer's outlives the agent's phone, and the agent's outlives the call. The
last one is for the 40 ms in which a bridge is made: without it the end of one leg in that time
costs the other one too (ORIGINATOR_CANCEL, seen in 27 of 60 trials on 1.10.12; with it in none)."""

AUTO_ANSWER = {"sip_auto_answer": "true", "sip_auto_answer_suppress_notify": "true"}
"""Adds `Call-Info: <...>;answer-after=0`: a desk phone picks up by itself. Without the second the
switch sends NOTIFY `talk` too, at which some phones answer and hang up (seen on 1.10.12)."""
ALERT_INFO = "alert_info"
AGENT_HEADER = "sip_h_X-Relance-Agent"
"""By this header the agent's page knows its own leg."""
CONFIRM_KEY = "group_confirm_key"
"""Whoever answers an outside number must press it; the switch takes the variable away then."""
CONFIRM_TIMEOUT = "group_confirm_timeout"
"""Seconds for it; then the leg ends with ALLOTTED_TIMEOUT."""
CONFIRM_FILE = "group_confirm_file"

STEREO = "RECORD_STEREO"

SIP_STATUS = "sip_term_status"
HANGUP_DISPOSITION = "sip_hangup_disposition"
"""recv_bye, recv_refuse, recv_cancel: the far end; send_...: this switch."""
