"""The right to dial one lead once, soon.

No permit, no call: an Originate command cannot be built without one, and only
`policy/compliance.py` makes one (a test reads the source to hold that).
"""

from dataclasses import dataclass
from enum import StrEnum

from dialer.model.ids import LeadId


@dataclass(frozen=True, slots=True)
class Permit:
    """`expires_at`: UTC seconds; an originate later than that must ask again."""

    lead_id: LeadId
    number: str
    rule_set: str
    expires_at: float


class RefusalReason(StrEnum):
    OUTSIDE_WINDOW = "OUTSIDE_WINDOW"
    DO_NOT_CALL = "DO_NOT_CALL"
    TOO_MANY_ATTEMPTS = "TOO_MANY_ATTEMPTS"
    TOO_SOON = "TOO_SOON"
    NEEDS_AGENT = "NEEDS_AGENT"
    """Lately answered to nobody: only with an agent kept free for the call."""
    BAD_NUMBER = "BAD_NUMBER"
    FORBIDDEN_DESTINATION = "FORBIDDEN_DESTINATION"
    """Satellite or premium rate."""
    BAD_TIME_ZONE = "BAD_TIME_ZONE"
    NO_CONSENT = "NO_CONSENT"
    CAMPAIGN_NOT_RUNNING = "CAMPAIGN_NOT_RUNNING"


@dataclass(frozen=True, slots=True)
class Refusal:
    """`until`: UTC seconds when the reason ends, or None when it does not end by itself."""

    reason: RefusalReason
    until: float | None = None
