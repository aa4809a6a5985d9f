"""Words of leads that agents call themselves: why one was passed over, what became of a wish."""

from enum import StrEnum


class SkipReason(StrEnum):
    """Why an offered lead was not called. The agent says all but OVERRUN."""

    NOT_NOW = "NOT_NOW"
    NOT_IN_TARGET = "NOT_IN_TARGET"
    KNOWN = "KNOWN"
    """Dealt with already, on another way."""
    BAD_DATA = "BAD_DATA"
    OTHER = "OTHER"
    OVERRUN = "OVERRUN"
    """The time for looking at it was over."""


class DeskResult(StrEnum):
    """Why an agent's wish to call was not, or not yet, carried out."""

    NOT_ALLOWED = "NOT_ALLOWED"
    """The campaign has no manual calls, or the agent is not in a state for one."""
    NO_PHONE = "NO_PHONE"
    NO_LINE = "NO_LINE"
    LEAD_BUSY = "LEAD_BUSY"
    """Somebody else has it, or it is being called."""
    WITHDRAWN = "WITHDRAWN"
    """Taken off the desk: blocked meanwhile, or the mode was changed."""
    NO_SKIP_LEFT = "NO_SKIP_LEFT"
    MUST_RING = "MUST_RING"
    """The call may not be cancelled yet; it is as soon as the law allows."""
