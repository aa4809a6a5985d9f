"""What became of an attempt, in the dialer's words, and what follows from it.

An Outcome is set by the dialer when a call ends (the *system disposition*). Everything that
depends on it (pacing, retry, fallback message, reports) reads the flags in TRAITS, never names.
The hangup cause is the switch's word and is translated here, once.
Causes follow Q.850 and the SIP mapping of FreeSWITCH 1.10.
"""

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    HANDLED = "HANDLED"
    ABANDONED = "ABANDONED"
    EARLY_HANGUP = "EARLY_HANGUP"
    NO_ANSWER = "NO_ANSWER"
    BUSY = "BUSY"
    REJECTED = "REJECTED"
    WRONG_NUMBER = "WRONG_NUMBER"
    CONGESTION = "CONGESTION"
    FAILED = "FAILED"
    REFUSED_LOCALLY = "REFUSED_LOCALLY"
    LOST = "LOST"
    MESSAGE_PLAYED = "MESSAGE_PLAYED"
    MESSAGE_CUT = "MESSAGE_CUT"
    OPTED_OUT = "OPTED_OUT"
    MACHINE = "MACHINE"
    """Hung up on an answering machine."""
    MESSAGE_LEFT = "MESSAGE_LEFT"
    """On an answering machine."""
    SCREENED = "SCREENED"
    """An assistant asked who is calling; no agent came to say."""
    FAX = "FAX"


@dataclass(frozen=True, slots=True)
class Traits:
    """`counts_as_try`: the network really tried the person. `is_answered`: somebody picked up.
    `is_carrier_fault`: says nothing about the person, so it is no evidence on the answer rate.
    `wants_message`: a campaign with a fallback message sends it. `is_final`: never call that
    number again.
    """

    counts_as_try: bool = True
    is_answered: bool = False
    is_carrier_fault: bool = False
    wants_message: bool = False
    is_final: bool = False


TRAITS: dict[Outcome, Traits] = {
    Outcome.HANDLED: Traits(is_answered=True),
    Outcome.ABANDONED: Traits(is_answered=True),
    Outcome.EARLY_HANGUP: Traits(is_answered=True),
    Outcome.NO_ANSWER: Traits(wants_message=True),
    Outcome.BUSY: Traits(wants_message=True),
    Outcome.REJECTED: Traits(),
    Outcome.WRONG_NUMBER: Traits(is_final=True),
    Outcome.CONGESTION: Traits(counts_as_try=False, is_carrier_fault=True),
    Outcome.FAILED: Traits(counts_as_try=False, is_carrier_fault=True),
    Outcome.REFUSED_LOCALLY: Traits(counts_as_try=False, is_carrier_fault=True),
    Outcome.LOST: Traits(is_carrier_fault=True),
    Outcome.MESSAGE_PLAYED: Traits(is_answered=True),
    Outcome.MESSAGE_CUT: Traits(is_answered=True),
    Outcome.OPTED_OUT: Traits(is_answered=True, is_final=True),
    Outcome.MACHINE: Traits(),
    Outcome.MESSAGE_LEFT: Traits(),
    Outcome.SCREENED: Traits(),
    Outcome.FAX: Traits(is_final=True),
}

CAUSES: dict[str, Outcome] = {
    "USER_BUSY": Outcome.BUSY,
    "NO_ANSWER": Outcome.NO_ANSWER,
    "NO_USER_RESPONSE": Outcome.NO_ANSWER,
    "ALLOTTED_TIMEOUT": Outcome.NO_ANSWER,
    "ORIGINATOR_CANCEL": Outcome.NO_ANSWER,
    "PROGRESS_TIMEOUT": Outcome.CONGESTION,
    "CALL_REJECTED": Outcome.REJECTED,
    "UNALLOCATED_NUMBER": Outcome.WRONG_NUMBER,
    "NUMBER_CHANGED": Outcome.WRONG_NUMBER,
    "INVALID_NUMBER_FORMAT": Outcome.WRONG_NUMBER,
    "NO_ROUTE_DESTINATION": Outcome.WRONG_NUMBER,
    "NORMAL_CIRCUIT_CONGESTION": Outcome.CONGESTION,
    "NETWORK_OUT_OF_ORDER": Outcome.CONGESTION,
    "NORMAL_TEMPORARY_FAILURE": Outcome.CONGESTION,
    "SWITCH_CONGESTION": Outcome.CONGESTION,
    "REQUESTED_CHAN_UNAVAIL": Outcome.CONGESTION,
    "RECOVERY_ON_TIMER_EXPIRE": Outcome.CONGESTION,
    "BEARERCAPABILITY_NOTAVAIL": Outcome.CONGESTION,
}
"""Causes of calls that nobody answered. One that is not here is FAILED."""

NO_CAPACITY = "DESTINATION_OUT_OF_ORDER"
"""The one answer of FreeSWITCH to all its own limits: sessions, sessions per second, a pause."""

LOCAL_REFUSALS: frozenset[str] = frozenset(
    {
        NO_CAPACITY,
        "GATEWAY_DOWN",
        "INVALID_GATEWAY",
        "SUBSCRIBER_ABSENT",
        "CHAN_NOT_IMPLEMENTED",
        "USER_NOT_REGISTERED",
        "INVALID_PROFILE",
        "INVALID_URL",
    }
)
"""Answers of `originate` without any leg: our switch's limits or configuration, not a carrier."""


def outcome_of_cause(cause: str) -> Outcome:
    """The outcome of a call that was never answered and ended with hangup cause `cause`."""
    return CAUSES.get(cause, Outcome.FAILED)
