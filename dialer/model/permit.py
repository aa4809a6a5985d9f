"""The right to dial one lead once, soon; and all reasons why a lead is not dialled now.

No permit, no call: an Originate command cannot be built without one, and only
`policy/compliance.py` makes one (a test reads the source to hold that).

The same words are used where leads are claimed, at the moment of dialling, and on the pages that
say why nobody is called.
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
    """In the order in which they are asked: the first one that holds is told."""

    CAMPAIGN_NOT_RUNNING = "CAMPAIGN_NOT_RUNNING"
    FORGOTTEN = "FORGOTTEN"
    """The person's data were erased."""
    FINISHED = "FINISHED"
    LIST_OFF = "LIST_OFF"
    """Its list is switched off, or not imported."""
    IN_HOPPER = "IN_HOPPER"
    """Claimed: it is about to be called, or lies on an agent's desk."""
    BEING_CALLED = "BEING_CALLED"
    """Its number is in a call, of whichever campaign."""
    BAD_NUMBER = "BAD_NUMBER"
    FORBIDDEN_DESTINATION = "FORBIDDEN_DESTINATION"
    """Satellite or premium rate."""
    DO_NOT_CALL = "DO_NOT_CALL"
    CONSENT_WITHDRAWN = "CONSENT_WITHDRAWN"
    """The person asked to be called no more, and has agreed to nothing since."""
    NO_CONSENT = "NO_CONSENT"
    TOO_MANY_ATTEMPTS = "TOO_MANY_ATTEMPTS"
    """As many as the campaign makes for one lead."""
    RETRY_LATER = "RETRY_LATER"
    CALLBACK_LATER = "CALLBACK_LATER"
    AWAITS_OWNER = "AWAITS_OWNER"
    """A callback, and the agent who promised it is not there yet."""
    PROMISED_ELSEWHERE = "PROMISED_ELSEWHERE"
    """Another lead of the number has a callback: the person is called once."""
    LATELY_REFUSED = "LATELY_REFUSED"
    CAPPED = "CAPPED"
    """As many tries as the law, or the campaign, allows of one person in so much time."""
    TOO_SOON = "TOO_SOON"
    NEEDS_AGENT = "NEEDS_AGENT"
    """Lately answered to nobody: only with an agent kept free for the call."""
    NO_CALLER_ID = "NO_CALLER_ID"
    """No number that may be shown is left for today."""
    BAD_TIME_ZONE = "BAD_TIME_ZONE"
    OUTSIDE_WINDOW = "OUTSIDE_WINDOW"


@dataclass(frozen=True, slots=True)
class Refusal:
    """`until`: UTC seconds when the reason ends, or None when it does not end by itself."""

    reason: RefusalReason
    until: float | None = None
